"""What a guardian may ask of a family's record: erase it, hand it out, join it from another channel."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet

from actions.child_record import show_child
from bot.children.delivery import deliver_file
from bot.children.model import called
from bot.children.reading import child_named
from bot.children.service import CODE, CODE_LIVES, TooMany, WrongCode
from bot.complaints.loose import drop_loose_files
from bot.complaints.sealing import CODE_LENGTH
from bot.settings import settings
from bot.topics.answer import Button

if TYPE_CHECKING:
    from actions.children import Turn

_OF_A_COMPLAINT = re.compile(r"电话|手机号|号码|联系方式|投诉|举报|工单")
_SURE = re.compile(r"(?:(?:我|嗯|对|好|是的?|确定|确认|同意)[，,。 ]*)*(?:要|就)?(?:全部|都)?删(?:除|掉|了|吧)*[。!！]?")
_NOT = re.compile(r"(?:还是|那|先)*(?:不|别)(?:要|用)?删(?:除|掉|了|吧)*[。!！]?")
_STAYS = ("complaint", "complaint_done", "requested_slot")  # what is being told to an office is no part of the record
_MINUTES = int(CODE_LIVES.total_seconds() // 60)


async def forget_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    family = turn.record.children if turn.record else ()
    if not move and turn.record is None and _OF_A_COMPLAINT.search(turn.text):
        return [FollowupAction("action_answer_complaint_followup")]  # 把我电话删掉: nothing of a child
    if turn.note.get("asked") == "forget" and not move:  # what the buttons say, typed
        move = "yes" if _SURE.fullmatch(turn.text) else "no" if _NOT.fullmatch(turn.text) else ""
    if move == "no":
        turn.say("forget_kept")
        return turn.events(forget=None)
    if move != "yes" or turn.note.get("asked") != "forget":
        one = child_named(family, turn.text) if len(family) > 1 else None
        buttons = (Button("确定删除", '/forget_child{"child_move": "yes"}'), Button("不删", '/forget_child{"child_move": "no"}'))
        what = f"{called(one, family)}的全部信息" if one else "我记着的您家的全部信息" if family else "我这里记着的您的信息"
        turn.say("forget_ask", buttons, what=what)
        return turn.events(asked="forget", forget=one.id if one else None)
    one_id = turn.note.get("forget")
    await turn.service.forget(turn.tracker.sender_id, one_id)
    if not one_id and not turn.tracker.get_slot("complaint"):  # photos of a complaint that is being told stay with it
        await drop_loose_files(turn.service.store.engine, turn.tracker.sender_id, settings().var / "attachments")
    turn.say("forgotten_one" if one_id else "forgotten")
    kept = {name: turn.tracker.get_slot(name) for name in _STAYS} | {"child_note": {"member": True} if one_id else {"declined": True}}
    return [AllSlotsReset(), *(SlotSet(name, value) for name, value in kept.items() if value is not None)]


async def export_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    if turn.record is None or not turn.record.children:
        return await show_child(turn, move)
    waiting = [{**one, "tell_on": one["tell_on"].isoformat()} for one in await turn.service.reminders(turn.tracker.sender_id)]
    everything = {
        "made_on": turn.service.today().isoformat(),
        "children": [one.saved() for one in turn.record.children],
        "reminders": waiting,
    }
    content = json.dumps(everything, ensure_ascii=False, indent=1).encode()
    turn.say("export", shown={"file": deliver_file("宝宝档案.json", "application/json", content)})
    text = f"宝宝档案（{turn.service.today().isoformat()}）\n{turn.words(most=1000)}\n"
    turn.say("export_text", shown={"file": deliver_file("宝宝档案.txt", "text/plain;charset=utf-8", text.encode())})
    return turn.events()


async def link_child(turn: Turn, move: str) -> list[dict[str, Any]]:
    match = CODE.search(turn.text)
    if match is None and turn.record is not None:
        code = await turn.service.link_code(turn.tracker.sender_id)
        turn.say("link_code", code=code, minutes=_MINUTES)
        return turn.events()
    if match is None:
        turn.say("link_ask", length=CODE_LENGTH + 2)
        return turn.events()
    try:
        turn.record = await turn.service.link(turn.tracker.sender_id, match.group())
    except (WrongCode, TooMany) as refused:
        turn.say("link_too_many" if isinstance(refused, TooMany) else "link_wrong", minutes=_MINUTES)
        return turn.events()
    family = turn.record.children
    turn.say("linked", words=turn.words() or "（还没有记宝宝）")
    return turn.events(family[0] if len(family) == 1 else None, member=True, declined=None)
