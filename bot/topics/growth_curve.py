"""Several measurements over time: whether a child keeps to its own line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from bot.knowledge.growth_model import GrowthStandard
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer
from bot.topics.growth_case import MEASURES, GrowthCase, Reading
from bot.topics.growth_standard import lines_at, z_score
from bot.topics.growth_words import age, amount, name
from bot.topics.text_facts import in_force

_SHIFT = 1.0  # SD between two ages that count as leaving one's line (one published line crossed): fact growth.curve


def curves(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """The measures taken at two ages or more, each in order of age; not those of two children at one age."""
    found = {}
    for measure in MEASURES:
        series = sorted((reading for reading in readings if reading.measure == measure), key=lambda reading: reading.months or 0)
        ages = [len(list(group)) for _, group in groupby(series, key=lambda reading: reading.months)]
        if len(ages) > 1 and max(ages) == 1:
            found[measure] = series
    return found


def answer_curve(knowledge: Knowledge, standard: GrowthStandard, case: GrowthCase, series: Sequence[Reading], on: date) -> Answer:
    """Whether a child keeps to its own line: between its latest two ages, and from its highest or lowest line so far."""
    assert case.sex is not None
    sex = case.sex
    scores = [z_score(lines_at(standard, r.measure, sex, case.corrected(r.months or 0)), r.value) for r in series]
    fell, rose = max(scores[:-1]) - scores[-1], scores[-1] - min(scores[:-1])
    if series[-1].value < series[-2].value or fell >= _SHIFT:
        outcome = "falling"
    elif rose >= _SHIFT:
        outcome = "rising"
    else:
        outcome = "steady"
    measure = series[0].measure
    told = " → ".join(f"{age(r.months or 0)}{amount(measure, r.value)}" for r in series)
    values = {"measure": name(measure, series[-1].months or 0), "told": told}
    rule = knowledge.facts["growth.curve"]
    facts = (rule.on(on),) if outcome != "steady" and in_force(rule, on) else ()
    return Answer(f"utter_growth_curve_{outcome}", values, facts, sources=(standard.source,))
