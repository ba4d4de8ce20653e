"""The answers on vaccination: the programme at a glance, one vaccine, this child's schedule, ready for childcare or not. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.knowledge.dated import Source, Value
from bot.knowledge.model import Knowledge
from bot.knowledge.vaccine_model import VaccineSeries
from bot.topics.answer import Answer, Button
from bot.topics.child_age import months_old
from bot.topics.text_facts import tell
from bot.topics.vaccine_evaluation import EXTRA, series_on
from bot.topics.vaccine_forecast import COMPLETE, DUE, OVERDUE, Forecast, Schedule, forecast
from bot.topics.vaccine_history import history
from bot.topics.vaccine_told import Told
from bot.topics.vaccine_wording import age, at_age, duration, lines, planned_dose, short, still_to_come, target_line, visits, when
from bot.topics.wording import day as full_day

TIMELINE = Button("画一张接种时间表", '/ask_vaccination{"vaccination_question": "timeline"}')
AFTER = Button("打完要注意什么", '/ask_vaccination{"vaccination_question": "after_shot"}')
_ALL = Button("全部疫苗的时间表", '/ask_vaccination{"vaccination_question": "table"}')


def _say(knowledge: Knowledge, fact: str, on: date) -> str:
    return tell(knowledge, knowledge.facts[f"vaccination.{fact}"], on).text


def _sources(series: tuple[VaccineSeries, ...]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(one.source for one in series))


def _programme(knowledge: Knowledge, on: date) -> tuple[VaccineSeries, ...]:
    """The usual series of each vaccine of childhood, in the programme's order."""
    usual: dict[str, VaccineSeries] = {}
    for one in knowledge.vaccine_series:
        usual.setdefault(one.vaccine, series_on(knowledge, one.id, on))
    return tuple(usual.values())


def table(knowledge: Knowledge, on: date) -> Answer:
    series = _programme(knowledge, on)
    shown = lines(f"{at}：{what}" for at, what in visits(knowledge, series))
    return Answer("utter_vaccination_table", {"visits": shown}, sources=(replace(series[0].source, clause="免疫程序表"),))


def one_series(knowledge: Knowledge, vaccine: str, on: date, late: bool = False) -> Answer:
    """One vaccine's table, for a child not yet known; `late`: a dose of it was missed."""
    series = next(one for one in _programme(knowledge, on) if one.vaccine == vaccine)
    values = {
        "vaccine": knowledge.label("vaccine", vaccine),
        "count": len(series.doses),
        "lines": lines(target_line(series, t) for t in series.doses),
    }
    return Answer(
        "utter_vaccination_series_late" if late else "utter_vaccination_series", values, sources=(series.source,), buttons=(_ALL, AFTER)
    )


def one_vaccine(knowledge: Knowledge, schedule: Schedule, one: Forecast) -> Answer:
    """Where this child stands with one vaccine."""
    values = {
        "vaccine": knowledge.label("vaccine", one.vaccine),
        "told": _verdict(knowledge, schedule, one),
        "rest": "",
        "invalid": _invalid(knowledge, one, schedule.on),
    }
    if one.next:
        rest = one.planned[1:]
        values["rest"] = (
            f"\n后面还有{'；'.join(f'{planned_dose(knowledge, p)}，{when(schedule.child, p.day)}起' for p in rest[:2])}。" if rest else ""
        )
    response = "utter_vaccination_one"
    values["basis"] = _basis(one, schedule)
    return Answer(response, values, _why(knowledge, one, schedule.on), _sources((one.series,)), buttons=(TIMELINE, AFTER))


def _verdict(knowledge: Knowledge, schedule: Schedule, one: Forecast) -> str:
    """The first line: what to do with the next dose."""
    child, planned = schedule.child, one.next
    if planned is None:
        return (
            f"{knowledge.label('vaccine', one.vaccine)}按程序已经打完了，不用再打。" if one.status == COMPLETE else "这个年龄不用再补了。"
        )
    named = planned_dose(knowledge, planned)
    if planned.clinic:
        return f"{named}要由接种门诊定：{_say(knowledge, f'why_{planned.clinic}', schedule.on)}"
    if planned.status == OVERDUE:
        return f"{named}现在就能补，尽快去，只补没打的，不用从头打。"
    if planned.status == DUE:
        return f"{named}现在就能打" + (
            f"，最好在{when(child, planned.latest)}前打完。" if planned.latest and not child.approximate else "，尽早去。"
        )
    return f"{named}最早{when(child, planned.earliest)}能打，到时间就去。"


