"""Signs of danger in what a parent writes, told apart from what is denied, past, over, supposed or something else. Pure.

The signs and their patterns are knowledge (knowledge/national/danger_signs.yml); this module holds only the grammar around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot.knowledge.model import DangerSign

NOW, OVER, SUPPOSED, PAST = "now", "over", "supposed", "past"
_TENSES = (NOW, OVER, SUPPOSED, PAST)
GRADES = ("call_now", "emergency_room", "same_day")
_READ = 2000  # characters of a message that are read
_NEAR = 130  # characters within which the parts of a pattern belong together
# Signs that can pass by themselves; a swallowed battery or a fall is as grave when the child looks well.
PASSING = frozenset(
    {"not_breathing", "choking_infant", "choking_child", "choking", "seizure", "unresponsive", "blue", "breathing", "croup_wheeze"}
)
# A wish to die said to be of yesterday is still a danger today.
LASTING = frozenset({"self_harm", "psychosis", "animal_bite", "battery"})

_ELSEWHERE = re.compile(
    r"抽(?:血|奖|时间|空|查|检|样|烟|屉|纸|签|号|脂|象|象|条|高|水|油烟|动症|泣|真空|噎|抽噎噎|背|成|出(?:时间|空))|一抽一抽(?:地|的)?哭|哭得.{0,3}抽抽|(?:腿|小腿|脚)抽筋"
    r"|烧(?:烤|饭|水|菜|钱|脑|香|卖|饼)|防(?:噎|呛|烫|摔|溺水|触电|走失|窒息|坠|拐)|(?:防止|预防|避免|减少).{0,4}(?:噎|呛|烫|摔|溺水|触电|走失|窒息|坠落|抽搐|惊厥|意外)"
    r"|想死(?:我|你)|吓死|累死|气死|烦死|笑死|好死|该死|(?:晕|吐)(?:车|血的?价格|血价)|电话被?抽|救命稻草|不(?:要|会)着火|睡(?:觉|着).{0,6}(?:翻白眼|半睁)|翻白眼.{0,4}(?:正常|斜视)"
    r"|(?:叫|喊)(?:他|她|孩子|宝宝|娃)?的?(?:名字|小名|大名).{0,10}(?:没有?反应|不理|不应|不回头|没有?回应)|(?:摔|砸|碰)坏|跌(?:价|幅|入)|儿童车祸险|打(?:疫苗|针|预防针).{0,3}(?:抽|要)号"
    r"|血(?:常规|型|压|糖|红蛋白|铅|管|缘|汗)(?!.{0,3}1[6-9]\d)|流感(?=疫苗)|喘息|哮喘(?=.{0,6}(?:疫苗|能打|请假))|紫(?:外线|薯|菜|癜性肾)|脑电图|母乳喂|过敏(?:原|源)|(?:不|没)(?:会|有)?误食"
)
_CLAUSES = re.compile(r"[，。！？；：,!?;:\n…~～ ]+")
_NOT = re.compile(
    r"(?<![是会有能要不])(?:没有?|无|未|不|别|不会|不是|并非|从不|从未|未见|否认)(?:再|有|怎么|出现|什么|明显|任何|过|发生|见|是|曾)*(?:[\u4e00-\u9fff]{1,5}?[、和或及跟与])*$"
)
_NOT_AFTER = re.compile(r"^(?:没有|倒?没有过|是没有)(?:$|[，。！？,!? ])")
_SUPPOSED_BEFORE = re.compile(
    r"万一|如果|要是|假如|假设|倘若|若是|怕|担心|会不会|防止|预防(?!针|接种)|避免|以防|谨防|当心|(?<!不)小心|容易|有没有|是否会|可能会|(?<!不)会(?:被|把|导致|引起)?$|风险|遇到|碰到|为什么|哪些"
)
_SUPPOSED_AROUND = re.compile(
    r"怎么(?:急救|预防|判断|区分|识别|看出)|急救(?:法|方法|知识|措施|流程|步骤|课)|什么(?:症状|表现|样子|预兆|征兆|危害|区别)|是什么|什么是|是啥|有哪些|知识|科普|正确做法|区别|咋分|怎么分|会怎么样|后遗症|遗传|"
    r"伤脑|原理|一岁以下怎么做|要不要掐|对不对|时候要"
)
_HAPPENING = re.compile(r"了|正在|刚|现在|快|救命|[!！]|又|还在|今天|今早|今晚|一直|在线等|突然")
_PAST_BEFORE = re.compile(
    r"上个?(?:月|周|星期|礼拜|次|回|学期)|去年|前年|大前年|以前|之前|从前|小时候|曾|当年|那年|那次|有一次|出生时|刚出生那会"
    r"|(?:[一二两三四五六七八九十半几好\d]+个?多?(?:年|月|周|星期|礼拜))(?:之|以)?前|(?<!\d)(?:1[0-2]|[1-9]|[一二三四五六七八九十]+)月(?:份|底|初|中旬|\d+[日号])|本月|\d{4}年"
)
_PAST_AFTER = re.compile(r"^(?:了|抽)?(?:过(?!来|去|敏|不去|了|得|的)|史|病史)")
_OVER_BEFORE = re.compile(r"昨[天晚夜儿]|前[天晚]|前几天|前两天|前些天|大前天")
_OVER_AFTER = re.compile(
    r"不抽了|抽完|停了|(?:就|都|已经|后来|一会儿?|自己|又|现在)好了|好了(?:要|还|，|$)|好转|睡着了(?!叫不)|缓过来|缓解|清醒|自己醒|又醒|醒过来|没事了|会哭了|他现在哭|哭出来|恢复|咳出来|吐出来|拍出来|取出来|拿出来|好点|出院"
)
_AGAIN = re.compile(r"又|还在|还没|没好|正在|现在(?!不抽|好|没事|睡着|已经|出院|哭)|刚|今天|再次|一直|不停|这会")
_NOW_AT_ALL = re.compile(r"现在|正在|刚刚|刚才|还在|这会|快[点来!！]|救命|[!！]{2}|叫不醒|怎么办|咋办|怎么弄")
_ABOUT = re.compile(
    r"投诉|举报|维权|赔(?:偿|钱|付)|说法|追究|追责|监控|责任|负责|谁管|归谁|归.{1,5}管|哪个(?:部门|单位|科室管)|规定|条例|文件|第.{1,3}条|预案|演练|培训|报销|理赔|保险|补贴|请假|护理假|产假|工伤|疫苗.{0,6}(?:能打|可以打|能不能打|还能|要不要打|推迟|禁忌)"
    r"|(?:能|可以|要不要|还)(?:打|接种).{0,8}(?:疫苗|针|吗)"
)


@dataclass(frozen=True)
class Seen:
    """A sign in a message and its tense: happening now, over (a few days back, or it stopped), supposed (万一, a question of knowledge) or past."""

    sign: DangerSign
    tense: str


@cache
def _compiled(pattern: str) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    """The parts that must be there and those that must not."""
    parts = pattern.split()
    return tuple(re.compile(p) for p in parts if not p.startswith("!")), tuple(re.compile(p[1:]) for p in parts if p.startswith("!"))


def _clause_before(text: str, at: int) -> str:
    return _CLAUSES.split(text[:at])[-1]


def _clause_after(text: str, at: int) -> str:
    return _CLAUSES.split(text[at:], maxsplit=1)[0]


def _denied(text: str, match: re.Match[str]) -> bool:
    """没抽, 没有发烧、呕吐, 发烧没有, 吐没吐."""
    after = text[match.end() :]
    asked = len(after) > 1 and after[0] in "没不" and after[1] == match[0][-1]
    return bool(asked or _NOT.search(_clause_before(text, match.start())) or _NOT_AFTER.match(after))


def _tense(text: str, sign: DangerSign, match: re.Match[str]) -> str:
    before, after = _clause_before(text, match.start()), _clause_after(text, match.end())
    clause = before + match[0] + after
    if _SUPPOSED_BEFORE.search(before) or (_SUPPOSED_AROUND.search(text) and not _HAPPENING.search(clause)):
        return SUPPOSED
    if sign.id in LASTING:
        return NOW
    again = _AGAIN.search(clause)
    clauses = [c for c in _CLAUSES.split(text[: match.start()])[:-1] if c]
    lead = clauses[-1] if clauses and len(clauses[-1]) <= 8 else ""  # 上个月，抽过一次
    said = lead + before + match[0]
    if _PAST_AFTER.match(text[match.end() :]) or (_PAST_BEFORE.search(said) and not again and "生" not in said):
        return PAST
    if sign.id in PASSING:
        following = match[0] + text[match.end() :]
        ended = _OVER_AFTER.search(following)
        if (ended and not _AGAIN.search(following[: ended.end()].replace(ended[0], "") + following[ended.end() : ended.end() + 40])) or (
            _OVER_BEFORE.search(said) and not again
        ):
            return OVER
    return NOW


def _seen(sign: DangerSign, text: str) -> str | None:
    """The gravest tense in which the sign stands in the text, None where it does not."""
    tenses: set[str] = set()
    for pattern in sign.patterns:
        required, barred = _compiled(pattern)
        if any(part.search(text) for part in barred):
            continue
        matches = [next((m for m in part.finditer(text) if not _denied(text, m)), None) for part in required]
        found = [m for m in matches if m]
        if len(found) == len(matches) and max(m.start() for m in found) - min(m.end() for m in found) <= _NEAR:
            tenses.add(min((_tense(text, sign, m) for m in found), key=_TENSES.index) if len(found) == 1 else _together(text, sign, found))
    return min(tenses, key=_TENSES.index, default=None)


def _together(text: str, sign: DangerSign, found: list[re.Match[str]]) -> str:
    """Several parts: supposed or past only where every part is."""
    tenses = {_tense(text, sign, m) for m in found}
    return SUPPOSED if SUPPOSED in tenses and len(tenses) == 1 else min(tenses, key=_TENSES.index)


def _fits(sign: DangerSign, age_months: int | None) -> bool:
    if sign.min_age_months is None and sign.max_age_months is None:
        return True
    return age_months is not None and (sign.min_age_months or 0) <= age_months <= (
        sign.max_age_months if sign.max_age_months is not None else 999
    )


def find_signs(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> tuple[Seen, ...]:
    """The signs of danger in a normalised message, most urgent first: what happens now before what is over, then by grade, then by their order.

    A sign with an age limit (months) counts only where the age is known and fits.
    """
    masked = _ELSEWHERE.sub(lambda m: "□" * len(m[0]), text[:_READ])
    seen = []
    for order, sign in enumerate(signs):
        if _fits(sign, child_age_months) and (tense := _seen(sign, masked)):
            seen.append((_TENSES.index(tense), GRADES.index(sign.grade), order, Seen(sign, tense)))
    return tuple(row[-1] for row in sorted(seen, key=lambda row: row[:3]))


def emergency(signs: Iterable[DangerSign], text: str, child_age_months: int | None) -> DangerSign | None:
    """The gravest sign that happens now and needs 120, 110 or an emergency room; None where there is none.

    A complaint, a question on a rule, on a vaccine or on leave that only tells of it is no emergency, unless it says that it is happening.
    """
    for seen in find_signs(signs, text, child_age_months):
        if seen.tense == NOW and seen.sign.grade in ("call_now", "emergency_room"):
            told = seen.sign.id not in LASTING and _ABOUT.search(text) and not _NOW_AT_ALL.search(text)
            return None if told else seen.sign
    return None
