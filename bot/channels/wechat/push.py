"""What the account does of its own accord: messages that did not fit in the reply, news, notices, a parent's pictures. Several processes may run it.

A message that cannot be sent (the window is over, the quota spent, no right) is never lost: it is kept for the parent's next word. One whose answer was
lost is kept too: at the worst it is read twice. A notice tells a template's fields only, and only to who asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.attachments import BadAttachment
from bot.channels.wechat.client import Client
from bot.channels.wechat.errors import Later, LostAnswer, MediaGone, NotAsked, OutOfWindow, WeChatError
from bot.channels.wechat.jobs import DEAD, DONE, KEPT, WAITING, Job, Jobs
from bot.channels.wechat.media import LIVES, Pictures
from bot.channels.wechat.member import Members
from bot.channels.wechat.news import take_news
from bot.complaints.sealing import Seal
from bot.complaints.store import TicketStore
from bot.knowledge.model import Knowledge
from bot.knowledge.wechat import WeChatAccount
from bot.settings import TIMEZONE, Settings

EVERY, NEWS_EVERY, TIDY_EVERY = 1.0, 3.0, 3600.0  # seconds
PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600))
MOST = 200  # tries of a job; a picture's three days and a notice's week have fewer
NOTICE_LIVES = timedelta(days=7)
# Characters that a keyword of a template takes, by the beginning of its name. Ours from public examples; WeChat's document of the templates was not found.
_ROOM = {"thing": 20, "phrase": 5, "const": 20, "character_string": 32}
JOBS = Counter("lianbao_wechat_jobs_total", "Jobs with WeChat's API that were ended or put off", ["kind", "state"])
logger = logging.getLogger(__name__)


async def run(engine: AsyncEngine, knowledge: Knowledge, config: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set and what is in flight is done; for an account that is set."""
    assert config.wechat is not None
    seal = Seal(config.secret_key)
    async with Client(config.wechat, engine, seal) as client:
        pictures = Pictures(client, TicketStore(engine), config.var / "attachments")
        worker = Worker(Jobs(engine, seal), client, knowledge.wechat, pictures)
        loop = asyncio.get_running_loop()
        news_at = tidy_at = loop.time()
        while not stop.is_set():
            done = 0
            try:
                if loop.time() >= news_at:
                    await take_news(worker.jobs, worker.account, datetime.now(UTC))
                    news_at = loop.time() + NEWS_EVERY
                done = await worker.work(datetime.now(UTC))
                if loop.time() >= tidy_at:
                    await worker.jobs.tidy(datetime.now(UTC))
                    tidy_at = loop.time() + TIDY_EVERY
            except Exception as error:  # a database that is away comes back; the account must not fall silent for good
                logger.error("wechat: %s", type(error).__name__)
            if not done:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), EVERY)


