"""Faults of the growth tables and the development lists that a schema cannot see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.knowledge.growth_model import SEXES, Development, GrowthStandard


def growth_faults(standard: GrowthStandard) -> Iterator[str]:
    """Ages and lines must rise, both sexes be there with the same ages, and no two judgement words hold for one z-score."""
    for (measure, sex), table in standard.tables.items():
        for (month, _), (later, _) in pairwise(table.rows):
            if later <= month:
                yield f"growth standard: {measure}/{sex}: month {later} follows month {month}"
        for month, lines in table.rows:
            if any(low >= high for low, high in pairwise(lines)):
                yield f"growth standard: {measure}/{sex}: the lines of month {month} do not rise"
    for measure in {measure for measure, _ in standard.tables}:
        ages = [[month for month, _ in standard.tables[measure, sex].rows] for sex in SEXES if (measure, sex) in standard.tables]
        if len(ages) < len(SEXES) or ages[0] != ages[1]:
            yield f"growth standard: {measure}: boys and girls do not have the same ages"
    for measure in {judgement.measure for judgement in standard.judgements}:
        words = [judgement for judgement in standard.judgements if judgement.measure == measure]
        for z in (step / 10 for step in range(-50, 51)):
            if sum(word.holds(z) for word in words) > 1:
                yield f"growth standard: {measure}: two judgements hold at {z} SD"
                break


def development_faults(lists: Development) -> Iterator[str]:
    """Ages must rise, and a skill's warning sign must stand in the list of its age."""
    for name, stages in (("milestones", lists.milestones), ("signs", lists.signs), ("play", lists.play)):
        for stage, later in pairwise(stages):
            if later.months <= stage.months:
                yield f"development: {name}: month {later.months} follows month {stage.months}"
    listed = {stage.months: stage.texts for stage in lists.signs}
    for skill in lists.skills:
        if skill.sign and skill.sign not in listed.get(skill.sign_months, ()):
            yield f"development: skill {skill.id}: {skill.sign!r} is no warning sign at {skill.sign_months} months"
    ids = [skill.id for skill in lists.skills]
    yield from (f"development: skill {skill_id} is defined twice" for skill_id in sorted({i for i in ids if ids.count(i) > 1}))
