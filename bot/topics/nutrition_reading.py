"""What a message about feeding asks: foods, amounts, a menu, or a text. Pure.

An asked thing is a string: food.<id>=<the name it was given>, amount.<measure>, menu., unknown., or the id of a fact.
"""

from __future__ import annotations

import re
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics.matching import UNHEARD, Heard
from bot.topics.nutrition_case import FeedingCase
from bot.topics.nutrition_food import find_foods, without_foods
from bot.topics.text_facts import find, in_force

MEASURES = ("milk", "meals", "egg", "meat", "grains", "vegetables", "fruit", "oil", "salt")
_CAN = re.compile(
    r"能不能|可不可以|可以不|能否|能不|(?:能|可以|可|敢|让|准|给|会|要)(?:[^，。？?]{0,10}?)(?:吃|喝|尝|加|放|喂|碰|沾|试)|(?:吃|喝|加|尝|喂|给).{0,8}?(?:吗|(?<![怎什])么|不$|行不|中不|嘛|好不|合适|要紧|没事)"
    r"|(?:几个?月|多大|几岁|什么时候|啥时候|多少个月|几时).{0,8}(?:吃|喝|加|试|尝|碰|开始|起)|(?:能|可以|行|中)(?:了)?(?:吗|么|不|啊)|(?:多大|几个月|几岁|啥时候|什么时候)(?:能|可以|才)|^那.{1,8}呢[？?]?$"
)
_MENU = re.compile(
    r"[食菜餐](?:谱|单)|辅食(?:怎么|咋|如何)(?:加|添|吃|喂|安排)|辅食表|列个单|排一下|三顿.{0,8}(?:吃|做)点?(?:啥|什么)|(?:早上|中午|晚上|晚饭).{0,10}(?:做|弄)点?(?:啥|什么)|(?<!第一口)(?<!第一次)辅食(?:该|要|能|可以|都)?(?:吃|做)点?(?:什么|啥|些)|三餐|一日.{0,2}餐|(?:一天|一日|全天|一周|每天)(?:的|都|该|应该|要|能)?(?:吃什么|吃啥|吃些什么|吃点什么|吃哪些|怎么吃|咋吃)|(?:早[饭餐]|[午中晚][饭餐])都?(?:做|吃|弄|给).{0,4}(?:啥|什么)"
)
_MANY = re.compile(
    r"多少|几(?:毫升|顿|次|餐|个(?!月|小时)|克|瓶|两)|多大量|(?:奶量|饭量|食量)(?:$|.{0,6}(?:标准|正常|合适|够|应该|吗))|(?:标准|正常|合适)的?(?:奶量|食量)|(?:百|\d\d|顿).{0,8}够了?(?:吗|不|么)|少不少|多不多"
)
_SOME = re.compile(r"[吃喝喂](?:多少|几次)")
_NOT_AMOUNT = re.compile(
    r"多少(?:度|钱|水温|天|小时|个月|岁|分钟|牌)|夜[里奶]|放(?!多少|几)|[存冻]|[冷保]藏|常温|室温|解冻|勺|几个月|维生素|[aA][dD]|[dD]3|过敏|断奶|厌奶|吐"
)
_MEASURE = {
    "milk": re.compile(r"奶|毫升|ml|ML|喝.{0,2}(?:百|\d\d)"),
    "egg": re.compile(r"蛋(?!白质|糕)"),
    "meat": re.compile(r"肉|鱼(?!肝油|油)|虾"),
    "vegetables": re.compile(r"菜"),
    "fruit": re.compile(r"水果"),
    "oil": re.compile(r"油"),
    "salt": re.compile(r"盐"),
    "grains": re.compile(r"米饭|粥|面条|主食|米粉"),
    "meals": re.compile(r"顿|餐|辅食|饭|食量"),
}
_MOTHER = re.compile(
    r"哺乳期|哺乳妈|哺乳的|喂奶呢|孕妇|怀孕|孕期|孕早|孕晚|备孕|[坐]?月子|喂奶(?:期|的?妈|的?人|期间|能不能|可不可以|能吃|能喝|可以吃|可以喝|妈)|(?:妈妈|产妇|宝妈|乳母|我).{0,12}(?:还?能?不?能?可?以?喂奶|哺乳|母乳没事|亲喂吗|吃药|感冒|发烧)|(?:能|可以|要|还)喂奶|给娃?喂奶前|下奶|产后|大姨妈|来例假|月经|酒.{0,14}(?:喂|哺)|母乳妈妈|喂母乳.{0,4}能?吃|奶.{0,3}挤掉"
)
# Texts on the state of what is eaten, or of the child that eats: they are asked for even where a food is named.
# 能吃X吗, X能吃吗: some food is named that no one of foods.yml is.
_UNLISTED = re.compile(
    r"(?:能|可以|让|给)[^，。]{0,6}?(?:吃|喝|尝)(?:点|些|一点|个|口|块)?(?![了吗么不呢嘛的多饱完得奶饭东什啥哪几一二两三四五六七八九十百半])[\u4e00-\u9fff]{2}"
    r"|^[\u4e00-\u9fff]{2,6}(?:几个月|多大|几岁|宝宝|孩子|小孩|娃)?(?:能|可以)(?:吃|喝)(?:吗|么|不|$)"
)
_STATE = {
    "leftover", "freeze_food", "storage", "formula_left", "chewed", "ill_food", "diarrhoea_food", "eaten_already",
    "allergy", "allergens", "soup", "formula_allergy", "baby_noodle", "which_vegetable",
    "formula_make", "fruit_how", "liver_week", "wean_milk", "burp", "orange_skin", "stool_colour",
    "cooking", "teething_food",
}  # fmt: skip
_FILLER = re.compile(
    r"能吃|能喝|可以吃|可以喝|能不能|可不可以|可以|行不行|[\d零一二两三四五六七八九十半]+|个?月龄?|周?岁|天|周|早产|矫正|校正|足月|宝宝|孩子|娃|小孩|出生|新生儿|满|大|那么?|如果|要是|换成|呢|吗|了|的|是|才|刚|快|就|到|我家|我们|我|他|她|老[大二三]|[大二]宝|[大小]的|[哥姐弟妹]{2}|同事|朋友|闺蜜|邻居|亲戚|别人|人家|家|生|下|多|后|以|啊|哦|呀|[\s，。？?!！、,.+]"
)
_MILKS = {"breast_milk", "formula"}  # what all feeding is about: named beside another food, that one is asked for
# Foods that amounts are told of: any other named food is asked for by itself.
_MEASURED = _MILKS | {
    "cow_milk",
    "egg",
    "fish",
    "shrimp",
    "pork",
    "veg_puree",
    "fruit_puree",
    "table_salt",
    "nut_oil_veg",
    "rice",
    "congee",
    "noodles",
    "rice_cereal",
}
_STORY = 40  # characters: so long a message that names many foods asks for advice, not for each of them
_WHICH = "nutrition.which_"  # 什么水果: the kind is asked for
_ALONE, _ALONE_TOO = "eaten_already", "grandparents"  # told by itself; told only where nothing else is asked
_EATEN = re.compile(r"(?:喂|吃|喝|舔|尝|咽)了|已经|偷吃|偷喝")
_REFUSES = re.compile(r"不(?:爱|肯|想|愿意?|喜欢|太)?(?:吃|喝|碰)|一口不")
_SURE = 0.5  # of a text, whatever foods and amounts are named
_SHORT = 12  # characters: a message this short that asks for nothing by itself leans on the last answer


