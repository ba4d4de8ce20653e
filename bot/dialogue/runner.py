"""Runs Rasa's prediction graph node after node, in an order that is worked out once.

Rasa's own runner builds and schedules the graph anew with dask several times a turn, which costs more than most of its nodes.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class SequentialRunner:
    """Takes the place of a loaded `DaskGraphRunner`: same nodes, same results."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._nodes = loaded._instantiated_nodes
        self._schema = loaded._graph_schema
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the `targets`, by name; `inputs` stand for nodes that are not in the graph (the message, the tracker)."""
        outputs = dict(inputs or {})
        wanted = tuple(targets or self._schema.target_names)
        for name, needs in self._order(wanted):
            _, outputs[name] = self._nodes[name](*((need, outputs[need]) for need in needs))
        return {name: outputs[name] for name in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        if targets not in self._orders:
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            self._orders[targets] = [(name, needs[name]) for name in TopologicalSorter(needs).static_order() if name in needs]
        return self._orders[targets]