class Worker:
    """Does jobs of one account."""

    def __init__(self, jobs: Jobs, client: Client, account: WeChatAccount, pictures: Pictures) -> None:
        self.jobs, self.client, self.account, self.pictures = jobs, client, account, pictures
        self.members = Members(jobs.engine, jobs.seal)
        self.speaks = account.custom_service and bool(client.account.secret)

    async def work(self, now: datetime) -> int:
        """Do what is due; how many jobs."""
        claimed = await self.jobs.claim(now)
        await asyncio.gather(*(self._do(job, now) for job in claimed))
        return len(claimed)

    async def _do(self, job: Job, now: datetime) -> None:
        if job.payload is None:
            await self._end(job, DEAD, "sealed with another key")
        elif job.attempts > MOST:  # whoever began it did not come to its end
            await self._end(job, KEPT if job.kind == "send" else DEAD, "too many tries")
        elif job.kind == "send":
            await self._send(job, job.payload, now)
        elif job.kind == "notify":
            await self._notify(job, job.payload, now)
        else:
            await self._fetch(job, job.payload, now)

    async def _send(self, job: Job, payload: Mapping[str, Any], now: datetime) -> None:
        late = job.until is not None and job.until <= now
        openid = None if late or not self.speaks else await self.jobs.spend(job.conversation, now)
        if openid is None:
            await self._keep(job, payload, now, "late" if late else "closed")
            return
        try:
            await self.client.send(openid, await self.pictures.customer_service(payload, now))
        except OutOfWindow as error:
            await self.jobs.closed(job.conversation)
            await self._keep(job, payload, now, _why(error))
        except LostAnswer as error:
            await self._keep(job, payload, now, _why(error))
        except WeChatError as error:  # nothing was sent
            await self.jobs.give_back(job.conversation)
            if isinstance(error, MediaGone):
                await self.pictures.forget(payload)
            if not await self._again(job, error, now, len(PAUSES)):
                await self._keep(job, payload, now, _why(error))
        else:
            if offered := payload.get("choices"):
                await self.members.offer(job.conversation, offered)
            await self._end(job, DONE)

    async def _keep(self, job: Job, payload: Mapping[str, Any], now: datetime, why: str) -> None:
        """For the next word; where it is news, who asked for notices is told that there is some."""
        notice = payload.get("notice")
        if notice and self._can_notify(notice):
            await self.jobs.queue(job.conversation, "notify", notice, now, once=f"notify-{job.id}", until=now + NOTICE_LIVES)
        await self._end(job, KEPT, why)

    def _can_notify(self, notice: Mapping[str, str]) -> bool:
        template = self.account.templates.get(notice["template"])
        known = bool(template and template.id and self.account.notices and self.client.account.secret)
        return known and (notice["template"] != "ticket" or bool(notice["number"]))

    async def _notify(self, job: Job, notice: Mapping[str, str], now: datetime) -> None:
        name = notice["template"]
        if not self._can_notify(notice) or (job.until and job.until <= now):
            await self._end(job, DEAD, "late or not set up")
            return
        template = self.account.templates[name]
        # Who is reminded has asked to be, with a yes of its own; a subscription is WeChat's permission, which is needed beside it.
        asked_already = name == "reminder" and template.kind == "template"
        openid = await (self.jobs.openid(job.conversation) if asked_already else self.jobs.may_notify(job.conversation, name))
        if openid is None:
            await self._end(job, DEAD, "not asked")
            return
        day = f"{now.astimezone(TIMEZONE):%Y年%m月%d日}"
        values = {"what": self.account.words[name], "number": notice["number"], "state": notice["state"], "day": day}
        data = {field: values[value][: _ROOM.get(field.rstrip("0123456789"))] for field, value in template.fields.items()}
        try:
            if template.kind == "subscribe":
                await self.client.send_subscribed(openid, template.id, data)
            else:
                await self.client.send_template(openid, template.id, data, self.account.page, f"lianbao-{job.id}")
        except NotAsked as error:
            await self.jobs.withdrawn(job.conversation, name)
            await self._end(job, DEAD, _why(error))
        except LostAnswer as error:  # it may be there; the words themselves are kept
            await self._end(job, DEAD, _why(error))
        except WeChatError as error:
            if not asked_already:
                await self.jobs.asked(job.conversation, name, now)  # it is not used up
            if not await self._again(job, error, now):
                await self._end(job, DEAD, _why(error))
        else:
            await self._end(job, DONE)

    async def _fetch(self, job: Job, picture: Mapping[str, str], now: datetime) -> None:
        until = job.until or job.created_at + LIVES
        try:
            if until <= now:
                raise MediaGone("图片不在微信那里了（只留3天）")
            await self.pictures.take_in(job.conversation, picture)
        except BadAttachment as refused:
            await self._lost_picture(job, now, str(refused), refused.code)
        except WeChatError as error:
            if isinstance(error, MediaGone) or not await self._again(job, error, now):
                await self._lost_picture(job, now, "", _why(error))
        else:
            await self._end(job, DONE)

    async def _lost_picture(self, job: Job, now: datetime, why: str, error: str) -> None:
        text = self.account.words["picture_lost"]
        told = {"kind": "text", "text": f"{text}（{why.rstrip('。')}）" if why else text}
        await self.jobs.queue(job.conversation, "send", told, now, once=f"lost-{job.id}")
        await self._end(job, DEAD, error)

    async def _again(self, job: Job, error: WeChatError, now: datetime, most: int | None = None) -> bool:
        """Put the job off where the same may be tried again, `most` times."""
        if not isinstance(error, Later | LostAnswer | MediaGone) or (most is not None and job.attempts > most):
            return False
        pause = max(PAUSES[min(job.attempts, len(PAUSES)) - 1], error.pause if isinstance(error, Later) else timedelta())
        await self._end(job, WAITING, _why(error), now + pause)
        return True

    async def _end(self, job: Job, state: str, error: str = "", next_at: datetime | None = None) -> None:
        if error and state != KEPT:
            logger.warning("wechat: a %s job is %s: %s", job.kind, state, error)
        JOBS.labels(job.kind, state).inc()
        await self.jobs.end(job, state, error, next_at)


def _why(error: WeChatError) -> str:
    return f"{type(error).__name__} {error.code}"
