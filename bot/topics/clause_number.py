"""A clause named by its number, in any writing: 三(八)2, （九）1, 四（二）, 第三部分第八条第2点, 3.8.2. Pure."""

from __future__ import annotations

import re

_DIGITS = "一二三四五六七八九十"
_N = rf"(?:[1-9]|[{_DIGITS}])"
_ITEM = rf"(?:[的,、.]?第?(?P<item>{_N})(?:(?=\D|$)(?![个岁月天年日号人名])))?"
_UNIT = "(?:条|款|项|点|节|部分|方面|小点)"
_NUMBERED = (
    re.compile(rf"(?<!第)(?P<part>[三四34])[、.]?\((?P<section>{_N})\)(?!班|中|小)(?:{_UNIT})?{_ITEM}"),
    re.compile(
        rf"(?:第(?P<part>[三四34])(?:部分|章|大点|大项|大块)|(?P<name>主要任务|组织实施))[的、,里中]*第?\(?(?P<section>{_N})\)?{_UNIT}?"
        rf"(?:[的、,]*第?\(?(?P<item>{_N})\)?{_UNIT})?"
    ),
    re.compile(r"(?<![\d.])(?P<part>[34])\.(?P<section>\d)(?:\.(?P<item>\d))(?![\d.])"),
    re.compile(r"第(?P<part>[34])\.(?P<section>\d)(?![\d.])"),
    re.compile(rf"(?<![三四34、\w])\((?P<section>[{_DIGITS}])\)(?!班|中|小){_ITEM}"),
    re.compile(rf"第\(?(?P<section>{_N})\)?[条项款](?:的?第?\(?(?P<item>{_N})\)?[点条款项])"),
)
_ALONE = re.compile(rf"第(?P<n>{_N})(?:条|款|项|点)|(?P<next>下一(?:条|款|项|点))|(?P<last>上一(?:条|款|项|点))")
_OTHER_LAW = re.compile(r"(?:法|条例|办法|规范|标准|准则|细则|合同|协议)》?$")
_WIDE = str.maketrans("（）【】［］．。，", "()()().,,")


def _number(text: str | None) -> str:
    return "" if not text else text if text.isdigit() else str(_DIGITS.index(text) + 1)


def named_numbers(text: str) -> tuple[str, ...]:
    """The ids (3.8.2), or the sections (3.8), that a question names, in its order; a number of another law named right before it does not count."""
    plain = re.sub(r"\s+", "", text.translate(_WIDE))
    found: dict[int, str] = {}
    taken: set[int] = set()
    for pattern in _NUMBERED:
        for match in pattern.finditer(plain):
            if taken & set(range(*match.span())) or _OTHER_LAW.search(plain[: match.start()]):
                continue
            taken |= set(range(*match.span()))
            groups = match.groupdict()
            part = "4" if groups.get("part") in ("四", "4") or groups.get("name") == "组织实施" else "3"
            item = "" if part == "4" else _number(groups.get("item"))
            found[match.start()] = ".".join(piece for piece in (part, _number(groups["section"]), item) if piece)
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def named_number(text: str) -> tuple[str, int] | None:
    """("at", 2) of 第二条, ("by", 1) of 下一条, ("by", -1) of 上一条; None where a message names neither, or a whole number (三(八)2)."""
    found = None if named_numbers(text) else _ALONE.search(re.sub(r"\s+", "", text.translate(_WIDE)))
    if found is None or _OTHER_LAW.search(text[: found.start()]):
        return None
    return ("at", int(_number(found["n"]))) if found["n"] else ("by", 1 if found["next"] else -1)
