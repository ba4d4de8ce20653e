"""`lianbao evaluate` and `lianbao misses`, as an editor runs them."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot import cli
from bot.database import migrate
from bot.desk.tables import turn
from bot.evaluation.reading import Dialogue, given, read_rows
from bot.replay import BadLine
from bot.settings import settings

ROWS = [
    {"id": "a", "text": "产假多少天", "topic": "leave", "must_contain": ["158"], "entities": {"leave_type": "产假"}},
    {"id": "b", "text": "那老公呢", "topic": "leave", "context": ["产假多少天"], "must_contain": ["15"]},
    {
        "id": "c",
        "text": "我要投诉，赣榆区的托育园饭菜馊了",
        "topic": "complaint_new",
        "expected_departments": ["市市场监管局"],
        "district": "赣榆区",
    },
    {"id": "d", "text": "孩子抽了，眼睛往上翻", "topic": "health_urgent", "emergency": True},
    {"id": "e", "text": "产假多少天", "topic": "growth", "must_contain": ["没有这句话"]},
    {"id": "f", "turns": [{"user": "产假多少天", "expect": ["158"], "reject": ["投诉"]}, {"user": "你好", "expect": ["没有这句话"]}]},
]


@pytest.fixture
def rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    return str(path)


@pytest.mark.model
def test_messages_and_dialogues_are_measured(model, rows, capsys):
    assert cli.main(["evaluate", rows, "--json", "--floor", "topic=0.8"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: (share["right"], share["of"]) for name, share in told["measures"].items()} == {
        "topic": (4, 5), "topic_with_alternatives": (4, 5), "must_contain": (2, 3), "lead_department": (1, 1), "emergency_first_line": (1, 1),
        "in_scope_answered": (5, 5), "leave_type_precision": (1, 1), "leave_type_recall": (1, 1), "district_precision": (1, 1), "district_recall": (1, 1),
        "dialogues": (0, 1),
    }  # fmt: skip
    assert [(m["id"], m["what"]) for m in told["misses"]] == [("e", "topic"), ("e", "must_contain")]
    assert [len(turn["faults"]) for turn in told["dialogues"]["f"]] == [0, 1]


@pytest.mark.model
def test_a_floor_that_is_missed_fails_and_is_named_with_the_misses_and_the_noise(model, rows, capsys):
    assert cli.main(["evaluate", rows, "--misses", "--noise", "--floor", "topic_with_alternatives=0.95"]) == 1
    told = capsys.readouterr().out
    assert "没有达到下限：主题（算上可以接受的） 80.0 %，下限 95 %" in told
    assert "e “产假多少天” 主题（严格）：应为 growth，实为 leave" in told
    assert "第2轮“你好”缺 没有这句话" in told
    assert "繁体字：主题（严格） 0.0" in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "第 1 行不是正确的 JSON"),
        ('{"id": 1}', "第 1 行应为"),
        ('{"id": 1, "text": "a", "topic": "leave", "alt_topics": "growth"}', "第 1 行应为"),
        ('{"id": 1, "text": "a", "topic": "leave", "must_contain": ["("]}', "第 1 行的正则表达式不对"),
        ("[]", "第 1 行应为"),
    ],
)
def test_a_bad_line_is_named(line, said):
    with pytest.raises(BadLine, match=said):
        read_rows([line])


def test_labels_are_read_with_their_alternatives():
    (message, dialogue) = read_rows(
        ['{"id": 1, "text": "a", "topic": "leave", "district": "海州区|连云区", "entities": {"age_months": 8.0}}', "", json.dumps(ROWS[5])]
    )
    assert message.entities == {"district": {"海州区", "连云区"}, "age_months": {"8"}}
    assert dialogue == Dialogue("f", (("产假多少天", ("158",), ("投诉",)), ("你好", ("没有这句话",), ())))


def test_what_was_understood_is_brought_into_the_words_of_the_file(knowledge):
    from bot.dialogue.turn import Turn

    found = [{"entity": "vaccine", "value": "any"}, {"entity": "vaccine", "value": "hepb"}, {"entity": "child_age_months", "value": 8}]
    answered = Turn(
        "c",
        {},
        replies=[{"text": "一"}, {"buttons": []}, {"text": "二", "draft": {"lead": {"name": "市卫健委"}, "district": "haizhou"}}],
        entities=found,
    )
    told = given(answered, knowledge)
    assert (told.text, told.lead, told.entities["age_months"]) == ("一\n二", "市卫健委", [{"8"}])
    assert [("乙肝" in names, "卡介苗" in names) for names in told.entities["vaccine"]] == [(True, False)]
    assert ["海州区" in names for names in told.entities["district"]] == [True]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A database of four turns to mend, one of them a button's, one long ago."""
    url = f"sqlite:///{tmp_path}/kept.db"
    monkeypatch.setenv("LIANBAO_DATABASE_URL", url)
    settings.cache_clear()
    migrate(url)
    said = [
        ({"text": "娃午觉不睡咋整，打我13812345678"}, 20),
        ({"text": "娃午觉不睡咋整打我13812345678"}, 21),
        ({"payload": "/deny"}, 22),
        ({"text": "早先的话"}, 1),
    ]
    rows = [
        {"conversation": "c", "number": n, "user": json.dumps(user), "replies": "[]", "topic": "out_of_scope", "at": datetime(2026, 11, day, tzinfo=UTC),
         "intent": "nlu_fallback", "confidence": 0.21, "mend": "unanswered"}
        for n, (user, day) in enumerate(said, 1)
    ]  # fmt: skip
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.insert(turn), rows)
    engine.dispose()
    yield
    settings.cache_clear()


def test_misses_become_candidates_without_numbers_and_button_taps(kept, tmp_path, capsys):
    out = tmp_path / "misses.yml"
    assert cli.main(["misses", "--since", "2026-11-10", "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    assert "娃午觉不睡咋整" in text and "# 2 次，把握 0.21" in text
    assert not any(part in text for part in ("138", "5678", "点了按钮", "早先"))
    assert cli.main(["misses"]) == 0 and "早先的话" in capsys.readouterr().out


def test_misses_are_never_written_among_the_training_data(kept, capsys):
    assert cli.main(["misses", "--out", "data/nlu/misses.yml"]) == 1
    assert "data/" in capsys.readouterr().err
