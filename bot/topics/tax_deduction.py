"""3岁以下婴幼儿照护专项附加扣除: how much, which months, who. Pure."""

from __future__ import annotations

from datetime import date

from bot.knowledge.dated import NoRuleInForce
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.subsidy_case import SubsidyCase
from bot.topics.subsidy_money import deduction_in_year, deduction_months
from bot.topics.wording import day, month

_HOW = Button("怎么填", '/ask_tax_deduction{"subsidy_question": "tax_how"}')
_SHARE = Button("夫妻怎么分", '/ask_tax_deduction{"subsidy_question": "tax_share"}')
_AFTER = Button("满3岁后呢", '/ask_tax_deduction{"subsidy_question": "tax_other_children"}')


def answer_tax(knowledge: Knowledge, case: SubsidyCase, on: date) -> Answer:
    """The deduction in general, or for this child: 2000 yuan a month since 2023 (1000 in 2022) from the month of birth to the month before
    the third birthday, all by one parent or half by each (国发〔2022〕8号, 国发〔2023〕13号)."""
    try:
        monthly, until = (knowledge.facts[f"subsidy.{name}"].on(on) for name in ("tax_monthly", "tax_until"))
    except NoRuleInForce:
        return Answer("utter_subsidy_no_rule", {"label": "个税扣除", "day": day(on), "hotline": knowledge.hotlines["h12366"].number})
    values = {"monthly": monthly.value, "half": monthly.value // 2, "until": until.value}
    buttons = (_HOW, _SHARE, _AFTER)
    if case.birth_date is None:
        return Answer("utter_subsidy_tax_general", values, (monthly, until), buttons=buttons)
    first, last = deduction_months(case.birth_date, until.value)
    values |= {"first": month(first), "last": month(last)}
    if on.replace(day=1) > last:
        return Answer("utter_subsidy_tax_over", values, (monthly, until), buttons=(_AFTER, _HOW))
    year = max(on.year, first.year)
    months, amount = deduction_in_year(knowledge, case.birth_date, until.value, year)
    children = case.children or 1
    values |= {"year": year, "months": months, "amount": amount * children, "children": children}
    response = "utter_subsidy_tax_child" if children == 1 else "utter_subsidy_tax_children"
    return Answer(response, values, (monthly, until), buttons=buttons)
