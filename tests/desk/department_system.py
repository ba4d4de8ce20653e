"""A stand-in of a department's own system: takes deliveries, checks their signature, keeps each once; and can be down, slow or broken."""

from __future__ import annotations

import asyncio
import hmac
import json

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.desk.webhooks import signature


class DepartmentSystem:
    """`mood`: well, error (500), slow (answers too late), lost (takes it and hangs up before answering), moved (redirects), full (429)."""

    def __init__(self) -> None:
        self.mood, self.secret = "well", ""
        self.asked = 0
        self.received: dict[str, dict] = {}  # by the id of the delivery, in the order of their coming
        self.forged = 0
        app = web.Application()
        app.add_routes([web.post("/tickets", self._take), web.post("/elsewhere", self._take)])
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/tickets"))

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        body = await request.read()
        if self.mood == "error":
            return web.Response(status=500, text="secret trace of the department's system")
        if self.mood == "full":
            return web.Response(status=429)
        if self.mood == "moved":
            return web.HTTPTemporaryRedirect("/elsewhere")
        right = signature(self.secret, request.headers["X-Lianbao-Timestamp"], body)
        if not hmac.compare_digest(right, request.headers["X-Lianbao-Signature"]):
            self.forged += 1
            return web.Response(status=401)
        self.received.setdefault(request.headers["X-Lianbao-Delivery"], json.loads(body))
        if self.mood == "slow":
            await asyncio.sleep(0.5)
        if self.mood == "lost":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({})

    @property
    def tickets(self) -> list[tuple[str, str]]:
        """(event, number of the ticket) of what was received."""
        return [(body["event"], body["ticket"]["number"]) for body in self.received.values()]
