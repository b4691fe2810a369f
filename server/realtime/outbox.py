"""What is on its way out to one socket, and the bound on it.

A frame is never left out: whoever cannot keep up loses the socket, reconnects, and is sent what is missing.

There are two ways out. `serving.LiveProtocol` is asked to write bytes that are framed already, once for all
who get them. Any other ASGI server is sent one message after the other by a task.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from shared_doc.messages import CloseCode

SendMessage = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LARGE = 65_536


class Outbox(Protocol):
    """The way out to one socket."""

    def send(self, payload: bytes, framed: bytes) -> int:
        """Send a message, given as it is and as a WebSocket frame; how many bytes wait now."""

    def close(self, code: CloseCode, reason: str) -> None:
        """Say goodbye after what was sent before."""

    def abort(self) -> None:
        """Hang up at once; nothing that waits is sent."""

    def pause(self) -> None:
        """Read nothing more from the socket."""

    def resume(self) -> None:
        """Read on."""


def framed(payload: bytes) -> bytes:
    """A whole binary WebSocket message from a server: one frame, no mask, no compression."""
    size = len(payload)
    if size < 126:
        return bytes((0x82, size)) + payload
    if size < _LARGE:
        return b"\x82\x7e" + size.to_bytes(2, "big") + payload
    return b"\x82\x7f" + size.to_bytes(8, "big") + payload


class QueueOutbox:
    """The way out through any ASGI server: `run` sends what is queued."""

    def __init__(self, send: SendMessage) -> None:
        self._send = send
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._goodbye: tuple[CloseCode, str] | None = None
        self._aborted = False
        self._more = asyncio.Event()
        self.readable = asyncio.Event()
        self.readable.set()

    def send(self, payload: bytes, framed: bytes) -> int:
        """Queue a message."""
        self._queue.append(payload)
        self._bytes += len(payload)
        self._more.set()
        return self._bytes

    def close(self, code: CloseCode, reason: str) -> None:
        """Close after what is queued."""
        self._goodbye = self._goodbye or (code, reason)
        self._more.set()
        self.readable.set()

    def abort(self) -> None:
        """Close without what is queued: plain ASGI has no way to hang up."""
        self._queue.clear()
        self.close(CloseCode.TOO_SLOW, "")

    def pause(self) -> None:
        """The endpoint waits before it receives the next message."""
        self.readable.clear()

    def resume(self) -> None:
        """The endpoint goes on."""
        self.readable.set()

    async def run(self) -> None:
        """Send until closed."""
        while True:
            while self._queue:
                payload = self._queue.popleft()
                await self._send({"type": "websocket.send", "bytes": payload})
                self._bytes -= len(payload)
            if self._goodbye is not None:
                code, reason = self._goodbye
                await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
                return
            self._more.clear()
            await self._more.wait()
