"""Childcare near home: what is answered to a search of the directory. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.childcare.asking import PAGE, Search
from bot.childcare.institution import Institution
from bot.childcare.search import Directory, Found, Hit
from bot.childcare.wishes import not_listed
from bot.knowledge.dated import Document, Source
from bot.knowledge.model import Knowledge
from bot.topics.answer import Answer, Button
from bot.topics.childcare_wording import card, values
from bot.topics.text_facts import answer, find, in_force
from bot.topics.wording import age

_MORE = Button("更多", '/find_childcare{"childcare_move": "more"}')
_WORK = Button("离单位近的", '/find_childcare{"childcare_move": "work"}')
_ANYWHERE = Button("先看全市的", '/find_childcare{"childcare_move": "anywhere"}')
_INCLUSIVE = Button("只看普惠", '/find_childcare{"childcare_wish": "inclusive"}')
_CHEAPER = Button("便宜点的", '/find_childcare{"childcare_wish": "cheapest"}')
_NO_WISHES = Button("不限条件", '/find_childcare{"childcare_wish": "none"}')
_IN = tuple(
    Button(name, f'/find_childcare{{"district": "{district}"}}') for district, name in (("haizhou", "海州区"), ("lianyun", "连云区"))
)
_KINDERGARTEN_AGE = 36  # months: a child of three goes to kindergarten
_KINDERGARTEN = re.compile(r"^(?!.*托).*幼儿园")
_DETAILS = re.compile(r"^[^托]{0,8}(?:地址|电话|号码|怎么走|怎么去|在什么位置|地图|几点开|几点关|联系方式)[^托]{0,8}$")
_IT = re.compile(r"[它这那该](?:一?家|个(?:园|机构|托|地方))|它")
_OF_ONE = re.compile(r"备案|普惠吗|几点|(?:收费|多少钱|费用|价格)|名额|空位|地址|电话|怎么[去走]")
_REGISTERED = re.compile(r"^[^托找园]{0,6}备案[^托找园]{0,6}$")  # 有备案吗: asked of those shown, not wished for
_WHICH = re.compile(
    r"哪一?[家个所](?:托育|机构|园)?(?:最|更|比较)?(?:好|强|靠谱|正规|值得|推荐)|(?:推荐|建议)(?:一?下)?(?:哪|一)[家个]|有(?:什么|啥)推荐|口碑"
)
_CHECKLIST = Button("看园清单", '/ask_childcare_quality{"childcare_question": "checklist"}')
_CHECK = "childcare.verify"
_WRONG = re.compile(
    r"(?:电话|号码|地址|位置|价格|收费|信息|名字)(?:是|都|也)?(?:不对|错了?|有误|空号|打不通|停机|变了|换了)|(?:已经|早就|早)?(?:关门|倒闭|搬走|搬家|停办|不开|不办)了"
)


_WE_MOVED = re.compile(r"(?:我|俺|咱)们?(?:家|都|又|才|刚)*搬")


def is_correction(text: str, search: Search) -> bool:
    """Whether a message says that something is wrong with an institution that was shown."""
    return bool(_WRONG.search(text)) and not _WE_MOVED.search(text) and (search.place is not None or search.anywhere)


def corrected(text: str, shown: tuple[Institution, ...]) -> tuple[Institution, ...]:
    """Which of the institutions shown a message speaks of: 第二家, its name, else all of them."""
    return _chosen(text, shown) or tuple(one for one in shown if one.name in text) or shown


def _chosen(text: str, shown: tuple[Institution, ...]) -> tuple[Institution, ...]:
    """The institution that 第二家, or a bare 2, means of those shown."""
    match = re.search(r"第([一二三1-3])[家个]", text) or re.fullmatch(r"([一二三1-3])", text)
    if match is None:
        return ()
    place = "一二三".find(match[1]) if match[1] in "一二三" else int(match[1]) - 1
    return shown[place : place + 1]


def asked_about(
    directory: Directory, text: str, shown: tuple[Institution, ...], one: tuple[Institution, ...] = ()
) -> tuple[Institution, ...]:
    """The institutions that a message names (by 第二家 too), or whose details (地址在哪, 它有备案吗) it asks for: of the `one` talked about last, else of
    those that were shown."""
    if named := directory.named(text) or _chosen(text, shown):
        return named
    if one and (_IT.search(text) or _OF_ONE.search(text)):
        return one
    return corrected(text, shown) if _DETAILS.search(text) else ()


def answer_find(
    knowledge: Knowledge, directory: Directory, search: Search, found: Found, text: str, on: date, named: tuple[Institution, ...] = (),
    shown: bool = False,
) -> tuple[Answer, ...]:  # fmt: skip
    """The answers to a message that looks for childcare: `search` as it is after the message, `found` what the directory has for it, `named` the
    institutions that it asks about, `shown` whether a list was shown before."""
    if named:
        told = _listed(knowledge, directory, "named", [Hit(institution, None, False) for institution in named])
        checked = knowledge.facts[_CHECK] if "备案" in text and len(named) == 1 else None
        return (told, answer(knowledge, "utter_childcare_find_fact", checked.id, on)) if checked and in_force(checked, on) else (told,)
    if _REGISTERED.search(text) and in_force(knowledge.facts[_CHECK], on):
        return (answer(knowledge, "utter_childcare_find_fact", _CHECK, on),)
    if shown and _WHICH.search(text):
        return (Answer("utter_childcare_find_which", buttons=(_CHECKLIST, _CHEAPER, _WORK)),)
    if search.abroad:
        return (Answer("utter_childcare_find_abroad", {"city": search.abroad}, _facts(knowledge, "register", on), buttons=_IN),)
    about = tuple(_told(knowledge, search, text, on))
    if _KINDERGARTEN.search(text):
        return about
    if search.asked == "work":
        return (Answer("utter_childcare_find_ask_work"),)
    if search.asked == "where":
        known = {"age": age(search.query.age)} if search.query.age is not None else {}
        return about or (Answer(f"utter_childcare_find_ask_where{'_age' if known else ''}", known, buttons=(*_IN, _ANYWHERE)),)
    if about and not found.hits:
        return about
    if not found.hits:
        outcome = "no_more" if found.total else "none"
        buttons = (_CHEAPER, _WORK) if found.total else (_NO_WISHES, _WORK)
        register = _facts(knowledge, "register", on)
        return (Answer(f"utter_childcare_find_{outcome}", {"hotline": knowledge.hotlines["h12345"].number}, register, buttons=buttons),)
    return *about, _hits(knowledge, directory, search, found, text)


def _facts(knowledge: Knowledge, name: str, on: date) -> tuple:  # type: ignore[type-arg]
    return (knowledge.facts[f"childcare_find.{name}"].on(on),)


def _told(knowledge: Knowledge, search: Search, text: str, on: date) -> Iterator[Answer]:
    """What is asked beside a list: kindergarten, and, where no place is known, where to look up and what it costs."""
    if _KINDERGARTEN.search(text) or (search.query.age or 0) > _KINDERGARTEN_AGE:
        yield answer(knowledge, "utter_childcare_find_fact", "childcare_find.kindergarten", on)
    elif search.asked == "where":
        asked = [knowledge.facts[f"childcare_find.{name}"] for name in ("register", "fee")]
        for name in find(asked, text, on, 1):
            yield answer(knowledge, "utter_childcare_find_fact_ask_where", name, on, (*_IN, _ANYWHERE))


def _hits(knowledge: Knowledge, directory: Directory, search: Search, found: Found, text: str) -> Answer:
    buttons = [_MORE] if search.start + len(found.hits) < found.total else []
    if (found.widened == "city" or found.total < PAGE) and search.wishes.keys() - {"age", "cheapest"}:
        buttons.append(_NO_WISHES)
    buttons += [] if search.query.inclusive or found.total < 2 else [_INCLUSIVE]
    buttons += [] if search.query.cheapest or found.total < 2 else [_CHEAPER]
    buttons.append(_WORK)
    said = values(knowledge, search, found, not_listed(text))
    return _listed(knowledge, directory, "hits", found.hits, dict(said), tuple(buttons[:3]))


def _listed(
    knowledge: Knowledge, directory: Directory, kind: str, hits: tuple[Hit, ...] | list[Hit], said: dict[str, str] | None = None,
    buttons: tuple[Button, ...] = (),
) -> Answer:  # fmt: skip
    """An answer that shows institutions: marked where they are invented, with the list's own date where they are real."""
    cards = tuple(card(knowledge, hit, directory.sample) for hit in hits)
    said = said or {"lines": "\n".join(f"{one['title']}：{one['subtitle']}" for one in cards)}
    if directory.sample:
        said |= {"hotline": knowledge.hotlines["h12345"].number, "register": knowledge.documents["childcare_register"].url}
        return Answer(f"utter_childcare_find_{kind}_sample", said, buttons=buttons, cards=cards)
    checked = [day for hit in hits if (day := hit.institution.checked_on())]
    register = Document("childcare_list", "连云港市托育机构名单", "", knowledge.documents["childcare_register"].url)
    as_of = min(checked, default=directory.as_of)
    sources = (Source(register, "", as_of),) if as_of else ()
    return Answer(f"utter_childcare_find_{kind}", said, sources=sources, buttons=buttons, cards=cards)
