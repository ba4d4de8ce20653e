"""What an account needs before there is one: a name, a role with its unit, a password that is worth hashing (argon2)."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.desk.access import CLERK, ROLES
from bot.knowledge.model import Knowledge

SHORTEST = 10  # characters of a password
_NAME = re.compile(r"[\w.@-]{2,64}")
_hasher = PasswordHasher()


class BadAccount(ValueError):
    """An account that cannot be: the message is Chinese."""


class WeakPassword(ValueError):
    """The message is Chinese."""


def checked(knowledge: Knowledge, name: str, role: str, department: str | None, district: str | None) -> None:
    """Raises BadAccount where the name, the role, the department or the district cannot be."""
    if not _NAME.fullmatch(name):
        raise BadAccount("账号名要有2到64个字，只用字母、数字、汉字和 . _ @ -。")
    if role not in ROLES:
        raise BadAccount("角色只有 clerk（经办）、dispatcher（调度）、admin（管理员）。")
    if department and department not in knowledge.departments:
        raise BadAccount(f"没有部门 {department}，可用的是：{'、'.join(knowledge.departments)}。")
    if district and district not in knowledge.districts:
        raise BadAccount(f"没有县区 {district}，可用的是：{'、'.join(knowledge.districts)}。")
    if role == CLERK and not department and not district:
        raise BadAccount("经办账号要给部门（--department）或县区（--district）。")
    if role != CLERK and (department or district):
        raise BadAccount("调度和管理员不属于某个部门或县区，不要给 --department 和 --district。")


def hash_of(password: str) -> str:
    """Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"密码至少{SHORTEST}个字符。")
    return _hasher.hash(password)


def matches(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
