"""The conversations of tests/dialogues, each on the trained model, in a conversation of its own."""

import base64
import re
from datetime import date

import pytest
import sqlalchemy as sa
import yaml

from bot.children.shared import children
from bot.children.watching import ChildWatch
from bot.complaints.handling import Act, Handling
from bot.complaints.shared import complaints
from bot.replay import open_talk
from tests.conftest import ROOT

pytestmark = pytest.mark.model
DIALOGUES = [dialogue for path in sorted((ROOT / "tests/dialogues").glob("*.yml")) for dialogue in yaml.safe_load(path.read_text("utf-8"))]


def tapped(replies, title):
    return next(button["payload"] for reply in reversed(replies) for button in reply.get("buttons", ()) if button["title"] == title)


def holds(shown, wanted):
    for key, value in wanted.items():
        if key.endswith("_include"):
            have = shown[key.removesuffix("_include")]
            assert set(value) <= {part["id"] if isinstance(part, dict) else part for part in have}, (key, have)
        else:
            have = shown[key]
            assert (have["id"] if isinstance(have, dict) else have) == value, (key, have)


async def everything(engine):
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda plain: sa.inspect(plain).get_table_names())
        found = [str((await connection.execute(sa.text(f'SELECT * FROM "{table}"'))).all()) for table in tables]
    return "\n".join(found)


async def meanwhile(step, conversation, known):
    """What others do between two turns: a department moves the conversation's ticket on, the desk registers a parents' committee, a day comes.

    `unsealed` and `left`: words that must not stand in any table.
    """
    service = complaints()
    if words := step.get("unsealed") or step.get("left"):
        rows = await everything(service.store.engine)
        assert not [word for word in words if str(word) in rows], f"still there: {[word for word in words if str(word) in rows]}"
    if "reminded" in step:
        remembered, today = children(), children().today
        remembered.today = lambda: date.fromisoformat(step["reminded"])
        assert await ChildWatch(remembered).reminders() == 1
        remembered.today = today
    if "department" in step:
        ticket = (await service.store.of_conversation(conversation))[0]
        await Handling(service).act(ticket, Act(step["department"], step.get("words", "")), "clerk")
    if "committee" in step:
        known["code"] = await service.add_committee(step["committee"], step["district"])


async def test_every_dialogue_goes_as_it_should(model, database_url):
    faults = []
    async with open_talk(model, database_url) as talk:
        for place, dialogue in enumerate(DIALOGUES):
            replies, known = [], {}
            for number, turn in enumerate(dialogue["turns"], 1):
                conversation = f"{place} {turn.get('as', '')}"
                if "say" not in turn and "tap" not in turn:
                    try:
                        await meanwhile(turn, conversation, known)
                    except AssertionError as fault:
                        faults.append(f"{dialogue['id']}, step {number}: {fault}")
                        break
                    continue
                said = {"payload": tapped(replies, turn["tap"])} if "tap" in turn else str(turn["say"]).format(**known)
                answered = await talk.take(conversation, said)
                replies = answered.replies
                known |= next(
                    (
                        {"number": reply["ticket"]["number"], "query": reply["ticket"]["query_code"]}
                        for reply in replies
                        if "ticket" in reply
                    ),
                    {},
                )
                text = "\n".join(reply.get("text", "") for reply in replies)
                known |= {"code": match.group()} if (match := re.search(r"BB[2-9A-Z]{8}", text)) else {}
                try:
                    assert replies, "no reply"
                    assert turn.get("topic", answered.topic) == answered.topic
                    if "told" in turn:
                        history = await talk.store.history(conversation)
                        assert any(turn["told"] in reply["text"] for past in history for reply in past["replies"] if not past["user"]), (
                            "was not told"
                        )
                    for pattern in turn.get("has", ()):
                        assert re.search(pattern, text), f"lacks {pattern}"
                    for pattern in turn.get("hasnt", ()):
                        assert not re.search(pattern, text), f"has {pattern}"
                    files = [reply["file"] for reply in replies if "file" in reply]
                    wanted = turn.get("file", {})
                    name = wanted if isinstance(wanted, str) else wanted.get("name")
                    names = [file["name"] for file in files]
                    assert names == [name] if isinstance(wanted, str) else name in names if name else not names
                    titles = [button["title"] for reply in replies for button in reply.get("buttons", ())]
                    assert not set(turn.get("without", ())) & set(titles), "has a button that it should not"
                    if not isinstance(wanted, str) and wanted:
                        assert wanted["holds"] in base64.b64decode(files[names.index(name)]["url"].partition(",")[2]).decode()
                    for shown in ("draft", "ticket"):
                        if shown in turn:
                            holds(next(reply[shown] for reply in replies if shown in reply), turn[shown])
                except (AssertionError, StopIteration) as fault:
                    faults.append(f"{dialogue['id']}, turn {number} ({said}): {fault}\n    {answered.topic}: {text[:300]}")
                    break
    assert not faults, "\n" + "\n".join(faults)
