"""Choosing and checking an institution: slots in, one call, answers out. The checklist goes out as a page to print."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import TopicAction, attach, utter
from actions.childcare_provider import ActionAnswerChildcareProvider, goes_on, leaned_on, named_district
from actions.leave import a_number, entities, heard, said
from bot.files.letter import MIME, letter
from bot.files.store import MadeFile
from bot.knowledge.load import load_knowledge
from bot.settings import settings
from bot.topics.childcare_choose import CHECKLIST, COMPLAIN, ChooseCase, answer_choose, asked_facts, checklist_values

_KEPT = 500  # characters of what was told that a complaint may begin with


class ActionAnswerChildcareChoose(TopicAction):
    topic = "childcare_choose"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        if goes_on(tracker):
            return ActionAnswerChildcareProvider().run(dispatcher, tracker, domain)
        knowledge, today, text = load_knowledge(), settings().today(), said(tracker)
        age = a_number(tracker.get_slot("child_age_months"))
        fact = str(entities(tracker).get("childcare_question") or "")
        last = leaned_on(tracker, ("ask_childcare_quality",), self.topic)
        case = ChooseCase(text, fact, int(age) if age is not None else None, last, heard(tracker))
        answers = answer_choose(knowledge, case, today)
        for answer in answers:
            if answer.response == CHECKLIST:
                page = letter("childcare_checklist", checklist_values(knowledge, today))
                answer = await attach(answer, MadeFile("看园清单.html", MIME, page))
            utter(dispatcher, self.topic, answer)
        told = tracker.get_slot("childcare_told")
        if text and any(COMPLAIN in answer.buttons for answer in answers):
            told = {"text": text[:_KEPT], "district": named_district(knowledge, tracker)}
        question = next(iter(asked_facts(knowledge, case, today)), None)
        return [SlotSet("last_topic", self.topic), SlotSet("last_question", question), SlotSet("childcare_told", told)]
