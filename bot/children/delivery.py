"""A file that is handed to a parent (contract.md: REPLY.file)."""

from __future__ import annotations

import base64


def deliver_file(name: str, mime: str, content: bytes) -> dict[str, str]:
    """`file` of a REPLY, its content in the address itself: it is stored nowhere but in the sealed turn."""
    return {"name": name, "url": f"data:{mime};base64,{base64.b64encode(content).decode()}", "mime": mime}
