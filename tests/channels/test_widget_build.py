"""The committed widget: made of the sources beside it, small, and asking nobody else for anything. CI needs no Node for this."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

WIDGET = ROOT / "bot/channels/widget"
BUILT = (WIDGET / "dist/widget.js").read_text("utf-8")
SVG = "http://www.w3.org/2000/svg"  # a name that is never fetched
LARGEST = 20 * 1024  # bytes, gzipped


def test_the_bundle_was_built_from_these_sources():
    names = [
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "vite.config.ts",
        *(f"src/{path.name}" for path in (WIDGET / "src").iterdir()),
    ]
    found = hashlib.sha256()
    for name in sorted(names):
        found.update(f"{name}\0".encode() + (WIDGET / name).read_bytes() + b"\0")
    assert found.hexdigest() in BUILT.splitlines()[0], "run `npm ci && npm run build` in bot/channels/widget and commit dist/widget.js"


def test_it_is_small():
    assert len(gzip.compress(BUILT.encode(), 9)) <= LARGEST


@pytest.mark.parametrize("name", ["dist/widget.js", "index.html"])
def test_no_other_host_is_named(name):
    text = (WIDGET / name).read_text("utf-8").replace(SVG, "")
    assert not re.findall(r"(?:https?|wss?):\\?/\\?/[\w.]+", text) and not re.search(r"""["'`(]//\w""", text)


def test_nothing_is_set_as_html_or_run_from_text():
    for path in [*(WIDGET / "src").iterdir(), WIDGET / "index.html"]:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", path.read_text("utf-8")
        ), path
    assert not re.search(r"innerHTML|insertAdjacentHTML|\beval\(|new Function", BUILT)


def test_no_regular_expression_that_older_phones_cannot_read():
    assert not re.search(r"\(\?<[=!]", BUILT)  # a lookbehind is a syntax error before Safari 16.4, and nothing at all would run


def test_the_lock_names_no_registry_of_a_machine():
    lock = json.loads((WIDGET / "package-lock.json").read_text("utf-8"))
    packages = [package for path, package in lock["packages"].items() if path]
    assert packages and all(package["integrity"].startswith("sha512-") for package in packages)
    assert all(package.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/") for package in packages)


def test_what_the_widget_says_stands_in_one_file():
    chinese = {
        p.name
        for p in (WIDGET / "src").glob("*.ts")
        if re.search("[一-鿿]", re.sub(r"//[^\n]*|/\*.*?\*/", "", p.read_text("utf-8"), flags=re.S))
    }
    assert chinese == {"texts.zh.ts", "links.ts", "sources.ts", "asks.ts"}  # the last three read the assistant's Chinese


@pytest.mark.skipif(not (WIDGET / "node_modules").exists() or shutil.which("npm") is None, reason="node_modules is not installed")
def test_types_and_pure_parts_in_node():
    for script in ("check", "test"):
        ran = subprocess.run(["npm", "run", "-s", script], cwd=WIDGET, capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stdout + ran.stderr
