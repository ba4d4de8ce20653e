"""What parents ask about shots that is not which dose is due: which facts of `vaccination.` answer a message. Pure.

A fact's id says when it fits: before_… (may the child be vaccinated?) where no shot was given yet, after_… and grave_… where one was; vaccine_… by
the name of a vaccine outside the programme; the others always.
"""

from __future__ import annotations

import re
from datetime import date

from bot.knowledge.model import Knowledge
from bot.topics import text_facts
from bot.topics.matching import UNHEARD, Heard

_SHOT = r"(?:疫苗|疫描|预苗|预防针|防疫针|针|苗)"
_NOT_A_VACCINE = r"(?!.{0,4}(?:球蛋白|丙球|退烧针|激素|点滴|吊针|抗生素|头孢))"
_DRUNK = "(?:轮状|糖丸|滴剂|疫苗)"
_DAYTIME = "(?:昨[天儿晚个]*|今[天儿早个]*|前[天儿]|上[午周]|下午|早上|中午|刚刚?|才|周.|礼拜.|星期.)"
# A shot was given, or what it does is asked.
_AFTER = re.compile(
    rf"(?<![能以])(?:打|接种|注射|种)(?:完|好|过|了|得)(?!吧){_NOT_A_VACCINE}|(?:打|接种|注射){_SHOT}?(?:之后|以后|完|后)"
    r"|(?:疫苗|疫描|预苗|预防针|防疫针)(?:之后|以后|完|后)|不良反应|副作用"
    rf"|(?:会|要|可能)发?烧|(?:喝|吃|服)(?:完|好|过|了)[^，。打]{{0,4}}{_DRUNK}|{_DRUNK}.{{0,4}}(?:喝|吃|服)(?:完|好|过|了)"
    rf"|{_DAYTIME}[^，。！？]{{0,6}}?(?:打|接种|喝)的|(?:打|接种){_SHOT}?的?(?:地方|部位|那[块儿里边条只]|胳膊|腿|屁股)|针眼|打{_SHOT}?回来"
    r"|(?:会|容易)(?:不会)?(?:发烧|发热|起疹|出疹|红肿|过敏|哭闹)|正常(?:吗|不|么|反应|现象)|要紧[吗不么]|要不要紧|(?:是不是|算|属于)正常"
)
# Yet the next shot is what is asked.
_NEXT = re.compile(
    rf"(?:还能?|现在|[今明后]天|下午|可以|能不能|能否|可不可以|能)(?:去|再|接着|继续|照常)?(?:打|接种)了?{_SHOT}?(?:[吗不么嘛没吧]|$)"
    r"|(?:打(?:疫苗|预防针|针)|接种)之?前|敢不?敢?打|就不打了|推不推"
)
# A sign after an earlier shot, told to ask about the next one.
_ONCE = re.compile(r"上[次回]|上一[针次]|[头第]一[针次]|有过|曾经|去年")
_FURTHER = re.compile(r"还能|能打|敢打|下一?[针次回]|[这第][次回二三][针次]?|后面的?|以后")
# What the child does not have is not asked about (流鼻涕没发烧).
_DENIED = re.compile(r"(?:没有?|不|未)再?(?:发烧|发热|烧|咳嗽?|流鼻涕|吐|拉|喘(?!气)|抽|红|肿|过敏|哭|[起出]疹子?)(?:了|过)?")
_ITS_VACCINE = re.compile(r"(?<=[^打种接])的(?=疫苗)")
_GRAVE = "grave_"
_SURE = 0.5  # of a fact, beside a vaccine that has one of its own
_GIVEN = 0.35  # of a fact on what comes after a shot: that one was given
_ALWAYS = frozenset({"after_shot", "before_prep"})
# Told of all vaccines alike; a vaccine named has its own answer to them.
_GENERAL = frozenset({"free", "paid_worth", "late", "interval", "must", "why_many", "early", "before_prep"})


def _named(knowledge: Knowledge, text: str) -> tuple[str, ...]:
    """The vaccines (ids of terms) that the text names, the longest name first."""
    plain = "".join(text.lower().split())
    terms = (term for term in knowledge.terms["vaccine"].values() if term.id != "any")
    found = {term.id: max((len(said) for said in term.said if said.lower() in plain), default=0) for term in terms}
    return tuple(sorted((name for name, length in found.items() if length), key=lambda name: (-found[name], name)))


def paid_vaccine(knowledge: Knowledge, text: str, on: date) -> str | None:
    """The id of the fact on the vaccine outside the programme that the text names; None where it names none or nothing is known on that day."""
    facts = (knowledge.facts.get(f"vaccination.vaccine_{name}") for name in _named(knowledge, text))
    return next((fact.id for fact in facts if fact and text_facts.in_force(fact, on)), None)


def _spoken(knowledge: Knowledge, text: str) -> str:
    """The text with the names of vaccines that are misheard most (卡戒苗, 棱状病毒) put right, and 手足口的疫苗 as 手足口疫苗."""
    text = _ITS_VACCINE.sub("", text)
    for name in ("bcg", "rota"):
        term = knowledge.terms["vaccine"][name]
        heard = re.compile("|".join(sorted(map(re.escape, term.said), key=len, reverse=True)))
        text = heard.sub(term.label, text)
    return text


def find_question(knowledge: Knowledge, text: str, on: date, heard: Heard = UNHEARD) -> tuple[str, ...]:
    """The ids of the facts that a message asks for, at most two: a grave sign after a shot first, then by how much of the message asks for it."""
    text = _spoken(knowledge, _DENIED.sub("，", text))
    likeliest = max(heard, key=lambda name: heard[name], default="")
    sounds_given = likeliest.startswith("vaccination.after_") and heard[likeliest] >= _GIVEN
    given = sounds_given or bool(_AFTER.search(text))
    unfit = ("before_",) if given and not _NEXT.search(text) else ("after_",)
    facts = {fact.id.removeprefix("vaccination."): fact for fact in knowledge.facts.values() if fact.id.startswith("vaccination.")}
    past = _ONCE.search(text) and _FURTHER.search(text)
    signs = [fact for name, fact in facts.items() if name.startswith(_GRAVE) and given and not past]
    fitting = [fact for name, fact in facts.items() if name in _ALWAYS or not name.startswith((*unfit, _GRAVE))]
    grave = text_facts.find(signs, text, on, most=1)
    found = tuple(dict.fromkeys(grave + text_facts.find(fitting, text, on, heard=heard)))[:2]
    paid = paid_vaccine(knowledge, text, on)
    general = all(name.removeprefix("vaccination.") in _GENERAL or 0 < heard.get(name, 0.0) < _SURE for name in found)
    between = "vaccination.interval" in found and len(_named(knowledge, text)) > 1
    return (paid,) if paid and general and not between else found
