"""Packs pages for phones on prepaid data, without letting their packed length tell what is in them.

A page holds secrets of its reader (the proof in its forms) beside words that others choose. Packed, such a page is the
shorter the more those words repeat the secret, which somebody on the line could try out. So every packed page carries
a random stretch of up to `PADDING` letters in its header, where no reader sees it; and no other site can make a
browser ask for these pages, because their cookies are `SameSite`.
"""

from __future__ import annotations

import secrets
import struct
import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PADDING = 512
_LEAST = 1024
_HAS_NAME = 8
_UNIX = 3


class PackedPages:
    """Packs HTML answers of some length for whoever takes gzip; passes everything else on untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def packed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            headers = MutableHeaders(scope=start)
            headers.add_vary_header("Accept-Encoding")
            if len(body) >= _LEAST:
                body = pack(body)
                headers["Content-Encoding"] = "gzip"
                headers["Content-Length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, packed)


def pack(page: bytes) -> bytes:
    """The page as gzip, with a random number of letters as the name of the file in its header."""
    name = b"a" * secrets.randbelow(PADDING + 1)
    head = struct.pack("<2sBBLBB", b"\x1f\x8b", zlib.DEFLATED, _HAS_NAME, 0, 0, _UNIX)
    work = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    middle = work.compress(page) + work.flush()
    return head + name + b"\0" + middle + struct.pack("<LL", zlib.crc32(page), len(page) & 0xFFFFFFFF)


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
