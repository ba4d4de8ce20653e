"""Development: what is usual at an age, which warning signs mean a check-up, how to play. Never a diagnosis. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.knowledge.growth_model import Development, Skill, Stage
from bot.topics.answer import Answer, Button
from bot.topics.growth_words import age

_NOT_YET = re.compile(
    r"不会|还没|没有?会|还不|不住|不到|不应|不回|只会|不走|不晓得|不回|不答|翻不|没会|不能|不肯|不爱|不敢|不理|不看|不认|不答应|没有?反应|没反应|不稳|不起|不开口|不说|不讲|不叫|不喊|不指|不笑|不动|一个字都|才会|晚|迟|落后|慢|头后仰|松不开|握|攥|内扣|转圈|刻板|排成一排|不懂|不出声|不发|不吱|不跟|软|晃|后倒|蹦不出|往外崩|光说|就会|拽|不出|飘|还要喂|非得|要人|不敢|歪|塌|埋|一把抓"
)
_LOST = re.compile(
    r"倒退|退步|(?:以前|原来|之前|本来|原先|先前|前阵子|会说的|会叫)[^。？！]*(?:现在|又|突然|反而|都)?[^。？！]*(?:不会了|不说了|不叫了|不看了|没了|不理了|不发|不做了|不吭|现在不)|(?:突然|忽然|反而)不(?:会说|会叫|说话|叫人|发声|会)了"
)
PLAY = Button("这么大怎么陪玩", '/ask_growth{"growth_fact": "play"}')
SIGNS = Button("这么大要留意什么", '/ask_growth{"growth_fact": "signs"}')


def at(stages: Sequence[Stage], months: float) -> Stage | None:
    """The latest stage that begins at or before an age; None for a child younger than the first."""
    return next((stage for stage in reversed(stages) if stage.months <= months), None)


def lost_a_skill(text: str) -> bool:
    """A skill that was there is gone: 原来会说的词现在不说了."""
    return bool(_LOST.search(text)) and not re.search(r"(?:老大|老二|大宝|退行|睡|夜奶|瘦|体重|分房|尿不湿)", text)


def answer_lost(lists: Development) -> Answer:
    return Answer("utter_growth_lost", sources=(lists.signs_source,))


def cannot_yet(text: str) -> bool:
    """The message tells of something that the child cannot do, or does late."""
    return bool(_NOT_YET.search(text))


def answer_skill(lists: Development, skill: Skill, cannot: bool, months: float | None, corrected: bool) -> Answer:
    """What is usual; for a child that cannot do it yet, whether that is a reason for a check-up at its age (months, corrected where preterm)."""
    values = {
        "label": skill.label,
        "usual": skill.usual,
        "practice": skill.practice,
        "sign": skill.sign,
        "sign_age": age(skill.sign_months or 1),
    }
    values["usual_age"] = age(skill.usual_months)
    sources = (lists.milestones_source, lists.signs_source) if skill.sign else (lists.milestones_source,)
    if months is None:
        return Answer(f"utter_growth_skill{'_sign' if skill.sign else ''}", values, sources=sources)
    values["age"] = age(months) + ("（矫正月龄）" if corrected else "")
    if not cannot:
        return Answer(f"utter_growth_skill{'_sign' if skill.sign else ''}_at_age", values, sources=sources, buttons=(PLAY, SIGNS))
    if skill.sign and months >= skill.sign_months:
        return Answer("utter_growth_skill_late", values, sources=sources, buttons=(SIGNS,))
    if months < skill.usual_months or (skill.sign and months < skill.sign_months):
        return Answer(f"utter_growth_skill_early{'_sign' if skill.sign else ''}", values, sources=sources, buttons=(PLAY,))
    return Answer("utter_growth_skill_mention", values, sources=sources, buttons=(PLAY, SIGNS))


def answer_stage(lists: Development, months: float, corrected: bool) -> Answer:
    """What most children of an age can do, and the warning signs that hold by then."""
    can, signs = at(lists.milestones, months), at(lists.signs, months)
    values = {"age": age(months) + ("（矫正月龄）" if corrected else ""), "can": "、".join(can.texts) if can else ""}
    values |= {"can_age": age(can.months) if can else "", "signs": "；".join(signs.texts) if signs else ""}
    values["signs_age"] = age(signs.months) if signs else ""
    if can is None:
        return Answer("utter_growth_stage_newborn", values, sources=(lists.milestones_source,), buttons=(PLAY,))
    if signs is None:
        return Answer("utter_growth_stage_young", values, sources=(lists.milestones_source,), buttons=(PLAY,))
    return Answer("utter_growth_stage", values, sources=(lists.milestones_source, lists.signs_source), buttons=(PLAY,))


def answer_signs(lists: Development, months: float) -> Answer:
    """The warning signs of an age; those of the first list for a younger child."""
    signs = at(lists.signs, months) or lists.signs[0]
    return Answer(
        "utter_growth_signs", {"age": age(signs.months), "signs": "；".join(signs.texts)}, sources=(lists.signs_source,), buttons=(PLAY,)
    )


def answer_play(lists: Development, months: float) -> Answer:
    """Three ways to play at an age."""
    ideas = at(lists.play, months) or lists.play[0]
    values = {"age": age(months), "ideas": "\n".join(f"· {idea}" for idea in ideas.texts)}
    return Answer("utter_growth_play", values, sources=(lists.play_source,), buttons=(SIGNS,))
