"""The growth standard and the development lists, from the parsed files of `knowledge/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.knowledge.dated import Source
from bot.knowledge.growth_model import Development, GrowthStandard, GrowthTable, Judgement, Skill, Stage

SourceOf = Callable[[Mapping[str, Any], str], Source]


def growth_standard(raw: Mapping[str, Any], source: SourceOf) -> GrowthStandard:
    """The standard of a file of kind growth_standard; `source` makes a Source of a raw one and an as_of date."""
    tables = (
        GrowthTable(t["measure"], t["sex"], tuple((int(row[0]), tuple(map(float, row[1:]))) for row in t["rows"])) for t in raw["tables"]
    )
    return GrowthStandard(
        tables={(table.measure, table.sex): table for table in tables},
        levels=tuple((level.get("from"), level["label"]) for level in raw["levels"]),
        judgements=tuple(Judgement(j["measure"], j["label"], j["step"], j.get("from"), j.get("below")) for j in raw["judgements"]),
        standing_from_months=raw["standing_from_months"],
        source=source(raw["source"], raw["as_of"]),
    )


def development(raw: Mapping[str, Any], source: SourceOf) -> Development:
    """The lists of a file of kind development."""

    def stages(part: Mapping[str, Any]) -> tuple[Stage, ...]:
        return tuple(Stage(stage["months"], tuple(stage["texts"])) for stage in part["stages"])

    skills = tuple(
        Skill(
            s["id"], s["label"], s["usual"], s["usual_months"], s["practice"], tuple(s["asked"]), s.get("sign", ""), s.get("sign_months", 0)
        )
        for s in raw["skills"]
    )  # fmt: skip
    milestones, signs, play = raw["milestones"], raw["signs"], raw["play"]
    sources = [source(part["source"], raw["as_of"]) for part in (milestones, signs, play)]
    return Development(stages(milestones), stages(signs), stages(play), skills, sources[0], sources[1], sources[2])
