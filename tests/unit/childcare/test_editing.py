"""An institution as a form: read as a row of a list is, so that what is not touched stays as it is."""

from dataclasses import replace
from datetime import date

import pytest

from bot.childcare.editing import FIELDS, FormFaults, after_form, cells_of, checked_on, fact_label, version_of
from bot.childcare.institution import FACTS, KINDS, SERVICES, Institution
from tests.unit.childcare.test_taking_in import code

TODAY, BEFORE = date(2026, 11, 23), date(2026, 3, 1)
WHOLE = Institution(
    code(1), "虚构甲托育园", "haizhou", "centre", "320706006", "海州区新海街道虚构路1号", 34.601234, 119.2, ("full_day", "hourly"), 6, 36, True, 1200, 1500, 60, 0,
    "备320706", date(2024, 3, 5), "示范", "07:30", "17:30", "0518-80000001、13800138000", dict.fromkeys(FACTS, BEFORE),
)  # fmt: skip
BARE = Institution(code(2), "虚构乙托育园", "guannan", checked={"name": BEFORE, "district": BEFORE})


def every_kind(knowledge):
    yield from (WHOLE, BARE, replace(WHOLE, fee_to=1200, inclusive=False, places_free=60), replace(WHOLE, fee_from=0, fee_to=0, age_from=0))
    yield from (replace(WHOLE, kind=kind) for kind in KINDS)
    yield replace(WHOLE, services=tuple(SERVICES))
    for district in knowledge.districts.values():
        yield from (replace(WHOLE, district=district.id, township=town.code) for town in district.townships)


def test_what_is_not_touched_is_read_again_as_it_was_with_its_days(knowledge):
    for institution in every_kind(knowledge):
        assert after_form(knowledge, institution, cells_of(knowledge, institution, True), TODAY) == (institution, True)


def test_every_fact_is_in_one_field_and_has_a_name_of_its_own(knowledge):
    assert sorted(fact for facts in FIELDS.values() for fact in facts) == sorted(FACTS)
    assert len({fact_label(knowledge, fact) for fact in FACTS}) == len(FACTS)


def test_only_what_changed_counts_as_looked_at(knowledge):
    cells = cells_of(knowledge, WHOLE, True) | {"fee": "1200-1600", "grade": "", "checked": "2026-11-20"}
    after, is_open = after_form(knowledge, WHOLE, cells, TODAY)
    assert is_open and (after.fee_from, after.fee_to, after.grade) == (1200, 1600, "")
    assert {fact: day for fact, day in after.checked.items() if day != BEFORE} == {"fee_to": date(2026, 11, 20)}
    assert "grade" not in after.checked and checked_on(after, "fee") == BEFORE and checked_on(after, "grade") is None
    everything, _ = after_form(knowledge, WHOLE, cells, TODAY, all_checked=True)
    assert set(everything.checked.values()) == {date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("field", "cell", "says"),
    [
        ("name", "", "没有填"), ("name", "示例托育一号", "不是真实机构"), ("name", "=HYPERLINK(1)", "公式"), ("district", "", ""), ("district", "南京市", "不是连云港的县区"),
        ("township", "无此镇", "不是连云港的乡镇"), ("services", "寄宿", "不认识"), ("lat", "119.2", "不在连云港市范围内"), ("lon", "", "经纬度"), ("phone", "锟斤拷", "乱码"),
        ("checked", "2026-11-24", "晚于今天"), ("places", "-1", "整数"), ("state", "不清楚", "不认识"),
    ],
)  # fmt: skip
def test_a_fault_is_told_once_with_its_field(knowledge, field, cell, says):
    cells = cells_of(knowledge, WHOLE, True) | {field: cell}
    if (field, cell) == ("district", ""):  # the address says it
        assert after_form(knowledge, WHOLE, cells, TODAY)[0] == WHOLE
        return
    with pytest.raises(FormFaults) as refused:
        after_form(knowledge, WHOLE, cells, TODAY)
    ((told, words),) = refused.value.faults
    assert told in (field, "lat") and says in words and words.endswith("。")


def test_the_code_of_a_record_is_not_changed_by_its_form(knowledge):
    assert after_form(knowledge, WHOLE, cells_of(knowledge, WHOLE, True) | {"code": code(5)}, TODAY)[0].code == WHOLE.code


def test_the_version_tells_any_change(knowledge):
    others = [replace(WHOLE, phone=""), replace(WHOLE, checked={}), replace(WHOLE, lat=None), BARE]
    assert len({version_of(one, True) for one in (WHOLE, *others)} | {version_of(WHOLE, False)}) == 6
