"""A message that may mean two things: when it is asked back, in which words, and what a tapped reading means. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.complaints.phrases import AGAINST
from bot.complaints.reading import kinds_of
from bot.dialogue.heard import ASKS, BEFORE
from bot.dialogue.turn import masked
from bot.knowledge.model import Knowledge

# Confidences at least this near are two readings: of held-out examples 1.8 % are, and the first is right in 43 % of them (docs/decisions/0014).
_NEAR = 0.1
_A_COMPLAINT = 0.8  # from here what sounds like a complaint is one; of 440 complaints of the blind rounds 4 are less, and are asked back
_AGAINST = re.compile(f"投诉|举报|反映|{AGAINST.pattern}")
# What says that a thing is as it should be (证都齐, 老师个个有育婴证, 单位批了产假), and words of what is wrong.
_THING = r"(?:证|备案|执照|回执|监控|门禁|保安|大门|消防|演练|出口|发票|合同|价目|收费表|晨检|厨师|老师|保育员|比例|培训|签约|普惠|产假|假|税|账)"
_WELL = re.compile(
    rf"{_THING}[^，,。]{{0,8}}?(?:"
    r"(?:都|也|早就?|挺|怪|全|个个|是)(?:有|齐|全|够|上|锁|戴|贴|备|签|公示|清楚|正规)"
    r"|(?:有|齐|全|够|签|免|公示|合格|清楚)(?:了|的)*(?:[，,。 ]|$))"
    rf"|(?:有|批|开|给|签)(?:了|过)?(?:[一两二三四五六七八九十\d]+[个份位])?{_THING}|(?:报|免|签约|同意|答应|公示|上)了(?:[，,。 ]|$)|[是对]吧$"
)
_WRONG = re.compile(
    r"不(?!少|错|多|用)|没(?!打|加|涨|少)|无|未|只|才|就[一收给拿]|[乱坏骗骂摔撞掐咬烫扣拖逼催退涨欠缺漏丢哭吓脏臭馊霉虫黑超太挤伤肿青血病死毒偷跑赖关堵锈危险差少难贵吵罚吼凶把忘溜瘸咳掉酒卖废驳砸辣空忙乱]|被(?![子褥])|违|虚|(?<![产放请育休理])假|推[脱诿]|投诉|举报|怀疑|明明|还得|另加|欺负|强[迫制行]|够[得着到]|[！!？?吗呢]"
)
_LONGEST_WELL = 20  # characters
_LONGEST = 100  # characters; a longer message is a story, which is answered by what it says most
_UNDERSTOOD = 0.22  # config.yml: FallbackClassifier
_INTENT, _FALLBACK = "read_as", "nlu_fallback"
_COMPLAINT = "file_complaint"
_DANGER = frozenset({"danger_sign", "danger_doubted"})
_ALIKE = {"file_complaint", "ask_department_duty"}  # either answer names the department, and leads to the other
TITLE = "utter_reading_"  # and the intent: the response with its reading in plain words; an intent without one is never asked about

Responses = Mapping[str, Sequence[Mapping[str, Any]]]


def asked(parse: Mapping[str, Any], responses: Responses, knowledge: Knowledge) -> Mapping[str, Any] | None:
    """The message as one that is to be asked back, where it has two readings of different topics or a name that may be either of two; else None.

    A grievance that might be a question and asks nothing (根本没跟我们签合同) is a complaint, and no question is made of it.

    `readings` of it are {"topic", "said": the name that is not known, or "", "options": [{"title", "payload"}]}; a payload holds the words, so that the
    reading answers them whenever it is tapped.
    """
    if len(parse["text"]) > _LONGEST or any(found["entity"] in _DANGER for found in parse.get("entities", ())):
        return None
    ranking = [one for one in parse.get("intent_ranking", ()) if one["name"] != _FALLBACK]
    unclear = (
        parse["intent"]["name"] == _FALLBACK and ranking and ranking[0]["confidence"] >= _UNDERSTOOD
    )  # the two best too near each other
    first = _titled(ranking[0] if unclear else parse["intent"], parse, responses, knowledge)
    if near := parse.get("near_names"):
        readings = _names(parse["text"], near[0], first["topic"] if first else "out_of_scope")
    elif _grieves(parse, ranking):
        sure = parse["intent"]["name"] == _COMPLAINT
        return None if sure else {**parse, "intent": {"name": _COMPLAINT, "confidence": ranking[0]["confidence"]}}
    elif first and (
        other := _second(ranking, parse, first, responses, knowledge) or _asked_perhaps(ranking, parse, first, responses, knowledge)
    ):
        readings = {
            "topic": first["topic"],
            "said": "",
            "options": [_option(one["title"], parse["text"], one["intent"]) for one in (first, other)],
        }
    else:
        return None
    return {**parse, "intent": {"name": _FALLBACK, "confidence": parse["intent"]["confidence"]}, "readings": readings}


def _grieves(parse: Mapping[str, Any], ranking: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a message that may be a complaint or a question tells what is wrong and asks nothing (根本没跟我们签合同): that is no question."""
    text = str(parse["text"])
    if BEFORE in parse and not _AGAINST.search(text):
        return False  # told on of something else (抱养的，没手续)
    sure = {one["name"]: one["confidence"] for one in ranking[:2]}
    return (
        _COMPLAINT in sure
        and parse["intent"]["name"] in {_FALLBACK, *sure}
        and sure[_COMPLAINT] >= max(sure.values()) - _NEAR
        and bool(_WRONG.search(text))
        and not ASKS.search(text)
    )


