"""Faults of the growth tables and development lists, each found in a copy of our own."""

import re
import shutil
from datetime import date

import pytest

from bot.knowledge.check import check_knowledge
from bot.knowledge.load import ROOT

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("standard.yml", "[1, 3.2, 3.6,", "[1, 3.2, 3.2,", "growth standard: weight_kg/boy: the lines of month 1 do not rise"),
        ("standard.yml", "[1, 3.2,", "[0, 3.2,", "growth standard: weight_kg/boy: month 0 follows month 0"),
        ("standard.yml", "measure: bmi, from: 1, below: 2", "measure: bmi, from: 1, below: 2.5", "growth standard: bmi: two judgements hold at 2.0 SD"),
        ("standard.yml", "measure: weight_kg\n  sex: girl", "measure: weight_kg\n  sex: boys", "national/growth/standard.yml"),
        ("standard.yml", "document: growth_standard_2022", "document: gone", "standard.yml: no such document: gone"),
        ("standard.yml", "review_by: 2027-11-30", "review_by: 2026-01-01", "national/growth/standard.yml:1: due for review since 2026-01-01"),
        ("development.yml", "sign: 不会独走", "sign: 不会飞", "development: skill walk: '不会飞' is no warning sign at 18 months"),
        ("development.yml", "sign_months: 12", "sign_months: 11", "development: skill stand: "),
        ("development.yml", "{months: 4, texts: [头竖得稳", "{months: 2, texts: [头竖得稳", "development: milestones: month 2 follows month 2"),
        ("development.yml", "id: run", "id: walk", "development: skill walk is defined twice"),
        ("development.yml", "source: {document: cdc_milestones}", "source: {document: gone}", "development.yml: no such document: gone"),
    ],
)  # fmt: skip
def test_each_fault_is_found(tmp_path, file, old, new, fault):
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT, copy)
    path = copy / "national" / "growth" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(line.startswith(fault) for line in check_knowledge(copy, TODAY)), check_knowledge(copy, TODAY)[:5]


def test_both_sexes_must_have_the_same_ages(tmp_path):
    copy = tmp_path / "knowledge"
    shutil.copytree(ROOT, copy)
    path = copy / "national" / "growth" / "standard.yml"
    path.write_text(re.sub(r"  - \[36, 10\.3,.*\n", "", path.read_text("utf-8"), count=1), "utf-8")
    assert "growth standard: weight_kg: boys and girls do not have the same ages" in check_knowledge(copy, TODAY)
