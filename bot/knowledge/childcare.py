"""What the knowledge base holds for finding childcare: landmarks, how lists are read, the sample. Built from parsed YAML; nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.childcare.institution import Institution


@dataclass(frozen=True)
class Landmark:
    """A road, mall, park, school or old name that parents say for where they are. Without coordinates its township or district stands for it."""

    id: str
    name: str
    district: str
    township: str = ""
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class ChildcareColumns:
    """How lists of institutions are read: headings by field, words by value of a field, cells that mean nothing is known, the file's coordinates."""

    headings: Mapping[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    empty: frozenset[str]
    coordinates: str
    bounds: Mapping[str, float]


def landmarks(items: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Landmark]:
    """By id, from (file, item) pairs of kind `landmarks`."""
    return {raw["id"]: Landmark(**{**raw, "aliases": tuple(raw.get("aliases", ()))}) for _, raw in items}


def columns(contents: Iterable[Mapping[str, Any]]) -> ChildcareColumns | None:
    """From the city's file of kind `childcare_columns`; None where there is none."""
    for raw in contents:
        headings = {name: tuple(said) for name, said in raw["headings"].items()}
        words = {name: {value: tuple(map(str, said)) for value, said in values.items()} for name, values in raw["words"].items()}
        return ChildcareColumns(headings, words, frozenset(raw["empty"]), raw["coordinates"], raw["bounds"])
    return None


def sample(items: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> tuple[Institution, ...]:
    """The invented institutions, from (file, item) pairs of kind `childcare_sample`."""
    return tuple(
        Institution(**{**raw, "services": tuple(raw["services"]), "checked": {"name": date.fromisoformat(content["as_of"])}})
        for content, raw in items
    )