def _second(
    ranking: Sequence[Mapping[str, Any]], parse: Mapping[str, Any], first: Mapping[str, Any], responses: Responses, knowledge: Knowledge
) -> Mapping[str, Any] | None:
    """The reading nearly as likely as the first, of another topic. What was set past the classifier (plain words, danger) has no second."""
    if len(ranking) < 2 or ranking[0]["name"] != first["intent"] or ranking[0]["confidence"] - ranking[1]["confidence"] >= _NEAR:
        return None
    if {ranking[0]["name"], ranking[1]["name"]} == _ALIKE or ranking[0]["confidence"] + ranking[1]["confidence"] > 1:
        return None
    other = _titled(ranking[1], parse, responses, knowledge)
    return other if other and other["topic"] != first["topic"] else None


def _asked_perhaps(
    ranking: Sequence[Mapping[str, Any]], parse: Mapping[str, Any], first: Mapping[str, Any], responses: Responses, knowledge: Knowledge
) -> Mapping[str, Any] | None:
    """The likeliest other reading of what is hardly a complaint: it says that all is well, or it speaks against nobody and names nothing that was
    done (园里水杯被子都自己带)."""
    text, sure = parse["text"], ranking[0]["confidence"] if ranking and ranking[0]["name"] == "file_complaint" else 1.0
    if first["intent"] != "file_complaint":
        return None
    well = len(text) <= _LONGEST_WELL and _WELL.search(text) and not _WRONG.search(text)
    if not well and (sure >= _A_COMPLAINT or _AGAINST.search(text) or kinds_of(text, knowledge.complaint_kinds.values())):
        return None
    others = (_titled(one, parse, responses, knowledge) for one in ranking[1:])
    return next((other for other in others if other and other["topic"] != first["topic"]), None)


def _titled(intent: Mapping[str, Any], parse: Mapping[str, Any], responses: Responses, knowledge: Knowledge) -> dict[str, Any] | None:
    """What an intent's reading is called, with the thing that the message names in it (问产假有几天)."""
    response = responses.get(TITLE + intent["name"])
    if not response:
        return None
    custom = response[0]["custom"]
    about = next((found for found in parse.get("entities", ()) if found["entity"] == custom.get("about")), None)
    name = knowledge.label(about["entity"], about["value"]) if about else custom.get("else", "")
    return {"intent": intent["name"], "topic": custom["topic"], "title": response[0]["text"].replace("{name}", name)}


def _names(text: str, near: Mapping[str, Any], topic: str) -> dict[str, Any]:
    def read(name: str) -> str:
        return text[: near["start"]] + name + text[near["end"] :]

    return {"topic": topic, "said": text[near["start"] : near["end"]], "options": [_option(name, read(name)) for name in near["names"][:3]]}


def _option(title: str, said: str, intent: str | None = None) -> dict[str, str]:
    held = {"said": masked(said)} | ({"intent": intent} if intent else {})
    return {"title": title, "payload": f"/{_INTENT}{json.dumps(held, ensure_ascii=False)}"}


def tapped(parse: Mapping[str, Any] | None) -> tuple[str, str | None] | None:
    """(the words, the intent that they are to be read as) of a tapped reading, None where it is something else. `parse` is that of its payload."""
    if not parse or parse["intent"]["name"] != _INTENT:
        return None
    held = {found["entity"]: found["value"] for found in parse["entities"]}
    return held["said"], held.get("intent")


def read_as(parse: Mapping[str, Any], intent: str | None) -> Mapping[str, Any]:
    """The words understood as the reading that was chosen. A sign of danger stays what it is."""
    if not intent or any(found["entity"] == "danger_sign" for found in parse.get("entities", ())):
        return parse
    return {**parse, "intent": {"name": intent, "confidence": 1.0}}
