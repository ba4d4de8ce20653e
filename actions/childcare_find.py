"""Childcare near home: slots in, one search of the directory, answers out."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction, utter
from actions.leave import a_date, a_number, entities, said
from bot.childcare.asking import PAGE, Search, hear, look
from bot.childcare.shared import childcare
from bot.childcare.wishes import NO_WISHES
from bot.knowledge.load import load_knowledge
from bot.settings import settings
from bot.topics.answer import Answer
from bot.topics.childcare_find import answer_find, asked_about, corrected, is_correction

_WISHES: dict[str, dict[str, Any]] = {
    "inclusive": {"inclusive": True},
    "cheapest": {"cheapest": True},
    "none": dict(NO_WISHES),
}


def _point(value: Any) -> tuple[float, float] | None:
    """A shared location, "lat,lon"."""
    try:
        lat, lon = map(float, str(value).split(","))
    except ValueError:
        return None
    return lat, lon


def _age(tracker: Tracker, now: dict[str, Any]) -> dict[str, int]:
    """The child's age in months as it was told in another topic; what this turn says is read from its words."""
    if born := a_date(tracker.get_slot("birth_date")):
        today = settings().today()
        return {"age": max(0, (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day))}
    told = None if "child_age_months" in now else a_number(tracker.get_slot("child_age_months"))
    return {"age": int(told)} if told is not None else {}


class ActionAnswerChildcareFind(TopicAction):
    topic = "childcare_find"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        knowledge, service, now, text = load_knowledge(), childcare(), entities(tracker), said(tracker)
        directory = await service.directory()
        before = Search.of(tracker.get_slot("childcare_search"))
        by_code = {institution.code: institution for institution in directory.institutions}
        shown = tuple(by_code[code] for code in tracker.get_slot("childcare_shown") or () if code in by_code)
        if shown and is_correction(text, before):
            if not directory.sample:
                about = corrected(text, shown)
                await service.correct(tuple(institution.code for institution in about), text, tracker.sender_id)
            utter(dispatcher, self.topic, Answer(f"utter_childcare_find_{'sample_wrong' if directory.sample else 'corrected'}"))
            return [SlotSet("last_topic", self.topic)]
        given = dict(_WISHES.get(str(now.get("childcare_wish")), {}))
        if not text and "district" in now:
            given["district"] = now["district"]
        if "age" not in before.wishes:
            before = Search.of({**before.kept(), "wishes": {**_age(tracker, now), **before.wishes}})
        point = _point(now["location"]) if "location" in now else None
        one = tuple(by_code[code] for code in (tracker.get_slot("childcare_one"),) if code in by_code)
        named = asked_about(directory, text, shown, one)[:PAGE]
        search = hear(knowledge, before, text, point=point, move=str(now.get("childcare_move") or ""), given=given)
        found = look(directory, search, service.centres)
        for answer in answer_find(knowledge, directory, search, found, text, settings().today(), named, bool(shown)):
            utter(dispatcher, self.topic, answer)
        if named:
            page = [institution.code for institution in (shown if all(each in shown for each in named) else named)]
            about_one = named[0].code if len(named) == 1 else None
            return [SlotSet("last_topic", self.topic), SlotSet("childcare_shown", page), SlotSet("childcare_one", about_one)]
        codes = [hit.institution.code for hit in found.hits] if not search.asked else None
        return [
            SlotSet("last_topic", self.topic),
            SlotSet("childcare_search", search.kept()),
            SlotSet("childcare_shown", codes),
            SlotSet("childcare_one", None),
        ]
