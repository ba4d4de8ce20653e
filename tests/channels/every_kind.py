"""Files one complaint of each kind over the web channel and prints number, lead, assisting units, clause and deadline.

`python -m tests.channels.every_kind http://127.0.0.1:5005`
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from tests.client import Conversation
from tests.unit.complaints.test_reading import TOLD


def file_every_kind(base: str) -> Iterator[dict[str, Any]]:
    for kind, told in TOLD.items():
        talk = Conversation(base)
        replies = talk.say(f"我要投诉。{told}。在海州区，不留电话")
        clause = next((source["clause"] for reply in replies for source in reply.get("sources", ())), "")
        talk.say("就这样，交上去吧")
        ticket = next(reply["ticket"] for reply in talk.say("提交") if "ticket" in reply)
        yield {
            "kind": kind, "kinds": ticket["kinds"], "number": ticket["number"], "lead": ticket["lead"]["name"],
            "assist": [unit["name"] for unit in ticket["assist"]], "units": [unit["id"] for unit in (ticket["lead"], *ticket["assist"])],
            "district": ticket["district"], "due": ticket["due"], "clause": clause,
        }  # fmt: skip


if __name__ == "__main__":
    for row in file_every_kind(sys.argv[1]):
        print(
            row["number"],
            row["kind"],
            re.sub(r"\s", "", TOLD[row["kind"]]),
            "→",
            row["lead"],
            "+",
            "、".join(row["assist"]),
            "|",
            row["clause"],
            "|",
            row["due"],
        )
