"""Growth and development of children under three: measurements, what is usual, skills, play and what else parents ask. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.knowledge.dated import Fact
from bot.knowledge.growth_model import SEXES, Development, GrowthStandard, Skill
from bot.knowledge.model import Knowledge
from bot.topics import growth_development as development
from bot.topics.answer import Answer
from bot.topics.growth_case import CORRECTED_UNTIL, MEASURES, GrowthCase
from bot.topics.growth_development import PLAY, SIGNS, cannot_yet, lost_a_skill
from bot.topics.growth_measured import BOY, GIRL, answer_measured
from bot.topics.growth_standard import lines_at
from bot.topics.growth_words import SEX, age, between, bullets, name
from bot.topics.matching import best, rank
from bot.topics.text_facts import answer, in_force

__all__ = ["GrowthCase", "about", "answer_growth"]

_NORM = re.compile(
    r"(?:体重|多重|几斤|多少斤|多少公斤|身高|身长|多高|多长|个子|头围|公分|厘米)[^，。]{0,12}?(?:多少|标准|正常|参考|合适|合格|达标|应该|要长到|算|范围|平均|一般|几)"
    r"|(?:多重|多高|几斤|多少斤|多少公斤|多少公分|多少厘米)|(?:标准|正常|平均|参考)的?(?:体重|身高|身长|头围)|(?:身高|体重|头围)的?(?:表|参考值|对照)|^那?么?(?:体重|身高|头围)呢?[？?]?$"
)
_OF_MEASURE = {"weight_kg": re.compile(r"重|斤"), "length_cm": re.compile(r"高|身长|多长|公分|厘米|个子"), "head_cm": re.compile(r"头围")}
_PLAY = re.compile(
    r"怎么(?:陪|玩|早教|逗|带着?玩|互动|刺激|训练|锻炼)|玩(?:什么|啥)|陪.{0,3}玩|什么(?:游戏|玩具)|(?:亲子|互动)?游戏|(?:哪些|买|选|合适的)玩具|玩点|跟[他她]玩|亲子|早教|早期(?:发展|学习|教育)|智力开发|开发智力|启蒙"
)
_STAGE = re.compile(r"(?:会|能|该|懂)(?:做|有)?(?:些)?(?:什么|啥|哪些)|发育(?:标准|情况|正常|怎么样|对照)|里程碑|大运动|该会|发展到|发育到")
_SURE = 0.5  # of a text, where what is usual is asked
_PRETERM = "growth.preterm"
_SCREENED = ("growth.autism", "growth.late_talker")
_AUTISM = re.compile(r"自闭|孤独症|谱系")
_SIGNS = re.compile(r"预警|警示|征象|要留意|注意什么信号|发育筛查")


def _asked(knowledge: Knowledge, case: GrowthCase, on: date) -> tuple[Fact | Skill, ...]:
    """The skills and facts that the message asks for, best first, at most two."""
    skills = knowledge.development.skills if knowledge.development else ()
    facts = (fact for fact in knowledge.facts.values() if fact.id.startswith("growth.") and fact.asked and in_force(fact, on))
    things: list[Fact | Skill] = [*skills, *facts]
    heard = case.heard
    if heard:  # a skill that is named is as likely as that none of the texts is asked for
        heard = {**heard, **{match.fact.id: heard.get("growth", 0.0) for match in rank(skills, case.text)}}
    return tuple(match.fact for match in best(things, case.text, heard=heard))


def _skill(skill: Skill, text: str) -> str:
    """skill:walk, or skill:walk! where the child cannot do it yet."""
    return f"skill:{skill.id}{'!' if cannot_yet(text) else ''}"


def about(knowledge: Knowledge, case: GrowthCase, on: date) -> str:
    """What the message asks: measured, weeks, corrected, norm, play, signs, stage, lost, skill:<id>, fact:<id> or general.

    A bare detail asks the last question again.
    """
    if case.fact:
        return case.fact if case.fact in ("play", "signs", "stage") else f"fact:growth.{case.fact}"
    if case.told and (case.months or 0) >= 1 and all(one.months == 0 for one in case.told):
        return "norm"  # only the weight at birth is told: what is usual now
    if case.told or (case.question == "weeks" and case.weeks):
        born_early = "早产" in case.text and case.weeks is None and (case.months or 0) < CORRECTED_UNTIL
        return "weeks" if born_early else "measured"
    if _AUTISM.search(case.text):
        return "fact:growth.autism"
    if lost_a_skill(case.text):
        return "lost"
    asked = _asked(knowledge, case, on)
    sure = [thing for thing in asked[:1] if isinstance(thing, Fact) and (not case.heard or case.heard.get(thing.id, 0.0) >= _SURE)]
    if case.weeks and case.months is not None and case.months < CORRECTED_UNTIL and asked and asked[0].id == _PRETERM:
        skill = next((match.fact for match in rank(knowledge.development.skills, case.text)), None) if knowledge.development else None
        return _skill(skill, case.text) if skill else "corrected"
    if _NORM.search(case.text) and not any(fact.id != "growth.slow" for fact in sure):
        return "norm"
    if _SIGNS.search(case.text) and (case.months is not None or not asked):
        return "signs"
    if asked:
        return _skill(asked[0], case.text) if isinstance(asked[0], Skill) else f"fact:{asked[0].id}"
    for question, words in (("play", _PLAY), ("stage", _STAGE)):
        if words.search(case.text):
            return question
    if case.question and (case.age_told or case.sex_told or len(case.text) <= 6):
        return "norm" if case.question == "measured" and case.age_told else case.question
    if case.months is not None and re.search(r"不会|还没|还不|不肯|只会|不住", case.text):
        return "signs"
    bare = len(case.text) <= 8 or re.search(r"正常|怎么样|达标|跟得上|发育", case.text)
    return "stage" if case.months is not None and bare else "general"


def answer_growth(knowledge: Knowledge, case: GrowthCase, question: str, on: date) -> tuple[Answer, ...]:
    """The answers to a question that `about` found in the message, first first."""
    standard, lists = knowledge.growth, knowledge.development
    if standard is None or lists is None:
        return (Answer("utter_growth_no_standard", {"hotline": knowledge.hotlines["h12345"].number}),)
    if question == "measured" and case.readings:
        return answer_measured(knowledge, standard, case, on)
    if question == "weeks":
        return (Answer("utter_growth_ask_weeks"),)
    if question == "norm":
        return _norm(standard, case)
    if question == "corrected":
        return (_corrected(knowledge, case, on),)
    if question.startswith("fact:"):
        return _facts(knowledge, case, question.removeprefix("fact:"), on)
    return (_developed(lists, case, question),)


def _developed(lists: Development, case: GrowthCase, question: str) -> Answer:
    if question == "lost":
        return development.answer_lost(lists)
    months = None if case.months is None else case.corrected(case.months)
    corrected = months != case.months
    skill = next((skill for skill in lists.skills if question.rstrip("!") == f"skill:{skill.id}"), None)
    if skill:
        return development.answer_skill(lists, skill, question.endswith("!"), months, corrected)
    if question == "general":
        return Answer("utter_growth_unknown" if len(case.text) > 6 else "utter_growth_general")
    if months is None:
        return Answer("utter_growth_general" if question == "measured" else "utter_growth_ask_age_first")
    if months > 36:
        return Answer("utter_growth_over_three", {"age": age(months)}, sources=(lists.signs_source,))
    if question == "play":
        return development.answer_play(lists, months)
    return development.answer_signs(lists, months) if question == "signs" else development.answer_stage(lists, months, corrected)


def _corrected(knowledge: Knowledge, case: GrowthCase, on: date) -> Answer:
    """The corrected age of a child whose age and weeks at birth were told."""
    assert case.months is not None and case.weeks is not None
    values = {"age": age(case.months), "weeks": case.weeks, "early": 40 - case.weeks, "corrected": age(case.corrected(case.months))}
    return Answer("utter_growth_corrected", values, (knowledge.facts[_PRETERM].on(on),))


def _facts(knowledge: Knowledge, case: GrowthCase, fact_id: str, on: date) -> tuple[Answer, ...]:
    """The fact, and a second one that other words of the message ask for."""
    asked = [thing.id for thing in _asked(knowledge, case, on) if isinstance(thing, Fact)]
    ids = dict.fromkeys((fact_id, *(asked if fact_id in asked else ())))
    known = [one for one in ids if one in knowledge.facts and in_force(knowledge.facts[one], on)]
    if not known:
        return (Answer("utter_growth_no_standard", {"hotline": knowledge.hotlines["h12345"].number}),)
    return tuple(answer(knowledge, "utter_growth_fact", one, on, (SIGNS,) if one in _SCREENED else ()) for one in known)


def _norm(standard: GrowthStandard, case: GrowthCase) -> tuple[Answer, ...]:
    """From −2 to +2 SD at an age, of what is asked for (all three where nothing is)."""
    if case.months is None:
        return (Answer("utter_growth_ask_age_first"),)
    if case.months > standard.last_month:
        return (Answer("utter_growth_over_three", {"age": age(case.months)}, sources=(standard.source,)),)
    months = case.corrected(case.months)
    measures = [measure for measure in MEASURES if _OF_MEASURE[measure].search(case.text)] or [reading.measure for reading in case.readings]
    chosen = [measure for measure in MEASURES if measure in measures] or list(MEASURES)

    def usual(sex: str) -> str:
        lines = {measure: lines_at(standard, measure, sex, months) for measure in chosen}
        return SEX[sex] + "：" + "，".join(name(m, months) + between(m, line[1], line[-2]) for m, line in lines.items())

    sexes = (case.sex,) if case.sex else SEXES
    values = {"age": age(case.months), "lines": bullets(usual(sex) for sex in sexes)}
    return (Answer("utter_growth_norm", values, sources=(standard.source,), buttons=(PLAY,) if case.sex else (BOY, GIRL)),)
