"""Rasa component, last in the pipeline: a child in danger is understood as such, whatever else the message is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import load_knowledge
from bot.knowledge.model import DangerSign
from bot.nlu.danger_net import CHANCES
from bot.nlu.net_alone import NEIGHBOURS, heard_alone
from bot.nlu.plain_words import A_CHILD, BEATEN, TEMPERATURE, put_first
from bot.nlu.sign_filter import SignFilter, fingerprint, share
from bot.topics.health_signs import Narrow, emergency, everything, same_day, searched_for
from bot.topics.health_urgent import CALLED
from bot.topics.other_matters import matters

_INTENT, _COMPLAINING = "report_symptom", "file_complaint"
_OTHER_QUESTIONS = {
    "ask_growth",
    "ask_feeding",
    "ask_vaccination",
    "ask_childcare_quality",
    "nlu_fallback",
}  # what a sign for the same day goes before
# What a mother's tears are taken for (我天天哭 睡不着); 夜奶怎么断，我快疯了 asks of the milk.
_NOT_HERS, _HER_MOOD = {"inform", "ask_followup", "affirm", "deny", "out_of_scope", "ask_growth", "nlu_fallback"}, "postnatal_mood"
# Answers that would send a hurt child away (小孩脸上被狗抓, 娃不中了快来人啊).
_SENT_AWAY = {"out_of_scope", "nlu_fallback", "greet", "thank", "goodbye"}
_SURE = 0.8
_COMPLAINT = 0.5
_CERTAIN, _NOT_OURS = 0.97, 0.9
_NEAR = 4  # places of the ranking within which the health of the child must stand
# How unlikely it must be for a pattern to be mistaken; in a complaint still less likely.
_MISTAKEN, _MISTAKEN_COMPLAINT = 0.1, 0.03
# A fever is told in numbers (40天烧到38度2), from which nothing is learned; a wish to die, a child that is lost or beaten at home is taken at its word.
_NEVER_DOUBTED = ("fever", "missing_child", "self_harm", "psychosis", "abuse_home")
# Doubted only in a complaint and in what is surely not our business, for the net has seen few of them.
_HARDLY_DOUBTED = ("high_fall", "battery", "snake", "face_bite", "maternal_grave", "labour")
# Harm that is as grave where the child looks well; what a parent says to take heart makes the net doubt it (能哭，应该没事吧).
_UNSEEN_HARM = ("high_fall", "battery", "poison", "overdose", "gas", "electric_shock", "swallowed_object", "drowning", "traffic")
_REASSURED = re.compile(
    r"没(?:什么|啥|多大)?(?:事|反应|异常|问题|不舒服)(?!没)|(?:能|会|还|还在|照样)(?:哭|笑|玩|吃|跑|说话)|好好的"
    r"|看着[^，。]{0,3}(?:好|正常|精神)|不(?:哭|吐|疼)不[闹拉喊]"
)
# The amount that was given, and a child likened to noodles: a question on feeding to the net.
_AMOUNT = re.compile(r"\d(?:ml|毫升|mg|毫克|[片粒滴支袋勺])|[一两二三四半整][片粒支袋勺瓶]", re.IGNORECASE)
_LIMP = re.compile(r"(?:(?<!面条)(?<!馒头)(?<!蛋糕)(?<!被子)软|没劲|劲[^，。]{0,2}没|抱)[^，。]{0,6}(?:面条|面团|棉花|烂泥)")
_PETS = re.compile(r"宠物|兽医")
_BY_IT = re.compile(r"[咬抓挠舔啄蹬踢]|撞|过敏")  # what an animal does to a child
_UNCLEAR = {"now": "unclear_now", "today": "unclear_today"}  # the signs of what is heard and cannot be named
# The child's state at this hour, in the same clause: 现在叫不醒, 接回来就吐, 还在流血. Not what a place does now (现在不承认).
_HURT_NOW = re.compile(
    r"(?:现在|这会儿?|此刻|刚刚|刚才|接回来|回(?:到)?家|到家|还在|一直|不停地?|还|又)(?:就|后|以后|想|要|光|只|一直|都|也|还|在|孩子|宝宝|娃|人|头|手|眼|肚子|嘴|脸|他|她|老){0,6}"
    r"(?:吐|呕|烧|发热|抽|喘|昏|晕|迷|流血|出血|冒血|叫不|喊不|醒不|不醒|没醒|没反应|不动|不会动|软|瘫|蔫|没精神|睡|紫|青|肿|疼|哭|卡|锁|关|尿血|便血|打|拉|说胡|起泡|全是泡|脱皮|皮都?破|烂)"
    r"|救命|快(?:来|点)|[！!]{2}|(?:止|停)不(?:住|下)|怎么(?:急救|送)|要不要(?:去医院|叫救护车|打120)"
)
_AFTERWARDS = re.compile(
    r"住院|住进|出院|送医|医院(?:说|查|检查|诊断|拍|缝|鉴定)|手术|缝了|昨[天晚]|前[天些几]|上个?(?:周|月|星期|礼拜|学期)|当时|后来|事后|之后才|隔了|幸亏|好在|赔|处理|态度|不承认|不认(?!识|得)|说法|监控|录像|视频|家长(?:才|告诉|群)|都不知道|没人发现|才(?:知|发现|说|承认)"
    r"|[一二两三四五六七八九十\d]+(?:天|周|个?月)前"
)


# Whom or what a complaint is about, or what it asks for.
_PARTY = re.compile(
    r"老师|幼师|园|托|班|机构|中心|保育|校|早教|月嫂|育婴|家政|公司|单位|老板|领导|厂|商家|店|卖|买|退|订|押金|收费|收了|社区|街道|村委|居委|政府|部门|窗口|局|物业|小区|医院|医生|护士|门诊|平台|客服|网站|app"
    r"|投诉|举报|反映|维权|曝光|赔|说法|追究|责任|没人管|怎么管|质量|假货|过期|噪音|甲醛|补贴|津贴|消防|乘客|公交|司机|骑手|快递|游乐|超市|餐厅|饭店|泳馆|景区"
)
# A body that is hurt, or what hurts it.
_HURT = re.compile(
    r"血|伤|烫|烧|喘|吐|呕|抽|疼|痛|哭|嘴|唇|眼|头|脑|脖|喉|胸|肚|手"
    r"|脚|腿|胳膊|屁股|药|毒|电|火|烟|水里|掉|摔|撞|夹|卡|锁|度|尿|便|没气|不动|醒"
)


# What somebody did, or left undone: 脸上有手指印, 手足口瞒着不讲, 天花板掉下来一块.
_DONE = re.compile(r"(?:手指|手|巴掌|掌|指|掐|鞋)印|瞒|不(?:告诉|通知|告知)|天花板|吊顶|墙皮")


def _age(message: Message) -> int | None:
    return next((found["value"] for found in message.get(ENTITIES, []) if found["entity"] == "child_age_months"), None)


def _doubtful(message: Message) -> bool:
    """A symptom is named in a message that the classifier is not sure of, or a temperature: 宝宝 and an age beside it look like growth or feeding."""
    intent = message.get(INTENT) or {}
    named = any(found["entity"] == "symptom" for found in message.get(ENTITIES, []))
    told = TEMPERATURE.search(message.get(TEXT) or "") or (named and intent.get("confidence", 0.0) < _SURE)
    return intent.get("name") in NEIGHBOURS and bool(told)


def _of_an_animal(text: str) -> bool:
    """Whether an animal is ill (布偶崽崽拉稀三天了没精神): no child is named, nor what it did to one."""
    named = "animals" in matters(load_knowledge(), text)
    return bool(_PETS.search(text)) or (named and not A_CHILD.search(text) and not _BY_IT.search(text))


def _called(message: Message) -> bool:
    """120打了，接下来咋办: 打了 is no shot here."""
    intent = message.get(INTENT) or {}
    return intent.get("name") in _OTHER_QUESTIONS and bool(CALLED.search(message.get(TEXT) or ""))


def _complained_of(message: Message, text: str, sign: DangerSign) -> bool:
    """A complaint of what was done to a child, told afterwards (老师打我孩子，脸上都是血印): it is taken down and names 110 and 120 itself.

    A child who is hurt now goes first (接回来一直吐). Where the message says neither, only what 120 must come for does.
    """
    intent = message.get(INTENT) or {}
    if intent.get("name") != _COMPLAINING or intent.get("confidence", 0.0) < _COMPLAINT:
        return False
    if sign.id == "abuse_home" or _HURT_NOW.search(text):
        return False
    return bool(_AFTERWARDS.search(text)) or sign.grade != "call_now"


def _hurt_by_nobody(message: Message, text: str) -> bool:
    """Taken for a complaint, but it names nobody to complain of, only a child that is hurt (手腕割破了还在渗): its health comes first."""
    intent = message.get(INTENT) or {}
    if intent.get("name") != _COMPLAINING or intent.get("confidence", 0.0) >= _CERTAIN:
        return False
    near = [other["name"] for other in message.get("intent_ranking", [])[:_NEAR]]
    return _INTENT in near and not _PARTY.search(text) and not _DONE.search(text) and bool(_HURT.search(text))


def _beaten(message: Message, text: str) -> bool:
    """Where a child is minded somebody hits it, and no hurt is named (老师打孩子了怎么办): never a mild complaint to be watched at home."""
    intent = message.get(INTENT) or {}
    unsure = intent.get("name") in {_INTENT, "out_of_scope", "nlu_fallback"} and intent.get("confidence", 0.0) < _NOT_OURS
    return unsure and bool(BEATEN.search(text)) and not _HURT.search(text)


def _beyond_doubt(sign: DangerSign, text: str, intent: dict[str, Any]) -> bool:
    """Whether the sign that a pattern sees stands however unlikely the net finds it."""
    if sign.id.startswith(_NEVER_DOUBTED):
        return True
    sure = intent.get("confidence", 0.0)
    if (intent.get("name") == _COMPLAINING and sure >= _COMPLAINT) or (intent.get("name") == "out_of_scope" and sure >= _NOT_OURS):
        return False
    return (
        sign.id in _HARDLY_DOUBTED
        or (sign.id == "overdose" and bool(_AMOUNT.search(text)))
        or (sign.id == "unresponsive" and bool(_LIMP.search(text)))
        or (sign.id.startswith(_UNSEEN_HARM) and bool(_REASSURED.search(text)))
    )


def _found(message: Message, entity: str, sign: DangerSign) -> None:
    """Leave the sign on the message as an entity over the whole of its text."""
    found = {
        "entity": entity, "value": sign.id, "start": 0, "end": len(message.get(TEXT)),
        "extractor": "DangerSigns", "confidence_entity": 1.0,
    }  # fmt: skip
    message.set(ENTITIES, message.get(ENTITIES, []) + [found], add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerSigns(GraphComponent, IntentClassifier):
    """Where a sign that needs 120, 110 or an emergency room happens now, the intent is report_symptom and the entity danger_sign its id.

    Training compiles the patterns for bot.nlu.sign_filter; the model keeps them.
    """

    def __init__(self, signs: Iterable[DangerSign], narrow: Narrow = everything, kept: tuple[ModelStorage, Resource] | None = None) -> None:
        self.signs, self.narrow, self.kept = tuple(signs), narrow, kept
        self._unclear = {grade: next(sign for sign in self.signs if sign.id == id) for grade, id in _UNCLEAR.items()}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> DangerSigns:
        return cls(load_knowledge().danger_signs.values(), kept=(model_storage, resource))

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> DangerSigns:
        signs = load_knowledge().danger_signs.values()
        with model_storage.read_from(resource) as folder:
            narrow = SignFilter.load(Path(folder), searched_for(signs))
        share(narrow)
        return cls(signs, narrow)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changed patterns and another version of Hyperscan must retrain."""
        return fingerprint(searched_for(load_knowledge().danger_signs.values()))

    def train(self, training_data: TrainingData) -> Resource:
        assert self.kept is not None
        model_storage, resource = self.kept
        with model_storage.write_to(resource) as folder:
            SignFilter.compile(searched_for(self.signs)).save(Path(folder))
        return resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            sign = self._sign(message, text) if text else None
            if text and sign and not _complained_of(message, text, sign):
                put_first(message, {"name": _INTENT, "confidence": 1.0})
                _found(message, "danger_sign", sign)
            elif text and _beaten(message, text):
                put_first(message, {"name": _COMPLAINING, "confidence": _SURE})
            elif (
                _doubtful(message)
                or _called(message)
                or (text and self._sent_away(message, text))
                or (text and (_hurt_by_nobody(message, text) or self._to_doctor_today(message, text)))
            ):
                put_first(message, {"name": _INTENT, "confidence": _SURE})
        return messages

    def _sign(self, message: Message, text: str) -> DangerSign | None:
        """The sign that a pattern sees, else what bot.nlu.danger_net hears in words that no pattern knows.

        Where it is sure that there is no danger, the pattern's sign is left on the message as doubted, and the intent as it was.
        """
        chances = message.get(CHANCES) or {"none": 0.5, "now": 0.0, "today": 0.0}
        understood = message.get(INTENT) or {}
        danger, intent = 1.0 - chances["none"], understood.get("name")
        if intent == "out_of_scope" and understood.get("confidence", 0.0) >= _NOT_OURS and _of_an_animal(text):
            return None
        if sign := emergency(self.signs, text, _age(message), self.narrow):
            if danger >= (_MISTAKEN_COMPLAINT if intent == _COMPLAINING else _MISTAKEN) or _beyond_doubt(sign, text, understood):
                return sign
            _found(message, "danger_doubted", sign)
            return None
        grade = heard_alone(text, chances, understood)
        return self._unclear[grade] if grade else None

    def _sent_away(self, message: Message, text: str) -> bool:
        """A child and a sign, doubted or for a doctor the same day, in what would be refused or greeted; not where that is certain (毛孩子发烧40度)."""
        intent = message.get(INTENT) or {}
        if intent.get("name") not in _SENT_AWAY or intent.get("confidence", 0.0) >= _CERTAIN:
            return False
        today = same_day(self.signs, text, _age(message), self.narrow)
        if not A_CHILD.search(text):  # of a fever alone the child need not be named (烧第三天了)
            return today is not None and today.id.startswith("fever") and intent.get("confidence", 0.0) < _NOT_OURS
        return today is not None or any(found["entity"] == "danger_doubted" for found in message.get(ENTITIES, []))

    def _to_doctor_today(self, message: Message, text: str) -> bool:
        """A sign for a doctor the same day in what was taken for another question about the child (猫抓了手，要不要打针), or hardly for an illness."""
        understood = message.get(INTENT) or {}
        intent = understood.get("name")
        hardly = intent == _INTENT and understood.get("confidence", 0.0) < _SURE
        sign = same_day(self.signs, text, _age(message), self.narrow) if hardly or intent in _OTHER_QUESTIONS | _NOT_HERS else None
        return sign is not None and (hardly or intent in (_NOT_HERS if sign.id == _HER_MOOD else _OTHER_QUESTIONS))
