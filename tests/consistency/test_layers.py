"""The import table of docs/design.md, held over every file."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

STANDARD_ONLY = {
    "rasa",
    "rasa_sdk",
    "yaml",
    "sqlalchemy",
    "sanic",
    "spacy",
    "jieba",
    "aiohttp",
    "lunar_python",
    "opencc",
    "numpy",
    "jsonschema",
    "icalendar",
    "jinja2",
}
# folder or file → what it may not import (top-level packages or our own modules)
FORBIDDEN = {
    "bot/topics": STANDARD_ONLY
    | {"os", "time", "bot.settings", "bot.dialogue", "bot.channels", "bot.nlu", "bot.knowledge.load", "bot.files", "actions"},
    "bot/knowledge/dated.py": STANDARD_ONLY | {"os", "time", "bot"},
    "bot/complaints": {"rasa", "rasa_sdk", "yaml", "sanic", "spacy", "jieba", "bot.dialogue", "bot.channels", "bot.nlu", "actions"},
    **{
        f"bot/complaints/{pure}.py": STANDARD_ONLY
        | {"os", "time", "bot.settings", "bot.dialogue", "bot.database", "bot.knowledge.load", "bot.complaints.store"}
        for pure in (
            "answering",
            "draft",
            "escalation",
            "following",
            "hearing",
            "institution",
            "naming",
            "phrases",
            "process",
            "reading",
            "routing",
            "telling",
            "ticket",
            "when",
            "words",
        )
    },
    "bot/children": {"rasa", "rasa_sdk", "yaml", "sanic", "spacy", "jieba", "bot.dialogue", "bot.channels", "bot.desk", "actions"},
    **{
        f"bot/children/{pure}.py": STANDARD_ONLY
        | {"os", "time", "bot.settings", "bot.dialogue", "bot.database", "bot.knowledge", "bot.children.store", "bot.children.service"}
        for pure in ("delivery", "memory", "model", "reading", "wording")
    },
    **{
        f"bot/children/{plain}.py": {"sqlalchemy", "bot.nlu", "bot.topics"}
        for plain in ("service", "shared", "watching")  # the store alone reads the database
    },
    "bot/childcare": {"rasa", "rasa_sdk", "yaml", "sanic", "spacy", "jieba", "bot.dialogue", "bot.channels", "actions"},
    **{
        f"bot/childcare/{pure}.py": (STANDARD_ONLY - {"numpy"} if pure == "search" else STANDARD_ONLY)
        | {"os", "time", "bot.settings", "bot.dialogue", "bot.database", "bot.knowledge.load", "bot.childcare.store"}
        for pure in ("asking", "distance", "editing", "institution", "places", "rows", "search", "wishes")
    },
    "bot/desk": {"rasa", "rasa_sdk", "yaml", "sanic", "spacy", "jieba", "bot.dialogue", "bot.channels", "bot.nlu", "actions"},
    "bot/evaluation": {"rasa", "rasa_sdk", "yaml", "sqlalchemy", "sanic", "spacy", "jieba", "bot.channels", "actions"},
    **{
        f"bot/evaluation/{pure}.py": (STANDARD_ONLY - {"opencc"})
        | {"os", "time", "bot.settings", "bot.dialogue", "bot.database", "bot.knowledge", "bot.desk"}
        for pure in ("alike", "misses", "noise", "report", "scoring")
    },
    "bot/files": {
        "rasa",
        "rasa_sdk",
        "yaml",
        "sanic",
        "spacy",
        "jieba",
        "bot.dialogue",
        "bot.channels",
        "bot.nlu",
        "bot.topics",
        "actions",
    },
    "bot/knowledge": {"rasa", "rasa_sdk", "sqlalchemy", "sanic", "bot.dialogue", "bot.channels", "bot.topics", "bot.settings", "actions"},
    "bot/nlu/ages.py": {"rasa", "spacy", "jieba", "yaml", "bot.settings"},
    "bot/nlu/measurements.py": {"rasa", "spacy", "jieba", "yaml", "bot.settings"},
    "bot/nlu/dates.py": {"rasa", "spacy", "jieba", "yaml", "bot.settings"},
    "bot/nlu": {"rasa_sdk", "sqlalchemy", "sanic", "bot.dialogue", "bot.channels", "actions"},
    "bot/dialogue": {"sanic", "bot.channels", "bot.topics", "bot.nlu", "yaml"},
    "bot/channels": {"yaml", "spacy", "jieba", "bot.topics", "bot.nlu", "actions"},
    # What WeChat means is plain functions; the web framework and the database are at the channel's edge.
    **{
        f"bot/channels/wechat/{pure}.py": (STANDARD_ONLY | {"wechatpy", "os", "time", "bot.settings", "bot.database"})
        - ({"wechatpy", "bot.settings"} if pure == "protocol" else set())
        for pure in ("protocol", "reading", "window", "words", "writing")
    },
    **{f"bot/channels/wechat/{plain}.py": {"sanic", "rasa", "wechatpy", "bot.knowledge"} for plain in ("inbox", "jobs", "member")},
    "actions": {"rasa", "sqlalchemy", "sanic", "yaml", "bot.dialogue", "bot.channels"},
    "bot/serve.py": {"rasa", "spacy", "jieba", "sanic"},
}


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files(where: str) -> list[Path]:
    return [ROOT / where] if where.endswith(".py") else sorted((ROOT / where).rglob("*.py"))


@pytest.mark.parametrize("where", FORBIDDEN)
def test_a_layer_imports_only_what_it_may(where):
    assert files(where)
    broken = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(where)
        for name in imports(path)
        if any(name == bad or name.startswith(bad + ".") for bad in FORBIDDEN[where])
    ]
    assert broken == []


def test_only_settings_reads_the_environment():
    readers = [p.relative_to(ROOT).as_posix() for where in ("bot", "actions") for p in files(where) if {"os", "environs"} & imports(p)]
    assert [r for r in readers if "environ" in (ROOT / r).read_text("utf-8")] == ["bot/lean_rasa.py", "bot/settings.py"]


def test_only_the_loader_reads_yaml():
    readers = [p.relative_to(ROOT).as_posix() for where in ("bot", "actions") for p in files(where) if "yaml" in imports(p)]
    assert readers == ["bot/knowledge/files.py"]


def test_the_desk_runs_without_rasa():
    loaded = "import sys, bot.desk.app; print([name for name in ('rasa', 'sanic', 'spacy', 'jieba') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_topic_functions_have_no_clock():
    clocks = [p.name for p in files("bot/topics") if ".today()" in p.read_text("utf-8") or ".now()" in p.read_text("utf-8")]
    assert clocks == []
