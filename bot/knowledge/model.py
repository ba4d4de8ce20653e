"""The typed objects of the knowledge base other than dated facts. Frozen; built by `bot.knowledge.load` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from bot.childcare.institution import Institution
from bot.knowledge.childcare import ChildcareColumns, Landmark
from bot.knowledge.dated import Document, Fact, Source
from bot.knowledge.growth_model import Development, GrowthStandard
from bot.knowledge.vaccine_model import VaccineProduct, VaccineSeries
from bot.knowledge.wechat import WeChatAccount


@dataclass(frozen=True)
class Hotline:
    """A public telephone line. `purpose` says in a few words what it is for."""

    id: str
    number: str
    name: str
    purpose: str
    asked: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True)
class DatedName:
    name: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Department:
    """A department of the city policy's annex or text. `name` is as the policy writes it (市卫健委), `names` its official names by date."""

    id: str
    name: str
    annex_name: str
    names: tuple[DatedName, ...]
    aliases: tuple[str, ...]
    duties: tuple[str, ...]
    asked: tuple[str, ...]
    hotlines: tuple[str, ...]
    note: str = ""

    def name_on(self, day: date) -> str:
        """The official name on `day`; the policy's own name where none is known."""
        for dated in self.names:
            if (dated.start is None or dated.start <= day) and (dated.end is None or day <= dated.end):
                return dated.name
        return self.name


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class District:
    """A county, district or functional zone; `type` is district, county or zone."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]
    townships: tuple[Township, ...]
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Point:
    """One thing that a clause says, or plainly does not say, in our own words; `asked` are the words in which people ask for it."""

    text: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """A numbered clause of the city policy. `id` is 3.8.2, `number` 三（八）2; `gist` is in our own words; `units` are department ids."""

    id: str
    number: str
    title: str
    gist: str
    points: tuple[Point, ...]
    units: tuple[str, ...]
    asked: tuple[str, ...]
    source: Source
    note: str = ""


@dataclass(frozen=True)
class OtherMatter:
    """What people also write to a public hotline and what is not ours: its words, and the hotline to name where it is not the usual one."""

    id: str
    label: str
    said: tuple[str, ...]
    ask: str = ""


@dataclass(frozen=True)
class DangerSign:
    """A sign of danger in a child, its grade (call_now, emergency_room, same_day) and the first safe step."""

    id: str
    label: str
    grade: str
    call: str
    patterns: tuple[str, ...]
    first_step: str
    steps: tuple[str, ...]
    never: tuple[str, ...]
    source: Source
    max_age_months: int | None = None
    min_age_months: int | None = None


@dataclass(frozen=True)
class ComplaintKind:
    """What a complaint is about: who leads and assists (department ids), the clauses that say so and the words that tell it.

    `lead_by` gives another lead by the nature of the institution: kindergarten, non_profit, public, employer. `severity` is emergency, serious or
    ordinary; `deadline` names a fact `complaint.<deadline>_days`; `rule` says what the clause requires; `checklist` is for the clerk; with
    `footage`, what the cameras saw matters.
    """

    id: str
    label: str
    lead: str
    assist: tuple[str, ...]
    lead_by: Mapping[str, str]
    clauses: tuple[str, ...]
    sources: tuple[Source, ...]
    severity: str
    deadline: str
    rule: str
    checklist: tuple[str, ...]
    patterns: tuple[str, ...]
    footage: bool = False


@dataclass(frozen=True)
class Food:
    """A food that parents ask about, and the rule that its age rests on (the id of a fact).

    `from_months`: the completed months from which it may be given, None: not before three years. `verdict` is yes, prepared (only as `ways` say),
    limited (little of it) or no. `ways` are (from month, how to prepare it), youngest first; `but` is the form that must not be given; `warnings`
    are what to mind, by kind of danger (choking, allergen, salt, …).
    """

    id: str
    label: str
    said: tuple[str, ...]
    group: str
    from_months: int | None
    verdict: str
    rule: str
    verb: str = "吃"
    ways: tuple[tuple[int, str], ...] = ()
    but: str = ""
    warnings: tuple[tuple[str, str], ...] = ()

    def way(self, months: int) -> str:
        """How to prepare it for a child of so many months; empty where it is not given yet."""
        return next((how for start, how in reversed(self.ways) if start <= months), "")


@dataclass(frozen=True)
class Term:
    """A thing parents name in many ways: `id` is the value of the `entity`, `label` its plain name, `said` how it is said."""

    entity: str
    id: str
    label: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class ReplyTemplate:
    """Words a clerk begins from. `text` may hold {institution} and {due}; `actions` are the moves that it is offered for."""

    id: str
    actions: tuple[str, ...]
    label: str
    text: str


@dataclass(frozen=True)
class DeskRules:
    """How the complaint desk works in this city.

    `opens`, `closes`: office hours on working days. `live_minutes`: a clerk unseen so long gives the conversation back. `cluster_count` tickets of one
    institution in `cluster_days` warn the office. From the `escalate_from`th reopening on, a ticket goes one level up.
    """

    opens: time
    closes: time
    live_minutes: int
    cluster_count: int
    cluster_days: int
    escalate_from: int
    similar_days: int
    templates: tuple[ReplyTemplate, ...]


@dataclass(frozen=True, eq=False)  # one a process: compared and hashed by identity
class Knowledge:
    """All of `knowledge/`, by id."""

    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    hotlines: Mapping[str, Hotline]
    departments: Mapping[str, Department]
    districts: Mapping[str, District]
    clauses: Mapping[str, Clause]
    danger_signs: Mapping[str, DangerSign]
    terms: Mapping[str, Mapping[str, Term]]
    desk: DeskRules
    other_matters: Mapping[str, OtherMatter] = field(default_factory=dict)
    complaint_kinds: Mapping[str, ComplaintKind] = field(default_factory=dict)
    foods: Mapping[str, Food] = field(default_factory=dict)
    city: tuple[str, ...] = ()  # its names
    landmarks: Mapping[str, Landmark] = field(default_factory=dict)
    childcare_columns: ChildcareColumns | None = None
    childcare_sample: tuple[Institution, ...] = ()
    vaccine_series: tuple[VaccineSeries, ...] = ()
    vaccine_products: Mapping[str, VaccineProduct] = field(default_factory=dict)
    # By year: the weekdays that are off and the weekend days that are worked.
    workdays: Mapping[int, tuple[frozenset[date], frozenset[date]]] = field(default_factory=dict)
    growth: GrowthStandard | None = None
    development: Development | None = None
    wechat: WeChatAccount = field(default_factory=WeChatAccount)

    def label(self, entity: str, value: str) -> str:
        """The plain name of an entity's value; the value itself where none is known."""
        known: Mapping[str, Term | Food] = self.foods if entity == "food" else self.terms.get(entity, {})
        return known[value].label if value in known else value
