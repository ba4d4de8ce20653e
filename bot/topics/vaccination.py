"""Vaccination: this child's own schedule, one vaccine's, the programme at a glance, or what is asked about a shot. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics import text_facts
from bot.topics.answer import Answer
from bot.topics.child_age import after
from bot.topics.matching import Heard
from bot.topics.vaccination_facts import find_question
from bot.topics.vaccine_answers import AFTER, one_series, one_vaccine, personal, ready, table
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_forecast import Schedule, forecast
from bot.topics.vaccine_history import history, implausible
from bot.topics.vaccine_told import Told, told, unknown_vaccine
from bot.topics.wording import day as full_day

OLDEST_YEARS = 18  # of whom the programme speaks
# Facts on schedules in general: the child's own, or the named vaccine's, says more.
_OF_A_SCHEDULE = {"late", "interval", "early"}
_WITH_DOSES = _OF_A_SCHEDULE | {"dtap_change", "why_many", "bcg_missed"}  # where doses of a known child were told
_WITH_AGE = _OF_A_SCHEDULE | {"repeated"}  # 打错了，是3月1号生的
# What to do next is asked.
_WANTED = re.compile(
    r"(?:该|要|应该|还要|还得|能)(?:去)?(?:打|接种|补)(?:什么|啥|哪|几)|还(?:差|缺|剩)|差(?:什么|啥|哪|几)|接下来|下一[针次]|后面(?:打|该)"
)
# A shot was given just now, and nothing is asked.
_JUST_GIVEN = re.compile(
    r"刚刚?(?:打|接种|种)(?:完|了|好|过)|(?:今天|昨天|上午|下午|早上|刚才)[^，。？?]{0,6}(?:打|接种)(?:完|了|的|过)|(?:打|接种)完[^，。？?]{0,6}[针苗]了?$"
)
_ASKS = re.compile(r"[吗呢么嘛？?]|什么|啥|哪|几|多少|多久|怎么|咋|能|可以|要")
_TABLE = re.compile(r"时间表|程序表|一览|列[个张]?表|全部疫苗|所有疫苗|都有哪些")
_PLAN = re.compile(r"日历|日程|画.{0,5}(?:图|表)|(?:做|弄|生成|导出?).{0,6}(?:图|表|日历|文件)|手机.{0,6}提醒")
_READY = re.compile(r"入托|入园|上托|托班|托育|幼儿园|查验")


@dataclass(frozen=True)
class VaccinationCase:
    """A turn: its `text`, the `child` as known (None: no age or birthday), the vaccine talked of before, and what a button asks for. `fresh`: this
    turn says how old the child is."""

    text: str = ""
    child: Child | None = None
    last_vaccine: str = ""
    question: str = ""
    fresh: bool = False
    heard: Heard = field(default_factory=dict)


_ENOUGH = re.compile(r"还(?:差|缺)(?:吗|么|不|没)|(?:够|齐|完)了?(?:吗|么|不|没)")


@dataclass(frozen=True)
class Answered:
    """The answers, the child with the doses that the turn told, and the vaccine it was about."""

    answers: tuple[Answer, ...]
    doses: tuple[Dose, ...]
    vaccine: str = ""
    schedule: Schedule | None = None


def answer_vaccination(knowledge: Knowledge, case: VaccinationCase, on: date) -> Answered:
    """The answer to a message on vaccines, on a day: what is asked of the shots in general first, then the schedule as far as the child is known."""
    said, child = told(knowledge, case.text, on), case.child
    if child and (bad := _impossible(child, said, on)):
        return Answered((bad,), child.doses)
    doses = history(knowledge, child, said, on) if child else said.given
    schedule = forecast(knowledge, replace(child, doses=doses), on, whole=True) if child else None
    vaccine = next((one.vaccine for one in said.named if one.vaccine), "")
    if not vaccine and said.says_anything and not said.all_given and not case.fresh:
        vaccine = case.last_vaccine
    if case.question == "table" or (_TABLE.search(case.text) and not vaccine):
        answers: tuple[Answer, ...] = (table(knowledge, on),)
    elif facts := _facts(knowledge, case, said, on):
        answers = tuple(text_facts.answer(knowledge, "utter_vaccination_fact", name, on, (AFTER,)) for name in facts)
    elif not said.named and (name := unknown_vaccine(knowledge, case.text)):
        answers = (Answer("utter_vaccination_unknown", {"name": name}),)
    elif vaccine and not said.all_given and not (schedule and _of_several(case, said)):
        known = schedule.of(vaccine) if schedule else None
        answers = (
            one_vaccine(knowledge, schedule, known) if schedule and known else one_series(knowledge, vaccine, on, late=bool(said.missing)),
        )
    elif schedule:
        known_doses = bool(doses) or said.none
        enrolling = _READY.search(case.text) and known_doses
        answers = (ready(knowledge, schedule) if enrolling else personal(knowledge, schedule, known_doses, on),)
    else:
        answers = (table(knowledge, on),)
    return Answered(answers, doses, vaccine, schedule)


def _of_several(case: VaccinationCase, said: Told) -> bool:
    """Doses of several vaccines were told, or what is due of all is asked: the whole schedule is wanted, not one vaccine's."""
    told_of = {one.vaccine for one in said.named if one.vaccine}
    of_one = len(told_of) == 1 and _ENOUGH.search(case.text)  # 糖丸吃过一次，针打过两次，还差吗
    return said.says_anything and (len(told_of) > 1 or bool(_WANTED.search(case.text) and not said.asked and not of_one))


