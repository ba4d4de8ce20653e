"""Every fault of the knowledge base: `lianbao knowledge check`, run before training and in CI."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from bot.knowledge.dated import Fact
from bot.knowledge.files import Files
from bot.knowledge.growth_check import development_faults, growth_faults
from bot.knowledge.load import build, day
from bot.knowledge.model import Knowledge
from bot.knowledge.wechat import menu_faults


def check_knowledge(root: Path, today: date) -> list[str]:
    """Every fault of the knowledge base, one line each, `[]` when there is none.

    Checked: the schema with file and line; ids unique; every document, hotline, department and clause named exists; dates real and in order; no two
    values of a fact in force on one day; nothing in force that is due for review or was looked at in the future; patterns compile.
    """
    files = Files(root, validate=True)
    if files.faults:
        return files.faults
    faults = _duplicates(files) + _dangling(files) + _bad_dates(files)
    if faults:
        return faults
    faults += [
        f"{kind} {raw['id']}: pattern {pattern!r} does not compile"
        for kind, key in (("danger_signs", "danger_signs"), ("complaint_kinds", "kinds"))
        for _, raw in files.items(kind, key)
        for pattern in raw["patterns"]
        if not _compiles(pattern)
    ]
    if len(files.by_kind.get("desk", [])) != 1:
        faults.append(f"desk: there must be one file of this kind, there are {len(files.by_kind.get('desk', []))}")
    if faults:
        return faults
    known = build(files)
    for fact in known.facts.values():
        faults += _fact_faults(fact, today)
    faults += growth_faults(known.growth) if known.growth else ()
    faults += development_faults(known.development) if known.development else ()
    faults += _food_faults(known)
    faults += menu_faults(known.wechat.menu) if files.by_kind.get("wechat") else ()
    for kind in (
        "hotlines", "departments", "districts", "policy", "danger_signs", "complaint_kinds", "workdays", "desk", "growth_standard", "development", "foods",
        "vaccine_series", "landmarks", "childcare_sample", "wechat",
    ):  # fmt: skip
        for path, content in files.by_kind.get(kind, []):
            if day(content["review_by"]) < today:
                faults.append(f"{path.relative_to(root)}:1: due for review since {content['review_by']}")
    return faults


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


_KEYS = {"documents": "documents", "facts": "facts", "hotlines": "hotlines", "departments": "departments", "districts": "districts",
         "policy": "clauses", "danger_signs": "danger_signs", "terms": "terms", "complaint_kinds": "kinds", "foods": "foods",
         "landmarks": "landmarks", "other_matters": "matters"}  # fmt: skip


_QUALIFIED = {"facts": "subject", "terms": "entity"}


def _duplicates(files: Files) -> list[str]:
    faults = []
    for kind, key in _KEYS.items():
        seen: set[str] = set()
        for content, raw in files.items(kind, key):
            name = raw["id"] if kind not in _QUALIFIED else f"{content[_QUALIFIED[kind]]}.{raw['id']}"
            if name in seen:
                faults.append(f"{kind}: {name} is defined twice")
            seen.add(name)
    return faults


def _dangling(files: Files) -> list[str]:
    """Names of documents, hotlines and departments that nothing defines."""
    defined = {kind: {raw["id"] for _, raw in files.items(kind, _KEYS[kind])} for kind in ("documents", "hotlines", "departments")}
    named: list[tuple[str, str, str]] = []
    for content, raw in files.items("facts", "facts"):
        for value in raw["values"]:
            where = f"fact {content['subject']}.{raw['id']}"
            named.append(("documents", value["source"]["document"], where))
            named += [("hotlines", line, where) for line in value.get("confirm", ())]
    for _, raw in files.items("departments", "departments"):
        named += [("hotlines", line, f"department {raw['id']}") for line in raw["hotlines"]]
    for content, raw in files.items("policy", "clauses"):
        named.append(("documents", content["document"], f"clause {raw['id']}"))
        named += [("departments", unit, f"clause {raw['id']}") for unit in raw["units"]]
    defined["clauses"] = {raw["id"] for _, raw in files.items("policy", "clauses")}
    for _, raw in files.items("complaint_kinds", "kinds"):
        where = f"complaint kind {raw['id']}"
        named += [("departments", unit, where) for unit in (raw["lead"], *raw["assist"], *raw["lead_by"].values())]
        named += [("clauses", clause, where) for clause in raw["clauses"]]
    for _, raw in files.items("danger_signs", "danger_signs"):
        named.append(("documents", raw["source"]["document"], f"danger sign {raw['id']}"))
    named += [("hotlines", raw["ask"], f"matter {raw['id']}") for _, raw in files.items("other_matters", "matters") if "ask" in raw]
    defined["rules"] = {raw["id"] for content, raw in files.items("facts", "facts") if content["subject"] == "nutrition"}
    for content, raw in files.items("foods", "foods"):
        where = f"food {raw['id']}"
        defined["preparations"], defined["warnings"] = set(content["preparations"]), set(content["warnings"])
        named.append(("rules", raw["rule"], where))
        named += [("preparations", raw["prepare"], where)] if "prepare" in raw else []
        named += [("warnings", kind, where) for kind in raw.get("warnings", ())]
    defined["districts"] = {raw["id"] for _, raw in files.items("districts", "districts")}
    defined["townships"] = {town["code"] for _, raw in files.items("districts", "districts") for town in raw["townships"]}
    for kind, key, called in (("landmarks", "landmarks", "id"), ("childcare_sample", "institutions", "name")):
        for _, raw in files.items(kind, key):
            named.append(("districts", raw["district"], f"{kind} {raw[called]}"))
            if "township" in raw:
                named.append(("townships", raw["township"], f"{kind} {raw[called]}"))
    for kind in ("hotlines", "departments", "districts", "landmarks", "growth_standard"):
        named += [("documents", content["source"]["document"], path.name) for path, content in files.by_kind.get(kind, [])]
    for path, content in files.by_kind.get("development", []):
        named += [("documents", content[part]["source"]["document"], path.name) for part in ("milestones", "signs", "play")]
    return sorted({f"{where}: no such {kind[:-1]}: {name}" for kind, name, where in named if name not in defined[kind]})


def _food_faults(known: Knowledge) -> list[str]:
    """A name of two foods is a question with two answers; a food needs its preparation from its first month on."""
    faults: list[str] = []
    names: dict[str, str] = {}
    for food in known.foods.values():
        if food.from_months is not None and not food.way(food.from_months):
            faults.append(f"food {food.id}: no preparation for {food.from_months} months")
        for name in food.said:
            if names.setdefault(name, food.id) != food.id:
                faults.append(f"food {food.id}: {name} is a name of {names[name]} too")
    return faults


def _bad_dates(files: Files) -> list[str]:
    faults = []
    for content, raw in files.items("facts", "facts"):
        for value in raw["values"]:
            for key in ("from", "to", "as_of", "review_by"):
                try:
                    if value.get(key):
                        day(value[key])
                except ValueError:
                    faults.append(f"fact {content['subject']}.{raw['id']}: {key}: {value[key]} is not a date")
    return faults


def _fact_faults(fact: Fact, today: date) -> list[str]:
    faults = []
    ordered = sorted(fact.values, key=lambda v: v.start)
    for value in ordered:
        if value.end and value.end < value.start:
            faults.append(f"fact {fact.id}: ends {value.end} before it begins {value.start}")
        if value.source.as_of > today:
            faults.append(f"fact {fact.id}: looked at in the future ({value.source.as_of})")
        if (value.end is None or value.end >= today) and value.review_by < today:
            faults.append(f"fact {fact.id}: due for review since {value.review_by}")
    for first, second in zip(ordered, ordered[1:], strict=False):
        if first.end is None or first.end >= second.start:
            faults.append(f"fact {fact.id}: two values in force on {second.start}")
    return faults
