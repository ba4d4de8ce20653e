"""Which child a turn speaks of in a conversation that remembers none: 老大, 老二, a friend's; each keeps what was told of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.children.memory import OF_CHILD
from bot.children.model import months_old

FIRST, SECOND, THIRD, OTHER, UNNAMED = "first", "second", "third", "other", ""
# Slots of one child and of no other. What it eats and which vaccine it is about is asked of the next child too.
OF_ONE = (*OF_CHILD, "sex", "doses_birth", "vaccination_facts", "symptom_told", "danger_sign", "growth_records")
_OF_BIRTH = ("child_age_months", "birth_date")
_CALLED = {FIRST: "老大", SECOND: "老二", THIRD: "老三", OTHER: "别人家的孩子", UNNAMED: ""}
_WHOSE = r"(?:同事|朋友|闺蜜|邻居|隔壁|亲戚|别人|人家|同学|对门|表[哥姐弟妹]|堂[哥姐弟妹]|大姑姐?|小姑子?|小姨子?|嫂子|弟媳|我(?:哥哥?|姐姐?|弟弟?|妹妹?))"
_NAMES = (
    (OTHER, rf"{_WHOSE}(?:他|她)?们?(?:家|的|那)+(?:里|的|那|个)*(?:宝宝?|小?孩子?|娃儿?|闺女|女儿|儿子|小子|丫头)?"),
    (FIRST, r"老大|大宝|大娃|大闺女|大儿子|大女儿|大孙[子女]"),
    (SECOND, r"老二|二宝|二娃|二闺女|二儿子|二女儿|二孙[子女]|小儿子|小女儿"),
    (THIRD, r"老三|三宝|三娃"),
    (FIRST, r"(?<![^，。,那换成是家和了个])大的(?!班)|(?<![小大表堂我干叫喊妈爸])(?:哥哥|姐姐)(?![你您请，,！])"),
    (SECOND, r"(?<![^，。,那换成是家和了个])小的(?!班)|(?<![小大表堂我干叫喊妈爸])(?:弟弟|妹妹)(?![你您请，,！])"),
)
_NAMED = tuple((name, re.compile(pattern)) for name, pattern in _NAMES)
_START_OVER = re.compile(
    r"(?:(?:我们?|咱们?)?(?:重新|从头)(?:来|开始|问|说|聊)(?:一遍|一次|过|吧|了|一下)*|(?:前面|刚才|上面|之前)(?:说的|问的|那个|的)*(?:都|就)?(?:不算|不要了|忘掉|作废|别管了)|(?:别管.{0,8})?[，,]?换个?(?:话题|问题|事)(?:吧|问)?)[。！!]?"
)
_OWN = re.compile(r"(?:我|咱|俺)们?家|我(?:的)?(?:宝宝|孩子|娃)|自己(?:家)?的?(?:孩子|娃|宝宝)|自家")
_NOT_MEANT = re.compile(r"(?:不是|不说|不问|别拿)$")
# An age that a rule or a question speaks of, not the child's own: 一岁以内, 3岁以后, 下个月满1岁, 满1岁打什么.
_LIMIT_AFTER = re.compile(r"^(?:大)?(?:以|之)?(?:后|前|内|下|上|起)|^才|^那[年天]|^再")
_LIMIT_BEFORE = re.compile(
    r"(?:下个?月|明年|过几天|过[两几]个?月|等(?:到|他|她|它)?|快|马上|将来|以后)(?:宝宝|孩子|娃|就|要|才|满|到|他|她)*$|^(?:等|那)?(?:他|她|孩子|宝宝|娃)?(?:满|到)了?$"
)


@dataclass(frozen=True)
class Told:
    """An entity that this turn told of a child: at character `start` of the text, up to `end`."""

    entity: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class Spoken:
    """After a turn: the child it is about, the slots to set, the entities (by start) that are other children's, and what a slot keeps."""

    child: str
    slots: dict[str, Any] = field(default_factory=dict)
    of_others: frozenset[int] = frozenset()
    kept: dict[str, Any] = field(default_factory=dict)


def named(text: str) -> tuple[tuple[int, str], ...]:
    """The children that a message names, each with where; 我家的 (UNNAMED: the family's own) only where no other name says which."""
    found: dict[int, str] = {}
    taken: set[int] = set()
    for name, pattern in _NAMED:
        for match in pattern.finditer(text):
            if not taken & set(range(*match.span())) and not _NOT_MEANT.search(text[: match.start()]):
                taken |= set(range(*match.span()))
                found[match.start()] = name
    if not set(found.values()) - {OTHER}:
        found |= {match.start(): UNNAMED for match in _OWN.finditer(text) if match.start() not in taken}
    return tuple(sorted(found.items()))


