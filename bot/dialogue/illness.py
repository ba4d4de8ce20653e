"""What is told or asked on within an illness, whatever it is taken for by itself: may it wait, a doctor has the child, which hospital. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.heard import ANY_TIME, WEAK

_LONGEST, _LONGER = 14, 24  # characters of what is told on; of what is told of a doctor or the way
_UNKNOWN = frozenset({"out_of_scope", "nlu_fallback"})
_NO_ILLNESS = frozenset({*ANY_TIME, "file_complaint", "inform", "find_childcare"})  # what the end of an illness is taken for
_COMPLAINS = re.compile(r"投诉|举报|反映")
# What is told on after a sign of danger: 药房量的血压152，98.
_OF_A_BODY = re.compile(r"血压|体温|\d度|[疼痛肿血吐喘咳烧抽晕醒哭尿]|呼吸|胎动|[不没](?:拉|吃|喝)")
_DOCTOR = re.compile(r"医生(?:说|看|给|讲|让|开)|住院|出院|到医院了|开了药|挂(?:了|完)水")
_FAR = re.compile(r"(?:到|去)(?:县|市|镇|医院)里?[^，。]{0,4}(?:分钟|小时|公里)|离得?(?:太|很)?远|没有?车")
_HOSPITALS = re.compile(r"医院|[市县区][一二三四]院|妇幼|儿科|急诊|挂号|挂什么")
# Whether one may wait: of no other topic, however sure it sounds; and what only may ask it.
# Whether the child may be given or done something: in danger the first aid says.
_MAY_HAVE = re.compile(
    r"(?:能|可以|可不可以|要不要|要|用|该不该)(?:不能|不要)?(?:先|再|给他?|让他)?[^，。]{0,3}[喝吃喂灌抱睡动揉擦抹洗][^，。]{0,4}(?:吗|么|不|呢|吧|[?？])?$|抠(?:嗓|喉|舌)|催吐|(?:让|给)[他她它]?吐|洗胃"
)
_LATER = re.compile(r"以后|今后|平时|[啥哪]|什么")  # 那以后啥东西不能给他吃
_CAN_WAIT = re.compile(r"能(?:不能)?等|可以等|等到[^，。]{1,6}(?:吗|行)")
_MAY_WAIT = re.compile(
    r"明[早天儿]|后天|天亮|早上|下班|晚点|等[等会到一]|先(?:看看|观察|睡|等)|再(?:去|说|看)|不去|自己(?:会|能)好|来得及|这么严重|要紧"
)


def meant(text: str, intent: Mapping[str, Any], slots: Mapping[str, Any]) -> str:
    """The intent of a message that goes on about an illness; empty where it may be about something else. `slots`: those of the conversation."""
    name, short = intent["name"], len(text) <= _LONGEST
    told_of_way = (_DOCTOR.search(text) or _FAR.search(text)) and not _COMPLAINS.search(text)
    if slots.get("symptom_told") and len(text) <= _LONGER and told_of_way and name in _NO_ILLNESS:
        return "report_symptom"
    if slots.get("last_topic") != "health_urgent" or not short:
        return ""
    if name in ANY_TIME and _HOSPITALS.search(text):
        return "ask_followup"
    if not slots.get("danger_sign"):
        return ""
    if _MAY_HAVE.search(text) and not _LATER.search(text):
        return "ask_followup"
    if name in _UNKNOWN and _OF_A_BODY.search(text):
        return "report_symptom"
    waits = _CAN_WAIT.search(text) or (_MAY_WAIT.search(text) and intent["confidence"] < WEAK)
    return "ask_followup" if waits else ""
