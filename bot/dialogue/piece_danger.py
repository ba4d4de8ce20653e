"""Danger in a short message that is read together with what was said before it: what only the pieces together tell, and what only sounds so. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.heard import HEARD_WELL, LEANS, TOPIC_OF

_DANGER, _UNCLEAR = "danger_sign", "unclear"
# With these what sounds like a matter of life is none of records and opening hours.
_OF_A_CHILD = re.compile(r"[孩宝娃他她]|[喘吐烧血昏抽噎呛肿紫]|呼吸|[叫喊]不|不[动醒哭]|没[气力劲]|软|瘫|倒")
_CALM = re.compile(r"叫得醒|醒了|好多了|没事|正常|精神(?:还|挺|很)?好|退了|不(?:吐|烧|哭|疼|咳|拉|抽)了")
# Whether something may be done, of a child that was told of: no sign that it does so (摔了, then 能睡觉吗).
_MAY = re.compile(r"(?:那|现在|还)?(?:能|可以|要|用|得)(?:不能|不可以|不要|不用)?[^，。]{1,6}(?:吗|么|不|[?？])+")


def signs_in(parse: Mapping[str, Any]) -> set[str]:
    return {str(found["value"]) for found in parse.get("entities", ()) if found["entity"] == _DANGER}


def heard_amiss(alone: Mapping[str, Any], together: Mapping[str, Any], last: str) -> bool:
    """Whether a few characters only sound like danger, and with what was said before surely ask of the last topic (在灌云打的, of a lost record of shots)."""
    signs = signs_in(alone)
    only_sound = bool(signs) and all(sign.startswith(_UNCLEAR) for sign in signs)
    if f"{_UNCLEAR}_now" in signs and _OF_A_CHILD.search(str(alone["text"])):
        return False
    of_last = TOPIC_OF.get(together["intent"]["name"]) == last != "health_urgent"
    return only_sound and not signs_in(together) and of_last and together["intent"]["confidence"] >= HEARD_WELL


def new_danger(alone: Mapping[str, Any], together: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    """Whether the pieces together tell a danger that neither tells alone (手足口, then 一惊一跳的)."""
    own = {sign for sign in signs_in(alone) if not sign.startswith(_UNCLEAR)}
    found = {sign for sign in signs_in(together) if not sign.startswith(_UNCLEAR)}
    of_child = alone["intent"]["name"] in {"report_symptom", "out_of_scope", "nlu_fallback", *LEANS}
    text = str(alone["text"])
    return bool(of_child and not own and found - signs_in(earlier) and not _CALM.search(text) and not _MAY.fullmatch(text))
