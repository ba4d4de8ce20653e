"""Make typed frozen objects of `knowledge/`, from its parsed files (bot.knowledge.files)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from bot.knowledge import childcare, wechat
from bot.knowledge.dated import Document, Fact, Source, Value
from bot.knowledge.files import Files, KnowledgeError
from bot.knowledge.growth_load import development, growth_standard
from bot.knowledge.model import (
    Clause,
    ComplaintKind,
    DangerSign,
    DatedName,
    Department,
    DeskRules,
    District,
    Food,
    Hotline,
    Knowledge,
    OtherMatter,
    Point,
    ReplyTemplate,
    Term,
    Township,
)
from bot.knowledge.vaccine_load import vaccine_products, vaccine_series

ROOT = Path(__file__).resolve().parents[2] / "knowledge"


def day(text: str) -> date:
    return date.fromisoformat(text)


def _source(documents: Mapping[str, Document], raw: Mapping[str, Any], as_of: str) -> Source:
    return Source(documents[raw["document"]], raw.get("clause", ""), day(as_of))


def _value(documents: Mapping[str, Document], raw: Mapping[str, Any]) -> Value:
    return Value(
        value=tuple(raw["value"]) if isinstance(raw["value"], list) else raw["value"],
        start=day(raw["from"]),
        end=day(raw["to"]) if raw.get("to") else None,
        source=_source(documents, raw["source"], raw["as_of"]),
        review_by=day(raw["review_by"]),
        confidence=raw["confidence"],
        confirm=tuple(raw.get("confirm", ())),
        caveat=raw.get("caveat", ""),
    )


def _facts(files: Files, documents: Mapping[str, Document]) -> dict[str, Fact]:
    """Facts by `<subject>.<id>`."""
    facts: dict[str, Fact] = {}
    for content, raw in files.items("facts", "facts"):
        fact_id = f"{content['subject']}.{raw['id']}"
        values = tuple(_value(documents, value) for value in raw["values"])
        facts[fact_id] = Fact(fact_id, raw["label"], raw["unit"], values, tuple(raw.get("asked", ())))
    return facts


def _departments(files: Files) -> dict[str, Department]:
    def name(raw: Mapping[str, str]) -> DatedName:
        return DatedName(raw["name"], day(raw["from"]) if "from" in raw else None, day(raw["to"]) if "to" in raw else None)

    return {
        raw["id"]: Department(
            raw["id"], raw["name"], raw["annex_name"], tuple(name(n) for n in raw["names"]), tuple(raw["aliases"]),
            tuple(raw["duties"]), tuple(raw["asked"]), tuple(raw["hotlines"]), raw.get("note", ""),
        )
        for _, raw in files.items("departments", "departments")
    }  # fmt: skip


def _districts(files: Files) -> dict[str, District]:
    def township(raw: Mapping[str, Any]) -> Township:
        return Township(raw["code"], raw["name"], tuple(raw.get("aliases", ())), raw.get("lat"), raw.get("lon"))

    return {
        raw["id"]: District(
            raw["id"], raw["name"], raw["type"], tuple(raw["aliases"]), tuple(township(t) for t in raw["townships"]),
            raw.get("lat"), raw.get("lon"),
        )
        for _, raw in files.items("districts", "districts")
    }  # fmt: skip


def _clauses(files: Files, documents: Mapping[str, Document]) -> dict[str, Clause]:
    def point(raw: Mapping[str, Any]) -> Point:
        return Point(raw["text"], tuple(raw["asked"]))

    return {
        raw["id"]: Clause(
            raw["id"], raw["number"], raw["title"], raw["gist"], tuple(map(point, raw.get("points", ()))), tuple(raw["units"]),
            tuple(raw["asked"]), Source(documents[content["document"]], raw["number"], day(content["as_of"])), raw.get("note", ""),
        )
        for content, raw in files.items("policy", "clauses")
    }  # fmt: skip


def _spelt(patterns: Iterable[str], words: Mapping[str, str | list[str]]) -> tuple[str, ...]:
    """Patterns with the classes of words that they name ({chemical}) written out, with each where there are several of a name."""
    classes = {name: [one] if isinstance(one, str) else one for name, one in words.items()}
    spelt: list[str] = []
    for pattern in patterns:
        pieces = enumerate(re.split(r"\{([a-z]+)\}", pattern))  # every second one is a name
        spelt += map("".join, product(*(classes[piece] if n % 2 else [piece] for n, piece in pieces)))
    return tuple(spelt)


def _danger_signs(files: Files, documents: Mapping[str, Document]) -> dict[str, DangerSign]:
    return {
        raw["id"]: DangerSign(
            raw["id"], raw["label"], raw["grade"], raw["call"], _spelt(raw["patterns"], content.get("words", {})),
            raw["first_step"], tuple(raw.get("steps", ())), tuple(raw.get("never", ())), _source(documents, raw["source"], content["as_of"]),
            raw.get("max_age_months"), raw.get("min_age_months"),
        )
        for content, raw in files.items("danger_signs", "danger_signs")
    }  # fmt: skip


def _complaint_kinds(files: Files, documents: Mapping[str, Document]) -> dict[str, ComplaintKind]:
    clauses = {raw["id"]: (raw["number"], content) for content, raw in files.items("policy", "clauses")}

    def source(clause: str) -> Source:
        number, content = clauses[clause]
        return Source(documents[content["document"]], number, day(content["as_of"]))

    return {
        raw["id"]: ComplaintKind(
            raw["id"], raw["label"], raw["lead"], tuple(raw["assist"]), dict(raw["lead_by"]), tuple(raw["clauses"]),
            tuple(source(clause) for clause in raw["clauses"]), raw["severity"], raw["deadline"], raw["rule"], tuple(raw["checklist"]),
            tuple(raw["patterns"]), raw.get("footage", False),
        )
        for _, raw in files.items("complaint_kinds", "kinds")
    }  # fmt: skip


def _foods(files: Files) -> dict[str, Food]:
    return {
        raw["id"]: Food(
            raw["id"], raw["label"], tuple(raw["said"]), raw["group"], raw["from_months"], raw["verdict"], f"nutrition.{raw['rule']}",
            raw.get("verb", "吃"), tuple((way["from"], way["how"]) for way in content["preparations"].get(raw.get("prepare"), ())),
            raw.get("but", ""), tuple((kind, content["warnings"][kind]) for kind in raw.get("warnings", ())),
        )
        for content, raw in files.items("foods", "foods")
    }  # fmt: skip


def _desk(files: Files) -> DeskRules:
    ((_, raw),) = files.by_kind["desk"]  # of the city
    templates = (ReplyTemplate(t["id"], tuple(t["actions"]), t["label"], t["text"]) for t in raw["templates"])
    return DeskRules(
        time.fromisoformat(raw["hours"]["from"]), time.fromisoformat(raw["hours"]["to"]), raw["live_minutes"], raw["cluster"]["count"],
        raw["cluster"]["days"], raw["escalate_from"], raw["similar_days"], tuple(templates),
    )  # fmt: skip


def _terms(files: Files) -> dict[str, dict[str, Term]]:
    terms: dict[str, dict[str, Term]] = {}
    for content, raw in files.items("terms", "terms"):
        terms.setdefault(content["entity"], {})[raw["id"]] = Term(content["entity"], raw["id"], raw["label"], tuple(raw["said"]))
    return terms


def _one(files: Files, kind: str) -> dict[str, Any] | None:
    """The content of the only file of a kind, None where there is none."""
    return next((content for _, content in files.by_kind.get(kind, [])), None)


def build(files: Files) -> Knowledge:
    documents = {
        raw["id"]: Document(raw["id"], raw["title"], raw.get("number", ""), raw.get("url", ""))
        for _, raw in files.items("documents", "documents")
    }

    def source(raw: Mapping[str, Any], as_of: str) -> Source:
        return _source(documents, raw, as_of)

    hotlines = {
        raw["id"]: Hotline(raw["id"], raw["number"], raw["name"], raw["purpose"], tuple(raw.get("asked", ())), raw["confidence"] in "AB")
        for _, raw in files.items("hotlines", "hotlines")
    }
    return Knowledge(
        documents=documents,
        facts=_facts(files, documents),
        hotlines=hotlines,
        departments=_departments(files),
        districts=_districts(files),
        city=tuple(name for _, content in files.by_kind.get("districts", ()) for name in content.get("city", ())),
        clauses=_clauses(files, documents),
        danger_signs=_danger_signs(files, documents),
        terms=_terms(files),
        desk=_desk(files),
        other_matters={
            raw["id"]: OtherMatter(raw["id"], raw["label"], tuple(raw["said"]), raw.get("ask", ""))
            for _, raw in files.items("other_matters", "matters")
        },
        complaint_kinds=_complaint_kinds(files, documents),
        foods=_foods(files),
        vaccine_series=vaccine_series(files.items("vaccine_series", "series"), source),
        vaccine_products=vaccine_products(raw for _, raw in files.items("vaccine_series", "products")),
        landmarks=childcare.landmarks(files.items("landmarks", "landmarks")),
        childcare_columns=childcare.columns(content for _, content in files.by_kind.get("childcare_columns", ())),
        childcare_sample=childcare.sample(files.items("childcare_sample", "institutions")),
        workdays={
            raw["year"]: (frozenset(map(day, raw["off"])), frozenset(map(day, raw["on"]))) for _, raw in files.items("workdays", "years")
        },
        growth=growth_standard(raw, source) if (raw := _one(files, "growth_standard")) else None,
        development=development(raw, source) if (raw := _one(files, "development")) else None,
        wechat=wechat.account(raw) if (raw := _one(files, "wechat")) else wechat.WeChatAccount(),
    )


@cache
def load_knowledge(root: Path = ROOT) -> Knowledge:
    """All of the knowledge base, read once a process.

    Raises KnowledgeError where a file cannot be read. The schema is checked by bot.knowledge.check, before training and in CI, not at every start.
    """
    files = Files(root, validate=False)
    if files.faults:
        raise KnowledgeError(files.faults)
    return build(files)
