"""The commands `lianbao evaluate FILE` and `lianbao misses`. How to use them: docs/understanding.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import ROOT, TIMEZONE, settings

if TYPE_CHECKING:
    from bot.evaluation.reading import Dialogue
    from bot.evaluation.report import Result
    from bot.evaluation.scoring import Expected, Pair, Said
    from bot.replay import Talk

_EVERY = 100  # messages between two lines of progress


def add_parser(commands: Any) -> None:
    evaluate = commands.add_parser("evaluate", help="用标注好的消息或对话测理解得准不准")
    evaluate.add_argument("file", metavar="FILE", help="JSON Lines 文件，一行一条消息或一段对话")
    evaluate.add_argument("--misses", action="store_true", help="列出每一处没做对的")
    evaluate.add_argument("--noise", action="store_true", help="每条消息再加错字、漏字、去标点、繁体、客套话各测一遍")
    evaluate.add_argument("--json", action="store_true", help="输出 JSON，给程序读")
    evaluate.add_argument(
        "--floor",
        action="append",
        default=[],
        type=_floor,
        metavar="NAME=0.9",
        help="下限，可以给几个；达不到就以 1 退出。名称见 --json 的 measures",
    )
    misses = commands.add_parser("misses", help="把没答上来、没帮上忙的话整理成待审的训练例句，不会写进 data/nlu")
    misses.add_argument("--since", type=_day, metavar="DATE", help="只要这一天起的，如 2026-11-01")
    misses.add_argument("--out", type=Path, metavar="FILE", help="写到文件，不给就写到标准输出")


def _floor(text: str) -> tuple[str, float]:
    name, _, least = text.partition("=")
    try:
        share = float(least)
    except ValueError:
        share = -1.0
    if not name or not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} 应为 名称=0到1的数")
    return name, share


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} 应为 2026-11-01 这样的日期") from error


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; 1 where a floor is missed or the file cannot be read."""
    from bot.serve import CannotServe, trained_model

    if not Path(arguments.file).is_file():
        return _fail(f"找不到文件 {arguments.file}。")
    try:
        model = trained_model()
    except CannotServe as error:
        return _fail(str(error))
    from bot.evaluation.reading import read_rows
    from bot.evaluation.report import as_json, as_text
    from bot.replay import BadLine

    try:
        rows = read_rows(Path(arguments.file).read_text("utf-8").splitlines())
    except BadLine as error:
        return _fail(str(error))
    except UnicodeDecodeError:
        return _fail("文件不是 UTF-8 文字。")
    if not rows:
        return _fail("文件里没有消息。")
    result = asyncio.run(measure(model, rows, dict(arguments.floor), noise=arguments.noise))
    print(json.dumps(as_json(result), ensure_ascii=False) if arguments.json else as_text(result, with_misses=arguments.misses))
    return 1 if result.below() else 0


async def measure(model: Path, rows: Sequence[Expected | Dialogue], floors: dict[str, float], noise: bool) -> Result:
    """Play the messages, each in a conversation of its own, and the dialogues; with `noise` each message spoilt in every way too."""
    from bot.evaluation.noise import DRAWS, KINDS, noisy
    from bot.evaluation.reading import Dialogue
    from bot.evaluation.report import Result
    from bot.replay import open_talk

    messages = [row for row in rows if not isinstance(row, Dialogue)]
    async with open_talk(model) as talk:
        pairs = await _play(talk, "plain", messages, [row.text for row in messages])
        dialogues = {row.id: await _hold(talk, row) for row in rows if isinstance(row, Dialogue)}
        spoilt = {
            kind: [
                pair
                for draw in range(DRAWS.get(kind, 1))
                for pair in await _play(talk, f"{kind} {draw}", messages, [noisy(row.text, kind, f"{draw} {row.id}") for row in messages])
            ]
            for kind in (KINDS if noise else ())
        }
    return Result(pairs, dialogues, spoilt, floors)


async def _play(talk: Talk, name: str, messages: Sequence[Expected], texts: Sequence[str]) -> list[Pair]:
    """Say each of `texts` in a conversation of its own, after its message's context."""
    from bot.evaluation.reading import given
    from bot.knowledge.load import load_knowledge

    knowledge, pairs = load_knowledge(), []
    for number, (expected, text) in enumerate(zip(messages, texts, strict=True), 1):
        for said in expected.context:
            await talk.take(f"{name}-{number}", said)
        pairs.append((expected, given(await talk.take(f"{name}-{number}", text), knowledge)))
        if number % _EVERY == 0:
            print(f"已测 {number} 条（{name}）", file=sys.stderr)
    return pairs


async def _hold(talk: Talk, dialogue: Dialogue) -> list[Said]:
    from bot.evaluation.scoring import Said

    turns = []
    for text, expect, reject in dialogue.turns:
        answered = await talk.take(f"dialogue {dialogue.id}", text)
        turns.append(Said(text, expect, reject, "\n".join(str(reply.get("text", "")) for reply in answered.replies)))
    return turns


def run_misses(arguments: argparse.Namespace) -> int:
    """Write the candidates; 1 where the file would lie among what is trained on."""
    from bot.database import migrate, open_engine
    from bot.desk.conversations import PLACED, TAPPED
    from bot.desk.mend import KINDS, to_mend
    from bot.evaluation.misses import Missed, as_yaml, trained_examples

    out: Path | None = arguments.out
    if out and (out.resolve().is_relative_to(ROOT / "data") or not out.resolve().parent.is_dir()):
        return _fail(f"不能写到 {out}：文件夹要在，也不能是 data/，例句先看过再自己抄进去。")
    migrate(settings().database_url)
    since = datetime.combine(arguments.since, time(), TIMEZONE) if arguments.since else None

    async def collect() -> list[Missed]:
        engine = open_engine(settings().database_url)
        try:
            turns = [turn for kind in KINDS for turn in await to_mend(engine, kind, since=since, most=None)]
        finally:
            await engine.dispose()
        typed = [turn for turn in turns if turn["said"] not in ("", TAPPED, PLACED)]
        return [Missed(t["said"], t["kind"], t["intent"] or "", t["confidence"] or 0.0) for t in typed]

    text = as_yaml(asyncio.run(collect()), trained_examples(ROOT / "data/nlu"), settings().today())
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, "utf-8")
        print(f"写好了：{out}")
    return 0


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1
