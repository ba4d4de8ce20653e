"""Rasa component: what is said outright needs no guessing. 我要投诉 opens a complaint, whatever it is about; 10个月 only answers what was asked;
what a family's record is wanted for is in bot/nlu/child_words.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.complaints.phrases import NOT_AT_ALL
from bot.complaints.reading import kinds_of
from bot.knowledge.load import load_knowledge
from bot.nlu import child_words
from bot.nlu.ages import find_ages
from bot.topics.matching import HEARD
from bot.topics.other_matters import matters

_SURE = 0.9
PICTURE = re.compile(r"(?:[\[【(](?:图片|照片|语音|视频|表情|动画表情|文件|链接|小程序)[\]】)][，,。 ]*)+")  # what was sent is no text
_COMPLAINING = frozenset({"file_complaint", "follow_up_complaint"})
_LEANING = {"inform", "ask_followup"}  # intents that lean on what was said before
_OF_THIS = re.compile(
    r"(?:那|行|好|嗯|算了|[吧，, ])*(?:我|俺|咱)?(?:就|还是|想|要)*(?:帮我|给我)?(?:投诉|举报)(?:一下|这事)?[吧呗。！!]+(?:[，, ][^，。？?]{1,10})?"
    r"|(?:那|算了|[，, ])*(?:我|俺|咱)?(?:就|想|要)*(?:再|重新)(?:投诉|举报)(?:一次|一遍|一回|一个)?[吧了。！!]*"
    r"|(?:我|俺)?[要想]?(?:投诉|举报)(?:一下)?(?:它|[他她]们?|[这那该]家|这个|第[一二三四五六七八九\d]+家)(?:园|机构|托育)?[吧。！!]*"
)
_COMPLAINS = re.compile(
    r"(?:我|俺|我们)(?:是)?(?:要|想|来)(?:匿名|实名)?(?:投诉|举报|告)(?!的|了|过|电话|进度|结果|哪|谁|什么|怎么)"
    r"|(?:再|重新)(?:帮我|给我)?(?:投诉?|举?报)(?:一下)?一(?:遍|次|回)(?!多久)"
    r"|^(?:匿名|实名)?(?:投诉|举报)(?:一下)?[:：,，]"
    r"|^(?:匿名|实名)?(?:投诉|举报)(?:一下)?(?!.{0,2}(?:电话|热线|进度|结果|流程|渠道|方式|平台|中心|办法|有用))[^的了过怎找哪有要给后啥什谁多和是之查能不会].{6,}"
)
# Somebody whose care a child is in, or who is paid for it, hits it: 打 is no shot here.
BEATEN = re.compile(
    r"(?:老师|阿姨|保育员?|园长|月嫂|保姆|育婴师|托管员)[^，。？?]{0,10}(?:打|扇|踢|掐|揪|拧|抽|推搡|捆)(?:了|过|着|我们?|俺们?|人家|咱|家|的|几|一|两|个?耳光){0,4}(?:孩子|宝宝|小孩|娃|宝贝|儿子|女儿|闺女|孙子|孙女|他|她|耳光|巴掌)(?!.{0,4}(?:疫苗|针))"
    r"|(?:孩子|宝宝|小孩|娃|儿子|女儿|闺女|孙子|孙女)[^，。？?]{0,6}(?:被|让|叫|给)[^，。？?]{0,6}(?:老师|阿姨|保育员?|园长|月嫂|保姆)[^，。？?]{0,4}(?:打|扇|踢|掐|揪|拧|抽|捆)(?!.{0,4}(?:疫苗|针))"
)
_NOT_BEATING = {"ask_vaccination", "nlu_fallback"}
# A medicine for the child: how much of it, and whether, is a matter of the illness (美林吃多少毫升 is no feeding).
_MEDICINE = re.compile(
    r"美林|布洛芬|对乙酰氨基酚|泰诺|退[烧热]药|感冒药|止咳|化痰|枇杷[膏露]|抗生素|消炎药|头孢|阿莫西林|阿奇霉素|奥司他韦|蒙脱石|思密达|开塞露"
    r"|(?:要不要|用不用|能不能|需不需要|可以)(?:给[^，。]{1,3})?(?:吃|喂|用)(?:点|什么|啥)?药"
)
_NOT_A_CHILDS = re.compile(r"哺乳|喂奶|母乳|奶水|妈妈?(?:能|可以|吃)|我(?:能|可以|自己)?吃|疫苗|打针|接种|园|托班|老师|猫|狗")
_CHILDS_MEDICINE = re.compile(r"美林|泰诺林|小儿")
_OF_FOOD = frozenset({"ask_feeding", "ask_growth", "nlu_fallback"})
_FILLER = re.compile(
    r"(?:刚才|刚刚|前面)?(?:(?:忘了?|没)(?:跟你|和你)?说了?|说忘了?)|补充一?下|我家|我们家?|俺家|[他她它]|我?有[两三俩]个?(?=娃|孩子|宝宝)|老[大二三]|[大二三]宝|[和跟]|宝宝|宝贝|孩子|小孩|娃|现在|已经|刚|才|快|满|过|大概|差不多|的|了|是|大|呢|吧|啊|呀|哦|[\s，。,.！!？?]"
)


TEMPERATURE = re.compile(
    r"(?:量了?)?(?:体温|腋温|耳温|额温|(?<![水室气恒])温|体(?=3))(?:是|有|到|才|量着?)?[:：, ]?(?<![\d.])(?:3[4-9]|4[0-2])(?:\.\d)?(?:度\d?|℃)?(?![\d.])"
)
_SHORT = 8  # characters
_ANSWERS = {"affirm", "deny", "nlu_fallback", "correct_child"}
_MEASURES = {"weight_kg", "weight_bare", "length_cm", "head_cm"}
# How sure it must be that a message is not our business although a word of ours is in it, and a child too (宝宝让猫抓了要打狂犬疫苗吗).
_NOT_OURS, _NO_CHILDS = 0.7, 0.9
A_CHILD = re.compile(r"孩|宝|娃|婴|幼儿|儿童|儿子|女儿|闺女|孙[子女]")
_CHILD = re.compile(A_CHILD.pattern + r"|(?<![拜委寄])托(?![福运盘付])")
_OF_FAMILIES = re.compile(
    _CHILD.pattern
    + r"|[宝幼儿童孕奶胎]|育[儿婴]|保育|早教|园|老师|阿姨|机构|产[假检后妇]|[哺陪]|护理假|疫苗|接种|月嫂|津贴|补贴|生[一二三]?[孩胎]"
)
_NOT_MATTERS = {"utilities", "neighbourhood", "traffic", "housing", "machines", "money", "fun", "love", "animals", "papers", "old_age"}
_LONG = 40  # characters of a grievance of which one kind is enough
_LETTER, _MAYBE = 80, 0.1  # characters of a letter; how likely it is a complaint where it names two kinds of grievance
_ASKED = 0.87  # the chance of a text fact that is surely asked for
_OURS = {"leave_type", "subsidy_type", "vaccine", "clause", "township"}
_DETAILS = {"child_age_months", "birth_date", "due_date", "district", "township", "landmark", "sex"}
_PLACE_FILLER = re.compile(r"家?住?在|家住|住|那边|这边|那块|附近|一带|边上|旁边|这里|那里|区|县|街道|镇|和|跟|左右|出生|生")
_TAKES_DETAILS = {"inform", "ask_followup", "find_childcare", "file_complaint"}


def only_details(text: str, entities: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a message gives a place or a date of birth, perhaps an age, and nothing else: 海州区的，一岁五个月. `entities` have entity, start and end."""
    spans = {(e["start"], e["end"]) for e in entities if e["entity"] in _DETAILS and "start" in e}
    given = any(e["entity"] in ("district", "township", "landmark", "birth_date", "due_date") for e in entities)
    return given and not _FILLER.sub("", _PLACE_FILLER.sub("", _without(text, spans)))


