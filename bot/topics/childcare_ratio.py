"""How many children one carer may look after, and how large a class may be: told for the child's age, reckoned where numbers are told. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from bot.knowledge.dated import Value
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer

BANDS = {"infant": "乳儿班", "small": "托小班", "large": "托大班"}  # 设置标准 第十九条
_NAMED = {
    "infant": re.compile(r"乳儿班|(?:半岁|6个月|六个月)[到至-](?:1|一)(?:周?岁)"),
    "small": re.compile(r"托小班|小托班|[1一](?:周?岁)?[到至-][2两二]周?岁|一两岁"),
    "large": re.compile(r"托大班|大托班|[2两二](?:周?岁)?[到至-][3三]周?岁|两三岁"),
}
_MIXED = re.compile(r"混龄|混班|混合|混着")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_N = r"(\d{1,3}|[一二两俩仨三四五六七八九]?十[一二三四五六七八九几多]?|[一二两俩仨三四五六七八九])"
_CARER = r"(?:老师|保育员|保育师|阿姨|大人|教师)"
_ASKED = r"(?!(?:最多|至多|一般|能|可以|要|得)*(?:看|带|管|照顾)(?:几|多少))"  # 一个老师最多看几个 counts nobody
_CARERS = re.compile(_N + rf"\s*(?:个|位|名)?\s*(?:新|小|女)?{_CARER}{_ASKED}|{_CARER}(?:就|只有|才|共|有|一共|总共)*{_N}\s*[个位名]")
_CHILD = r"(?:孩子|娃|小孩|幼儿|宝宝|宝贝|小朋友|小家伙)"
_CHILDREN = re.compile(
    _N + r"\s*(?:多|来)?\s*(?:个|名|位)?\s*(?:多)?(?:小|大)?" + _CHILD
    + r"|" + _CHILD + r"(?:有|共|一共)*" + _N + r"(?:来|多)?\s*[个名](?!月|多?月|班)"
    + r"|(?:看|带|管|照顾|收|班里|共有|一共|总共)(?:了|着|有)?\s*" + _N + r"(?:多)?\s*(?:个|名)(?!月|星期|多?月|老师|阿姨|大人|保育|班|小时)"
    + r"|" + _N + r"\s*个?人(?=是不是|的班|算|一个班|一班|太多|，|$)"
)  # fmt: skip


@dataclass(frozen=True)
class _Rule:
    """A class of one age: months from and until, the most children, the most for one carer, and the values that say so."""

    label: str
    first: int
    until: int
    most: int
    ratio: int
    values: tuple[Value, ...]

    @property
    def ages(self) -> str:
        return f"{self.first}到{self.until}个月"

    def carers(self, children: int) -> int:
        return math.ceil(children / self.ratio)


def _rule(knowledge: Knowledge, band: str, on: date) -> _Rule:
    values = [knowledge.facts[f"childcare.{band}_{part}"].on(on) for part in ("from", "until", "class", "ratio")]
    first, until, most, ratio = (value.value for value in values)
    return _Rule(BANDS[band], first, until, most, ratio, tuple(values))


def band_of(knowledge: Knowledge, text: str, age_months: int | None, on: date) -> str | None:
    """infant, small or large: the class named in the text, else that of the age in months; None below and above (6 to under 36 months)."""
    for band, named in _NAMED.items():
        if named.search(text):
            return band
    for band in BANDS:
        rule = _rule(knowledge, band, on)
        if age_months is not None and rule.first <= age_months < rule.until:
            return band
    return None


def number(word: str) -> int:
    """十三 → 13, 二十多 → 21 and 十几 → 11 (at least so many), 8 → 8."""
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + (1 if ones in ("几", "多") else _DIGITS.get(ones, 0))


def counted(text: str) -> tuple[int | None, int | None]:
    """(carers, children) that a message counts, None for what it does not: two kinds of carers are added up, of children the most counts."""
    carers = [number(found[1] or found[2]) for found in _CARERS.finditer(text)]
    children = [number(next(filter(None, found.groups()))) for found in _CHILDREN.finditer(_CARERS.sub("，带", text))]
    return sum(carers) or None, max(children, default=0) or None


def answer_ratio(knowledge: Knowledge, text: str, age_months: int | None, on: date) -> Answer | None:
    """The number for the child's class first, with a verdict on what was counted; None where neither a class nor children are known.

    None for a mixed class too: the standard says how large it may be, not how many carers it needs (设置标准 第十九条).
    """
    if _MIXED.search(text):
        return None
    carers, children = counted(text)
    band = band_of(knowledge, text, age_months, on)
    if band:
        return _of_class(_rule(knowledge, band, on), carers, children)
    return _of_all([_rule(knowledge, name, on) for name in BANDS], carers, children) if children and children > 1 else None


def _of_class(rule: _Rule, carers: int | None, children: int | None) -> Answer:
    values = {"label": rule.label, "ages": rule.ages, "ratio": rule.ratio, "most": rule.most, "children": children, "carers": carers}
    if not children or children == 1:
        return Answer("utter_childcare_ratio_class", values, rule.values)
    needed = rule.carers(children)
    values |= {"needed": needed, "over": f"一班{children}个也超了，" if children > rule.most else ""}
    if carers is None:
        return Answer("utter_childcare_ratio_needed", values, rule.values)
    kept = carers >= needed and (children <= rule.most or carers == 1)
    return Answer("utter_childcare_ratio_kept" if kept else "utter_childcare_ratio_broken", values, rule.values)


def _of_all(rules: list[_Rule], carers: int | None, children: int) -> Answer:
    needed = "、".join(f"{rule.label}（{rule.ages}）{rule.carers(children)}个" for rule in rules)
    values = {"children": children, "carers": carers, "needed": needed}
    used = tuple(value for rule in rules for value in rule.values)
    if carers is None:
        return Answer("utter_childcare_ratio_any_age", values, used)
    enough = [rule.label for rule in rules if carers >= rule.carers(children)]
    values["verdict"] = f"{'、'.join(enough)}够，别的年龄不够" if enough else "哪个年龄都不够，不合标准"
    if len(enough) == len(rules):
        values["verdict"] = "哪个年龄都够"
    return Answer("utter_childcare_ratio_counted", values, used)
