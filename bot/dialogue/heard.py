"""What was heard in a message as understood: of which topic it is, and which text it asks for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BEFORE = "before"  # of a message as understood: what was said before it, where that may still belong to it
HEARD = "facts_heard"  # of a message as understood: the chances of facts (bot/nlu/fact_net.py)
CHANCES = "fact_chances"  # the same of all facts, while a message is understood
HELD = "held"  # of a message as understood: that it goes on about an illness, whatever else it may be together with what was said before
SAID = "said"  # of a message as understood: the user's own words, where it was read together with earlier ones
ASKS = re.compile(
    r"吗|呢|么|(.)不\1|有没有|不是.{2,}|[？?]|[什哪谁几咋啥]|多[少久大]|怎|能|要|可以|[不没嘛吧]$"
)  # a question, by its words
HEARD_WELL, WEAK, LIKELY, SURE, CERTAIN = 0.6, 0.75, 0.8, 0.9, 0.97
TOPIC_OF = {
    "ask_leave_days": "leave", "ask_leave_plan": "leave", "ask_job_protection": "leave", "ask_maternity_allowance": "leave",
    "ask_childcare_subsidy": "subsidy", "ask_tax_deduction": "subsidy", "ask_medical_insurance": "subsidy",
    "ask_childcare_quality": "childcare_choose", "ask_open_childcare": "childcare_provider", "find_childcare": "childcare_find",
    "ask_vaccination": "vaccination", "ask_feeding": "nutrition", "ask_growth": "growth", "report_symptom": "health_urgent",
    "ask_policy_clause": "policy_clause", "ask_department_duty": "department_duty",
}  # fmt: skip
OF_CHILDCARE = {"childcare": "ask_childcare_quality", "opening": "ask_open_childcare"}
SUBJECTS = {
    "leave": {"leave"}, "subsidy": {"subsidy"}, "childcare_choose": {*OF_CHILDCARE}, "childcare_provider": {*OF_CHILDCARE},
    "vaccination": {"vaccination"}, "nutrition": {"nutrition"}, "growth": {"growth"},
}  # fmt: skip
# Words that name a topic where it is not the one spoken of (那辅食呢, after vaccines): what is asked is of that one.
NAMED = {
    "leave": re.compile(r"[产婚病]假|护理假|陪产|育儿假|哺乳假|休假|(?<!退)休(?![息克])"),
    "subsidy": re.compile(r"补贴|个税|扣除|生孩子[^，。]{0,4}报销"),
    "vaccination": re.compile(r"疫苗|接种|打针|那[一几两]?针"),
    "nutrition": re.compile(r"辅食|奶粉|母乳|喂奶|喝奶"),
    "growth": re.compile(r"身高|体重|个头|发育|会走|说话"),
}
LEANS = frozenset({"inform", "ask_followup"})
ANY_TIME = frozenset({"out_of_scope", "nlu_fallback", "ask_capabilities", "greet", "goodbye"})  # what may stand anywhere, and mean anything


def of_topic(parse: Mapping[str, Any], last: str) -> bool:
    """Whether a message was taken for a question of the last topic; parents and operators ask the same of childcare."""
    topic = TOPIC_OF.get(parse["intent"]["name"])
    return topic == last or {topic, last} <= {"childcare_choose", "childcare_provider"}


def asked_for(parse: Mapping[str, Any], subjects: set[str] | None = None) -> tuple[str, float]:
    """The likeliest text fact that was heard, of the subjects if given, and its chance."""
    heard: Mapping[str, float] = parse.get(HEARD) or {}
    facts = [(chance, fact) for fact, chance in heard.items() if "." in fact and (subjects is None or fact.partition(".")[0] in subjects)]
    chance, fact = max(facts, default=(0.0, ""))
    return fact, chance


def topics_named(text: str) -> set[str]:
    """The topics that a message names by a word of theirs."""
    return {topic for topic, words in NAMED.items() if words.search(text)}


def of_subject(parse: Mapping[str, Any], topic: str) -> bool:
    """Whether a message surely asks for none of the topic's texts, but for what is reckoned (how many days, which shot)."""
    heard: Mapping[str, float] = parse.get(HEARD) or {}
    return max((heard.get(subject, 0.0) for subject in SUBJECTS.get(topic, ())), default=0.0) >= LIKELY
