import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check_knowledge
from bot.knowledge.load import ROOT, _spelt, load_knowledge

TODAY = date(2026, 11, 24)
FACT = """kind: facts
subject: test
facts:
- id: days
  label: 天数
  unit: days
  values:
  - {value: 98, from: 2012-04-28, to: 2021-12-31, source: {document: law, clause: 第七条}, as_of: 2026-01-01, review_by: 2027-06-30, confidence: A}
  - {value: 158, from: 2022-01-01, source: {document: law, clause: 第七条}, as_of: 2026-01-01, review_by: 2027-06-30, confidence: A}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "national").mkdir()
    (tmp_path / "national" / "documents.yml").write_text("kind: documents\ndocuments:\n- {id: law, title: 某规定}\n", "utf-8")
    shutil.copy(ROOT / "lianyungang" / "desk.yml", tmp_path / "national")  # of which a city has one
    return tmp_path


def check(folder: Path, text: str) -> list[str]:
    (folder / "national" / "test.yml").write_text(text, "utf-8")
    return check_knowledge(folder, TODAY)


def test_a_city_without_rules_for_its_desk_is_told_so(folder):
    (folder / "national" / "desk.yml").unlink()
    assert check(folder, FACT) == ["desk: there must be one file of this kind, there are 0"]


def test_our_own_knowledge_has_no_fault():
    assert check_knowledge(ROOT, date.today()) == []  # as .ci/run does: what is due for review today fails today


def test_a_sound_file_has_no_fault(folder):
    assert check(folder, FACT) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("unit: days", "unit: moons", "national/test.yml:6: 'moons' is not one of"),
        ("id: days", "id: Days", "national/test.yml:4: 'Days' does not match"),
        ("document: law, clause: 第七条}, as_of: 2026-01-01, review_by: 2027-06-30, confidence: A}\n  -", "document: lost, clause: 第七条}, as_of: 2026-01-01, review_by: 2027-06-30, confidence: A}\n  -", "fact test.days: no such document: lost"),
        ("from: 2022-01-01", "from: 2021-06-01", "fact test.days: two values in force on 2021-06-01"),
        ("from: 2022-01-01", "from: 2022-02-30", "fact test.days: from: 2022-02-30 is not a date"),
        ("to: 2021-12-31", "to: 2011-12-31", "fact test.days: ends 2011-12-31 before it begins 2012-04-28"),
        ("value: 158, from: 2022-01-01, source: {document: law, clause: 第七条}, as_of: 2026-01-01, review_by: 2027-06-30", "value: 158, from: 2022-01-01, source: {document: law, clause: 第七条}, as_of: 2026-01-01, review_by: 2026-06-30", "fact test.days: due for review since 2026-06-30"),
        ("value: 158, from: 2022-01-01, source: {document: law, clause: 第七条}, as_of: 2026-01-01", "value: 158, from: 2022-01-01, source: {document: law, clause: 第七条}, as_of: 2027-01-01", "fact test.days: looked at in the future (2027-01-01)"),
        ("kind: facts", "kind: lore", "national/test.yml:1: unknown kind 'lore'"),
        ("- id: days", "- id: [", "national/test.yml:6: not YAML"),
    ],
)  # fmt: skip
def test_each_fault_is_one_line_that_says_where(folder, old, new, fault):
    assert old in FACT
    faults = check(folder, FACT.replace(old, new, 1))
    assert len(faults) >= 1 and any(line.startswith(fault) for line in faults), faults


def test_an_uncertain_fact_must_say_where_to_confirm_it(folder):
    faults = check(folder, FACT.replace("confidence: A}", "confidence: C}", 1))
    assert any("'confirm' is a required property" in line for line in faults)


def test_the_same_id_twice_is_a_fault(folder):
    (folder / "national" / "again.yml").write_text(FACT, "utf-8")
    assert "facts: test.days is defined twice" in check(folder, FACT)


def test_a_fault_in_a_copy_of_our_own_knowledge_is_found(tmp_path):
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT, copy)
    path = copy / "national" / "hotlines.yml"
    path.write_text(path.read_text("utf-8").replace("id: h12333", "id: h_gone", 1), "utf-8")
    assert any("no such hotline: h12333" in line for line in check_knowledge(copy, TODAY))


FOODS = """kind: foods
as_of: 2026-01-01
review_by: 2027-06-30
warnings: {salt: 盐多}
preparations:
  soft:
  - {from: 6, how: 煮软}
foods:
- {id: apple, label: 苹果, said: [苹果, 苹果泥], group: other_produce, from_months: 6, verdict: prepared, prepare: soft, warnings: [salt], rule: rule_start}
- {id: jelly, label: 果冻, said: [果冻], group: other, from_months: null, verdict: "no", rule: rule_start}
"""
RULE = FACT.replace("subject: test", "subject: nutrition").replace("id: days", "id: rule_start")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("", "", ""),
        ("said: [果冻]", "said: [果冻, 苹果泥]", "food jelly: 苹果泥 is a name of apple too"),
        ("from: 6, how", "from: 9, how", "food apple: no preparation for 6 months"),
        ("warnings: [salt], rule: rule_start", "warnings: [salt], rule: rule_lost", "food apple: no such rule: rule_lost"),
        ("warnings: [salt]", "warnings: [sugar]", "food apple: no such warning: sugar"),
        ("prepare: soft", "prepare: hard", "food apple: no such preparation: hard"),
        ("id: jelly", "id: apple", "foods: apple is defined twice"),
        ("review_by: 2027-06-30", "review_by: 2026-06-30", "national/test.yml:1: due for review since 2026-06-30"),
        ("from_months: null", "from_months: 12", "national/test.yml:10:"),
        ("from_months: 6", "from_months: null", "national/test.yml:9:"),
    ],
)
def test_a_fault_in_the_foods_is_told(folder, old, new, fault):
    (folder / "national" / "rule.yml").write_text(RULE, "utf-8")
    faults = check(folder, FOODS.replace(old, new, 1))
    assert faults == [] if not fault else any(line.startswith(fault) for line in faults), faults


def test_a_pattern_is_meant_with_each_class_of_words_of_a_name():
    words = {"drink": "(?:喝|舔)", "chemical": ["(?:84|草酸)", "(?:汽油)"]}
    assert _spelt(["{drink}.{0,3}{chemical}", "烧"], words) == ("(?:喝|舔).{0,3}(?:84|草酸)", "(?:喝|舔).{0,3}(?:汽油)", "烧")


@pytest.mark.parametrize(
    ("entity", "value", "label"),
    [("food", "formula", "配方奶"), ("food", "nothing", "nothing"), ("place", "x", "x")],
)
def test_a_value_is_called_by_its_plain_name(entity, value, label):
    assert load_knowledge().label(entity, value) == label
