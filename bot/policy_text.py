"""The policy's official text, loaded by the operator: split by its own numbering and matched to the clauses of the knowledge base."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.knowledge.load import load_knowledge

_DIGITS = "一二三四五六七八九"
_PART = re.compile(rf"^([{_DIGITS}])、", re.MULTILINE)
_SECTION = re.compile(rf"^[（(]([{_DIGITS}])[）)]", re.MULTILINE)
_ITEM = re.compile(r"^([1-9])[.．、]", re.MULTILINE)
_UNITS = re.compile(r"[（(]责任单位[：:].*?[）)]", re.DOTALL)
_ANNEX = re.compile(r"^附件\s*$", re.MULTILINE)
_ANNEXES = re.compile(r"^附件[：:].*", re.MULTILINE | re.DOTALL)  # the list of annexes, and the signature and date after it
_COPIES = re.compile(r"^抄\s*送[：:].*", re.MULTILINE | re.DOTALL)
_PAGE = re.compile(r"^[\s\f]*[-—–－]*\s*\d{1,3}\s*[-—–－]*\s*$", re.MULTILINE)
# A number that follows the end of a sentence on the same line begins a line of its own.
_RUN_ON = re.compile(rf"(?<=[。）)])[ \t\u3000]*(?=[{_DIGITS}]、|[（(][{_DIGITS}][）)][^，。；]|[1-9][.．、]\s*[\u4e00-\u9fff])")
_BRACKETS = str.maketrans("[]【】（）()﹝﹞", "〔〕〔〕〔〕〔〕〔〕")


class PolicyTextError(ValueError):
    """The text cannot be split or does not match; the message is Chinese."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did: clauses matched, clauses of the knowledge base that the text lacks, and numbers that only the text has."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"已导入 {len(self.matched)} 条原文。"]
        if self.missing:
            lines.append(f"原文里没有找到：{'、'.join(self.missing)}。")
        if self.unknown:
            lines.append(f"知识库里没有这些编号：{'、'.join(self.unknown)}。")
        return "\n".join(lines)


def _pieces(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """(number, text until the next number) of each place where a numbering begins a line."""
    found = list(pattern.finditer(text))
    return [(m[1], text[m.end() : n.start() if n else len(text)]) for m, n in zip(found, [*found[1:], None], strict=False)]


def _clean(text: str) -> str:
    """One line without the responsible units; line breaks inside a sentence are mended."""
    return re.sub(r"\s+", "", _UNITS.sub("", text))


def split_policy(text: str) -> dict[str, str]:
    """The official text by clause id: 1, 2, 3.1.1 … 3.9.3, 4.1 … and a for the annex. Raises PolicyTextError where its numbering is not found."""
    lines = "\n".join(line.strip() for line in _PAGE.sub("", text).splitlines())
    text = _RUN_ON.sub("\n", lines)
    annex = _ANNEX.search(text)
    body = _ANNEXES.sub("", text[: annex.start()] if annex else text)
    clauses: dict[str, str] = {}
    for part, content in _pieces(_PART, body):
        number = _DIGITS.index(part) + 1
        sections = _pieces(_SECTION, content)
        if not sections:
            clauses[str(number)] = _clean(content)
        for section, inner in sections:
            name = f"{number}.{_DIGITS.index(section) + 1}"
            items = _pieces(_ITEM, inner)
            if not items:
                clauses[name] = _clean(inner)
            clauses.update({f"{name}.{item}": _clean(words) for item, words in items})
    if not clauses:
        raise PolicyTextError("没有找到“一、”“（一）”“1.”这样的编号。")
    if annex:
        clauses["a"] = _clean(_COPIES.sub("", text[annex.end() :]))
    return clauses


def _file(var: Path, document: str) -> Path:
    return var / "policy" / f"{document}.json"


def _text_of(path: Path) -> str:
    """The text of a file in UTF-8 or, as Chinese offices often save it, GB 18030."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def import_policy(path: Path, var: Path, document: str = "lyg_2020_53") -> ImportReport:
    """Split the text in `path` and keep it under `var`. It must name the document's own number, so that no other document is taken for it.

    Raises FileNotFoundError, UnicodeDecodeError, PolicyTextError.
    """
    text = _text_of(path)
    number = load_knowledge().documents[document].number
    if number.translate(_BRACKETS) not in re.sub(r"\s", "", text).translate(_BRACKETS):
        raise PolicyTextError(f"里面没有文号{number}，不像是这份文件")
    clauses = split_policy(text)
    ours = {c.id for c in load_knowledge().clauses.values() if c.source.document.id == document}
    if not ours & set(clauses):
        raise PolicyTextError("没有一条与知识库里的编号对得上。")
    target = _file(var, document)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_suffix(".new")
    made.write_text(json.dumps({k: v for k, v in clauses.items() if k in ours}, ensure_ascii=False, indent=1), "utf-8")
    made.replace(target)
    return ImportReport(tuple(sorted(ours & set(clauses))), tuple(sorted(ours - set(clauses))), tuple(sorted(set(clauses) - ours)))


@lru_cache(maxsize=8)
def _read(path: Path, written: int) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(path.read_text("utf-8"))
    return loaded


def official_text(var: Path, document: str, clause: str) -> str | None:
    """The official text of a clause where it has been loaded. A running server sees a new import at once."""
    path = _file(var, document)
    try:
        return _read(path, path.stat().st_mtime_ns).get(clause)
    except FileNotFoundError:
        return None