def _why(knowledge: Knowledge, one: Forecast, on: date) -> tuple[Value, ...]:
    """The facts behind a clinic's decision."""
    return (knowledge.facts[f"vaccination.why_{one.next.clinic}"].on(on),) if one.next and one.next.clinic else ()


def _basis(one: Forecast, schedule: Schedule) -> str:
    """The rule for the next dose, and what the days were reckoned from where it was not said."""
    parts = []
    target = next((t for t in one.series.doses if one.next and t.number == one.next.number), None)
    if target and one.next and target.number <= one.next.product.leaflet_doses:
        parts.append(f"{one.next.product.label}是自费的，按说明书打，针跟针至少隔28天")
    elif target:
        parts.append(f"第{target.number}针{at_age(target.min_age)}才能打" if len(one.series.doses) > 1 else f"{at_age(target.min_age)}打")
        if target.interval:
            parts.append(f"跟上一针至少隔{duration(target.interval)}")
    assumed = [str(e.number) for e in one.given if e.valid and e.assumed]
    if assumed and one.next:
        parts.append(f"第{'、'.join(assumed)}针哪天打的没说，按到时间就打了算")
    if schedule.child.approximate:
        parts.append(f"孩子按{age(months_old(schedule.child.birth, schedule.on))}算")
    return "，".join(parts) + "。" if parts else ""


def _invalid(knowledge: Knowledge, one: Forecast, on: date) -> str:
    """What does not count of the doses told, and why."""
    told_ = []
    for given in one.given:
        if not given.valid and given.reason != EXTRA:
            label = knowledge.vaccine_products[given.dose.product].label
            which = f"您说打过的{label}" if given.assumed else f"{full_day(given.day)}打的{label}"
            told_.append(f"{which}，{_say(knowledge, f'invalid_{given.reason}', on)}")
    return lines(told_)


def personal(knowledge: Knowledge, schedule: Schedule, known: bool, on: date) -> Answer:
    """What is due for this child now and next. Where no dose was told, as if the earlier ones had been given, and said so."""
    child = schedule.child
    if not known:
        schedule = forecast(
            knowledge, replace(child, doses=history(knowledge, child, Told(all_given=True, before_now=True), on)), on, whole=True
        )
    due = [p for p in schedule.by_status(DUE, OVERDUE) if not p.clinic]
    late = [p for p in due if p.status == OVERDUE]
    clinic = [p for p in schedule.by_status(DUE, OVERDUE) if p.clinic]
    values = {
        "age": age(months_old(child.birth, on)),
        "due": lines(planned_dose(knowledge, p) + ("（晚了，尽快补）" if p in late else "") for p in due),
        "clinic": "".join(f"\n{planned_dose(knowledge, p)}要由接种门诊定：{_say(knowledge, f'why_{p.clinic}', on)}" for p in clinic),
        "travel": f"\n{_say(knowledge, 'travel', on)}" if child.travel else "",
        "next": "".join(f"\n接下来{visit}。" for visit in still_to_come(knowledge, schedule, 1)),
        "invalid": "".join(_invalid(knowledge, one, on) for one in schedule.forecasts),
        "doses": _done_before(knowledge, schedule),
    }
    outcome = ("due" if due else "none") + ("" if known else "_if")
    facts = tuple(knowledge.facts[f"vaccination.{name}"].on(on) for name in [f"why_{p.clinic}" for p in clinic] + ["travel"] * child.travel)
    return Answer(
        f"utter_vaccination_{outcome}",
        values,
        facts,
        _sources(tuple(p.series for p in due) or (schedule.forecasts[0].series,)),
        (TIMELINE, AFTER),
    )


def _done_before(knowledge: Knowledge, schedule: Schedule) -> str:
    """乙肝3针、卡介苗1针: what was counted as given."""
    counts = [(one.vaccine, sum(e.valid for e in one.given)) for one in schedule.forecasts]
    return "、".join(f"{short(knowledge, vaccine)}{count}针" for vaccine, count in counts if count)


def ready(knowledge: Knowledge, schedule: Schedule) -> Answer:
    """Whether the certificate is in order for childcare: every dose that is due was given."""
    missing = schedule.by_status(DUE, OVERDUE)
    values = {"missing": lines(planned_dose(knowledge, p) for p in missing), "count": len(missing)}
    facts = (knowledge.facts["vaccination.enrolment_check"].on(schedule.on),)
    return Answer("utter_vaccination_ready" if not missing else "utter_vaccination_not_ready", values, facts, buttons=(TIMELINE,))
