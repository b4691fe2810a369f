"""uvicorn's HTTP protocol with a bound on what it takes before any of our code sees a request.

Without it a stranger may send header after header for ever, or one byte a minute: neither costs them anything, and each
keeps memory or a connection here. A request has to say what it wants within `HEAD_SECONDS` and `HEAD_BYTES`, and to be
whole within `BODY_SECONDS`; how large its body may be is `server.routes.headers.BodyLimit`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 32 * 1024
"""Request line and headers together (431). A browser with the cookies of ten people sends 4 KB."""

HEAD_SECONDS: Final = 20.0
"""From the connection, or the first byte of a further request, until the headers are complete (hung up)."""

CONNECTIONS: Final = 5_000
"""Connections at one time, pages and live ones together (503): each keeps some 50 KB, and a file handle."""

STOPPING: Final = "truerecord.stopping"
"""Where a request that is held open leaves word, in its scope, of whom to call when the server stops."""

BODY_SECONDS: Final = 120.0
"""From the headers until the body is complete (hung up): 30 MB over a line of 2 Mbit/s."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 23\r\nconnection: close\r\n\r\n"
    b"The request is too big."
)


class BoundedHttp(HttpToolsProtocol):
    """Hangs up on whoever takes too long, and refuses who says too much before coming to the point."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._in_head = True
        self._head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected: they have to say something."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._within(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        super().data_received(data)
        # Afterwards, because only then it is known whether the headers are still unfinished.
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._within(self.head_seconds)

    def on_headers_complete(self) -> None:
        """It is known what is asked for; now the body."""
        self._in_head = False
        self._within(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole. From here on it is our turn."""
        self._disarm()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """It becomes a live connection, which has limits of its own."""
        self._disarm()
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """The server stops: a request that is held open until there is news need not wait for any."""
        super().shutdown()
        held: MutableMapping[str, Any] = cast("Any", self.scope) or {}
        stop: Callable[[], None] | None = held.get(STOPPING)
        if stop is not None:
            stop()

    def _within(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        self.transport.abort()
