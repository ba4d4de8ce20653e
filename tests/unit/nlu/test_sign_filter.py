"""Hyperscan leaves out no pattern that matches, and what is kept of it is read again or made anew."""

from __future__ import annotations

import logging
import tarfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.knowledge.load import load_knowledge
from bot.nlu import danger, sign_filter
from bot.nlu.sign_filter import SignFilter
from bot.nlu.text import normalise
from bot.topics import health_grammar
from bot.topics.health_signs import compiled, emergency, everything, find_signs, same_day, searched_for

ROOT = Path(__file__).resolve().parents[3]
SIGNS = tuple(load_knowledge().danger_signs.values())
SETS = searched_for(SIGNS)
PARTS = sorted(set(chain.from_iterable(SETS)))
SAID = [
    normalise(case["say"])
    for name in ("danger_signs", "danger_lookalikes")
    for case in yaml.safe_load((ROOT / f"tests/cases/{name}.yml").read_text("utf-8"))
]
FEW = (("烧", "抽(?!血)", r"\d度"), ("吐",))
CHARACTERS = sorted(set("".join(PARTS)) | set("٣３ \n\U0001f600é"))
# What matches one pattern, and what is made of the patterns' characters and of the words in them.
MATCHING = st.sampled_from(PARTS).flatmap(lambda part: st.from_regex(compiled(part)))
PIECES = st.lists(st.sampled_from(CHARACTERS) | st.sampled_from(SAID).map(lambda text: text[:9]), max_size=40).map("".join)
TEXTS = st.lists(MATCHING | PIECES, min_size=1, max_size=4).map("".join)


@pytest.fixture(scope="module")
def narrow(model: Path, tmp_path_factory: pytest.TempPathFactory) -> SignFilter:
    """As the model keeps it."""
    folder = tmp_path_factory.mktemp("signs")
    with tarfile.open(model) as archive:
        for member in archive.getmembers():
            if member.name.endswith(".hs"):
                (folder / Path(member.name).name).write_bytes(archive.extractfile(member).read())
    assert len(list(folder.iterdir())) == len(SETS)
    return SignFilter.load(folder, SETS)


@pytest.mark.model
def test_of_what_parents_write_the_same_signs_are_found_with_and_without_it(narrow):
    long = ["，".join(SAID[at : at + 90])[:2000] for at in range(0, len(SAID), 60)]
    for text in (*SAID, *long, "", "电", "了" * 2000):
        assert find_signs(SIGNS, text, None, narrow) == find_signs(SIGNS, text, None), text
        for read in (find_signs, emergency, same_day):
            assert read(SIGNS, text, 1, narrow) == read(SIGNS, text, 1), text


@pytest.mark.model
@settings(max_examples=400)
@example(text="，水的了40度的温水的", age=None)
@example(text="卡喉咙满月没几天体温38满月没几天体温38", age=1)
@given(text=TEXTS, age=st.sampled_from((None, 1, 20)))
def test_no_pattern_that_matches_is_left_out(narrow, text, age):
    for patterns in SETS:
        assert {pattern for pattern in patterns if compiled(pattern).search(text)} <= set(narrow(patterns, text))
    assert find_signs(SIGNS, text, age, narrow) == find_signs(SIGNS, text, age)


@pytest.mark.model
def test_hardly_any_pattern_that_does_not_match_is_named(narrow):
    named = sum(len(set(narrow(patterns, text))) for text in SAID for patterns in SETS)
    found = sum(bool(compiled(pattern).search(text)) for text in SAID for patterns in SETS for pattern in patterns)
    assert found <= named <= 1.5 * found


@pytest.mark.model
def test_no_pattern_is_so_large_that_hyperscan_names_it_of_any_text(narrow):
    text = "嗯嗯哦哦嘿嘿" * 20
    assert not [pattern for patterns in SETS for pattern in narrow(patterns, text) if not compiled(pattern).search(text)]


def test_of_other_patterns_nothing_is_left_out():
    narrow = SignFilter.compile(FEW)
    assert list(narrow(FEW[0], "今天烧到9度")) == ["烧", r"\d度"]
    assert narrow(("咳",), "今天烧到9度") == ("咳",)
    assert everything(FEW[0], "") == FEW[0]


def test_what_was_saved_answers_the_same(tmp_path, caplog):
    SignFilter.compile(FEW).save(tmp_path)
    loaded = SignFilter.load(tmp_path, FEW)
    assert not caplog.records
    assert set(loaded(FEW[0], "抽血")) == {"抽(?!血)"}  # what stands around a match is left to `re`
    assert list(loaded(FEW[1], "吐了")) == ["吐"] and not loaded(FEW[1], "饭")


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"of another version" * 9)])
def test_what_cannot_be_read_is_compiled_anew_and_logged(tmp_path, caplog, damage):
    SignFilter.compile(FEW).save(tmp_path)
    for file in tmp_path.iterdir():
        damage(file)
    with caplog.at_level(logging.WARNING):
        loaded = SignFilter.load(tmp_path, FEW)
    assert list(loaded(FEW[1], "吐了")) == ["吐"]
    assert "compiled anew" in caplog.text


def test_new_patterns_and_another_version_train_anew(monkeypatch):
    before = danger.DangerSigns.fingerprint_addon({})
    assert danger.DangerSigns.fingerprint_addon({}) == before
    monkeypatch.setattr(health_grammar, "ELSEWHERE", (*health_grammar.ELSEWHERE, "抽陀螺"))
    patterns = danger.DangerSigns.fingerprint_addon({})
    monkeypatch.setattr(sign_filter, "VERSION", "0.0")
    assert len({before, patterns, danger.DangerSigns.fingerprint_addon({})}) == 3


def test_actions_take_what_the_loaded_model_shares(monkeypatch):
    monkeypatch.setattr(sign_filter, "_shared", everything)
    narrow = SignFilter.compile(FEW)
    sign_filter.share(narrow)
    assert sign_filter.shared() is narrow


def test_threads_may_ask_at_the_same_time():
    sets = SETS[:1]
    narrow, asked = SignFilter.compile(sets), ["抽血" * 2000, "大出血甩卖" * 900, "睡着了翻白眼" * 700, "饭" * 4000] * 50
    alone = [set(narrow(sets[0], text)) for text in asked]
    with ThreadPoolExecutor(8) as pool:
        assert [set(found) for found in pool.map(partial(narrow, sets[0]), asked)] == alone
