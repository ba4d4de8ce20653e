"""Rasa component: a name that is nearly one of the knowledge base's is read as that name (疫描 → 疫苗); where two are equally near it is left, and said."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.load import load_knowledge
from bot.nlu.entity_ruler import patterns
from bot.nlu.near_names import SHORTEST, WORD, Name, Near, NearNames
from bot.nlu.sounds import common_sounds

NEAR = "near_names"  # of a message: [{"start", "end", "names"}], pieces that are equally near to several names
_FILE = "names.json"
_ENTITIES = {"district", "township", "vaccine", "food", "leave_type", "subsidy_type"}
# What parents write all the time that is no entity, and what the patterns for symptoms look for. Not what a slip of another kind sounds like
# (抱小 → 报销, 老绊 → 老板, 边学 → 便血): each was tried on all examples (docs/decisions/0014).
_WORDS = (
    "托育机构", "托育中心", "托育园", "托育所", "托儿所", "托育", "托班", "托管", "幼儿园", "早教中心", "早教", "疫苗", "接种", "产假", "婚假",
    "月嫂", "育婴师", "保育员",
    "发烧", "发热", "高烧", "低烧", "体温", "腹泻", "拉稀", "拉肚子", "便秘", "呕吐", "吐奶", "咳嗽", "流涕", "流鼻涕", "鼻血", "流鼻血", "皮疹", "红疹",
    "烫伤", "烧伤", "摔伤", "抓伤", "咬伤", "擦伤", "抽搐", "惊厥", "热性惊厥", "抽筋", "昏迷", "窒息", "噎住", "呛奶", "过敏", "骨折", "嗜睡", "哮喘",
    "肺炎", "脱水", "鹅口疮", "手足口", "误吞", "误食", "触电", "溺水", "中毒", "出血",
    "健康证", "备案", "投诉", "举报", "监控", "食堂", "伙食", "退费", "收费", "押金", "体罚", "甲醛", "老师", "小班", "午睡", "学步车",
    "补贴", "津贴", "医保", "社保", "户口", "落户", "怀孕", "产检", "体检", "辞退", "工资", "档案", "育儿", "普惠",
    "奶粉", "辅食", "母乳", "酸奶", "牛奶", "身高", "体重", "发育",
)  # fmt: skip
_LEFT = ("补铁",)  # sounds like one of them and is none


def _names() -> list[Name]:
    knowledge = load_knowledge()
    known = (Name(p["label"], p["id"], p["pattern"]) for p in patterns(knowledge) if p["label"] in _ENTITIES)
    departments = (alias for department in knowledge.departments.values() for alias in department.aliases if len(alias) > SHORTEST)
    return [*(Name(WORD, word, word) for word in (*_WORDS, *departments)), *(Name("", word, word) for word in _LEFT), *known]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Spelling(GraphComponent):
    """Writes names as they are known, after jieba has cut the message and before anything else reads it. Examples to learn from stay as they are."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, near: NearNames | None = None) -> None:
        self.model_storage, self.resource, self.near = model_storage, resource, near

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Spelling:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> Spelling:
        with model_storage.read_from(resource) as folder:
            kept = json.loads((Path(folder) / _FILE).read_text("utf-8"))
        return cls(model_storage, resource, NearNames((Name(*name) for name in kept["names"]), kept["sounds"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """New names must retrain."""
        return hashlib.sha256(repr(_names()).encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        names = _names()
        kept = {"names": [(name.entity, name.value, name.said) for name in names], "sounds": common_sounds(name.said for name in names)}
        with self.model_storage.write_to(self.resource) as folder:
            (Path(folder) / _FILE).write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        return self.resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        assert self.near is not None
        for message in messages:
            text, tokens = message.get(TEXT), message.get(TEXT_TOKENS)
            found = self.near.find(text, [(token.text, token.start) for token in tokens]) if text and tokens else []
            if sure := [near for near in found if len(near.names) == 1]:
                _respell(message, sure)
            elif found:
                unsure = [{"start": near.start, "end": near.end, "names": list(near.names)} for near in found]
                message.set(NEAR, unsure, add_to_output=True)
        return messages


def _respell(message: Message, found: list[Near]) -> None:
    """Put the names in the place of what is near to them, in the text and among the words."""
    text, words, at = message.get(TEXT), [], 0
    for near in found:
        words += [token.text for token in message.get(TEXT_TOKENS) if at <= token.start < near.start] + [near.names[0]]
        at = near.end
    words += [token.text for token in message.get(TEXT_TOKENS) if token.start >= at]
    for near in reversed(found):
        text = text[: near.start] + near.names[0] + text[near.end :]
    tokens, at = [], 0
    for word in words:
        at = text.index(word, at)
        tokens.append(Token(word, at))
        at += len(word)
    message.set(TEXT, text, add_to_output=True)
    message.set(TEXT_TOKENS, tokens)