def only_an_age(text: str) -> bool:
    """Whether a message says how old a child is and nothing else: 10个月, 我家宝宝刚满两岁了."""
    ages = find_ages(text)
    rest = _without(text, [(found.start, found.end) for found in ages])
    return bool(ages) and all(found.entity == "child_age_months" for found in ages) and not _FILLER.sub("", rest)


def only_a_temperature(text: str) -> bool:
    """Whether a message says what the thermometer shows, perhaps of a child of what age, and nothing else: 四个月 体温37.5."""
    rest = _without(text, [(found.start, found.end) for found in find_ages(text)])
    bare, count = TEMPERATURE.subn("", rest)
    return count > 0 and not _FILLER.sub("", bare)


def _ours_after_all(message: Message, intent: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """The likeliest other intent where out_of_scope is not sure and something of ours is named or surely asked for, or a grievance is told at length or
    of two kinds."""
    ranking = [other for other in message.get("intent_ranking", []) if other["name"] != "nlu_fallback"]
    named = any(found["entity"] in _OURS for found in message.get(ENTITIES, []))
    sure = _NO_CHILDS if named and _CHILD.search(text) else _NOT_OURS
    refused = intent.get("name") in ("out_of_scope", "nlu_fallback") and any(
        other["name"] == "out_of_scope" and other["confidence"] < sure for other in ranking[:2]
    )
    others = [other for other in ranking if other["name"] != "out_of_scope"] if refused else []
    if not others:
        return None
    grieved = others[0]["name"] == "file_complaint" and _grievances(text) > (len(text) < _LONG)
    asked = any(chance >= _ASKED and "." in fact for fact, chance in (message.get(HEARD) or {}).items())
    return dict(others[0]) if named or grieved or asked else None


def _asks_of_medicine(intent: str, text: str) -> bool:
    """Whether a medicine of the child is asked about in what was taken for food or, of one that only children take, for none of our business."""
    medicine = _MEDICINE if intent in _OF_FOOD else _CHILDS_MEDICINE if intent == "out_of_scope" else None
    return bool(medicine and medicine.search(text)) and not _NOT_A_CHILDS.search(text)


def _grievances(text: str) -> int:
    """Of how many kinds of complaints a text has words."""
    return len(kinds_of(text, load_knowledge().complaint_kinds.values()))


def _is_letter_of_grievances(message: Message, intent: Mapping[str, Any], text: str) -> bool:
    """Whether a long message names grievances of two kinds and may be a complaint: what else it speaks of at length, rooms or vaccines, is beside it."""
    if len(text) < _LETTER or intent.get("name") in ("file_complaint", "report_symptom"):
        return False
    may_be = any(other["name"] == "file_complaint" and other["confidence"] >= _MAYBE for other in message.get("intent_ranking", []))
    return may_be and _grievances(text) > 1


def _of_another_matter(message: Message, intent: Mapping[str, Any], text: str) -> bool:
    """Whether what sounds like a complaint is of a matter that is not ours and of no child, its care or its parents' leave (路灯坏了半个月没人修)."""
    if intent.get("name") != "file_complaint" or _OF_FAMILIES.search(text) or any(e["entity"] in _OURS for e in message.get(ENTITIES, [])):
        return False
    return not _NOT_MATTERS.isdisjoint(matters(load_knowledge(), text))


def _no_complaint(message: Message, intent: Mapping[str, Any], text: str) -> dict[str, Any] | None:
    """The likeliest other intent of what sounds like a complaint, says that it is none and goes on (我不是投诉，就问问伙食费该退不)."""
    said = NOT_AT_ALL.search(text) if intent.get("name") in _COMPLAINING else None
    if not said or len(text) - (said.end() - said.start()) <= _SHORT:
        return None
    ranking = message.get("intent_ranking", [])
    return next(({"name": one["name"], "confidence": _SURE} for one in ranking if one["name"] not in {*_COMPLAINING, "nlu_fallback"}), None)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text without the characters of the spans."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def put_first(message: Message, intent: dict[str, Any]) -> None:
    """Put an intent before the one that was classified; the ranking keeps what it held."""
    former = message.get(INTENT)
    ranking = message.get("intent_ranking", []) or ([former] if former else [])
    first = [former] if former else []
    rest = [other for other in ranking if other["name"] not in (intent["name"], former and former["name"])]
    message.set(INTENT, intent, add_to_output=True)
    message.set("intent_ranking", [intent, *(other for other in first if other["name"] != intent["name"]), *rest], add_to_output=True)


def _about_the_record(message: Message, intent: dict[str, Any], text: str) -> None:
    """Set what is said outright of the record; take back what is more likely about something else."""
    name = str(intent.get("name"))
    if name == "report_symptom":  # the child first
        return
    if (said := child_words.outright(text)) and said != name:
        put_first(message, {"name": said, "confidence": _SURE})
    elif not said and name in child_words.INTENTS and child_words.is_elsewhere(text, float(intent.get("confidence") or 0)):
        others = [other for other in message.get("intent_ranking", []) if other["name"] not in child_words.INTENTS]
        if others:
            put_first(message, others[0])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PlainWords(GraphComponent, IntentClassifier):
    """Sets what a message says outright: file_complaint, what is wanted of a family's record, inform where it is a bare age."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> PlainWords:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent, text = message.get(INTENT) or {}, message.get(TEXT) or ""
            if other := _ours_after_all(message, intent, text):
                put_first(message, other)
                intent = other
            if PICTURE.fullmatch(text):
                put_first(message, {"name": "nlu_fallback", "confidence": 1.0})
            elif _of_another_matter(message, intent, text):
                put_first(message, {"name": "out_of_scope", "confidence": _SURE})
            elif other := _no_complaint(message, intent, text):
                put_first(message, other)
            elif _OF_THIS.fullmatch(text):
                put_first(message, {"name": "file_complaint", "confidence": _SURE})
            elif (
                _COMPLAINS.search(text)
                or (intent.get("name") in _NOT_BEATING and BEATEN.search(text))
                or _is_letter_of_grievances(message, intent, text)
            ):
                if intent.get("name") != "file_complaint":
                    put_first(message, {"name": "file_complaint", "confidence": _SURE})
            elif _asks_of_medicine(str(intent.get("name")), text):
                put_first(message, {"name": "report_symptom", "confidence": _SURE})
            elif (
                len(text) <= _SHORT
                and intent.get("confidence", 0.0) < _SURE
                and intent.get("name") in _ANSWERS
                and any(found["entity"] in _MEASURES for found in message.get(ENTITIES, []))
            ):
                put_first(message, {"name": "inform", "confidence": _SURE})  # 是9公斤
            elif only_an_age(text):
                if intent.get("name") not in _LEANING:
                    put_first(message, {"name": "inform", "confidence": _SURE})
            elif only_details(text, message.get(ENTITIES, [])):
                if text.rstrip("？?").endswith("呢"):  # 赣榆的呢 asks again for another place
                    put_first(message, {"name": "ask_followup", "confidence": _SURE})
                elif intent.get("name") not in _TAKES_DETAILS:
                    put_first(message, {"name": "inform", "confidence": _SURE})
            elif intent.get("name") != "file_complaint" and not text.startswith("/"):
                _about_the_record(message, intent, text)
        return messages
