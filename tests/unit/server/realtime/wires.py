"""Ends of lines for tests: what would be on a socket, and when."""

from __future__ import annotations

import asyncio

from shared_doc.messages import CloseCode


class Wire:
    """A way out that keeps what is sent. `stuck` bytes wait to be sent, as with a reader who does not read."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.framed: list[bytes] = []
        self.closed: tuple[CloseCode, str] | None = None
        self.aborted = False
        self.paused = False
        self.stuck = 0
        self.news = asyncio.Event()

    def send(self, payload: bytes, framed: bytes) -> int:
        self.sent.append(payload)
        self.framed.append(framed)
        self.news.set()
        return self.stuck

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed = (code, reason)
        self.news.set()

    def abort(self) -> None:
        self.aborted = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False
