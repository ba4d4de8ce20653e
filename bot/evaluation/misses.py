"""Turns that were not answered or did not help, as candidates for training examples that a person reviews. Pure but for `trained_examples`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.evaluation.alike import ALIKE, Nearest, alike
from bot.nlu.text import normalise

_UNKNOWN = "nlu_fallback"
_NEAR = 0.3  # likeness from which a trained example says something about a candidate
_MASKED = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII), "〔邮箱〕"),
    (re.compile(r"(?<=微信)(?:号码?)?(?:是|叫|为)?[:：\s]*[A-Za-z][\w-]{4,19}", re.ASCII), "〔微信号〕"),
    (re.compile(r"(?:\d[ -]?){5,}[\dXx*]*|1\d{2}\*+\d+"), "〔号码〕"),
    (re.compile(r"[零〇一二三四五六七八九幺两]{7,}"), "〔号码〕"),
    (re.compile(r"(?<=我叫)[\u4e00-\u9fff]{2,3}|(?<=名字叫)[\u4e00-\u9fff]{2,3}|(?<=姓名[:：])[\u4e00-\u9fff]{2,4}"), "〔姓名〕"),
    (re.compile(r"\d+(?:号楼|栋|幢|单元|室)(?:[\d-]+(?:号楼|栋|幢|单元|室)?)*"), "〔门牌〕"),
    (re.compile(r"[1-9]\d{3}年\d{1,2}月\d{1,2}[日号]"), "〔日期〕"),
)


@dataclass(frozen=True)
class Missed:
    """What a parent wrote, why it is here (unanswered, unhelpful), and what the assistant took it for."""

    said: str
    kind: str
    intent: str
    confidence: float


@dataclass(frozen=True)
class Candidate:
    """Messages so alike that one stands for them, `times` as often; `like` and `like_intent`: the trained example nearest to it, empty where none is near."""

    missed: Missed
    times: int
    like: str = ""
    like_intent: str = ""


def mask(text: str) -> str:
    """A message without what could name a person: numbers of five digits and more (also spoken), addresses, names that are introduced as such.

    A name in the middle of a sentence cannot be told from a word: who reviews looks again.
    """
    for pattern, shown in _MASKED:
        text = pattern.sub(shown, text)
    return text


def trained_examples(folder: Path) -> dict[str, str]:
    """Example → intent of the training files in `folder`."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        intent = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("- intent: "):
                intent = line.removeprefix("- intent: ").strip()
            elif line.startswith("    - "):
                found[line.removeprefix("    - ").strip()] = intent
    return found


def candidates(missed: Iterable[Missed], trained: Mapping[str, str]) -> list[Candidate]:
    """One a group of messages nearly the same, the most frequent first; what is nearly a trained example already and was not answered badly is left out."""
    seen = [Missed(mask(normalise(m.said)), m.kind, m.intent, m.confidence) for m in missed]
    seen = [m for m in seen if m.said]
    first = list(range(len(seen)))
    for earlier, later, _ in alike([m.said for m in seen]):
        first[later] = min(first[later], first[earlier])
    times = Counter(first)
    examples, nearest = list(trained), Nearest(list(trained))
    found = []
    for place, count in times.items():
        near = nearest.of(seen[place].said)
        if near and near[1] >= ALIKE and seen[place].kind == "unanswered" and trained[examples[near[0]]] == seen[place].intent:
            continue
        like = examples[near[0]] if near and near[1] >= _NEAR else ""
        found.append(Candidate(seen[place], count, like, trained.get(like, "")))
    return sorted(found, key=lambda one: (-one.times, one.missed.said))


def suggestion(intent: str, kind: str) -> str:
    """What an editor should look at first, in Chinese."""
    if kind == "unhelpful":
        return "家长说没帮上忙：先看理解得对不对。对，就改回答或补 knowledge/；不对，把说法加到该去的意图。"
    if intent == _UNKNOWN:
        return "没听懂：看“最像”的意图对不对，对就抄进它的文件；都不对，可能是还没有的问题，或不归这里。"
    if intent == "out_of_scope":
        return "当成了不归这里：真不归，不用动；该答的，抄进该去的意图。"
    return f"当成了 {intent}，却没有答上来：意图对，就补 knowledge/ 或回答；不对，抄进该去的意图。"


def as_yaml(missed: Sequence[Missed], trained: Mapping[str, str], on: date) -> str:
    """The candidates as YAML comments alone, grouped by what was understood: read as data the file is empty, so that nothing is trained on unseen."""
    found = candidates(missed, trained)
    lines = [
        f"# 待审的说法，{on.isoformat()} 整理：{len(missed)} 条没答上来或没帮上忙的话，合并相近的、去掉例句里已有的，剩 {len(found)} 条。",
        "# 审的时候：去掉还看得出是谁的内容，改成自己的话，抄进 data/nlu/ 里合适的意图。这个文件全是注释，不参加训练。",
    ]
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one in found:
        groups[one.missed.kind, one.missed.intent].append(one)
    for (kind, intent), group in sorted(groups.items(), key=lambda item: (-sum(one.times for one in item[1]), item[0])):
        lines += [
            "#",
            f"# - intent: {intent or '（不详）'}  # {sum(one.times for one in group)} 次",
            f"#   {suggestion(intent, kind)}",
            "#   examples: |",
        ]
        lines += [f"#     - {_line(one)}" for one in group]
    return "\n".join(lines) + "\n"


def _line(one: Candidate) -> str:
    said = " ".join("".join(c if c.isprintable() else " " for c in one.missed.said).split())
    like = f"，最像 {one.like_intent}“{one.like}”" if one.like else ""
    return f"{said}  # {one.times} 次，把握 {one.missed.confidence:.2f}{like}"
