"""Several questions in one message, told apart. Pure: where it is cut and what belongs together; bot/dialogue/runner.py reads and answers each part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.heard import HEARD, LEANS

_LONGEST = 300  # characters; a longer message is a story, and what it asks is one thing
_SHORTEST = 3  # of a part
MOST = 4  # parts
# Where a clause ends: at a mark, after 吗, 呢 and 多少天 as one dictates, before 另外 and 还有.
_CUT = re.compile(
    r"[。！!；;\n]+|[？?]+|[，,、：:]+|\s+|(?<=[吗呢嘛])(?=[^，。？！,.?!\s的])|(?:(?<=多少天)|(?<=几天)|(?<=多少钱)|(?<=怎么办)|(?<=怎么领))(?=[^\W的了呢吗啊呀吧假能]{2})"
    r"|(?=另外|还有(?!没有|多久|多少|几)|顺便|再问|还想问|再一个|对了)"
)
# What is wanted besides need not be asked for: 我想问下产假，另外娃要打什么疫苗，还有托育补贴.
_BESIDES = re.compile(r"(?:另外|还有(?![点些一没多几咳发拉吐个两])|顺便|再一个)")
# A clause that asks.
_ASKS = re.compile(
    r"吗|呢$|么$|[？?]|多少|多久|多大|多高|多重|几(?=[天个针岁月次点斤号种级年块周顿家段]|$)|怎么|怎样|咋|如何|哪|什么|啥|谁|能不能|可不可以|可以不|行不行|要不要|用不用|有没有|是不是|该不该|会不会|需不需要|为什么|能.{1,8}不$|归.{0,4}管"
)
# Intents that are answered by a fact or a list, whatever was said before.
ANSWERED = frozenset(
    {
        "ask_leave_days", "ask_leave_plan", "ask_job_protection", "ask_maternity_allowance", "ask_medical_insurance", "ask_childcare_subsidy",
        "ask_tax_deduction", "ask_vaccination", "ask_feeding", "ask_growth", "find_childcare", "ask_childcare_quality", "ask_open_childcare",
        "ask_policy_clause", "ask_department_duty", "report_symptom",
    }
)  # fmt: skip
_FIRST = "report_symptom"
POLITE = frozenset({"thank", "affirm", "deny", "goodbye"})  # intents of a message that may only begin with thanks
_YES_OR_NO = re.compile(r"(.)不\1|不[？?。]?$")  # 合不合法, 照发不
_THANKS = re.compile(
    r"^(?:(?:唉|哎|哦|噢|嗯|好|行|那|行吧|好吧|明白|懂|知道|晓得|收到|原来如此)[的了啦吧嘞]?[，,。！!～~ ]*)*(?:真|太|多|非常|真是)?[谢感](?:谢|激)?"
    r"(?:[你您啊了哈呀哦啦们您呐的]|姐妹|姐|亲|老师|连宝|大夫|医生|告知|提醒|解答|回复)*[，,。！!～~ ]+"
    r"|^我?不是(?:要|来|想)?投诉[，,。 ]*(?:我?(?:就|只)?是?想?(?:问|打听)(?:一下|问|下)?)?[，, ]*"
)
_SURE = 0.5
_BARE = 10  # characters
_EDGES = " ，,、：:。；;"
# What is told of the child and the place, not what is asked for.
_DETAILS = frozenset(
    {"district", "township", "landmark", "child_age_months", "birth_date", "due_date", "symptom", "sex", "danger_sign", "danger_doubted"}
)


def split(text: str) -> list[str]:
    """The questions of a message, each with the clauses that lead up to it; one part where it asks one thing or nothing, or tells a long story."""
    if len(text) > _LONGEST:
        return [text]
    parts: list[str] = []
    begun = at = 0  # where the part and the clause begin
    asked = 0  # where the part's last question ends; 0: it has asked nothing yet
    for cut in [*_CUT.finditer(text), None]:
        end, after = (cut.start(), cut.end()) if cut else (len(text), len(text))
        besides = at - begun >= _SHORTEST and bool(_BESIDES.match(text[at:end]))
        if besides:
            parts.append(text[begun:at])
            begun, asked = at, end
        if _ASKS.search(text[at:end]) or "？" in text[end:after] or "?" in text[end:after]:
            if asked and end - at >= _SHORTEST and not besides:
                parts.append(text[begun:asked])
                begun = asked  # what was told since leads up to this question
            asked = after
        at = after
    return [part for part in (one.strip(_EDGES) for one in (*parts, text[begun:])) if part] or [text]


_WANTS = re.compile(r"(?:给|帮|替)(?:我|俺)?(?:再)?(?:查|找|看|算|排|写)")


def beyond_thanks(text: str) -> str:
    """What a message asks after its thanks (谢谢啊，那奶粉换几段), or after saying that it is no complaint; empty where it asks nothing."""
    thanks = _THANKS.match(text)
    rest = text[thanks.end() :] if thanks else ""
    return rest if len(rest) >= _SHORTEST and (_ASKS.search(rest) or _YES_OR_NO.search(rest) or _WANTS.search(rest)) else ""


def _named(parse: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(found["entity"], str(found["value"])) for found in parse.get("entities", ()) if found["entity"] not in _DETAILS}


def _fact(parse: Mapping[str, Any]) -> str:
    """The fact that is surely asked for; empty where none is (a bare subject: none of its facts)."""
    heard: Mapping[str, float] = parse.get(HEARD) or {}
    return next((fact for fact, chance in heard.items() if chance >= _SURE and "." in fact), "")


def leaning(parse: Mapping[str, Any]) -> Mapping[str, Any]:
    """A few words that by themselves are about nothing we know, but name somebody or something (老公有几天): they lean on what was said before."""
    unknown = parse["intent"]["name"] in ("out_of_scope", "nlu_fallback") and len(parse["text"]) <= _BARE
    return {**parse, "intent": {"name": "ask_followup", "confidence": _SURE}} if unknown and _named(parse) else parse


def told_apart(whole: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The parts to be answered one after the other, the child's health first; the whole message alone where its parts ask one thing.

    `whole` and `parts` are messages as understood (Rasa's parse data).
    """
    if not 2 <= len(parts) <= MOST or not all(_stands(part, n) for n, part in enumerate(parts)):
        return [whole]
    if any(_only_named(part, parts) for part in parts):
        return [whole]
    if any(_dangerous(part) for part in parts) and not _dangerous(whole):  # what a piece sounds like alone, the rest may deny
        return [whole]
    names, intents = [_named(part) for part in parts], {part["intent"]["name"] for part in parts} - LEANS
    leans = any(part["intent"]["name"] in LEANS for part in parts)
    facts = [_fact(part) for part in parts]
    if len(set(facts) - {""}) == len(parts):  # 陪产假工资照发吗，能不能分开休
        return sorted(parts, key=_can_wait)
    if len(intents) < 2 and any(a == b and (a or leans) for a, b in zip(names, names[1:], strict=False)):
        return [whole]
    return sorted(parts, key=_can_wait)


def _only_named(part: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a part that asks nothing is about what another part is about: it tells more of that (有点烧，还有拉肚子)."""
    name = part["intent"]["name"]
    return bool(part["text"]) and not _ASKS.search(str(part["text"])) and sum(other["intent"]["name"] == name for other in parts) > 1


def _can_wait(part: Mapping[str, Any]) -> bool:
    return bool(part["intent"]["name"] != _FIRST)


def _dangerous(parse: Mapping[str, Any]) -> bool:
    return any(found["entity"] == "danger_sign" for found in parse.get("entities", ()))


def _stands(part: Mapping[str, Any], number: int) -> bool:
    """Whether a part is understood by itself, or leans on the one before with something of its own."""
    intent = part["intent"]
    if intent["name"] in LEANS:
        return number > 0 and bool(_named(part))
    return intent["name"] in ANSWERED and intent["confidence"] >= _SURE
