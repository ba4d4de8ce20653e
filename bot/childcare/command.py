"""The command `lianbao childcare import FILE [--full] [--dry-run]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import settings

if TYPE_CHECKING:  # the other commands start without them
    from bot.childcare.store import Change
    from bot.knowledge.model import Knowledge

_MOST_FAULTS = 200  # lines shown
_MOST_FACTS = 4  # of an institution that changed
_TITLES = (("新增", ("added", "back")), ("变更", ("changed",)), ("下架", ("removed",)))


def add_parser(commands: Any) -> None:
    childcare = commands.add_parser("childcare", help="托育机构名单").add_subparsers(dest="action", required=True, metavar="动作")
    take_in = childcare.add_parser("import", help="导入托育机构名单（CSV 或 xlsx），有一处错就一家也不写入")
    take_in.add_argument("file", metavar="FILE")
    take_in.add_argument("--full", action="store_true", help="这是全部机构的名单：名单里没有的下架")
    take_in.add_argument("--dry-run", action="store_true", help="只检查、只报告会改什么，不写入")


def run(arguments: argparse.Namespace) -> int:
    """Take the file in and print what changed; on faults every one of them on standard error, exit code 1."""
    from bot.childcare.files import ImportRefused
    from bot.childcare.service import SHOWN, Childcare, Report
    from bot.childcare.store import ChildcareStore
    from bot.database import migrate, open_engine
    from bot.knowledge.load import load_knowledge

    path = Path(arguments.file)
    if not path.is_file():
        print(f"找不到文件 {arguments.file}。", file=sys.stderr)
        return 1
    migrate(settings().database_url)
    knowledge = load_knowledge()

    async def take_in() -> Report:
        engine = open_engine(settings().database_url)
        try:
            service = Childcare(ChildcareStore(engine), knowledge, settings().today)
            return await service.take_in(path.name, path.read_bytes(), full=arguments.full, dry_run=arguments.dry_run)
        finally:
            await engine.dispose()

    try:
        report = asyncio.run(take_in())
    except ImportRefused as refused:
        for fault in refused.faults[:_MOST_FAULTS]:
            print(fault, file=sys.stderr)
        more = len(refused.faults) - _MOST_FAULTS
        print(
            f"共 {len(refused.faults)} 处问题，一家也没有写入。" + (f"（只列出前 {_MOST_FAULTS} 处）" if more > 0 else ""), file=sys.stderr
        )
        return 1
    counts = "，".join(f"{title} {len(report.of(*what))} 家" for title, what in _TITLES)
    print(("（试运行，没有写入）" if arguments.dry_run else "") + f"{counts}，不变 {report.unchanged} 家。")
    for title, what in _TITLES:
        found = report.of(*what)
        for change in found[:SHOWN]:
            fields = f"：{_fields(knowledge, change)}" if change.what == "changed" else ""
            print(f"{title} {change.institution.name}（{change.institution.code}）{fields}")
        if len(found) > SHOWN:
            print(f"{title} ……还有 {len(found) - SHOWN} 家")
    if report.missing:
        print(f"名单里没有、保持不变的有 {report.missing} 家；这要是全部机构的名单，请加 --full。")
    if report.unused:
        print(f"没有用到的列：{'、'.join(report.unused)}。")
    return 0


def _fields(knowledge: Knowledge, change: Change) -> str:
    """收费（最低） 1200 → 900: the first facts that changed, in the words of the list."""
    from bot.childcare.editing import fact_label, fact_text

    told = (
        (fact_label(knowledge, fact), *(fact_text(knowledge, fact, facts.get(fact)) or "空" for facts in (change.before, change.after)))
        for fact in list(change.after)[:_MOST_FACTS]
    )
    return "；".join(f"{label} {before} → {after}" for label, before, after in told)
