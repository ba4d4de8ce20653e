"""Made files as HTTP hands them out: to be saved, never run."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from sanic.response import HTTPResponse, raw

from bot.files.store import MadeFile

GONE = "这个文件没有了：可能链接不全，也可能已经过了7天。请再跟连宝说一遍，马上重新做一份。"


def download(file: MadeFile) -> HTTPResponse:
    """The file as an attachment under its own name (RFC 6266); even opened in the browser it can run nothing and load nothing."""
    headers = {
        "Content-Disposition": f"attachment; filename=\"lianbao{PurePosixPath(file.name).suffix}\"; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    text = file.mime.startswith("text/")
    return raw(file.content, content_type=f"{file.mime}; charset=utf-8" if text else file.mime, headers=headers)
