"""Money for families: 育儿补贴, the tax deduction, medical insurance. General at once, reckoned once the month of birth is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.knowledge.dated import Fact, NoRuleInForce
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.subsidy_case import SubsidyCase
from bot.topics.subsidy_money import SubsidyRules, full_amount, is_full, last_day_to_apply, older_child_amounts, subsidy_rules
from bot.topics.tax_deduction import answer_tax
from bot.topics.text_facts import answer, find, in_force
from bot.topics.wording import day, month, plus

__all__ = ["SubsidyCase", "answer_subsidy"]

_WHERE = Button("怎么申请", '/ask_childcare_subsidy{"subsidy_question": "where"}')
_PAPERS = Button("要什么材料", '/ask_childcare_subsidy{"subsidy_question": "papers"}')
_PAYMENT = Button("什么时候发", '/ask_childcare_subsidy{"subsidy_question": "payment"}')
_DEADLINE = Button("最晚哪天申请", '/ask_childcare_subsidy{"subsidy_question": "first_application_deadline"}')
_MATERNITY_MEDICAL = Button("生孩子怎么报销", '/ask_medical_insurance{"subsidy_question": "medical_birth_insured"}')
_PREFIX = {"tax": "subsidy.tax_", "medical": "subsidy.medical_"}
# Questions that the sum for this child answers better than a text, once the month of birth is known.
_AMOUNT, _DEADLINE_FACT = "subsidy.yearly_amount", "subsidy.first_application_deadline"
# A year of birth, perhaps with the month, said in short: 老大21年的, 2021年5月的.
_BORN_IN = re.compile(r"(?<!\d)(?:20)?(1\d|2\d)年(?:(1[0-2]|[1-9])月)?份?(?:出?生|的(?!文件|规定|政策|标准|钱|补贴|申请|时候))")
_HOW = re.compile(r"(?:怎么|咋|如何|去哪里?|到哪里?|在哪里?)(?:去|个|样)?(?:领|申请|申报|办|弄)")
_REPLACED_BY_AMOUNT = {_AMOUNT, "subsidy.who", "subsidy.twins", "subsidy.over_three_now"}


def answer_subsidy(knowledge: Knowledge, case: SubsidyCase, on: date) -> tuple[Answer, ...]:
    """The answers to a question about money asked on a day, first first."""
    named = knowledge.facts.get(f"subsidy.{case.fact}") if case.fact else None
    names = (named.id,) if named and in_force(named, on) else find(_facts_about(knowledge, case.question), case.text, on, heard=case.heard)
    if case.question == "childcare":
        return _childcare(knowledge, case, names, on)
    if names and not (case.told_now and case.question == "tax" and case.birth_date):
        return _texts(knowledge, names, on)
    if case.question == "tax":
        return (answer_tax(knowledge, case, on),)
    if not in_force(knowledge.facts["subsidy.medical_child"], on):
        return (_no_rule(knowledge, "宝宝医保", "h12393", on),)
    return (answer(knowledge, "utter_subsidy_fact", "subsidy.medical_child", on, (_MATERNITY_MEDICAL,)),)


def _no_rule(knowledge: Knowledge, label: str, hotline: str, on: date) -> Answer:
    """No rule is known for that day: said so, with the hotline to ask."""
    return Answer("utter_subsidy_no_rule", {"label": label, "day": day(on), "hotline": knowledge.hotlines[hotline].number})


def _facts_about(knowledge: Knowledge, question: str) -> Iterable[Fact]:
    """The facts that a question may be answered by: each of the three questions has its own."""
    for fact in knowledge.facts.values():
        if fact.id.startswith("subsidy."):
            about = next((kind for kind, prefix in _PREFIX.items() if fact.id.startswith(prefix)), "childcare")
            if about == question:
                yield fact


def _texts(knowledge: Knowledge, names: Iterable[str], on: date) -> tuple[Answer, ...]:
    return tuple(answer(knowledge, "utter_subsidy_fact", name, on, _buttons(name)) for name in names)


def _buttons(name: str) -> tuple[Button, ...]:
    """Next steps after a text about the childcare subsidy; none after the others."""
    if name.startswith(tuple(_PREFIX.values())):
        return ()
    asked = {"subsidy.where": _WHERE, "subsidy.papers": _PAPERS, "subsidy.payment": _PAYMENT}
    return tuple(button for fact, button in asked.items() if fact != name)


def _childcare(knowledge: Knowledge, case: SubsidyCase, names: tuple[str, ...], on: date) -> tuple[Answer, ...]:
    try:
        rules = subsidy_rules(knowledge, on)
    except NoRuleInForce:
        return (_no_rule(knowledge, "育儿补贴", "h12345", on),)
    if case.births:
        return _together(knowledge, rules, case.births, on)
    if too_old := _born_too_early(rules, case.text):
        return (too_old,)
    if _DEADLINE_FACT in names[:1]:
        return (_deadline(knowledge, rules, case.birth_date, on),)
    if case.birth_date and (not names or names[0] in _REPLACED_BY_AMOUNT):
        told = _amount(knowledge, rules, case.birth_date, case.children or 1, on)
        return (*_texts(knowledge, ("subsidy.where",), on), *told) if _HOW.search(case.text) else told
    texts = [name for name in names if knowledge.facts[name].unit == "text"]
    if texts:
        return _texts(knowledge, texts, on)
    return (_general(rules, case),)


def _born_too_early(rules: SubsidyRules, text: str) -> Answer | None:
    """That a child of a year named in the text (老大21年的) gets nothing, where none born in that year does."""
    said = _BORN_IN.search(text)
    year = 2000 + int(said[1]) if said else 0
    if not said or is_full(rules, date(year, 12, 31)) or older_child_amounts(rules, date(year, 12, 31)):
        return None
    return _none(rules, f"{year}年{int(said[2])}月" if said[2] else f"{year}年")


def _none(rules: SubsidyRules, born: str) -> Answer:
    """That a child `born` in that month or year gets nothing: it was too old before the subsidy began."""
    values = {"born": born, "age": rules.age_limit.value, "counted_from": month(rules.first_day)}
    return Answer("utter_subsidy_amount_none", values, (rules.age_limit, rules.counted_from))


def _general(rules: SubsidyRules, case: SubsidyCase) -> Answer:
    """What it is, at once; the one detail that would let it reckon is the month of birth."""
    values = {"yearly": rules.yearly.value, "age": rules.age_limit.value}
    response = "utter_subsidy_general" if case.child_age_months is None else "utter_subsidy_general_ask_month"
    return Answer(response, values, rules.facts, buttons=(_WHERE, _PAPERS, _DEADLINE))


def _amount(knowledge: Knowledge, rules: SubsidyRules, born: date, children: int, on: date) -> tuple[Answer, ...]:
    """How much for this child, and until when to apply first."""
    buttons = (_WHERE, _PAPERS, _PAYMENT)
    values = {"born": month(born), "yearly": rules.yearly.value, "age": rules.age_limit.value, "children": children}
    values |= {"counted_from": month(rules.first_day)}
    if is_full(rules, born):
        total = full_amount(rules)
        response = "utter_subsidy_amount_full" if children == 1 else "utter_subsidy_amount_full_children"
    else:
        by_year = older_child_amounts(rules, born)
        if not by_year:
            return (_none(rules, month(born)),)
        total = sum(by_year.values())
        values |= {"sum": plus(((f"{year}年", amount) for year, amount in by_year.items()), "元"), "monthly": rules.monthly.value}
        response = "utter_subsidy_amount_older" if children == 1 else "utter_subsidy_amount_older_children"
    values |= {"total": total, "all": total * children}
    return Answer(response, values, rules.facts, buttons=buttons), _deadline(knowledge, rules, born, on)


def _together(knowledge: Knowledge, rules: SubsidyRules, births: Sequence[date], on: date) -> tuple[Answer, ...]:
    """How much for each of several children and in all; until when to apply first, for each group of births."""
    sums = {born: full_amount(rules) if is_full(rules, born) else sum(older_child_amounts(rules, born).values()) for born in births}
    lines = "".join(f"\n· {month(born)}生的：{total}元" if total else f"\n· {month(born)}生的：领不到" for born, total in sums.items())
    values = {"lines": lines, "all": sum(sums.values()), "counted_from": month(rules.first_day), "age": rules.age_limit.value}
    groups = {is_full(rules, born): born for born, total in sums.items() if total}
    deadlines = tuple(_deadline(knowledge, rules, born, on) for born in groups.values())
    return Answer("utter_subsidy_amount_together", values, rules.facts, buttons=(_WHERE, _PAPERS, _PAYMENT)), *deadlines


def _deadline(knowledge: Knowledge, rules: SubsidyRules, born: date | None, on: date) -> Answer:
    """Until when the first application may be made: for this child, or for both groups of births."""
    if born is None:
        since = rules.first_day
        last, rule = last_day_to_apply(knowledge, rules, since - timedelta(days=1), on)
        values = {"deadline": day(last), "since": since.year, "oldest": since.year - rules.age_limit.value, "youngest": since.year - 1}
        return Answer(
            "utter_subsidy_deadline_general", values, (rule, knowledge.facts["subsidy.renewal"].on(on)), buttons=(_WHERE, _PAPERS)
        )
    last, rule = last_day_to_apply(knowledge, rules, born, on)
    values = {"deadline": day(last), "born": month(born), "hotline": knowledge.hotlines["h12345"].number}
    if not is_full(rules, born) and not older_child_amounts(rules, born):
        return _none(rules, month(born))
    if on > last:
        return Answer("utter_subsidy_deadline_passed", values, (rule,), buttons=(_WHERE,))
    response = "utter_subsidy_deadline_full" if is_full(rules, born) else "utter_subsidy_deadline_older"
    return Answer(response, values, (rule,), buttons=(_WHERE, _PAPERS))
