"""From what the dialogue says (a worded response with its sources beside it) to the REPLY of contract.md, as every text channel shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def to_reply(message: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """(REPLY, topic). The text is followed by what must be confirmed where, and by the sources with the day they were last looked at."""
    custom = message.get("custom") or {}
    lines = [(message.get("text") or "").strip(), *_confirm_lines(custom.get("confirm", ())), *_source_lines(custom.get("sources", ()))]
    reply: dict[str, Any] = {}
    if text := "\n".join(line for line in lines if line):
        reply["text"] = text
    if buttons := message.get("buttons"):
        reply["buttons"] = [{"title": b["title"], "payload": b["payload"]} for b in buttons]
    if sources := custom.get("sources"):
        reply["sources"] = [_source(s) for s in sources]
    for key in ("cards", "image", "file", "draft", "ticket"):
        if custom.get(key):
            reply[key] = custom[key]
    return reply, custom.get("topic", "")


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    title = f"《{source['title']}》" + (f"（{source['number']}）" if source.get("number") else "")
    shown = {"title": title, "clause": source.get("clause", ""), "as_of": source["as_of"]}
    return shown | ({"url": source["url"]} if source.get("url") else {})


def _source_lines(sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """依据：《…》（文号）第七条、第八条；《…》…（2026年11月23日核对）: each document once."""
    if not sources:
        return []
    clauses: dict[str, list[str]] = {}
    for source in sources:
        clauses.setdefault(_source(source)["title"], []).append(source.get("clause", ""))
    cited = "；".join(title + "、".join(filter(None, dict.fromkeys(named))) for title, named in clauses.items())
    year, month, day = min(s["as_of"] for s in sources).split("-")
    return [f"依据：{cited}（{int(year)}年{int(month)}月{int(day)}日核对）"]


def _confirm_lines(confirm: Sequence[Mapping[str, Any]]) -> list[str]:
    """请再确认：… （打 12333 …）: a line for each set of hotlines."""
    asked: dict[str, list[str]] = {}
    for one in confirm:
        lines = "、".join(f"{h['number']}（{h['name']}）" for h in one["hotlines"])
        asked.setdefault(lines, []).append(one["caveat"].rstrip("。；"))
    return [f"请再确认：{'；'.join(dict.fromkeys(caveats))}。可打 {lines}。" for lines, caveats in asked.items()]
