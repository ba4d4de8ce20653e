"""A file of labelled messages and dialogues, and what the assistant made of a turn, brought into the words of that file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.evaluation.scoring import Expected, Given
from bot.knowledge.model import Knowledge
from bot.replay import BadLine

if TYPE_CHECKING:  # Rasa is imported by bot.replay, lean
    from bot.dialogue.turn import Turn

_NAMED = ("vaccine", "leave_type")  # kinds of entities that the file names as the terms of the knowledge base


@dataclass(frozen=True)
class Dialogue:
    """A conversation; for each turn what is said, the patterns that the answer must have and those that it must not."""

    id: str
    turns: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def read_rows(lines: Iterable[str]) -> list[Expected | Dialogue]:
    """The rows of a JSON Lines file, messages (`text`) and dialogues (`turns`) in any order. Raises BadLine, with the number of the line."""
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows.append(_dialogue(row) if "turns" in row else _message(row))
        except json.JSONDecodeError as error:
            raise BadLine(f"第 {number} 行不是正确的 JSON。") from error
        except re.error as error:
            raise BadLine(f"第 {number} 行的正则表达式不对：{error.pattern!s}。") from error
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadLine(
                f'第 {number} 行应为 {{"id": …, "text": …, "topic": …}} 或 {{"id": …, "turns": […]}}，其他各项的类型也要对。'
            ) from error
    return rows


def _message(row: Mapping[str, Any]) -> Expected:
    entities = {kind: _values(value) for kind, value in row.get("entities", {}).items()}
    if row.get("district"):
        entities["district"] = _values(row["district"])
    if not isinstance(row["text"], str) or not row["text"].strip() or not isinstance(row["topic"], str):
        raise ValueError("text and topic are words")
    return Expected(
        str(row["id"]), row["text"], row["topic"], _strings(row.get("alt_topics", ())), _strings(row.get("context", ())),
        _patterns(row.get("must_contain", ())), entities, frozenset(_strings(row.get("expected_departments", ()))), row.get("emergency"),
    )  # fmt: skip


def _dialogue(row: Mapping[str, Any]) -> Dialogue:
    turns = tuple((str(turn["user"]), _patterns(turn.get("expect", ())), _patterns(turn.get("reject", ()))) for turn in row["turns"])
    return Dialogue(str(row["id"]), turns)


def _values(label: Any) -> frozenset[str]:
    """海州区|连云区: either is right. Numbers as people write them (8, not 8.0)."""
    return frozenset([f"{label:g}"] if isinstance(label, int | float) else label.split("|"))


def _strings(values: Any) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise ValueError("not a list of words")
    return tuple(values)


def _patterns(values: Any) -> tuple[str, ...]:
    for pattern in (found := _strings(values)):
        re.compile(pattern)
    return found


def given(turn: Turn, knowledge: Knowledge) -> Given:
    """A turn that was handled, as it is scored: the lead department by the name that the policy gives it, entities by every name they go by."""
    told = [shown for reply in turn.replies for key in ("draft", "ticket") if (shown := reply.get(key))]
    lead = next((shown["lead"]["name"] for shown in told if shown.get("lead")), None)
    entities: dict[str, list[frozenset[str]]] = {}
    districts = [shown["district"] for shown in told if shown.get("district")]
    for found in turn.entities:
        kind, value = found["entity"], found["value"]
        if kind == "child_age_months":
            entities.setdefault("age_months", []).append(frozenset({f"{float(value):g}"}))
        elif kind in _NAMED and value != "any":  # 疫苗 alone names none
            term = knowledge.terms[kind][value]
            entities.setdefault(kind, []).append(frozenset({*term.said, *(name.removesuffix("疫苗") for name in term.said)}))
        elif (district := _district(kind, value, knowledge)) is not None:
            districts.append(district)
    if districts:
        entities["district"] = [_names(knowledge, id) for id in dict.fromkeys(districts)]
    return Given(turn.topic, turn.intent, turn.confidence, _text(turn.replies), entities, lead)


def _district(kind: str, value: str, knowledge: Knowledge) -> str | None:
    """The id of the district that a place stands in."""
    if kind == "district":
        return value
    if kind == "landmark":
        return knowledge.landmarks[value].district
    if kind == "township":
        return next((d.id for d in knowledge.districts.values() if any(t.code == value for t in d.townships)), None)
    return None


def _names(knowledge: Knowledge, id: str) -> frozenset[str]:
    district = knowledge.districts[id]
    return frozenset({district.name, *district.aliases})


def _text(replies: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(str(reply["text"]) for reply in replies if reply.get("text"))