def wants_plan(case: VaccinationCase) -> bool:
    """Whether the schedule is wanted as a picture and a calendar."""
    return case.question == "timeline" or (not case.question and bool(_PLAN.search(case.text)))


def next_visit(schedule: Schedule) -> date | None:
    """The first day after today for which a dose is planned."""
    return min((planned.day for one in schedule.forecasts for planned in one.planned if planned.day > schedule.on), default=None)


def _impossible(child: Child, said: Told, on: date) -> Answer | None:
    """A birthday to come or of an adult, a dose before birth or after today: asked back."""
    if child.birth > on:
        return Answer("utter_vaccination_ask_birth_future", {"birth": full_day(child.birth)})
    if after(child.birth, f"{OLDEST_YEARS}y") <= on:
        return Answer("utter_vaccination_ask_birth_old", {"birth": full_day(child.birth), "years": OLDEST_YEARS})
    if bad := implausible(child, said.given, on):
        return Answer("utter_vaccination_ask_dose_day", {"day": full_day(bad.day or on), "birth": full_day(child.birth)})
    return None


def _facts(knowledge: Knowledge, case: VaccinationCase, said: Told, on: date) -> tuple[str, ...]:
    """The facts that the message asks for; none where it asks for a schedule."""
    if case.question in ("timeline", "table"):
        return ()
    if case.question:
        named = knowledge.facts.get(f"vaccination.{case.question}")
        return (named.id,) if named and text_facts.in_force(named, on) else ()
    found = find_question(knowledge, case.text, on, case.heard)
    if not found and _JUST_GIVEN.search(case.text) and not _ASKS.search(case.text):
        return ("vaccination.after_shot",)
    names = {name.removeprefix("vaccination.") for name in found}
    if names <= _OF_A_SCHEDULE and (said.says_anything or case.fresh or len(said.named) == 1):
        return ()
    if case.child and (names <= _WITH_DOSES and said.says_anything or names <= _WITH_AGE and case.fresh):
        return ()
    of_this_child = case.child is not None and (said.says_anything or case.fresh)
    if of_this_child and _WANTED.search(case.text) and not any(name.startswith(("grave_", "after_")) for name in names):
        return ()
    told_already = case.child is not None and bool(said.given or case.child.doses)
    its_own = names == {"enrolment_check"} or (said.given and all(name.startswith("vaccine_") for name in names))
    if told_already and its_own:
        return ()
    return found
