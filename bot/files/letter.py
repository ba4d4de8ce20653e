"""Letters that a parent prints and signs: HTML from a template beside this module, which holds no facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

MIME = "text/html"


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def letter(template: str, values: Mapping[str, Any]) -> bytes:
    """The letter as a page of its own. Raises jinja2.UndefinedError where a value is missing."""
    return _templates().get_template(f"{template}.html").render(values).encode()
