"""The vaccination programme's series and products, from the parsed files of `knowledge/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.knowledge.growth_load import SourceOf
from bot.knowledge.vaccine_model import TargetDose, VaccineProduct, VaccineSeries

Raw = Mapping[str, Any]


def vaccine_series(items: Iterable[tuple[Raw, Raw]], source: SourceOf) -> tuple[VaccineSeries, ...]:
    """The series of files of kind vaccine_series, in their order; `items` are (file, series)."""

    def dated(raw: Raw, key: str) -> date | None:
        return date.fromisoformat(raw[key]) if key in raw else None

    return tuple(
        VaccineSeries(
            raw["id"], raw["vaccine"], date.fromisoformat(raw["from"]), dated(raw, "to"), source(raw["source"], content["as_of"]),
            tuple(TargetDose(**{**dose, "products": tuple(dose["products"])}) for dose in raw["doses"]), raw.get("sex"), raw.get("only"),
            dated(raw, "born_from"), dated(raw, "born_before"), raw.get("needs", {}),
        )
        for content, raw in items
    )  # fmt: skip


def vaccine_products(items: Iterable[Raw]) -> dict[str, VaccineProduct]:
    """The products by id."""
    texts = ("vaccines", "contains", "avoid", "said")
    return {raw["id"]: VaccineProduct(**{**raw, **{key: tuple(raw.get(key, ())) for key in texts}}) for raw in items}
