"""What the learned net hears where no pattern sees a sign: whether it is to be heard, and as how grave. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.nlu.plain_words import only_a_temperature, only_an_age

NEIGHBOURS = {"ask_growth", "ask_feeding", "inform", "nlu_fallback"}  # taken for one another where a child's age is said
_SURE, _UNSURE = 0.8, 0.5
# How likely danger must be where no pattern sees it: that 120 is needed, that a doctor is; in a message on something else far likelier.
_HEARD_NOW, _HEARD, _HEARD_ELSEWHERE = 0.3, 0.55, 0.7
# In a few characters (还吐了, 退烧了) it hears what any sentence may go on with.
_FEW, _HEARD_FEW = 5, 0.85
_HEARD_WELL_NOW, _HEARD_WELL = 0.9, 0.97
# What says no more than the thermometer: 宝宝发烧了38.6.
_FEVER = re.compile(
    r"(?:宝宝|孩子|小孩|娃|我家|开始|有点|突然|现在|半夜|昨晚|今天|刚才|又|在|了|到|着|量|发[烧热]|烧|体温|怎么办|咋办|要紧吗|急|[一二两三]岁半?|\d+个月"
    r"|(?:3[78]|三十[七八])(?:[.点]\d|度[\d一二三四五六七八九半]?)*(?![\d.])|[，。,！!？? ])+"
)
_OF_THE_MOTHER = re.compile(
    r"(?:妈妈?|宝妈|老婆|媳妇|我自?己?|产妇)(?:现在|今天|有点|也|好像)*(?:发烧|发热|感冒|咳嗽|生病|拉肚子|吃(?:了|着)|喝(?:了|着))(?![^。]*(?:宝宝|孩子|娃|他|她)[^。]{0,6}(?:吐|拉|烧|咳|蔫|疹|血|哭|没))[^。]{0,10}(?:喂奶|喂母乳|哺乳|母乳)"
)
# What a parent says of a child that is well, and the mild things it has: the net alone must be all the surer to be heard.
_WELL = re.compile(
    r"好(?:点|些|多)了|精神(?:状态|头)?(?:很|挺|还|也|都|倒|蛮)*(?:好(?!像)|足|可以|不错|正常|ok)|(?:能|会)吃(?:能|会)?[玩睡喝]|能[玩睡]能吃|(?:还|也|照样|照常)(?:在|能)?(?:玩|跑|跳|笑|闹)|现在在[玩笑]|又跑又跳|跑跑跳跳|活蹦乱跳"
    r"|(?:吃|喝|玩|睡)[^，。没不]{0,4}(?:正常|都好)|都正常|[跟和像]平时一样|(?:止|停)住了|(?<![一也都])不流了|没有?(?:再)?(?:流|出)血了|血[^。没不]{0,14}(?:停|止)了"
)
_NOT_WELL = re.compile(
    r"(?:刚才|昨天|早上|之前|上午|中午|本来|原来|一开始)还|突然|越来越|(?:但|可|就)是?[^，。]{0,6}(?:不|没|喘|吐|抽|睡|软)"
    r"|吞|咽(?!炎)|误[食服饮]|电池|磁|吸铁|(?<!退烧)(?<!感冒)药|毒|楼|电(?!视|话)|淹|水里|(?<!蚊)(?<!蚊子)(?<!蚊虫)[咬蛰蜇]|烫|卡|呛|出不来"
)
_MILD = re.compile(r"蚊(?:子|虫)?[^，。]{0,4}(?:咬|叮|包)|嘴(?:边|角|周|巴?周围)[^，。]{0,4}(?:红|蹭)")
_NOT_MILD = re.compile(
    r"(?<!不)(?<!没)(?<!没有)(?:喘|憋|吐|烧|热|肿(?<!红肿))|呼吸|全身|浑身|满身|一身|蔫|没有?精神|精神不|脓|[眼唇舌脸]|脖|哑|晕|软|白|紫|抽|叫不"
)
# Where a child only vomits or sweats or has a rash, and nothing is told beside it, the net alone sends nobody for 120.
_MILD_THINGS = re.compile(r"吐|拉(?:稀|肚)|疹|痱|疙瘩|红点|鼻[塞涕屎]|痒|汗")
_BRUISES = re.compile(r"青一块紫一块|[掐打拧揪](?:得|了)?[^，。]{0,3}[青紫红]|淤青|乌青")  # a doctor sees these, nobody needs 120 for them
_GRAVE_THINGS = re.compile(
    r"[喘憋紫青抽昏软蔫血肿囟毒药摔磕吞呛卡烫]|叫不|喊不|没反应|不动|喷射|绿|精神(?:差|不)|嗜睡|不醒|没(?:劲|力|精神|尿)|哭不|呼吸|眼神|翻白|尿少|不[吃喝]|电池|全身|浑身|风团|过敏"
)
# Honey or salt that was given, and nothing that came of it: a question on feeding, whose answer says what to watch for.
_EATEN = re.compile(
    r"(?:蜂蜜|蜜水|盐|味精|酱油|鸡精|糖|饮料|奶茶|冰淇淋|雪糕|牛奶|酸奶|辣)[^。]{0,12}(?:一[点口勺下]|舔|尝|沾)"
    r"|(?:一[点口勺下]|舔|尝|沾)[^，。]{0,6}(?:蜂蜜|盐|酱油|饮料|奶茶|冰淇淋|雪糕)"
)
_HURT_BY_FOOD = re.compile(r"[卡呛噎吐疹肿喘紫青抽软蔫烫烧哭血]|过敏|起[泡包]|没(?:精神|劲|力)|不[动醒吃]|喊|叫|闹|脸")
# Nothing is told but what the child has not: 没有喘，没有肿.
_DENIED = re.compile(
    r"(?:(?:也|都|就|又|而且|宝宝|孩子|娃)?(?:没有?|不|无)(?:再|怎么|发|起|带)?"
    r"(?:喘|肿|吐|抽|血丝?|黏液|发?烧|疹子?|头?晕|昏|咳嗽?|拉肚子|紫|疼|痛|痒|呕吐)[了过的]?[，。、；!！,.和也 ]*)+"
)


def heard_alone(text: str, chances: Mapping[str, float], intent: Mapping[str, Any]) -> str | None:
    """now or today where the net alone is heard, None where it is not. `chances` of none, now and today; `intent` as it was understood."""
    name, sure = intent.get("name"), intent.get("confidence", 0.0)
    danger = 1.0 - chances["none"]
    near = name == "report_symptom" or name in NEIGHBOURS or sure < (_SURE if name == "out_of_scope" else _UNSURE)
    grade = "now" if chances["now"] >= chances["today"] else "today"
    if grade == "now" and chances["now"] < _HEARD_WELL_NOW and _MILD_THINGS.search(text) and not _GRAVE_THINGS.search(text):
        grade = "today"
    if grade == "now" and _BRUISES.search(text) and not _GRAVE_THINGS.search(_BRUISES.sub("", text)):
        grade = "today"
    if name == "ask_vaccination" and grade == "today":  # how a shot is borne: its topic says when to see a doctor
        return None
    if only_a_temperature(text) or only_an_age(text) or _FEVER.fullmatch(text):  # the patterns read the numbers
        return None
    if _EATEN.search(text) and not _HURT_BY_FOOD.search(text):
        return None
    if grade == "today" and _OF_THE_MOTHER.search(text):  # feeding says when she should see a doctor
        return None
    if _DENIED.fullmatch(text):
        return None
    if chances["now"] < _HEARD_WELL_NOW and danger < _HEARD_WELL and _said_to_be_well(text):
        return None
    if len(text) <= _FEW:
        return grade if danger >= _HEARD_FEW else None
    heard = danger >= _HEARD_ELSEWHERE or (near and (danger >= _HEARD or chances["now"] >= _HEARD_NOW))
    return grade if heard else None


def _said_to_be_well(text: str) -> bool:
    """The child is said to be well, or what it has is mild."""
    mild = _MILD.search(text) and not _NOT_MILD.search(text)
    return bool(mild or (_WELL.search(text) and not _NOT_WELL.search(text)))