def facts_for(knowledge: Knowledge, text: str, on: date, mother: bool = False, heard: Heard = UNHEARD) -> tuple[str, ...]:
    """The ids of the texts that a message asks for, best first: of those for the mother, or of the others."""
    prefix = "nutrition.mother_"
    facts = (fact for fact in knowledge.facts.values() if fact.id.startswith("nutrition.") and fact.id.startswith(prefix) == mother)
    return find(facts, text, on, heard=heard)


def is_bare(text: str) -> bool:
    """Whether a message only brings an age or a birth week (那一岁呢, 10个月, 32周早产的)."""
    return not _FILLER.sub("", text)


def _amount(text: str) -> str | None:
    if not _MANY.search(text) or _NOT_AMOUNT.search(text):
        return None
    named = [name for name, pattern in _MEASURE.items() if pattern.search(text)]
    return None if not named else "all" if len(set(named) - {"meals"}) > 1 else named[0]


def _read(knowledge: Knowledge, case: FeedingCase, on: date) -> tuple[str, ...]:
    text, heard = case.text, case.heard
    found = find_foods(knowledge, text)
    named = {food.id: text[start:end] for food, start, end in reversed(found)}
    foods = tuple(f"food.{food}={name}" for food, name in reversed(named.items()) if food not in _MILKS or len(named) == 1)
    likely = (knowledge.facts.get(name) for name, chance in heard.items() if chance >= _SURE and name.startswith("nutrition."))
    sure = next((fact.id for fact in likely if fact and in_force(fact, on)), "")
    food_asked = foods and _CAN.search(text) and sure.removeprefix("nutrition.") not in _STATE
    tabled = bool(food_asked or _MENU.search(text) or (_amount(text) and named.keys() <= _MEASURED))
    if sure and _ALONE not in sure and not tabled:
        return (sure,)
    if _MOTHER.search(text):
        return facts_for(knowledge, text, on, True, {} if tabled else heard)[:1] or ("nutrition.mother_diet",)
    texts = facts_for(knowledge, text, on, heard=heard)
    texts = texts[:1] if texts and (_ALONE in texts[0] or _ALONE_TOO in texts[-1]) else texts
    # What the words beside the foods' names ask for.
    beside = facts_for(knowledge, without_foods(text, found), on, heard=heard) if found else texts
    state = bool(beside) and beside[0].removeprefix("nutrition.") in _STATE or bool(texts) and texts[0].startswith(_WHICH)
    if _MENU.search(text):
        return ("menu.",)
    early = case.months is None and "早产" in text  # how much an early baby drinks is for its doctor
    if (measure := _amount(text)) and named.keys() <= _MEASURED and not (state and foods) and not early:
        return (f"amount.{measure}",)
    can = bool(_CAN.search(text)) and not (texts and ("还是" in text or _MANY.search(text)))
    if foods and _EATEN.search(text):
        foods += (f"nutrition.{_ALONE}",)  # told after a no
    if foods and not texts:
        return foods if can or not _REFUSES.search(text) else ("nutrition.picky",)
    story = len(named) > 2 and len(text) > _STORY
    if foods and can and not state and not story and not (beside and named.keys() <= _MILKS):
        return foods
    if texts:
        return texts
    if _SOME.search(text):
        return ("amount.all",)
    return facts_for(knowledge, text, on) or (("unknown.",) if _UNLISTED.search(text) else ())


def what_is_asked(knowledge: Knowledge, case: FeedingCase, on: date) -> tuple[str, ...]:
    """What this turn asks for: the button's, else the message's, else (a bare age, a tap) what was answered before; () for nothing special."""
    named = knowledge.facts.get(f"nutrition.{case.fact}")
    if named and in_force(named, on):
        return (named.id,)
    if case.fact:
        return (case.fact,) if case.fact.partition(".")[0] in ("menu", "amount") else ()
    bare = is_bare(case.text)
    asked = () if bare else _read(knowledge, case, on)
    return asked or (case.asked if bare or len(case.text) <= _SHORT else ())
