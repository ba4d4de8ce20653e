"""The chat on other pages of the city: which origins' scripts may call the web channel (CORS). None unless LIANBAO_EMBED_ORIGINS names them.

A conversation is bound to its token, which a page keeps for itself; there are no cookies, so none are allowed along. A file is fetched by a link, which
asks for nothing.
"""

from __future__ import annotations

from collections.abc import Set

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty

CALLED = ("sessions", "messages", "attachments", "feedback", "history")
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "3600",
}


def allow_embedding(web: Blueprint, origins: Set[str]) -> None:
    """Answer the browsers' questions for these origins (`https://host[:port]`), and say nothing of others."""
    if not origins:
        return

    @web.middleware("response")
    async def name_origin(request: Request, response: HTTPResponse) -> None:
        response.headers["Vary"] = "Origin"
        if (origin := request.headers.get("origin")) in origins:
            response.headers["Access-Control-Allow-Origin"] = origin

    async def preflight(request: Request) -> HTTPResponse:
        return empty(headers=_ALLOWED if request.headers.get("origin") in origins else None)

    for path in CALLED:
        web.add_route(preflight, f"/{path}", methods=["OPTIONS"], name=f"preflight_{path}")
