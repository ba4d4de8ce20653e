"""The command `lianbao` (contract.md: Commands). Exit codes: 0 success, 1 failure, 2 bad usage; errors are one Chinese line."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from bot.channels.wechat import command as wechat_command
from bot.childcare import command as childcare_command
from bot.desk import command as desk_command
from bot.evaluation import command as evaluation_command
from bot.settings import SettingsError, settings


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        print(f"用法不对：{message}。运行 {self.prog} --help 看用法。", file=sys.stderr)
        raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="lianbao", description="连宝：连云港三岁以下婴幼儿家庭的问答与投诉助手")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    commands.add_parser("serve", help="启动全部服务，直到 Ctrl-C")
    chat = commands.add_parser("chat", help="在终端里对话")
    chat.add_argument("text", nargs="*", metavar="TEXT", help="每个参数是一轮；不给就逐行输入")
    replay = commands.add_parser("replay", help="回放 JSON Lines 文件里的对话，结果写到标准输出")
    replay.add_argument("file", metavar="FILE", help="文件名，- 为标准输入")
    commands.add_parser("train", help="校验数据并训练模型，没有变化就跳过")
    knowledge = commands.add_parser("knowledge", help="知识库").add_subparsers(dest="action", required=True, metavar="动作")
    knowledge.add_parser("check", help="检查每条事实的来源、日期和引用")
    policy = commands.add_parser("policy", help="政策原文").add_subparsers(dest="action", required=True, metavar="动作")
    policy_import = policy.add_parser("import", help="导入政策原文，按它自己的编号切分")
    policy_import.add_argument("file", metavar="FILE")
    tickets = commands.add_parser("tickets", help="工单").add_subparsers(dest="action", required=True, metavar="动作")
    tickets.add_parser("verify", help="校验每张工单的留痕有没有被改动")
    desk_command.add_parser(commands)
    childcare_command.add_parser(commands)
    wechat_command.add_parser(commands)
    evaluation_command.add_parser(commands)
    bench = commands.add_parser("bench", help="与标准 Rasa 项目并排测速，写入 docs/benchmark.md")
    bench.add_argument("--quick", action="store_true", help="只测连宝，不训练标准项目，也不写文件")
    return parser


def _serve(_: argparse.Namespace) -> int:
    from bot.serve import CannotServe, serve

    try:
        serve(settings())
    except CannotServe as error:
        return _fail(str(error))
    return 0


def _chat(arguments: argparse.Namespace) -> int:
    from bot.serve import CannotServe, trained_model

    try:
        model = trained_model()
    except CannotServe as error:
        return _fail(str(error))
    from bot.replay import open_talk

    async def talk() -> None:
        async with open_talk(model) as talking:
            for text in arguments.text or iter(_typed, None):
                if arguments.text:
                    print(f"您：{text}")
                for reply in (await talking.take("chat", text)).replies:
                    print(f"连宝：{reply.get('text', '')}")
                    shown = ["〔图〕"] if "image" in reply else []
                    shown += [f"〔文件 {reply['file']['name']}〕"] if "file" in reply else []
                    print("  ".join(["", *shown, *(f"〔{b['title']}〕" for b in reply.get("buttons", ()))]))

    asyncio.run(talk())
    return 0


def _typed() -> str | None:
    try:
        return input("您：")
    except EOFError:
        return None


def _replay(arguments: argparse.Namespace) -> int:
    from bot.serve import CannotServe, trained_model

    if arguments.file != "-" and not Path(arguments.file).is_file():
        return _fail(f"找不到文件 {arguments.file}。")
    try:
        model = trained_model()
    except CannotServe as error:
        return _fail(str(error))
    from bot.replay import BadLine, replay

    async def run() -> None:
        with nullcontext(sys.stdin) if arguments.file == "-" else open(arguments.file, encoding="utf-8") as lines:
            async for record in replay(model, lines):
                print(json.dumps(record, ensure_ascii=False), flush=True)

    try:
        asyncio.run(run())
    except BadLine as error:
        return _fail(str(error))
    except UnicodeDecodeError:
        return _fail("文件不是 UTF-8 文字。")
    return 0


def _train(_: argparse.Namespace) -> int:
    from bot.train import TrainingFailed, current_model, train

    if model := current_model():
        print(f"没有变化，模型是最新的：{model.name}")
        return 0
    try:
        print(f"训练完成：{train().name}")
    except TrainingFailed as error:
        return _fail(str(error))
    return 0


def _knowledge(_: argparse.Namespace) -> int:
    from bot.knowledge.check import check_knowledge
    from bot.knowledge.load import ROOT

    faults = check_knowledge(ROOT, settings().today())
    for fault in faults:
        print(fault)
    if faults:
        return _fail(f"知识库有 {len(faults)} 处问题。")
    print("知识库没有问题。")
    return 0


def _policy(arguments: argparse.Namespace) -> int:
    from bot.policy_text import PolicyTextError, import_policy

    try:
        report = import_policy(Path(arguments.file), settings().var)
    except FileNotFoundError:
        return _fail(f"找不到文件 {arguments.file}。")
    except (PolicyTextError, UnicodeDecodeError) as error:
        return _fail(f"读不出政策原文：{error}")
    print(report)
    return 0


def _tickets(_: argparse.Namespace) -> int:
    from bot.complaints.store import TicketStore
    from bot.database import migrate, open_engine

    async def broken() -> list[str]:
        store = TicketStore(open_engine(settings().database_url))
        try:
            return await store.broken_chains()
        finally:
            await store.engine.dispose()

    migrate(settings().database_url)
    if numbers := asyncio.run(broken()):
        return _fail(f"{len(numbers)} 张工单的留痕被改动过：{'、'.join(numbers)}")
    print("每张工单的留痕都完整。")
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from bench.run import main as bench

    return bench(quick=arguments.quick)


_COMMANDS = {
    "serve": _serve,
    "chat": _chat,
    "replay": _replay,
    "train": _train,
    "knowledge": _knowledge,
    "policy": _policy,
    "tickets": _tickets,
    "desk": desk_command.run,
    "childcare": childcare_command.run,
    "wechat": wechat_command.run,
    "evaluate": evaluation_command.run,
    "misses": evaluation_command.run_misses,
    "bench": _bench,
}


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    warnings.filterwarnings("ignore")
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s %(message)s")
    try:
        return _COMMANDS[arguments.command](arguments)
    except SettingsError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("已停止。")
    except Exception as error:
        logging.getLogger(__name__).debug("unexpected", exc_info=True)
        return _fail(f"出错了：{type(error).__name__}。")


if __name__ == "__main__":
    sys.exit(main())
