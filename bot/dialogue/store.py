"""Rasa's tracker store and the record of turns, in one transaction a turn.

The cost of a turn does not grow with the conversation: of Rasa's events only those of the last turns are kept, before them the slots as
they stood. What was said is kept apart, a row a turn, for the page's history and for messages that are sent twice. A database that fails raises
(Rasa's own wrapper would go on in memory and lose the words). Why: docs/decisions/0005-flat-cost.md.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database import open_engine, writing
from bot.dialogue.heard import BEFORE, SAID
from bot.dialogue.joining import ASKED_BACK
from bot.dialogue.turn import Turn, current_turn, masked
from bot.dialogue.turn_row import opened, row_of

AT_HAND = 500  # conversations; some tens of kilobytes each
KEPT_TURNS = 2  # no rule or story looks further back

_metadata = sa.MetaData()
_conversation = sa.Table(
    "conversation",
    _metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
)
_turn = sa.Table(
    "turn",
    _metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("client_message_id", sa.String(64)),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("replies", sa.Text, nullable=False),
    sa.Column("topic", sa.String(32), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("mend", sa.String(12)),
)
# As text: SQLAlchemy compiles an upsert anew each time, which takes longer than SQLite needs to run it.
_SAVE_CONVERSATION = sa.text(
    "INSERT INTO conversation (id, turns, events, updated_at) VALUES (:conversation, 1, :events, :now)"
    " ON CONFLICT (id) DO UPDATE SET turns = conversation.turns + 1, events = excluded.events, updated_at = excluded.updated_at"
).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)))
_SAVE_TURN = sa.text(
    'INSERT INTO turn (conversation, number, client_message_id, "user", replies, topic, at, intent, confidence, mend) VALUES'
    " (:conversation, (SELECT turns FROM conversation WHERE id = :conversation), :client_message_id, :user, :replies, :topic, :now,"
    " :intent, :confidence, :mend)"
).bindparams(sa.bindparam("now", type_=sa.DateTime(timezone=True)))


class GroupCommit:
    """Saves what many conversations say at once in one transaction: while one is being committed, the next ones gather.

    SQLite lets one writer in at a time and makes the others sleep; a transaction a turn gave waits of seconds at ten users.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._gathered: list[tuple[dict[str, Any], dict[str, Any] | None, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def save(self, conversation: dict[str, Any], turn: dict[str, Any] | None) -> None:
        """Return when both rows are committed; raise what the database raises, with neither saved."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gathered.append((conversation, turn, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        try:
            while self._gathered:
                group, self._gathered = self._gathered, []
                try:
                    await self._commit(group)
                except Exception as error:
                    await self._commit_each(group, error)
        finally:
            self._writing = None

    async def _commit(self, group: Sequence[tuple[dict[str, Any], dict[str, Any] | None, asyncio.Future[None]]]) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(_SAVE_CONVERSATION, [conversation for conversation, _, _ in group])
            if turns := [turn for _, turn, _ in group if turn]:
                await connection.execute(_SAVE_TURN, turns)
        for _, _, done in group:
            if not done.done():
                done.set_result(None)

    async def _commit_each(
        self, group: Sequence[tuple[dict[str, Any], dict[str, Any] | None, asyncio.Future[None]]], error: Exception
    ) -> None:
        """After a group failed: the one that is at fault must not take the others with it."""
        for one in group:
            if len(group) > 1:
                try:
                    await self._commit([one])
                    continue
                except Exception as its_own:
                    error = its_own
            if not one[2].done():
                one[2].set_exception(error)


class ConversationStore(TrackerStore):
    """Conversations by sender id. `host` is the database's URL (as `url:` of `tracker_store:` in endpoints.yml).

    With `alone` (no other process writes these conversations) the events of those that spoke last are kept at hand. They are handed out once and
    come back when they have been saved, so that a turn that failed half-way is read from the database again.
    """

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, host: str = "", alone: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(domain or Domain.empty(), event_broker)
        self._at_hand: OrderedDict[str, list[Event]] | None = OrderedDict() if alone else None
        self.engine: AsyncEngine = open_engine(host, on_the_loop=True)
        self._commits = GroupCommit(self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if self._at_hand is not None and (events := self._at_hand.pop(sender_id, None)):
            return DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)
        query = sa.select(_conversation.c.events).where(_conversation.c.id == sender_id)
        async with self.engine.connect() as connection:
            saved = (await connection.execute(query)).scalar_one_or_none()
        if saved is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(saved), self.domain.slots)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new conversation, saved with its first turn and not, as Rasa would, also before it."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted("action_listen"))
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(conversation_id)

    async def keys(self) -> Iterable[str]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(sa.select(_conversation.c.id))).scalars())

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Save the tracker and, where a channel's turn is under way, the turn, in one transaction."""
        now = datetime.now(UTC)
        turn = current_turn.get(None)
        kept = kept_events(tracker, private=turn is not None and turn.private)
        events = json.dumps([event.as_dict() for event in kept], ensure_ascii=False)
        if turn is not None and not turn.intent:
            note_understanding(turn, tracker)
        await self._commits.save({"conversation": tracker.sender_id, "events": events, "now": now}, row_of(turn, now) if turn else None)
        if self._at_hand is not None:
            self._at_hand[tracker.sender_id] = kept
            if len(self._at_hand) > AT_HAND:
                self._at_hand.popitem(last=False)

    async def said(self, conversation: str, client_message_id: str) -> list[dict[str, Any]] | None:
        """The replies to a message that was handled before; None where it was not."""
        query = sa.select(_turn.c.replies).where(_turn.c.conversation == conversation, _turn.c.client_message_id == client_message_id)
        async with self.engine.connect() as connection:
            saved = (await connection.execute(query)).scalar_one_or_none()
        return None if saved is None else opened(saved)

    async def history(self, conversation: str, last: int = 200, after: int = 0) -> list[dict[str, Any]]:
        """The last turns behind turn `after`, oldest first: {"number", "user": TURN, "replies": [REPLY], "topic", "at", "client_message_id"?}."""
        of = _turn.c.conversation == conversation, _turn.c.number > after
        async with self.engine.connect() as connection:
            rows = (await connection.execute(sa.select(_turn).where(*of).order_by(_turn.c.number.desc()).limit(last))).mappings().all()
        return [
            {
                "number": r["number"],
                "user": opened(r["user"]),
                "replies": opened(r["replies"]),
                "topic": r["topic"],
                "at": r["at"].isoformat(),
            }
            | ({"client_message_id": r["client_message_id"]} if r["client_message_id"] else {})
            for r in reversed(rows)
        ]

    async def offered(self, conversation: str, payload: str) -> bool:
        """Whether a button with this payload was shown in the conversation's last 30 turns."""
        turns = await self.history(conversation, last=30)
        return any(b["payload"] == payload for turn in turns for reply in turn["replies"] for b in reply.get("buttons", ()))

    async def reachable(self) -> bool:
        """Whether the database answers and has its tables."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(sa.select(_turn.c.number).limit(1))
        except (sa.exc.SQLAlchemyError, OSError):
            return False
        return True


def note_understanding(turn: Turn, tracker: DialogueStateTracker) -> None:
    """Put what was understood of the latest message on the turn."""
    message = tracker.latest_message
    if message is None:
        return
    turn.intent = message.intent.get("name") or ""
    turn.confidence = round(float(message.intent.get("confidence") or 0.0), 4)
    turn.entities = [{"entity": found["entity"], "value": found["value"]} for found in message.entities]


def kept_events(tracker: DialogueStateTracker, private: bool = False) -> list[Event]:
    """The events that the next turns need: the slots and the active form as they stand before the last turns, then those turns' own events.

    What was said is not among them (see `turn`): replies, and the rankings beside an understood message, are left out. So are the words of a
    `private` turn; and where the slots were reset, because what they held is to be forgotten, everything but the state after it.
    """
    events = list(tracker.events)
    if any(isinstance(event, AllSlotsReset) for event in events):
        return _state_before(events)
    if private and (latest := tracker.get_last_event_for(UserUttered)):
        latest.text = f"/{latest.intent_name}"
        for words in (SAID, BEFORE):
            latest.parse_data.pop(words, None)
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= KEPT_TURNS:
        return [_lean(event) for event in events if not isinstance(event, BotUttered)]
    cut = starts[-KEPT_TURNS]
    return _state_before(events[:cut]) + [_lean(event) for event in events[cut:] if not isinstance(event, BotUttered)]


def _state_before(events: Sequence[Event]) -> list[Event]:
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            loop = event.name
        elif isinstance(event, AllSlotsReset):
            slots.clear()
    state: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    state += [SlotSet(key, value) for key, value in slots.items() if value is not None]
    if loop:
        state.append(ActiveLoop(loop))
    return [*state, ActionExecuted("action_listen")]


def _lean(event: Event) -> Event:
    if isinstance(event, UserUttered) and event.parse_data:
        if event.text:
            event.text = event.parse_data["text"] = masked(event.text)
        event.parse_data.update({words: masked(event.parse_data[words]) for words in (SAID, BEFORE) if words in event.parse_data})
        if event.parse_data.get("readings"):
            event.parse_data[ASKED_BACK] = True
        for ranking in ("intent_ranking", "text_tokens", "response_selector", "readings", "near_names"):
            event.parse_data.pop(ranking, None)
    return event
