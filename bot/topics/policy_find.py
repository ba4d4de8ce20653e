"""Which clauses of the city's policy a question asks for, and which point of a clause: by number, by `asked` words, by what they share. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.model import Clause, Knowledge, Point
from bot.topics.clause_number import named_number, named_numbers
from bot.topics.matching import best, rank

_WHOLE = "a"  # the entry of the document itself
# Words that every question about a document has; they say nothing of what is asked.
_EMPTY = re.compile(
    r"连政办发|53号文件?|53号|文件|政策|实施意见|规定|条款|哪一?条|原文|托育机构|托育园|托育|婴幼儿|照护|服务|机构|孩子|宝宝|有没有|是不是|能不能|可不可以"
    r"|归哪个部门|哪个部门|归谁管|谁管|找谁|归谁|怎么样|怎么|什么|多少|多久|哪里|哪个|哪些|几[个天年]|如何|是否|可以|需要|应该|必须|要求|写|讲|说|的|了|吗|呢|啊|呀|吧|么"
    r"|连云港|市里|咱们?|我们?|你们?|老百姓|普通人|家长|最近|今年|新的?|出台?了?个?|跟|问一?下|打听|对，|就那个|有?关系|好处|内容|大概|主要|介绍|一下|这个|那个|是个?|有?[啥些]"
)
_ABOUT_DOCUMENT = re.compile(
    r"53号文?|连政办发|(?:这个|这份|你们?的?|托育|市里的?)(?:文件|政策)|(?:托育|照护|带娃)(?:的|方面|新|最新)*(?:文件|政策)|实施意见"
)
_SHARED = 2  # rare character pairs that a question must share with a clause where none of its `asked` words is in it
_RARE = 3  # a pair is rare in at most so many clauses


@dataclass(frozen=True)
class AskedFor:
    """Something with its words, for the matching that facts, departments and hotlines share."""

    id: str
    asked: tuple[str, ...]


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters, punctuation left out."""
    plain = re.sub(r"[\W_]", "", text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def content(question: str) -> str:
    """A question without the words that every question about childcare or a document has."""
    return _EMPTY.sub("，", question)


def overlap(question: str, texts: Iterable[str]) -> int:
    """How many different pairs of neighbouring characters a question shares with any of the texts."""
    return len(pairs(question) & frozenset().union(*(pairs(text) for text in texts)))


def numbered_clauses(knowledge: Knowledge, text: str) -> tuple[Clause, ...]:
    """The clauses that a question names by number; all of a section where no item is named; none where the document has no such number."""
    found: list[Clause] = []
    for number in named_numbers(text):
        found += [c for c in knowledge.clauses.values() if c.id == number or (number.count(".") == 1 and c.id.startswith(f"{number}."))]
    return tuple(dict.fromkeys(found))


def _words(clause: Clause) -> tuple[str, ...]:
    """All that its points say and are asked by."""
    return tuple(text for point in clause.points for text in (point.text, *point.asked))


def _entries(knowledge: Knowledge) -> list[AskedFor]:
    return [AskedFor(c.id, c.asked + tuple(word for point in c.points for word in point.asked)) for c in knowledge.clauses.values()]


def find_clauses(knowledge: Knowledge, question: str, clause_id: str | None = None) -> tuple[Clause, ...]:
    """The clauses that answer a question, best first; empty where none fits.

    A number in the question decides (a number that the document does not have finds nothing), then its words, then the clause that is given
    (the one just talked about), then the document itself where only that is asked for.
    """
    if named_numbers(question):
        return numbered_clauses(knowledge, question)
    if ranked := rank(_entries(knowledge), question):
        return tuple(knowledge.clauses[match.fact.id] for match in ranked)
    if close := _close(knowledge, question):
        return close
    if clause_id in knowledge.clauses:
        return (knowledge.clauses[str(clause_id)],)
    bare = _ABOUT_DOCUMENT.search(question) and not pairs(content(question))
    return (knowledge.clauses[_WHOLE],) if bare and _WHOLE in knowledge.clauses else ()


def neighbour(knowledge: Knowledge, text: str, clause_id: str | None) -> Clause | None:
    """The clause that 第二条, 下一条 mean beside the one talked about: of the same section, or next in the document."""
    number, known = named_number(text), knowledge.clauses.get(str(clause_id))
    if number is None or known is None:
        return None
    how, n = number
    if how == "at":
        return knowledge.clauses.get(f"{known.id.rpartition('.')[0]}.{n}")
    order = list(knowledge.clauses)
    at = order.index(known.id) + n
    return knowledge.clauses[order[at]] if 0 <= at < len(order) else None


def also_asked(knowledge: Knowledge, question: str) -> tuple[Clause, ...]:
    """The clauses of a message that asks for more than one thing, in parts of it that are set apart (监控存多久，预收费呢); at most two."""
    parts = [part for part in re.split(r"[，。；！？,;!?\n]|还有|另外|以及", question) if part]
    firsts = [found[0].fact.id for part in parts if (found := best(_entries(knowledge), part, 1))]
    return tuple(knowledge.clauses[name] for name in dict.fromkeys(firsts))[:2]


def _close(knowledge: Knowledge, question: str) -> tuple[Clause, ...]:
    """Clauses that share rare pairs of characters with a question, most first."""
    own = {c.id: pairs("，".join((c.title, c.gist, *c.asked, *_words(c)))) for c in knowledge.clauses.values()}
    seen_in = Counter(pair for found in own.values() for pair in found)
    asked = {pair for pair in pairs(content(question)) if 0 < seen_in[pair] <= _RARE}
    scored = sorted((-len(asked & found), name) for name, found in own.items() if len(asked & found) >= _SHARED)
    return tuple(knowledge.clauses[name] for _, name in scored)


def best_point(clause: Clause, question: str) -> Point | None:
    """The point whose words stand in the question, else the one that shares most with it; None where none does: then the gist is told."""
    by_id = {f"{index:02}": point for index, point in enumerate(clause.points)}
    if ranked := rank([AskedFor(name, point.asked) for name, point in by_id.items()], question):
        return by_id[ranked[0].fact.id]
    if rank([AskedFor(clause.id, clause.asked)], question):
        return None
    scored = [(overlap(content(question), (point.text,)), -index, point) for index, point in enumerate(clause.points)]
    shared, _, point = max(scored, key=lambda row: row[:2], default=(0, 0, None))
    return point if shared else None
