"""The routing table over every kind × nature × district, each unit against the clause that is given for it."""

import itertools

import pytest

from bot.complaints.routing import OFFICE, route
from bot.complaints.table import PATH, routing_table
from bot.knowledge.load import load_knowledge

KNOWLEDGE = load_knowledge()
NATURES = ["", "nursery", "kindergarten", "non_profit", "public", "employer"]
DISTRICTS = [None, *KNOWLEDGE.districts]
KINDS = list(KNOWLEDGE.complaint_kinds)


def clause_of(source):
    return next(clause for clause in KNOWLEDGE.clauses.values() if clause.source == source)


@pytest.mark.parametrize("kind", KINDS)
def test_every_nature_and_district_has_its_lead_and_the_clause_names_each_unit(kind):
    rule = KNOWLEDGE.complaint_kinds[kind]
    for nature, district in itertools.product(NATURES, DISTRICTS):
        way = route(KNOWLEDGE, (kind,), nature, district, False)
        by_kind = rule.lead_by.get(nature, rule.lead)
        assert way.lead.id == (by_kind if district else OFFICE)
        assert by_kind in [unit.id for unit in way.units]
        assert len({unit.id for unit in way.units}) == len(way.units)
        assert {unit.district for unit in way.units} == {district}
        assert [(unit.id, unit.district) for unit in way.supervise] == ([(by_kind, None)] if district else [])
        if nature == "kindergarten":
            assert "education" in [unit.id for unit in way.units]
        for reason in way.reasons:
            clause = clause_of(reason.source)
            assert reason.unit in clause.units or clause.id in ("a", rule.clauses[0], "3.8.4", "4.1"), (kind, reason)


@pytest.mark.parametrize("kind", KINDS)
def test_the_lead_is_named_by_one_of_the_kinds_clauses_or_has_its_duty_in_the_annex(kind):
    rule = KNOWLEDGE.complaint_kinds[kind]
    named = {unit for clause in rule.clauses for unit in KNOWLEDGE.clauses[clause].units}
    assert rule.lead in named or ("a" in rule.clauses and KNOWLEDGE.departments[rule.lead].duties)


def test_there_are_at_least_24_kinds_and_every_department_of_the_annex_is_reachable():
    assert len(KINDS) >= 24
    reached = {unit for k in KNOWLEDGE.complaint_kinds.values() for unit in (k.lead, *k.lead_by.values())}
    annex = {d.id for d in KNOWLEDGE.departments.values() if d.annex_name and d.id != "local_government"}
    assert annex - reached == set()


def test_danger_reaches_police_and_health_at_once_whatever_the_kind():
    for kind in KINDS:
        units = {unit.id for unit in route(KNOWLEDGE, (kind,), "", "haizhou", True).units}
        assert {"public_security", "health"} <= units


def test_several_kinds_are_one_route_with_every_lead_once():
    way = route(KNOWLEDGE, ("food_safety", "fire", "prepaid"), "nursery", "ganyu", False)
    assert [unit.id for unit in way.units] == ["market_regulation", "health", "fire", "emergency"]


def test_the_nature_of_the_institution_changes_who_registers_it():
    leads = {nature: route(KNOWLEDGE, ("unlicensed",), nature, "donghai", False).lead.name for nature in NATURES}
    assert leads == {
        "": "市市场监管局", "nursery": "市市场监管局", "kindergarten": "市教育局", "non_profit": "市民政局", "public": "市委编办", "employer": "市市场监管局",
    }  # fmt: skip


def test_a_draft_without_district_names_the_lead_of_its_kind_and_a_ticket_the_office():
    assert route(KNOWLEDGE, ("fire",), "", None, False, filed=False).lead.id == "fire"
    filed = route(KNOWLEDGE, ("fire",), "", None, False)
    assert filed.lead.id == OFFICE and filed.supervise == () and "联席会议" in filed.reasons[0].why


def test_the_routing_page_is_what_the_knowledge_base_says():
    assert PATH.read_text("utf-8") == routing_table(KNOWLEDGE)
