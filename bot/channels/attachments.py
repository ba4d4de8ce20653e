"""Photos, voice and documents that a parent sends with a complaint (contract.md: POST /webhooks/web/attachments)."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import Path

import filetype

from bot.complaints.store import TicketStore

LARGEST = 10 * 1024 * 1024  # bytes
MOST = 20  # of one conversation that belong to no ticket yet
_KINDS = frozenset(
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "application/pdf",
        "audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a", "audio/ogg", "audio/amr", "audio/x-wav", "audio/aac",
    }
)  # fmt: skip


class BadAttachment(ValueError):
    """A file that is not taken: `status` of HTTP, `code` for programs, the message (Chinese) for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def kind_of(content: bytes) -> str:
    """The media type by the content itself, never by what the sender says. Raises BadAttachment."""
    if not content:
        raise BadAttachment(422, "empty", "文件是空的，请重新选一个。")
    if len(content) > LARGEST:
        raise BadAttachment(413, "too_large", f"文件太大了（最多 {LARGEST // 1024 // 1024} MB）。")
    guessed = filetype.guess(content)
    if guessed is None or guessed.mime not in _KINDS:
        raise BadAttachment(415, "bad_type", "只收照片、录音和 PDF 文件。")
    return str(guessed.mime)


async def keep(content: bytes, conversation: str, folder: Path, tickets: TicketStore) -> str:
    """Keep a file for the conversation's complaint; its id. The file stands before its row does, so that no row lacks its file. Raises BadAttachment."""
    mime = kind_of(content)
    if len(await tickets.attachments(conversation=conversation)) >= MOST:
        raise BadAttachment(429, "too_many", f"一件投诉最多 {MOST} 个附件。")
    attachment = secrets.token_hex(16)

    def write() -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / attachment
        path.touch(mode=0o600)
        path.write_bytes(content)

    await asyncio.to_thread(write)
    await tickets.add_attachment(
        {
            "id": attachment, "conversation": conversation, "mime": mime, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
            "at": datetime.now(UTC),
        }
    )  # fmt: skip
    return attachment
