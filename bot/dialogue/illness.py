"""What is told or asked on within an illness, whatever it is taken for by itself: may it wait, a doctor has the child, which hospital. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.dialogue.heard import ANY_TIME, WEAK, topics_named
from bot.knowledge.load import load_knowledge

_LONGEST, _LONGER = 14, 24  # characters of what is told on; of what is told of a doctor or the way
_UNKNOWN = frozenset({"out_of_scope", "nlu_fallback"})
_NO_ILLNESS = frozenset({*ANY_TIME, "file_complaint", "inform", "find_childcare"})  # what the end of an illness is taken for
_COMPLAINS = re.compile(r"投诉|举报|反映")
# What is told on after a sign of danger: 药房量的血压152，98.
_OF_A_BODY = re.compile(r"血压|体温|\d度|[疼痛肿血吐喘咳烧抽晕醒哭尿]|呼吸|胎动|[不没](?:拉|吃|喝)")
_DOCTOR = re.compile(r"医生(?:说|看|给|讲|让|开)|住院|出院|到医院了|开了药|挂(?:了|完)水")
_FAR = re.compile(r"(?:到|去)(?:县|市|镇|医院)里?[^，。]{0,4}(?:分钟|小时|公里)|离得?(?:太|很)?远|没有?车")
_HOSPITALS = re.compile(r"医院|[市县区][一二三四]院|妇幼|儿科|急诊|挂号|挂什么")
# Whether the child may be given or done something: in danger the first aid says.
_MAY_HAVE = re.compile(
    r"(?:能|可以|可不可以|要不要|要|用|该不该)(?:不能|不要)?(?:先|再|给他?|让他)?[^，。]{0,3}[喝吃喂灌抱睡动揉擦抹洗][^，。]{0,4}(?:吗|么|不|呢|吧|[?？])?$|抠(?:嗓|喉|舌)|催吐|(?:让|给)[他她它]?吐|洗胃"
)
_LATER = re.compile(r"以后|今后|平时|[啥哪]|什么")  # 那以后啥东西不能给他吃
_OVER = frozenset({"thank", "goodbye", "request_human", "show_child", "forget_child"})
_WHOM_TO_CALL = re.compile(r"打(?:哪个|什么|啥|几)|(?:哪个|啥|什么)(?:电话|号)|电话(?:多少|能打)|还有[^，。]{0,3}电话|找谁")
_BITES = frozenset({"animal_bite", "face_bite", "snake"})
_THINGS = frozenset({"leave_type", "subsidy_type", "vaccine", "clause", "department"})
_ELSEWHERE = re.compile(r"以后|今后|平时|下次|另外|换个|再问|对了|先不说|托班|托育|园|老师|股票|天气|单位|公司|工资|补贴")
_HEIGHT = re.compile(r"[\d一二两三四五六七八九十半]+(?:公分|厘米|cm|米)(?:高)?", re.IGNORECASE)
_MEASURED = re.compile(r"身高|身长|长[了到高]|头围|体重|量")
# Whether one may wait: of no other topic, however sure it sounds; and what only may ask it.
_CAN_WAIT = re.compile(r"能(?:不能)?等|可以等|等到[^，。]{1,6}(?:吗|行)")
_MAY_WAIT = re.compile(
    r"明[早天儿]|后天|天亮|早上|下班|晚点|等[等会到一]|先(?:看看|观察|睡|等)|再(?:去|说|看)|不去|自己(?:会|能)好|来得及|这么严重|要紧"
)


def _hurries(slots: Mapping[str, Any]) -> bool:
    """Whether a sign that cannot wait was told: until it is over, what is said is of it (最近的医院是哪, 没有人帮我, 等120还是自己去)."""
    sign = load_knowledge().danger_signs.get(str(slots.get("danger_sign")))
    return sign is not None and sign.grade != "same_day"


def _moves_on(text: str, intent: str, entities: frozenset[str], bitten: bool) -> bool:
    """Whether a message in an emergency is surely of something else: it names a topic or a thing of one, complains, or says good bye.

    After a bite a shot is the one for it (狗打过疫苗的, 几针), as long as no other is named.
    """
    over = intent in _OVER and not _WHOM_TO_CALL.search(text)
    things = entities & _THINGS - ({"vaccine"} if bitten and "疫苗" in text else set())
    return bool(
        over or _COMPLAINS.search(text) or topics_named(text) - ({"vaccination"} if bitten else set()) or things or _ELSEWHERE.search(text)
    )


def meant(text: str, intent: Mapping[str, Any], slots: Mapping[str, Any], entities: frozenset[str] = frozenset()) -> str:
    """The intent of a message that goes on about an illness; empty where it may be about something else.

    `slots`: those of the conversation; `entities`: the kinds that the message names.
    """
    name, short = intent["name"], len(text) <= _LONGEST
    told_of_way = (_DOCTOR.search(text) or _FAR.search(text)) and not _COMPLAINS.search(text)
    if slots.get("symptom_told") and len(text) <= _LONGER and told_of_way and name in _NO_ILLNESS:
        return "report_symptom"
    if slots.get("last_topic") != "health_urgent":
        return ""
    if short and slots.get("danger_sign") and _MAY_HAVE.search(text) and not _LATER.search(text):
        return "ask_followup"
    bitten = str(slots.get("danger_sign")) in _BITES
    if (_hurries(slots) or bitten) and len(text) <= _LONGER and not _moves_on(text, name, entities, bitten):
        return "report_symptom" if name == "report_symptom" or (name in _UNKNOWN and _OF_A_BODY.search(text)) else "ask_followup"
    if not short:
        return ""
    if _HEIGHT.search(text) and not _MEASURED.search(text):
        return "ask_followup"  # 大概五六十公分, how far it fell
    if name in ANY_TIME and _HOSPITALS.search(text):
        return "ask_followup"
    if not slots.get("danger_sign"):
        return ""
    if name in _UNKNOWN and _OF_A_BODY.search(text):
        return "report_symptom"
    waits = _CAN_WAIT.search(text) or (_MAY_WAIT.search(text) and intent["confidence"] < WEAK)
    return "ask_followup" if waits else ""
