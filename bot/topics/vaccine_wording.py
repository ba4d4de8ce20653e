"""How doses, ages and days of a schedule are said to a parent. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.knowledge.model import Knowledge
from bot.knowledge.vaccine_model import TargetDose, VaccineSeries
from bot.topics.child_age import months_old
from bot.topics.vaccine_case import Child
from bot.topics.vaccine_forecast import Planned, Schedule
from bot.topics.wording import day as full_day

_UNITS = {"d": "天", "m": "个月", "y": "岁"}


def age(months: int) -> str:
    """8个月, 18个月, 2岁, 2岁3个月."""
    if months < 24:
        return f"{months}个月"
    years, rest = divmod(months, 12)
    return f"{years}岁" + (f"{rest}个月" if rest else "")


def duration(text: str) -> str:
    """28天, 6个月, 3年: an interval as it is said."""
    return f"{text[:-1]}{'年' if text[-1] == 'y' else _UNITS[text[-1]]}"


def at_age(text: str) -> str:
    """出生时, 满8个月, 满2岁: a minimum age as it is said."""
    return "出生时" if text == "0d" else f"满{text[:-1]}{_UNITS[text[-1]]}"


def dose(knowledge: Knowledge, series: VaccineSeries, number: int, product_id: str) -> str:
    """麻腮风疫苗第1针; a vaccine of one dose without a number."""
    label = knowledge.vaccine_products[product_id].label
    unit = "次" if "口服" in label else "针"
    if series.vaccine == "mpsv":
        return f"{label}（流脑第{number}针）"
    return f"{label}第{number}{unit}" if len(series.doses) > 1 else label


def planned_dose(knowledge: Knowledge, planned: Planned) -> str:
    return dose(knowledge, planned.series, planned.number, planned.product.id)


def short(knowledge: Knowledge, vaccine: str) -> str:
    """乙肝, 卡介苗, 百白破."""
    label = knowledge.label("vaccine", vaccine)
    return label if label == "卡介苗" else label.removesuffix("疫苗")


def when(child: Child, day: date) -> str:
    """满9个月（2026年12月24日起); only the age where the birthday is not known to the day."""
    reached = age(months_old(child.birth, day))
    return f"满{reached}" if child.approximate else f"{full_day(day)}（{reached}）"


def lines(texts: Iterable[str]) -> str:
    """Each on a line of its own, with a dot."""
    return "".join(f"\n· {text}" for text in texts)


def target_line(series: VaccineSeries, target: TargetDose) -> str:
    """第3针：满6个月，12个月前打完，跟上一针至少隔60天: a dose of the programme's table."""
    parts = [at_age(target.min_age)]
    if target.min_age == "0d" and target.before == "2d":
        parts = ["出生24小时内"]
    elif target.before:
        parts.append(f"{target.before[:-1]}{_UNITS[target.before[-1]]}前打完")
    if target.interval:
        parts.append(f"跟上一针至少隔{duration(target.interval)}")
    return (f"第{target.number}针：" if len(series.doses) > 1 else "") + "，".join(parts)


def visits(knowledge: Knowledge, series: Iterable[VaccineSeries]) -> tuple[tuple[str, str], ...]:
    """The programme at a glance: (满8个月, 麻腮风1、乙脑1), by age."""
    by_age: dict[str, list[str]] = {}
    for one in series:
        if one.sex:
            by_age.setdefault(one.doses[0].min_age, []).append(f"{short(knowledge, one.vaccine)}（女孩，{len(one.doses)}针）")
            continue
        for target in one.doses:
            number = str(target.number) if len(one.doses) > 1 else ""
            by_age.setdefault(target.min_age, []).append(short(knowledge, one.vaccine) + number)
    order = sorted(by_age, key=lambda text: int(text[:-1]) * {"d": 1, "m": 30, "y": 365}[text[-1]])
    return tuple((at_age(text), "、".join(by_age[text])) for text in order)


def still_to_come(knowledge: Knowledge, schedule: Schedule, most: int = 2) -> tuple[str, ...]:
    """The next visits after today: 12月24日（9个月）：A群流脑疫苗第2针."""
    by_day: dict[date, list[str]] = {}
    for one in schedule.forecasts:
        for planned in one.planned:
            if planned.day > schedule.on and not planned.clinic:
                by_day.setdefault(planned.day, []).append(planned_dose(knowledge, planned))
    return tuple(f"{when(schedule.child, day)}：{'、'.join(by_day[day])}" for day in sorted(by_day)[:most])
