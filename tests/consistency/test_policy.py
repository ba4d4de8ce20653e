"""The policy in knowledge/ against the official text, where that is there."""

import re

import pytest

from bot.policy_text import PolicyTextError, import_policy, official_text, split_policy
from tests.conftest import SHARED, need

TEXT = SHARED / "facts/policy-2020-53.txt"


@pytest.fixture(scope="module")
def official():
    need(TEXT.exists(), "../shared/facts")
    return TEXT.read_text("utf-8")


def test_every_numbered_clause_is_there_and_none_more(knowledge, official):
    assert set(split_policy(official)) == set(knowledge.clauses)


def test_each_clause_names_the_units_that_its_own_text_names(knowledge, official):
    names = {d.name: d.id for d in knowledge.departments.values()} | {
        "各县区人民政府": "local_government",
        "各功能板块管委会": "local_government",
    }
    flat = official.replace("\n", "")
    blocks = re.findall(r"(?<!\d)[1-5]\. ?([^（(]{4,24}?)。(?:(?!责任单位：).)*责任单位：(.*?)[）)]", flat)
    assert len(blocks) == 29
    by_title = {clause.title: clause for clause in knowledge.clauses.values()}
    for title, units in blocks:
        assert list(by_title[title].units) == list(dict.fromkeys(names[u] for u in re.split("[、，]", units))), title


def test_every_department_of_the_annex_is_there(knowledge, official):
    annex = split_policy(official)["a"]
    for department in knowledge.departments.values():
        assert department.annex_name in annex, department.name


def test_the_gist_is_in_our_own_words(knowledge, official):
    plain = re.sub(r"\W", "", official)
    for clause in knowledge.clauses.values():
        for text in (clause.gist, *clause.points):
            for piece in re.split(r"[，。；：、“”]", text):
                assert len(piece) < 16 or piece not in plain, piece
    for department in knowledge.departments.values():
        for duty in department.duties:
            assert re.sub(r"\W", "", duty)[:16] not in plain or len(re.sub(r"\W", "", duty)) < 16, duty


def test_an_import_is_read_back_clause_by_clause(tmp_path, official):
    report = import_policy(TEXT, tmp_path)
    assert len(report.matched) == 36 and not report.missing and not report.unknown
    assert "90日以上" in official_text(tmp_path, "lyg_2020_53", "3.8.2")
    assert "责任单位" not in official_text(tmp_path, "lyg_2020_53", "3.8.2")
    assert official_text(tmp_path, "lyg_2020_53", "9.9") is None


def test_a_text_without_numbers_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("您好\n此致敬礼", "utf-8")
    with pytest.raises(PolicyTextError):
        import_policy(tmp_path / "letter.txt", tmp_path)
