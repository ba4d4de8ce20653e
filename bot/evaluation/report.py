"""What was measured, in Chinese for people and as JSON for machines. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.evaluation.noise import KINDS
from bot.evaluation.scoring import Confused, Miss, Pair, Said, Share, by_intent, confusion, measures, misses

TITLES = {
    "topic": "主题（严格）",
    "topic_with_alternatives": "主题（算上可以接受的）",
    "must_contain": "该说到的内容",
    "lead_department": "投诉的牵头部门",
    "emergency_first_line": "急症第一句就说120/110/119/医院",
    "calm_without_alarm": "不是急症，第一句没有叫120",
    "out_of_scope_refused": "范围以外的，说了不归这里",
    "in_scope_answered": "范围以内的，没有推掉",
    "dialogues": "对话通过",
}
_KINDS = {"age_months": "月龄", "district": "县区", "vaccine": "疫苗", "leave_type": "假期"}
_WORST = 8  # intents shown
_SHOWN = 60  # characters of a message or an answer
NOISY = ("topic", "topic_with_alternatives", "must_contain")  # what noise is measured by


@dataclass(frozen=True)
class Result:
    """All of one run. `dialogues`: id → its turns as far as it was played; `noise`: kind → the same messages spoilt; `floors`: measure → least share."""

    pairs: Sequence[Pair]
    dialogues: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    noise: Mapping[str, Sequence[Pair]] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)

    def measures(self) -> dict[str, Share]:
        found = measures(self.pairs)
        if self.dialogues:
            passed = sum(not any(turn.faults() for turn in turns) for turns in self.dialogues.values())
            found["dialogues"] = Share(passed, len(self.dialogues))
        return found

    def losses(self) -> dict[str, dict[str, float]]:
        """kind of noise → measure → points lost (negative: won)."""
        clean = measures(self.pairs)
        return {
            kind: {name: 100 * (clean[name].value - spoilt[name].value) for name in NOISY if name in spoilt}
            for kind, spoilt in ((kind, measures(pairs)) for kind, pairs in self.noise.items())
        }

    def below(self) -> list[str]:
        """The names of the floors that are missed; a floor for what was not measured is."""
        found = self.measures()
        return [name for name, least in self.floors.items() if name not in found or found[name].value < least]


def title(name: str) -> str:
    """The Chinese name of a measure or of a kind of entity."""
    kind, _, what = name.rpartition("_")
    if what in ("precision", "recall"):
        return f"{_KINDS.get(kind, kind)}，{'找到的对不对' if what == 'precision' else '该找的找到没有'}"
    return TITLES.get(name) or _KINDS.get(name, name)


def as_text(result: Result, with_misses: bool = False) -> str:
    found = result.measures()
    lines = [_share(title(name), share) for name, share in found.items()]
    if wrong := confusion(result.pairs):
        lines += ["", "弄混的主题（条数 / 严格对 / 另有可接受的）：", *map(_line, wrong)]
    if worst := [line for line in by_intent(result.pairs) if line.missed][:_WORST]:
        lines += ["", "最差的意图（理解成它的条数 / 严格对 / 另有可接受的，其余实际是）：", *map(_line, worst)]
    if result.dialogues:
        lines += ["", "对话：", *(_dialogue(id, turns) for id, turns in result.dialogues.items())]
    if result.noise:
        lines += ["", "加了干扰以后少几个百分点："]
        for kind, lost in result.losses().items():
            lines.append(f"  {KINDS[kind]}：" + "，".join(f"{title(name)} {points:.1f}" for name, points in lost.items()))
    if with_misses and (missed := misses(result.pairs)):
        lines += ["", f"没做对的 {len(missed)} 处：", *map(_miss, missed)]
    for name in result.below():
        share = f"{100 * found[name].value:.1f} %" if name in found else "没有可测的"
        lines += ["", f"没有达到下限：{title(name)} {share}，下限 {100 * result.floors[name]:g} %"]
    return "\n".join(lines)


def as_json(result: Result) -> dict[str, Any]:
    return {
        "measures": {
            name: {"right": share.right, "of": share.of, "share": share.value, "interval": share.interval()}
            for name, share in result.measures().items()
        },
        "topics": [vars(line) | {"missed": line.missed} for line in confusion(result.pairs)],
        "intents": [vars(line) | {"missed": line.missed} for line in by_intent(result.pairs)],
        "misses": [vars(miss) for miss in misses(result.pairs)],
        "dialogues": {
            id: [{"user": turn.text, "faults": turn.faults(), "answer": turn.answer} for turn in turns] for id, turns in result.dialogues.items()
        },
        "noise": result.losses(),
        "below": result.below(),
    }  # fmt: skip


def _share(name: str, share: Share) -> str:
    low, high = share.interval()
    return f"{name}：{100 * share.value:.1f} %（{share.right}/{share.of}，95 % 区间 {100 * low:.1f}–{100 * high:.1f}）"


def _line(line: Confused) -> str:
    wrong = "、".join(f"{name} {count}" for name, count in line.wrong.items())
    return f"  {line.name}：{line.of} / {line.right} / {line.alternative}" + (f" → {wrong}" if wrong else "")


def _dialogue(id: str, turns: Sequence[Said]) -> str:
    faults = [f"第{n}轮“{_short(turn.text)}”{'，'.join(turn.faults())}" for n, turn in enumerate(turns, 1) if turn.faults()]
    return f"  {id}：" + ("；".join(faults) if faults else "通过")


def _miss(miss: Miss) -> str:
    return f"  {miss.id} “{_short(miss.text)}” {title(miss.what)}：应为 {miss.expected}，实为 {_short(miss.given)}"


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
