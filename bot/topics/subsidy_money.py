"""How much money for a child: the childcare subsidy and the tax deduction, by month of birth. Pure functions over the dated facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.knowledge.dated import Value
from bot.knowledge.model import Knowledge
from bot.topics.wording import years_later


@dataclass(frozen=True)
class SubsidyRules:
    """The values of the childcare subsidy in force on a day: yuan a year, yuan a month, years of age, the day it counts from."""

    yearly: Value
    monthly: Value
    age_limit: Value
    counted_from: Value

    @property
    def facts(self) -> tuple[Value, ...]:
        return (self.yearly, self.monthly, self.age_limit)

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.counted_from.value)


def subsidy_rules(knowledge: Knowledge, on: date) -> SubsidyRules:
    """The rules in force on a day. Raises NoRuleInForce (nothing before 2025)."""
    names = ("yearly_amount", "monthly_amount", "age_limit", "counted_from")
    return SubsidyRules(*(knowledge.facts[f"subsidy.{name}"].on(on) for name in names))


def _month_number(when: date) -> int:
    return when.year * 12 + when.month - 1


def is_full(rules: SubsidyRules, born: date) -> bool:
    """Whether the child was born after the subsidy began: full years, not months."""
    return born >= rules.first_day


def older_child_amounts(rules: SubsidyRules, born: date) -> Mapping[int, int]:
    """Yuan by calendar year for a child born before 2025: each month from 2025-01 through the month of the third birthday counts
    (管理规范 第十四条第（二）项). Empty where the child was three before."""
    last = _month_number(born) + 12 * rules.age_limit.value  # by months: whoever was born on 29 February turns three in February
    months = range(_month_number(rules.first_day), last + 1)
    amounts: dict[int, int] = {}
    for month in months:
        amounts[month // 12] = amounts.get(month // 12, 0) + rules.monthly.value
    return {year: min(amount, rules.yearly.value) for year, amount in amounts.items()}


def full_amount(rules: SubsidyRules) -> int:
    """Yuan for a child born since 2025: a full amount for each year until the third birthday (实施方案)."""
    return int(rules.yearly.value * rules.age_limit.value)


def last_day_to_apply(knowledge: Knowledge, rules: SubsidyRules, born: date, on: date) -> tuple[date, Value]:
    """The last day of the first application and the rule it rests on, as known on a day: for births since 2025 the end of the year after
    birth, for earlier ones the day set by notice (C: to be confirmed). Raises NoRuleInForce."""
    if is_full(rules, born):
        return date(born.year + 1, 12, 31), knowledge.facts["subsidy.renewal"].on(on)
    rule = knowledge.facts["subsidy.first_application_deadline"].on(on)
    return date.fromisoformat(rule.value), rule


def deduction_months(born: date, until_years: int) -> tuple[date, date]:
    """First and last month (as their first days) of the tax deduction: from the month of birth to the month before the child is three."""
    first = born.replace(day=1)
    return first, (years_later(first, until_years) - timedelta(days=1)).replace(day=1)


def deduction_in_year(knowledge: Knowledge, born: date, until_years: int, year: int) -> tuple[int, int]:
    """How many months of a year count and the yuan deducted in them, for one child; each month by its own amount.
    Nothing before 2022."""
    first, last = deduction_months(born, until_years)
    fact = knowledge.facts["subsidy.tax_monthly"]
    start = min(value.start for value in fact.values)
    months = [when for month in range(1, 13) if first <= (when := date(year, month, 1)) <= last and when >= start]
    return len(months), sum(fact.on(month).value for month in months)
