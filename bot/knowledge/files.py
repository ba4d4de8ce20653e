"""The files of `knowledge/`, parsed and validated: the only reader of its YAML.

Files are layered 国家 → 江苏 → 连云港 by folder; every file says its `kind`, and is validated against bot/knowledge/schema.yml. Every fault is one line
with file and line. Dates stay strings until they are checked, so that 2025-02-30 is a fault, not a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

LAYERS = ("national", "jiangsu", "lianyungang")


class KnowledgeError(ValueError):
    """The knowledge base is not well-formed; `faults` holds one line a fault: file:line: what."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Safe loader that leaves dates as strings."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _line_of(text: str, path: Iterable[Any]) -> int:
    """The line (from 1) of the node at `path` (keys and indices) in a YAML text."""
    node: yaml.Node = yaml.compose(text, Loader=_Loader)  # type: ignore[assignment]
    for step in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            node = found
    return int(node.start_mark.line) + 1


class Files:
    """The files of a knowledge folder, parsed and validated."""

    def __init__(self, root: Path, validate: bool) -> None:
        self.faults: list[str] = []
        self.by_kind: dict[str, list[tuple[Path, dict[str, Any]]]] = {}
        schemas = yaml.load((Path(__file__).parent / "schema.yml").read_text("utf-8"), Loader=_Loader)
        layers = [root / layer for layer in LAYERS if (root / layer).is_dir()]
        for path in sorted((p for layer in layers for p in layer.rglob("*.yml")), key=lambda p: (layers.index(_layer(p, layers)), p)):
            self._read(path, path.relative_to(root).as_posix(), schemas, validate)

    def _read(self, path: Path, name: str, schemas: Mapping[str, Any], validate: bool) -> None:
        text = path.read_text("utf-8")
        try:
            content = yaml.load(text, Loader=_Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.faults.append(f"{name}:{mark.line + 1 if mark else 1}: not YAML: {getattr(error, 'problem', error)}")
            return
        kind = content.get("kind") if isinstance(content, dict) else None
        if not isinstance(kind, str) or kind not in schemas or kind == "definitions":
            self.faults.append(f"{name}:1: unknown kind {kind!r}")
            return
        if validate:
            errors = list(Draft7Validator(schemas[kind]).iter_errors(content))
            self.faults += [f"{name}:{_line_of(text, e.absolute_path)}: {e.message[:200]}" for e in errors]
            if errors:
                return
        self.by_kind.setdefault(kind, []).append((path, content))

    def items(self, kind: str, key: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        for _, content in self.by_kind.get(kind, []):
            for item in content[key]:
                yield content, item


def _layer(path: Path, layers: Sequence[Path]) -> Path:
    return next(layer for layer in layers if layer in path.parents)
