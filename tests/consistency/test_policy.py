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


_NAMES = ("连云港市人民政府办公室", "登记和备案办法（试行）")  # names and titles may stand as they are


def _copied(text, plain):
    """The first run of sixteen characters that a text shares with the official one, names left out."""
    for name in _NAMES:
        text = text.replace(name, "\n")
    runs = (text[i : i + 16] for i in range(len(text) - 15))
    return next((run for run in runs if "\n" not in run and run in plain), None)


def test_gists_points_and_duties_are_in_our_own_words(knowledge, official):
    plain = re.sub(r"\s", "", official)
    for clause in knowledge.clauses.values():
        assert len(clause.gist) <= 90, clause.id
        for text in (clause.gist, clause.note, *(point.text for point in clause.points)):
            assert _copied(text, plain) is None, clause.id
    for department in knowledge.departments.values():
        for duty in department.duties:
            assert _copied(duty, plain) is None, department.id


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


def test_page_numbers_brackets_and_lost_line_breaks_do_not_change_the_split(official):
    printed = re.sub(r"。\n\n", "。\n— 3 —\n", official).replace("（二）", "(二)")
    run_on = re.sub(r"([。）)])\n\n(?=（|[1-9]\.|[一二三四]、)", r"\1", official)
    whole = split_policy(official)
    assert set(split_policy(printed)) == set(split_policy(run_on)) == set(whole)
    assert split_policy(run_on) == whole


def test_signature_date_and_copies_belong_to_no_clause(official):
    clauses = split_policy(official)
    assert clauses["4.4"].endswith("社会环境。") and "抄送" not in clauses["a"] and "公开发布" not in "".join(clauses.values())


def test_a_file_in_the_offices_own_encoding_is_read(tmp_path, official):
    (tmp_path / "gb.txt").write_bytes(official.encode("gb18030"))
    assert len(import_policy(tmp_path / "gb.txt", tmp_path).matched) == 36


def test_another_document_with_the_same_numbering_is_refused(tmp_path, official):
    (tmp_path / "other.txt").write_text(official.replace("连政办发〔2020〕53号", "苏政办发〔2020〕1号"), "utf-8")
    with pytest.raises(PolicyTextError):
        import_policy(tmp_path / "other.txt", tmp_path)


def test_a_new_import_is_seen_at_once(tmp_path, official):
    import_policy(TEXT, tmp_path)
    before = official_text(tmp_path, "lyg_2020_53", "3.8.2")
    (tmp_path / "new.txt").write_text(official.replace("90日以上", "九十日以上"), "utf-8")
    import_policy(tmp_path / "new.txt", tmp_path)
    assert "九十日" in official_text(tmp_path, "lyg_2020_53", "3.8.2") and "90日" in before


def test_all_townships_are_there_once_and_no_everyday_word_is_a_place(knowledge):
    codes = [t.code for d in knowledge.districts.values() for t in d.townships]
    assert len(knowledge.districts) == 10 and len(codes) == len(set(codes)) == 109
    names = {n for d in knowledge.districts.values() for t in d.townships for n in (t.name, *t.aliases)}
    assert not names & {"三口", "下车", "石榴", "温泉", "朝阳", "金山", "四队", "城头", "新安"}
