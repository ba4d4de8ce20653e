"""The command `lianbao desk add-user`: an account of the complaint desk."""

from __future__ import annotations

import argparse
import asyncio
import sys
from getpass import getpass
from typing import Any

from bot.settings import settings


def add_parser(commands: Any) -> None:
    desk = commands.add_parser("desk", help="工单台").add_subparsers(dest="action", required=True, metavar="动作")
    add_user = desk.add_parser("add-user", help="新建工单台账号，密码从提示或 LIANBAO_PASSWORD 读取")
    add_user.add_argument("name", metavar="NAME")
    add_user.add_argument("--role", required=True, choices=["clerk", "dispatcher", "admin"], help="经办、调度或管理员")
    add_user.add_argument("--department", metavar="ID", help="经办的部门，见 knowledge/ 的 departments.yml")
    add_user.add_argument("--district", metavar="ID", help="经办的县区，见 knowledge/ 的 districts.yml")


def run(arguments: argparse.Namespace) -> int:
    """Make the account; 2 where it could not be one, 1 where the name is taken, with one Chinese line on standard error."""
    from bot.database import migrate, open_engine
    from bot.desk.accounts import Accounts, NameTaken
    from bot.desk.passwords import BadAccount, WeakPassword, checked, hash_of
    from bot.knowledge.load import load_knowledge

    try:
        checked(load_knowledge(), arguments.name, arguments.role, arguments.department, arguments.district)
        password = settings().password or getpass("密码：")
        hashed = hash_of(password)
    except (BadAccount, WeakPassword) as error:
        print(error, file=sys.stderr)
        return 2
    except EOFError:
        print("没有给密码：在提示后输入，或设 LIANBAO_PASSWORD。", file=sys.stderr)
        return 2
    migrate(settings().database_url)

    async def add() -> None:
        engine = open_engine(settings().database_url)
        try:
            await Accounts(engine).add(arguments.name, hashed, arguments.role, arguments.department, arguments.district)
        finally:
            await engine.dispose()

    try:
        asyncio.run(add())
    except NameTaken:
        print(f"已经有账号 {arguments.name} 了。", file=sys.stderr)
        return 1
    print(f"账号 {arguments.name} 建好了。")
    return 0