def starts_over(text: str) -> bool:
    """Whether a message wants what was told so far to be left aside: 重新来, 换个话题."""
    return bool(_START_OVER.fullmatch(text))


def is_limit(text: str, told: Told) -> bool:
    """Whether an age is only one that is spoken of, not the child's own."""
    return bool(_LIMIT_AFTER.search(text[told.end :]) or _LIMIT_BEFORE.search(text[: told.start])) and not re.search(
        r"^(?:周岁|大)?了", text[told.end :]
    )


def hear(text: str, told: Sequence[Told], before: Mapping[str, Any], kept: Mapping[str, Any] | None, twins: bool = False) -> Spoken | None:
    """Which child a turn is about; None where it names none, so that it is about the same as before.

    `before` are the slots before the turn. A younger child that is named for the first time is the one spoken of without a name, unless its
    age says otherwise; an older one is another. `twins`: children of one birth, who have one age.
    """
    names = named(text)
    if not names:
        return None
    now, own = (str((kept or {}).get(name) or UNNAMED) for name in ("now", "own"))
    children: dict[str, dict[str, Any]] = {name: dict(known) for name, known in ((kept or {}).get("children") or {}).items()}
    children[now] = {name: before[name] for name in OF_ONE if before.get(name) is not None}
    names = tuple((at, own if name == UNNAMED else name) for at, name in names)
    child = names[-1][1]
    whose = {one.start: _of(one.start, names) for one in told}
    said: dict[str, dict[str, Any]] = {}
    for one in told:
        said.setdefault(whose[one.start], {})[one.entity] = one.value
    if child == now == own and set(said) <= {child}:
        return None
    called = _name_the_unnamed(children, child, said)
    own = called if own == UNNAMED else own
    for name, known in said.items():
        children[name] = {**children.get(name, {}), **known}
    mine = children.pop(child, {})
    if twins and child != OTHER and not any(mine.get(name) for name in _OF_BIRTH):
        mine |= {name: before[name] for name in _OF_BIRTH if before.get(name) is not None}
    return Spoken(
        child,
        {name: mine.get(name) for name in OF_ONE},
        frozenset(start for start, name in whose.items() if name != child),
        {"now": child, "own": own if child == OTHER else child, "children": {name: known for name, known in children.items() if known}},
    )


def _of(start: int, names: Sequence[tuple[int, str]]) -> str:
    """Whose an entity is: the child's that was named last before it, else that of the first named after."""
    return next((name for at, name in reversed(names) if at < start), names[0][1])


def _name_the_unnamed(children: dict[str, dict[str, Any]], child: str, said: Mapping[str, Mapping[str, Any]]) -> str:
    """The child spoken of without a name is the one that is named now, or gets the name that one leaves it. Its name after the turn."""
    if not (unnamed := children.get(UNNAMED)):
        return UNNAMED
    called, age = UNNAMED, unnamed.get("child_age_months")
    told = {name: known["child_age_months"] for name, known in said.items() if "child_age_months" in known}
    if child in (SECOND, THIRD) and child not in said:
        called = child
    for name in (FIRST, SECOND):
        if age is not None and name in told:
            left = {FIRST: SECOND, SECOND: FIRST}[name] if (told[name] > age) == (name == FIRST) else UNNAMED
            called = name if told[name] == age else left
    if called not in children:
        children[called] = children.pop(UNNAMED)
        return called
    return UNNAMED


def age_of(slots: Mapping[str, Any], today: date) -> int | None:
    """Whole months, by the birthday where it is known."""
    if slots.get("birth_date") and (months := months_old(str(slots["birth_date"]), today)) is not None:
        return months
    told = slots.get("child_age_months")
    return int(told) if told is not None else None


def told_of(kept: Mapping[str, Any] | None, slots: Mapping[str, Any], today: date) -> str:
    """老大2岁半、老二1个月: every child that was told of, the one spoken of last at the end."""
    known = [*((kept or {}).get("children") or {}).items(), (str((kept or {}).get("now") or UNNAMED), slots)]
    ages = [(_CALLED[name], age_of(told, today)) for name, told in known]
    return "、".join(f"{name}{age_said(months)}" for name, months in ages if months is not None)


def assumed(child: str, months: int | None) -> str:
    """按老大（3岁）回答。 What an answer was based on, told where the turn itself did not say it."""
    name = _CALLED[child]
    if months is None:
        return f"{name}多大还没说，先按一般情况答。告诉我多大，能答得更准。" if name else ""
    return f"按{name}（{age_said(months)}）回答。" if name else f"按{age_said(months)}回答。"


def age_said(months: int) -> str:
    """8个月, 1岁半, 2岁3个月; 没满月."""
    years, rest = divmod(months, 12)
    if not months:
        return "没满月"
    return (f"{years}岁" if years else "") + ("半" if rest == 6 and years else f"{rest}个月" if rest else "")
