"""A remembered child: what is known of it, corrected, merged, told from another child. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

MOST_CHILDREN, MOST_DOSES, MOST_GROWTH = 8, 120, 240
ERASED_AT_YEARS = 7  # with the birthday: the programme's last vaccine is due at 6; ours, to be confirmed
SEXES = {"boy": "男宝", "girl": "女宝"}
_NICKNAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·]{1,8}")
_MEASURES = {"weight_kg": (0.3, 60.0), "length_cm": (20.0, 150.0), "head_cm": (15.0, 65.0)}


class BadChild(ValueError):
    """What was told of a child cannot be; `what` names it: birth, nickname, sex."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Child:
    """`birth`: ISO date or month; `sex`: boy or girl; `doses`: {product, number, day or None}; `growth`: {day, weight_kg, length_cm, head_cm}."""

    id: str
    nickname: str = ""
    birth: str | None = None
    sex: str | None = None
    doses: tuple[Mapping[str, Any], ...] = ()
    growth: tuple[Mapping[str, Any], ...] = ()

    def saved(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> Child:
        return cls(
            str(saved["id"]), saved.get("nickname") or "", saved.get("birth"), saved.get("sex"), clean_doses(saved.get("doses")),
            clean_growth(saved.get("growth")),
        )  # fmt: skip


def correct(child: Child, today: date, **changes: Any) -> Child:
    """The child with what was told instead of what was known: birth, nickname, sex, doses, growth. Raises BadChild; nothing is assumed."""
    clean: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "doses":
            clean[name] = clean_doses(value)
        elif name == "growth":
            clean[name] = clean_growth(value)
        elif (
            (name == "birth" and months_old(value, today) is None)
            or (name == "sex" and value not in SEXES)
            or (name == "nickname" and not _NICKNAME.fullmatch(str(value)))
        ):
            raise BadChild(name)
        else:
            clean[name] = value
    return replace(child, **clean)


def merge(one: Child, other: Child) -> Child:
    """Two records of the same child as one: what `one` says goes first, the more exact birth, every dose and measurement once."""
    exact = max((one.birth, other.birth), key=lambda birth: len(birth or "")) if fits_birth(one.birth, other.birth) else one.birth
    return replace(
        one, nickname=one.nickname or other.nickname, birth=one.birth and exact or other.birth, sex=one.sex or other.sex,
        doses=clean_doses([*one.doses, *other.doses]), growth=clean_growth([*other.growth, *one.growth]),
    )  # fmt: skip


def unite(children: Sequence[Child]) -> tuple[Child, ...]:
    """The children of two joined records; who has the same birth, and no other nickname or sex, is one child."""
    kept: list[Child] = []
    for child in children:
        same = [n for n, known in enumerate(kept) if _same(known, child)]
        if len(same) == 1:
            kept[same[0]] = merge(kept[same[0]], child)
        else:
            kept.append(child)
    return tuple(kept)


def _same(one: Child, other: Child) -> bool:
    agree = all(not a or not b or a == b for a, b in ((one.nickname, other.nickname), (one.sex, other.sex)))
    return agree and bool(one.birth) and fits_birth(one.birth, other.birth)


def clean_doses(raw: Any) -> tuple[dict[str, Any], ...]:
    """Doses that have a product, each once, in order; one with its day goes before the same number without."""
    found: dict[tuple[str, Any, str], dict[str, Any]] = {}
    for dose in raw if isinstance(raw, Iterable) and not isinstance(raw, str | bytes) else ():
        if not (isinstance(dose, Mapping) and isinstance(dose.get("product"), str) and dose["product"]):
            continue
        number, day = dose.get("number"), _day(dose.get("day"))
        number = number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 20 else None
        found[dose["product"][:40], number, day or ""] = {"product": dose["product"][:40], "number": number, "day": day}
    dated = {(product, number) for product, number, day in found if day}
    kept = [dose for (product, number, day), dose in found.items() if day or number is None or (product, number) not in dated]
    kept.sort(key=lambda dose: (dose["product"], dose["number"] or 0, dose["day"] or ""))
    return tuple(kept[:MOST_DOSES])


def clean_growth(raw: Any) -> tuple[dict[str, Any], ...]:
    """Measurements that have a day, one a day: of two, the later told fills in or replaces."""
    found: dict[str, dict[str, Any]] = {}
    for row in raw if isinstance(raw, Iterable) and not isinstance(raw, str | bytes) else ():
        if not (isinstance(row, Mapping) and (day := _day(row.get("day")))):
            continue
        told = {name: row[name] for name, (low, high) in _MEASURES.items() if _within(row.get(name), low, high)}
        if told:
            empty = {"day": day, **dict.fromkeys(_MEASURES)}
            found[day] = {**found.get(day, empty), **told}
    return tuple(found[day] for day in sorted(found)[-MOST_GROWTH:])


def _within(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def born(birth: str | None) -> date | None:
    """The day of birth, the first of the month where only that is known; None for anything else."""
    text = str(birth or "")
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return None


def months_old(birth: str | None, today: date) -> int | None:
    """Completed months; None for no date, one to come, or one more than 18 years ago."""
    day = born(birth)
    if day is None or day > today or today.year - day.year > 18:
        return None
    return (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)


def grown_up(child: Child, today: date) -> bool:
    """Whether the child is too old to be remembered."""
    day = born(child.birth)
    return day is not None and (today.year - ERASED_AT_YEARS, today.month, today.day) >= (day.year, day.month, day.day)


def fits_birth(one: str | None, other: str | None) -> bool:
    """Whether two dates of birth can be the same: equal, or one of them the month of the other."""
    return bool(one and other) and (str(one).startswith(str(other)) or str(other).startswith(str(one)))


def fits_age(birth: str | None, months: Any, today: date) -> bool:
    """Whether a child of that birth can be called so old: a month off either way; 两岁 is said until the third birthday."""
    old = months_old(birth, today)
    try:
        told = int(months)
    except (TypeError, ValueError):
        return True
    if old is None:
        return True
    return told - 1 <= old <= (told + 11 if told >= 12 and told % 12 == 0 else told + 1)


def by_age(children: Iterable[Child]) -> tuple[Child, ...]:
    """Eldest first, as families count them (老大, 老二); who has no birth comes last."""
    return tuple(sorted(children, key=lambda child: (child.birth or "9", child.id)))


def called(child: Child, children: Sequence[Child]) -> str:
    """小米, or 宝宝, or 老二 where there are several and this one has no nickname."""
    if child.nickname or len(children) < 2:
        return child.nickname or "宝宝"
    place = [one.id for one in by_age(children)].index(child.id)
    return f"老{'大二三四五六七八'[min(place, 7)]}"
