"""Loads a model's prediction graph and runs it node after node, in an order that is worked out once.

Rasa's own runner builds and schedules the graph anew with dask several times a turn, which costs more than most of its nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import rasa.core.policies.rule_policy as stock
from rasa.core.actions.action import Action, ActionListen
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext, GraphNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.events import ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import heard, joining, leaning, questions, readings
from bot.dialogue.children import remembering
from bot.dialogue.lighter import RulePolicy, lighten
from bot.dialogue.next_asked import LATELY, asked_next, lately
from bot.dialogue.repeats import repeats_told
from bot.dialogue.store import note_understanding
from bot.dialogue.turn import current_turn
from bot.knowledge.load import load_knowledge

_ONE_MESSAGE = 1.0  # seconds: the questions of one message are answered one after the other


class Processor(MessageProcessor):
    """Rasa's message processor on our runner: every question of a message is answered, with a memory of the child around each answer."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, Any]:
        with TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), model_path)
            return Path(model_path).name, metadata, SequentialRunner(metadata, storage)

    async def handle_message(self, message: UserMessage) -> None:
        """As Rasa's, a message that asks several things taken as one message after the other; what they come to is saved together."""
        tracker = await self.fetch_tracker_and_update_session(message.sender_id, message.output_channel, message.metadata)
        for part in await self._parts(message, tracker):
            (part.parse_data or {}).pop(heard.CHANCES, None)  # for this turn only
            await self._handle_message_with_tracker(part, tracker)
            if (turn := current_turn.get(None)) and not turn.intent:
                note_understanding(turn, tracker)
            tracker = await self.run_action_extract_slots(message.output_channel, tracker)
            await self._run_prediction_loop(message.output_channel, tracker)
        if turn := current_turn.get(None):  # two questions may have one answer, with other next steps
            said = [{key: value for key, value in reply.items() if key != "buttons"} for reply in turn.replies]
            turn.replies[:] = [reply for n, reply in enumerate(turn.replies) if said[n] not in said[:n]]
        await self.save_tracker(tracker)

    async def _parts(self, message: UserMessage, tracker: DialogueStateTracker) -> list[UserMessage]:
        """The message as understood, or its questions, or as one to be asked back; what a form asks for is one answer."""
        if chosen := readings.tapped(message.parse_data):
            message.text, message.parse_data = chosen[0], None
            message.parse_data = readings.read_as(await self.parse_message(message, tracker), chosen[1])
            return [message]
        if message.parse_data or not message.text:
            return [message]
        message.parse_data = whole = await self.parse_message(message, tracker)
        if not tracker.active_loop_name and whole["intent"]["name"] in questions.POLITE and (rest := questions.beyond_thanks(message.text)):
            message = self._like(message, rest)
            message.parse_data = whole = await self.parse_message(message, tracker)
        ill = tracker.get_slot("last_topic") == "health_urgent"  # a complaint waits for the child
        if not tracker.active_loop_name or ill:
            whole = questions.leaning(whole) if tracker.get_slot("last_topic") else whole
            first = not any(isinstance(event, UserUttered) for event in tracker.events)
            message.parse_data = whole = leaning.lean(whole, tracker.current_slot_values(), first)
            message.parse_data = whole = await self._joined(message, whole, tracker)
        elif tracker.active_loop_name == joining.COMPLAINT and joining.may_ask_within(whole):
            message.parse_data = whole = await self._asked_within(message, whole, tracker)
        if (
            heard.SAID in whole
            and not tracker.active_loop_name
            and (parts := await self._asked_on(str(whole[heard.SAID]), message, tracker))
        ):
            return parts
        said = questions.split(message.text)
        if tracker.active_loop_name or heard.SAID in whole:
            return [message]
        if len(said) < 2 or whole["intent"]["name"] not in questions.ANSWERED:
            return [self._asked(message)]
        parts = [self._like(message, text) for text in said]
        for part in parts:
            part.parse_data = await self.parse_message(part, tracker)
        for part in parts[1:]:
            part.parse_data = questions.leaning(part.parse_data)
        of_parse = {id(one.parse_data): one for one in (message, *parts)}
        told = [of_parse[id(parse)] for parse in questions.told_apart(whole, [part.parse_data for part in parts])]
        return [self._asked(message)] if told == [message] else told

    async def _asked_on(self, text: str, message: UserMessage, tracker: DialogueStateTracker) -> list[UserMessage]:
        """The questions of a message that leans on what was said before (去哪打，要钱吗), where each asks for a text of its own; else none."""
        parts = [self._like(message, said) for said in questions.split(text)]
        if not 2 <= len(parts) <= questions.MOST:
            return []
        for part in parts:
            alone = leaning.lean(questions.leaning(await self.parse_message(part, tracker)), tracker.current_slot_values())
            part.parse_data = await self._joined(part, alone, tracker)
        texts = {heard.asked_for(part.parse_data)[0] for part in parts if part.parse_data}
        return parts if len(texts - {""}) == len(parts) else []

    async def _asked_within(self, message: UserMessage, alone: Mapping[str, Any], tracker: DialogueStateTracker) -> dict[str, Any]:
        """A question in the middle of a complaint, as one for the text that it asks for; as it was where it asks for none."""
        earlier = _earlier(tracker)
        together = await self._with(joining.before(earlier), message, tracker)
        return dict(asked_next(alone, together, earlier, "complaint_new") or alone)

    async def _with(self, said: str, message: UserMessage, tracker: DialogueStateTracker) -> dict[str, Any]:
        """The message as understood together with what was said before it; its text is both."""
        understood: dict[str, Any] = await self.parse_message(self._like(message, f"{said}，{message.text}"), tracker)
        return understood

    async def _joined(self, message: UserMessage, alone: Mapping[str, Any], tracker: DialogueStateTracker) -> dict[str, Any]:
        """The message as understood by itself, or together with what was said before; then its text is both."""
        slots = tracker.current_slot_values()
        earlier = _earlier(tracker)
        if earlier and joining.asks_source(alone, earlier, slots):
            message.text = str(earlier["text"])
            return {**earlier, heard.SAID: alone["text"], heard.BEFORE: joining.before(earlier)}
        if earlier and joining.was_asked_back(alone, earlier):
            together = await self._with(str(earlier["text"]), message, tracker)
            if asked := asked_next(alone, together, earlier, "nlu_fallback"):
                return {**asked, heard.BEFORE: str(earlier["text"])}
            message.text = str(together["text"])
            return {**together, heard.SAID: alone["text"], heard.BEFORE: str(earlier["text"])}
        if earlier and (rest := joining.of_first(message.text)) and (first := _question_before(tracker)):
            together = await self._with(str(first["text"]), self._like(message, rest), tracker)
            message.text = str(together["text"])
            return {**together, heard.SAID: alone["text"], heard.BEFORE: str(first["text"])}
        said = joining.before(earlier) if earlier and joining.may_join(alone, earlier, slots) else ""
        if not earlier or not said:
            return dict(alone)
        read = joining.joined(alone, await self._with(said, message, tracker), earlier, slots)
        message.text = str(read["text"])
        return {**read, heard.BEFORE: said, LATELY: lately(earlier)}

    def _asked(self, message: UserMessage) -> UserMessage:
        """The message, as one to be asked back where it has two readings."""
        message.parse_data = readings.asked(message.parse_data, self.domain.responses, load_knowledge()) or message.parse_data
        return message

    @staticmethod
    def _like(message: UserMessage, text: str) -> UserMessage:
        return UserMessage(text, message.output_channel, message.sender_id, input_channel=message.input_channel, metadata=message.metadata)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if not isinstance(action, ActionListen):
            return bool(await super()._run_action(action, tracker, output_channel, nlg, prediction))
        self._log_action_on_tracker(tracker, action, [], prediction)  # it does nothing, and needs no copy of the tracker to do it on
        return False

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        """As Rasa's, without deep copies of the events for lines of debugging."""
        if not any(isinstance(event, ActionExecutionRejected) for event in events or ()):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events or [], self.domain)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Rasa warns of intents and entities that the domain has not, and makes an empty domain a message to compare with; tests hold that there are none."""

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        async with remembering(tracker):
            with repeats_told(tracker):
                await super()._run_prediction_loop(output_channel, tracker)


def _earlier(tracker: DialogueStateTracker) -> Mapping[str, Any]:
    """The last message as understood; empty at the beginning."""
    return next((event.parse_data for event in reversed(tracker.events) if isinstance(event, UserUttered)), None) or {}


def _question_before(tracker: DialogueStateTracker) -> Mapping[str, Any] | None:
    """The first of the questions that came in the last message, as understood; None where it had one."""
    told = [event for event in tracker.events if isinstance(event, UserUttered)]
    if len(told) < 2 or told[-1].timestamp - told[-2].timestamp > _ONE_MESSAGE:
        return None
    return told[-2].parse_data


class SequentialRunner:
    """Takes the place of `DaskGraphRunner`: same nodes, same results."""

    def __init__(self, metadata: ModelMetadata, storage: ModelStorage) -> None:
        lighten()
        self._schema = metadata.predict_schema
        context = ExecutionContext(graph_schema=self._schema, model_id=metadata.model_id)
        # The metadata holds the domain too; reading the provider's own copy, which is YAML, would take a quarter of the start.
        given = {name: metadata.domain for name, node in self._schema.nodes.items() if node.uses is DomainProvider}
        self._given: dict[str, Any] = given
        nodes = {
            name: replace(node, uses=RulePolicy) if node.uses is stock.RulePolicy else node for name, node in self._schema.nodes.items()
        }
        self._nodes = {name: GraphNode.from_schema_node(name, node, storage, context) for name, node in nodes.items() if name not in given}
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the `targets`, by name; `inputs` stand for nodes that are not in the graph (the message, the tracker)."""
        outputs = {**self._given, **(inputs or {})}
        wanted = tuple(targets or self._schema.target_names)
        for name, needs in self._order(wanted):
            _, outputs[name] = self._nodes[name](*((need, outputs[need]) for need in needs))
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        if targets not in self._orders:
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            self._orders[targets] = [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in self._nodes]
        return self._orders[targets]
