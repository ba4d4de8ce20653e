"""What a child's measurements say by the national standard. A word of the standard is a reason for a check-up, never a diagnosis. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.knowledge.dated import Value
from bot.knowledge.growth_model import SEXES, GrowthStandard
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.growth_case import MEASURES, GrowthCase, Reading, settled, slip
from bot.topics.growth_chart import chart_uri
from bot.topics.growth_curve import answer_curve, curves
from bot.topics.growth_standard import bmi, judge, level, lines_at, percentile, z_score
from bot.topics.growth_words import SEX, age, amount, between, bullets, name, rank

BOY = Button("男宝", '/inform{"sex": "boy"}')
GIRL = Button("女宝", '/inform{"sex": "girl"}')
_LOW = -1.0  # SD: 中下, still normal, measured again sooner
_OUT = 2.0  # SD: beyond it a head is looked at, and a weight alone is not enough


def answer_measured(knowledge: Knowledge, standard: GrowthStandard, case: GrowthCase, on: date) -> tuple[Answer, ...]:
    """The judgement of the latest age measured, and of the curve where one measure was taken at several ages."""
    readings = tuple(settled(standard, case, reading) for reading in case.readings)
    for reading in readings:
        if (reading.months is None or reading.months <= standard.last_month) and (answer := _ask_again(standard, case, reading)):
            return (answer,)
    if any(reading.months is None for reading in readings):
        return (Answer("utter_growth_ask_age", {"told": "、".join(_short(reading) for reading in readings if reading.months is None)}),)
    latest = max(reading.months or 0 for reading in readings)
    if latest > standard.last_month:
        return (Answer("utter_growth_over_three", {"age": age(latest)}, sources=(standard.source,)),)
    now = [reading for reading in readings if reading.months == latest]
    by_measure = curves(readings)
    status = _status(knowledge, standard, case, now, latest, on)
    measure = next(iter(by_measure), now[0].measure)
    points = [(case.corrected(r.months or 0), r.value) for r in readings if r.measure == measure]
    image = chart_uri(standard, measure, case.sex, points) if case.sex else ""
    curve = answer_curve(knowledge, standard, case, by_measure[measure], status.values["lines"], on) if by_measure else None
    if curve is None:
        return (_with_image(status, image),)
    told_by_curve = status.response.startswith("utter_growth_fine") and curve.response != "utter_growth_curve_steady"
    return (_with_image(curve, image),) if told_by_curve else (status, _with_image(curve, image))


def _with_image(answer: Answer, image: str) -> Answer:
    return Answer(answer.response, answer.values, answer.facts, answer.sources, answer.buttons, image)


def _short(reading: Reading) -> str:
    if reading.measure == "weight_bare":
        return f"体重{reading.value:g}"
    return name(reading.measure, reading.months or 0) + amount(reading.measure, reading.value)


def _ask_again(standard: GrowthStandard, case: GrowthCase, reading: Reading) -> Answer | None:
    """A weight whose unit is open, or a measurement that can hardly be true, is asked again with the reason."""
    wrong, meant = slip(standard, case, reading)
    if not wrong:
        both = {"number": f"{reading.value:g}", "half": f"{reading.value / 2:g}"}
        return Answer("utter_growth_ask_unit", both) if reading.measure == "weight_bare" and reading.months is not None else None
    if reading.months is None:
        return Answer("utter_growth_impossible_at_any_age", {"told": _short(reading)})
    months, measure = case.corrected(reading.months), reading.measure
    lines = [lines_at(standard, measure, sex, months) for sex in SEXES]
    usual = between(measure, min(line[1] for line in lines), max(line[-2] for line in lines))
    values = {"told": _short(reading), "age": age(reading.months), "measure": name(measure, months), "usual": usual}
    if meant is None:
        return Answer("utter_growth_impossible", values, sources=(standard.source,))
    return Answer("utter_growth_impossible_unit", values | {"meant": amount(measure, meant)}, sources=(standard.source,))


def _scores(standard: GrowthStandard, case: GrowthCase, now: Sequence[Reading], months: float) -> list[tuple[str, float, dict[str, float]]]:
    """(measure, value, z-score by sex) of one age; BMI is added where one weight and one length are there."""
    at = case.corrected(months)
    values = [(reading.measure, reading.value) for measure in MEASURES for reading in now if reading.measure == measure]
    if [measure for measure, _ in values][:2] == ["weight_kg", "length_cm"] and len({measure for measure, _ in values}) == len(values):
        values.append(("bmi", bmi(values[0][1], values[1][1])))
    sexes = (case.sex,) if case.sex else SEXES
    return [(measure, value, {sex: z_score(lines_at(standard, measure, sex, at), value) for sex in sexes}) for measure, value in values]


def _line(standard: GrowthStandard, months: float, measure: str, value: float, scores: dict[str, float]) -> str:
    """体重9公斤（18斤）：中等水平，比45%左右的同龄男宝重."""

    def said(z: float) -> str:
        word = judge(standard, measure, z)
        return f"“{word.label}”" if word else {"中": "中等"}.get(level(standard, z), level(standard, z))

    what = f"胖瘦（BMI {amount(measure, value)}）" if measure == "bmi" else name(measure, months) + amount(measure, value)
    if len(scores) > 1:
        return f"{what}：" + "，".join(f"{SEX[sex]}里{said(z)}" for sex, z in scores.items())
    ((sex, z),) = scores.items()
    return f"{what}：{said(z)}{rank(measure, percentile(z), sex)}"


def _found(standard: GrowthStandard, measure: str, z: float) -> tuple[str, str]:
    """(step, what was found) of one score: doctor, check_up or nothing. Heads beyond 2 SD and lengths beyond 3 SD are looked at, too."""
    if word := judge(standard, measure, z):
        return word.step, f"“{word.label}”"
    if measure == "head_cm" and abs(z) > _OUT:
        return "check_up", "头围偏大" if z > 0 else "头围偏小"
    return ("check_up", "个子明显偏高") if measure == "length_cm" and z > 3 else ("", "")


def _status(knowledge: Knowledge, standard: GrowthStandard, case: GrowthCase, now: Sequence[Reading], months: float, on: date) -> Answer:
    """The children of one age: reassured, sent for a check-up or to a doctor; for both sexes where none is known and they agree."""
    scores = _scores(standard, case, now, months)
    lines = bullets(_line(standard, months, *one) for one in scores)
    verdicts = [[_found(standard, measure, z[sex]) for measure, _, z in scores] for sex in scores[0][2]]
    values = {"age": age(months), "who": SEX[case.sex] if case.sex else "宝宝", "lines": lines}
    facts: tuple[Value, ...] = ()
    if case.weeks is not None and months < 24:
        values["age"] = f"按矫正月龄{age(case.corrected(months))}看，实际{age(months)}的早产"
        facts = (knowledge.facts["growth.preterm"].on(on),)
    if any(verdict != verdicts[0] for verdict in verdicts):
        return Answer("utter_growth_ask_sex", values, facts, sources=(standard.source,), buttons=(BOY, GIRL))
    buttons = () if case.sex else (BOY, GIRL)
    steps = [step for step, _ in verdicts[0]]
    found = "、".join(dict.fromkeys(what for _, what in verdicts[0] if what))
    heavy = any(measure == "weight_kg" and max(z.values()) >= _OUT for measure, _, z in scores)
    if heavy and not any(steps) and all(measure != "bmi" for measure, _, _ in scores):
        return Answer("utter_growth_heavy", values, facts, sources=(standard.source,), buttons=buttons)
    low = any(z < _LOW for measure, _, by_sex in scores if measure != "head_cm" for z in by_sex.values())
    outcome = "doctor" if "doctor" in steps else "check_up" if "check_up" in steps else "fine_low" if low else "fine"
    return Answer(f"utter_growth_{outcome}", values | {"found": found}, facts, sources=(standard.source,), buttons=buttons)
