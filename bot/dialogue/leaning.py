"""A short message that is understood by the last answer, whatever it was taken for by itself (多少钱, 那家怎么去, 换成老大). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.childcare.wishes import read_wishes
from bot.children.memory import OWN_INTENTS
from bot.children.spoken import named, starts_over
from bot.complaints.reading import kinds_of
from bot.dialogue import illness
from bot.dialogue.heard import ANY_TIME, ASKS, HELD, WEAK, topics_named
from bot.knowledge.load import load_knowledge

_SURE = 0.9
_LONGEST = 14  # characters
# Words that name nothing of any topic. A message of these alone asks something of what was answered last.
_WORD = (
    r"那么?|这[个样种]?|那[个样种家]|[它他她][们的]?|上面|刚才|前面|说的|的|了|呢|吗|啊|呀|吧|么|嘛|不|还|也|都|就|再|要|得|能|可以|会|行|有|没有?|是|在|到|去|给|被|要不要"
    r"|什么|啥|怎么[办样]?|咋办?|如何|哪[天里儿个些]?|几[个时]?|多少|多久|谁|为什么"
    r"|[一二两三四五六半几\d]+个?(?:月|天|周|星期|礼拜)"
    r"|钱|费用?|贵|收费|价格|时候|时间|天|月|号|办|领|拿|交|找|管|批|算|开始|结束|推迟|提前|晚|早|过|错过|过期|申请|报名|最晚|最早|一般|大概|需要"
    r"|材料|手续|证明|东西|准备|流程|步骤|条件|要求|电话|号码|联系方式|打|正常|要紧|严重|影响|关系|有事|没事|依据|根据|规定|国家|睡觉|洗澡|出门|反应|免费|自费|部门|单位|负责|主管|[一每]?周|[一每]天|[几多]?次|顿"
)
_BARE = re.compile(rf"(?:{_WORD}|[，,。？?！! ])+")
_WHICH_DAYS = re.compile(
    r"(?:那|到底|究竟|是)*(?!98|128|158)\d+天?还是(?!98|128|158)\d+天?[啊呀呢吗？?]*"
)  # asked of the leave that was answered last
_NOBODY = re.compile(
    r"(?:都|还|一直|总|老|电话)*(?:打不通|没人接|占线|接不通|转不(?:进去|过去|通))(?:的|了|啊|呀|咋办|怎么办)*[？?。！!]*|(?:怎么|咋|还|都|就)?(?:没|有)人(?:吗|在|理|回|呢|接)?(?:吗|啊|呀)?[？?]*|(?:还)?在(?:吗|不在)[？?]*"
)  # after a person was asked for
_UNDERSTOOD = re.compile(r"(?:好的?|行|嗯|哦|噢|那)?[，, ]*(?:了解|晓得|知道|明白|懂|清楚|收到)(?:了|啦|嘞|咯)?[。！! ]*")
_AFTER_LOSS = re.compile(r"手术|清宫|刮宫|流掉|做掉|出院|医生[让叫说]")  # told of a loss that was spoken of
_OF_WHAT = re.compile(
    r"(?:那|还有)?[^，。？?投举]{2,12}(?:呢|那个呢|归谁|谁管)[？?]?"
)  # 老师工资拖着不发那个呢, after who is responsible for what
_OF_CARE = frozenset(
    {"childcare_choose", "childcare_find", "childcare_provider", "policy_clause", "department_duty", "health_urgent", "leave"}
)
# Whether what was spoken of can be complained of: it is taken as wanting to.
_MAY_COMPLAIN = re.compile(
    r"(?:那|这|像|他们|它)*(?:这种|这个|这)?(?:事|情况|样)?(?:我|俺|咱)?(?:能不能|可不可以|能|可以|可)(?:去|来|在你这|在这|给你们?|跟你们?)?(?:反映|投诉|举报|告)(?:他们?|它|一下|下)?(?:吗|不|么|嘛|吧)?[？?]?"
    r"|(?:那|这事?|我|俺)*(?:该|要|得|能)?(?:跟|找|向|给|到|去|在)(?:谁|哪个|哪里|哪儿|哪块|哪边)(?:反映|投诉|举报|告)(?:他们?)?[啊呀呢？?]*"
    r"|(?:我|俺)?(?:不想|不愿意?|能不能不|可以不)(?:留|写|说)(?:名字?|姓名|电话)[^，。]{0,4}(?:吗|不|么|行不行|可以)?[？?]?|(?:能|可以)匿名(?:反映|投诉|举报)?(?:吗|不|么)?[？?]?"
)
_PAY = re.compile(r"工资|照发|发")  # asked of a leave
_OF_A_RECORD = frozenset({"switch_child", "correct_child", "show_child"})
_CHILD = re.compile(r"宝宝|孩子|小孩|娃|满|以后|之后|以内|之内")
_VAGUE = 0.5  # below it what points back is about the last answer, whatever it was taken for
_HARDLY = 0.4  # below it a few words that were taken to be not our business are about the last answer: 要户口本吗
_BACK = ("上面", "刚才", "前面")
_POINTS = re.compile(r"那?(?:这[个种样]|那[个种样]|[它他她]|上面|刚才|前面)")
_PHONE = re.compile(r"电话|号码")
# What is paid to families: 怎么领 asks of the one that was answered last.
_OF_MONEY = frozenset({"ask_maternity_allowance", "ask_childcare_subsidy", "ask_tax_deduction", "ask_medical_insurance"})
_NEVER = frozenset({"affirm", "deny", "thank", "file_complaint", "request_human", "inform", "ask_followup", "ask_source"})
# 睡觉, 洗澡, 出门 after first aid are about that; elsewhere they are questions of their own.
_AFTER_HEALTH = re.compile(r"睡觉|洗澡|出门|要紧|没事|正常")
_CORRECTS = re.compile(r"(?:打|说|写|记|弄|搞)错")
_CORRECTED = frozenset({"district", "township", "child_age_months", "birth_date", "due_date", "sex"})
_ASKS_ON = re.compile(r"是不是|要不要|该不该|怎么|为什么|吗|[?？]")  # no refusal, whatever it sounds like: 那是不是算错了
_A_WORD = 2  # characters
_OF_SHOWN = re.compile(
    r"第[一二三123][家个]|^[一二三123]$|它|[这那该](?:一?家|个(?:园|机构|托|地方))|地址|怎么[去走]|电话|号码|联系方式|几点|(?:有没有|都|是否|[它家])[^，。]{0,3}备案|^备案|(?:能|可以)?收.{0,4}(?:多少钱|费)|名额|空位"
)
_HOW_TO_TELL = re.compile(
    r"(?:咋|怎么|怎样|如何|哪里|在哪)[^，。]{0,4}(?:知道|晓得|看|查|验|分辨|判断)[^，。]{0,8}(?:备案|正规|有没有证|靠谱)"
)
_THAT_ONE = re.compile(r"第[一二三123][家个]|[那这]家")
_TO_COMPLAIN = re.compile(r"投诉|举报|报警|维权|123\d\d|热线")
# 补贴呢 after a question on opening an institution is about that one's, not the family's.
_OF_FAMILIES = frozenset({"ask_childcare_subsidy", "ask_department_duty", "find_childcare", "ask_childcare_quality"})
_WHAT_OF = re.compile(r"那?.{1,5}呢[？?]?")
# 里面说没说每千人几个托位, after an answer from the document, asks of the document, whatever else it sounds like.
_IN_IT = re.compile(
    r"^(?:那|还有|这|它)*(?:里[面头]|文件(?:上|里|中)?|上面|条款|原文)[^，。]{0,6}(?:有没有[说讲提写规]|([说讲提写])没\1|([说讲提写])不\2|怎么[说讲写规]|写了)"
    r"|^(?:那|还)?(?:([说讲提写])没\3|有没有(?:[说讲提写](?!法)|规定))"
)
_ELSEWHERE = frozenset(
    {
        "file_complaint",
        "find_childcare",
        "ask_open_childcare",
        "ask_childcare_quality",
        "ask_childcare_subsidy",
        "out_of_scope",
        "nlu_fallback",
    }
)
_LONGEST_OF_IT = 30  # characters
_OF_CLAUSE = re.compile(  # asked of the clause that was told
    r"(?:那|这|它)*(?:这一?条|这个|这)?(?:是|在)?(?:第几|哪一?)[条款点项](?:里|上)?(?:写的|讲的|说的)?[呢啊呀？?]*"
    r"|(?:那|这|它)*(?:这一?条|这个|这)?的?(?:责任|负责|牵头)(?:单位|部门)(?:是|有|都?有)?(?:哪几[家个]|哪些|谁|哪家)[呢啊呀？?]*"
)
_OF_AN_ILLNESS = frozenset(
    {"child_age_months", "birth_date", "symptom", "sex", "food"}
)  # what a message that is asked on of one may name; no measures, no place
_CLAUSE = re.compile(r"第[一二三四五六七八九十\d]+[条点款项]|[上下]一[条点款项]")


def lean(parse: Mapping[str, Any], slots: Mapping[str, Any], first: bool = False) -> Mapping[str, Any]:
    """The message as one that leans on the last answer, where it is one; else as it was. `slots`: those of the conversation; `first`: it begins one.

    Who begins with 好 or 在吗 says good day: there is nothing yet that it could agree to.
    """
    text, intent, last = str(parse["text"]), parse["intent"], slots.get("last_topic")
    if last == "handoff" and _NOBODY.fullmatch(text):
        return _as(parse, "request_human")
    of_a_leave = any(found["entity"] == "leave_type" and found["value"] != "maternity" for found in parse.get("entities", ()))
    if slots.get("last_question") == "ask_maternity_allowance" and intent["name"] == "ask_followup" and of_a_leave:
        return _as(parse, "ask_leave_days")  # 那他的护理假呢: the allowance is hers
    if last == "leave" and _WHICH_DAYS.fullmatch(text):
        return _as(parse, "ask_followup")
    if last and intent["name"] == "deny" and len(text) <= _LONGEST and _ASKS_ON.search(text):
        return _as(parse, "ask_followup")
    lost = last == "leave" and slots.get("leave_type") == "miscarriage"
    if lost and intent["name"] in ANY_TIME and _AFTER_LOSS.search(text):
        return _as(parse, "inform")
    if last == "department_duty" and intent["name"] == "file_complaint" and _OF_WHAT.fullmatch(text):
        return _as(parse, "ask_department_duty")
    if last in _OF_CARE and _MAY_COMPLAIN.fullmatch(text):
        return _as(parse, "file_complaint")
    if first and intent["name"] == "affirm" and len(text) <= _A_WORD:
        return _as(parse, "greet")
    if starts_over(text):
        return _as(parse, "deny")
    if intent["name"] in _OF_A_RECORD and not (slots.get("child_note") or {}).get("member"):
        parse = _of_a_child(parse, bool(last))
        intent = parse["intent"]
    if not last or any(found["entity"] in ("danger_sign", "danger_doubted") for found in parse.get("entities", ())):
        return parse
    if _CORRECTS.search(text) and len(text) <= _LONGEST and any(found["entity"] in _CORRECTED for found in parse.get("entities", ())):
        return _as(parse, "inform")
    elsewhere = (
        intent["name"] == "file_complaint"
        or _TO_COMPLAIN.search(text)
        or any(e["entity"] == "department" for e in parse.get("entities", ()))
    )
    if last == "childcare_find" and len(text) <= _LONGEST and intent["name"] in ANY_TIME and read_wishes(text):
        return _as(parse, "find_childcare")  # 预算1500
    if last and intent["name"] in ("affirm", "greet", "nlu_fallback") and _UNDERSTOOD.fullmatch(text):
        return _as(parse, "thank")
    grieved = last == "complaint_followup" and intent["name"] in ANY_TIME | {"inform"}
    if grieved and kinds_of(text, load_knowledge().complaint_kinds.values()):
        return _as(parse, "file_complaint")
    if last == "childcare_find" and _HOW_TO_TELL.search(text):
        return parse  # of any of them
    of_shown = (len(text) <= _LONGEST and _OF_SHOWN.search(text)) or (intent["name"] in ANY_TIME and _THAT_ONE.match(text))
    if last == "childcare_find" and slots.get("childcare_shown") and of_shown and not elsewhere:
        return _as(parse, "find_childcare")
    if last in ("policy_clause", "department_duty") and len(text) <= _LONGEST and _CLAUSE.search(text):
        return _as(parse, "ask_policy_clause" if intent["name"] == "ask_policy_clause" else "ask_followup")
    if last == "policy_clause" and _OF_CLAUSE.fullmatch(text):
        return _as(parse, "ask_followup")
    in_it = last == "policy_clause" and len(text) <= _LONGEST_OF_IT and bool(_IN_IT.search(text)) and not _TO_COMPLAIN.search(text)
    if in_it and intent["name"] in _ELSEWHERE:
        return _as(parse, "ask_policy_clause")
    if last == "childcare_provider" and intent["name"] in _OF_FAMILIES and _WHAT_OF.fullmatch(text):
        return _as(parse, "ask_followup")
    if meant := illness.meant(text, intent, slots, frozenset(found["entity"] for found in parse.get("entities", ()))):
        others = [found for found in parse.get("entities", ()) if found["entity"] in _OF_AN_ILLNESS]
        return {**_as(parse, meant), "entities": others, HELD: True}
    bare = is_bare(parse, last)
    if bare and last == "department_duty" and _PHONE.search(text):
        return _as(parse, "ask_followup")
    surely = intent["name"] in _NEVER and not (bare and intent["name"] == "file_complaint" and intent["confidence"] < WEAK)
    if len(text) > _LONGEST or surely:
        return parse
    if _POINTS.match(text) and intent["confidence"] < (WEAK if text.startswith(_BACK) else _VAGUE):
        return _as(parse, "ask_followup")
    asks_nothing_else = bool(ASKS.search(text)) and not topics_named(text) and not parse.get("entities")
    if intent["confidence"] < _HARDLY and (intent["name"] == "out_of_scope" or asks_nothing_else):
        return _as(parse, "ask_followup")
    if not bare:
        return parse
    if intent["name"] == "ask_department_duty":
        return _as(parse, "ask_followup") if last == "leave" else parse
    if intent["name"] in _OF_MONEY and slots.get("last_question") in _OF_MONEY:
        return _as(parse, "ask_followup")
    if _AFTER_HEALTH.search(text) and last != "health_urgent" and intent["confidence"] >= WEAK and intent["name"] not in ANY_TIME:
        return parse
    weak = intent["confidence"] < WEAK or (last == "health_urgent" and bool(_AFTER_HEALTH.search(text)))
    return _as(parse, "ask_followup") if weak or intent["name"] in ANY_TIME else parse


def is_bare(parse: Mapping[str, Any], last: str) -> bool:
    """Whether a message is of words that name nothing of any topic: 怎么申请, 要多少钱."""
    return bool(_BARE.fullmatch(_rest(parse, str(parse["text"]), last)))


def _of_a_child(parse: Mapping[str, Any], asked: bool) -> Mapping[str, Any]:
    """A message taken to be about a record where there is none and that names a child: it asks the last question of that child, or what else it says."""
    text = str(parse["text"])
    told = any(found["entity"] in ("child_age_months", "birth_date") for found in parse.get("entities", ()))
    if not (told or named(text)) or (parse["intent"]["name"] == "show_child" and not text.endswith("呢")):
        return parse
    if asked and len(text) <= _LONGEST:
        return _as(parse, "ask_followup")
    others = [one for one in parse.get("intent_ranking", ()) if one["name"] not in OWN_INTENTS and one["name"] != "nlu_fallback"]
    return {**parse, "intent": dict(others[0])} if others else parse


def _rest(parse: Mapping[str, Any], text: str, last: str) -> str:
    """The message without the child and its age, and of a leave without its pay."""
    for found in sorted(
        (e for e in parse.get("entities", ()) if e["entity"] in ("child_age_months", "district") and "start" in e),
        key=lambda e: -e["start"],
    ):
        text = text[: found["start"]] + text[found["end"] :]
    text = _CHILD.sub("", text)
    return _PAY.sub("", text) if last == "leave" else text


def _as(parse: Mapping[str, Any], intent: str) -> Mapping[str, Any]:
    return {
        **parse,
        "intent": {"name": intent, "confidence": max(_SURE, parse["intent"]["confidence"] if parse["intent"]["name"] == intent else 0)},
    }
