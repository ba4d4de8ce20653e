"""The commands of contract.md, as a user runs them."""

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.model


def run(*arguments, text=None, **settings):
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **settings},
    )


def lines(conversations):
    return "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in conversations)


def test_replay_gives_a_record_a_conversation_in_order(model):
    turns = ["你好", {"text": "产假多少天"}, {"payload": "/nothing_that_was_offered"}, "", {"location": {"lat": 34.6, "lon": 119.2}}]
    done = run("replay", "-", text=lines([{"id": "a", "turns": turns}, {"id": 2, "turns": ["那老公呢"]}]))
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], second["id"]) == ("a", 2)
    assert [t["user"] for t in first["turns"]] == turns
    for turn in first["turns"] + second["turns"]:
        assert set(turn) == {"user", "topic", "intent", "confidence", "entities", "replies"}
        assert turn["topic"] and turn["replies"][0]["text"]
    assert [t["topic"] for t in first["turns"][:2]] == ["greeting", "leave"]
    assert {"entity": "leave_type", "value": "maternity"} in first["turns"][1]["entities"]


def test_conversations_of_a_replay_know_nothing_of_each_other(model):
    done = run("replay", "-", text=lines([{"id": 1, "turns": ["我是剖腹产，产假多少天"]}, {"id": 2, "turns": ["产假多少天"]}]))
    first, second = map(json.loads, done.stdout.splitlines())
    assert "173" in first["turns"][0]["replies"][0]["text"]
    assert "173" not in second["turns"][0]["replies"][0]["text"]


@pytest.mark.parametrize(("text", "said"), [("{", "第 1 行不是正确的 JSON"), ('{"id": 1}', "第 1 行应为")])
def test_a_bad_line_is_named(model, text, said):
    done = run("replay", "-", text=text)
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr


def test_chat_with_arguments_is_one_conversation(model):
    done = run("chat", "产假多少天", "那老公呢")
    assert done.returncode == 0 and done.stdout.count("您：") == 2 and "158" in done.stdout and "15" in done.stdout


def test_chat_reads_typed_turns(model):
    done = run("chat", text="产假多少天\n")
    assert done.returncode == 0 and "158" in done.stdout


def test_train_skips_what_has_not_changed(model):
    done = run("train")
    assert done.returncode == 0 and model.name in done.stdout and "没有变化" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("replay",),
        ("knowledge",),
        ("serve", "--fast"),
        ("evaluate", "f", "--floor", "topic"),
        ("misses", "--since", "gestern"),
    ],
)
def test_bad_usage_exits_with_two_and_one_chinese_line(arguments):
    done = run(*arguments)
    assert done.returncode == 2 and done.stderr.startswith("用法不对") and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("replay", "no-such-file"), ("evaluate", "no-such-file"), ("policy", "import", "no-such-file")])
def test_a_missing_file_exits_with_one_and_names_it(arguments):
    done = run(*arguments)
    assert done.returncode == 1 and "no-such-file" in done.stderr and "Traceback" not in done.stderr


def test_a_bad_setting_is_named(model):
    done = run("serve", LIANBAO_PORT="many")
    assert done.returncode == 1 and "PORT" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("serve",),
        ("chat",),
        ("replay",),
        ("train",),
        ("knowledge",),
        ("knowledge", "check"),
        ("policy", "import"),
        ("bench",),
        ("evaluate",),
        ("misses",),
    ],
)
def test_every_command_has_help(command):
    done = run(*command, "--help")
    assert done.returncode == 0 and "usage" in done.stdout


def test_an_account_of_the_desk_is_made_once_with_a_password_from_the_environment(tmp_path):
    database = {"LIANBAO_DATABASE_URL": f"sqlite:///{tmp_path}/desk.db", "LIANBAO_PASSWORD": "a-long-password"}
    unit = ("--role", "clerk", "--department", "market_regulation", "--district", "haizhou")
    made = run("desk", "add-user", "wang", *unit, **database)
    assert (made.returncode, made.stdout) == (0, "账号 wang 建好了。\n"), made.stderr
    again = run("desk", "add-user", "wang", *unit, **database)
    assert (again.returncode, again.stderr) == (1, "已经有账号 wang 了。\n")


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (("--role", "clerk"), "a-long-password", "要给部门"),
        (("--role", "clerk", "--department", "nobody"), "a-long-password", "没有部门 nobody"),
        (("--role", "dispatcher", "--district", "haizhou"), "a-long-password", "不属于某个部门"),
        (("--role", "boss"), "a-long-password", "用法不对"),
        (("--role", "admin"), "short", "至少10个字符"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_two_and_one_line(tmp_path, arguments, password, said):
    done = run("desk", "add-user", "wang", *arguments, LIANBAO_DATABASE_URL=f"sqlite:///{tmp_path}/desk.db", LIANBAO_PASSWORD=password)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1
