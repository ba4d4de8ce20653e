"""Several measurements over time: whether a child keeps to its own line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from bot.knowledge.growth_model import SEXES, GrowthStandard
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.growth_case import MEASURES, GrowthCase, Reading
from bot.topics.growth_standard import lines_at, z_score
from bot.topics.growth_words import age, amount, name
from bot.topics.text_facts import in_force

_SHIFT = 1.0  # SD between two ages that count as leaving one's line (one published line crossed): fact growth.curve


def curves(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """The measures taken at two ages or more after birth, each in order of age; not those of two children at one age.

    The birth weight is left out: in the first weeks children settle on a line of their own.
    """
    found = {}
    for measure in MEASURES:
        series = sorted(
            (one for one in readings if one.measure == measure and (one.months or 0) >= 1), key=lambda reading: reading.months or 0
        )
        ages = [len(list(group)) for _, group in groupby(series, key=lambda reading: reading.months)]
        if len(ages) > 1 and max(ages) == 1:
            found[measure] = series
    return found


def answer_curve(
    knowledge: Knowledge, standard: GrowthStandard, case: GrowthCase, series: Sequence[Reading], lines: str, on: date
) -> Answer | None:
    """Whether a child keeps to its own line: between its latest two ages, and from its highest or lowest line so far. `lines` say where it is now.

    None where the sex is not known and it would decide.
    """
    outcomes = {_outcome(standard, case, series, sex) for sex in ([case.sex] if case.sex else SEXES)}
    if len(outcomes) > 1:
        return None
    (outcome,) = outcomes
    measure = series[0].measure
    told = " → ".join(f"{age(r.months or 0)}{amount(measure, r.value)}" for r in series)
    values = {"measure": name(measure, series[-1].months or 0), "told": told, "lines": lines}
    rule = knowledge.facts["growth.curve"]
    facts = (rule.on(on),) if outcome != "steady" and in_force(rule, on) else ()
    return Answer(f"utter_growth_curve_{outcome}", values, facts, sources=(standard.source,))


def _outcome(standard: GrowthStandard, case: GrowthCase, series: Sequence[Reading], sex: str) -> str:
    """falling, flat, rising or steady: by a loss or a standstill since the last time, and by the lines crossed since the highest or lowest one."""
    scores = [z_score(lines_at(standard, r.measure, sex, case.corrected(r.months or 0)), r.value) for r in series]
    before, last = series[-2], series[-1]
    if last.value < before.value or max(scores[:-1]) - scores[-1] >= _SHIFT:
        return "falling"
    if last.value == before.value and (last.months or 0) - (before.months or 0) >= 1:
        return "flat"
    return "rising" if scores[-1] - min(scores[:-1]) >= _SHIFT else "steady"
