"""A live line over plain HTTP, for pages behind something that lets no WebSocket through.

It carries the same frames to the same hub; only the pipe differs. Requests come and go, may be sent twice by a browser
whose connection broke, and their answers may be lost. So both ways are numbered: what is posted twice is taken once,
and what was fetched is kept until the next fetch shows that it arrived.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from server.realtime.connection import Connection
from server.realtime.hub import Hub
from server.realtime.limits import FRAME_BYTES
from shared_doc.encoding import Reader, write_bytes
from shared_doc.errors import Malformed
from shared_doc.messages import CloseCode

POST_BYTES = FRAME_BYTES + 4
"""Largest post (413): one frame of the largest kind, and its length."""

ABSENT = 15.0
"""Seconds in which a page that is there asks for more; it does at once. Whoever does not is gone (4408)."""

STRANGERS = 64
"""Lines at one time of those whose token does not count (429). Each is told so, and ends within the time to greet."""

Holder = tuple[str, str]
"""Whose a line is: the conference and the participant."""

STRANGER: Holder = ("", "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch brings: whole frames, each behind its length, and the goodbye if that was all."""

    frames: bytes
    goodbye: tuple[CloseCode, str] | None


class Superseded(Exception):
    """The same line is asked for elsewhere, or with a number that does not follow: this request gets nothing."""


class PostedOutbox:
    """What waits until the page fetches it (an `Outbox`). `ended` is called once, soon after the goodbye."""

    def __init__(self, ended: Callable[[], None]) -> None:
        self._ended = ended
        self._queue = bytearray()
        self._kept = b""
        self._number = 0
        self._asked = 0
        self._more = asyncio.Event()
        self._goodbye: tuple[CloseCode, str] | None = None
        self.readable = asyncio.Event()
        self.readable.set()

    def send(self, payload: bytes, framed: bytes) -> int:
        """Queue a frame; how many bytes have not arrived, for all we know."""
        write_bytes(self._queue, payload)
        self._more.set()
        return len(self._queue) + len(self._kept)

    def close(self, code: CloseCode, reason: str) -> None:
        """Say goodbye after what is queued."""
        if self._goodbye is None:
            self._goodbye = (code, reason)
            # Soon, not now: the hub may be in the middle of telling others.
            asyncio.get_running_loop().call_soon(self._ended)
        self._more.set()
        self.readable.set()

    def abort(self) -> None:
        """Say goodbye without what is queued."""
        self._queue.clear()
        self.close(CloseCode.TOO_SLOW, "")

    def pause(self) -> None:
        """Take nothing more of what is posted; the answer to the post waits."""
        self.readable.clear()

    def resume(self) -> None:
        """Take more."""
        self.readable.set()

    async def fetch(self, number: int) -> Fetched:
        """Everything that waits, as soon as there is something. `number` counts the fetches of a line from 1; the same
        number again brings the same again, in case it was lost.

        Raises:
            Superseded: somebody else fetches now, or the number is neither the last nor the next.
        """
        self._asked += 1
        turn = self._asked
        self._more.set()  # whoever waited before finds that their turn is over
        if number == self._number > 0:
            return self._answer()
        if number != self._number + 1:
            raise Superseded
        self._kept = b""
        while not self._queue and self._goodbye is None:
            self._more.clear()
            await self._more.wait()
            if turn != self._asked:
                raise Superseded
        self._number = number
        self._kept = bytes(self._queue)
        self._queue.clear()
        return self._answer()

    def _answer(self) -> Fetched:
        return Fetched(self._kept, None if self._queue else self._goodbye)


class HttpLine:
    """One line: its id, which only the page knows that opened it, and what has come of it so far."""

    def __init__(self, hub: Hub, holder: Holder) -> None:
        self.id = secrets.token_urlsafe(24)
        self.holder = holder
        self.outbox = PostedOutbox(self._ended)
        self.connection: Connection = hub.came(self.outbox)
        self.taken = 0
        self.taking = False
        self.fetchers = 0
        self._hub = hub

    async def take(self, number: int, frames: bytes) -> None:
        """Hand a post's frames to the hub, no faster than it wants them."""
        self.taken = number
        reader = Reader(frames)
        while not reader.at_end and not self.connection.closed:
            try:
                frame = reader.var_bytes()
            except Malformed as malformed:
                self.hang_up(CloseCode.MALFORMED, malformed.code)
                return
            self._hub.arrived(self.connection, frame)
            await self.outbox.readable.wait()

    def hang_up(self, code: CloseCode, reason: str) -> None:
        """End it, unless it has ended."""
        self._hub.hang_up(self.connection, code, reason)

    def _ended(self) -> None:
        """A socket's sessions leave when it closes; here, when goodbye was said. The page may still fetch that."""
        self._hub.gone(self.connection)


class HttpLines:
    """All lines over HTTP. One ends when the hub hangs up, or when nobody fetches from it any more, and is kept a while
    longer for its goodbye to be fetched.
    """

    def __init__(self, hub: Hub, *, absent: float = ABSENT, strangers: int = STRANGERS) -> None:
        self._hub = hub
        self._absent = absent
        self._strangers = strangers
        self._lines: dict[str, HttpLine] = {}
        self._holders: Counter[Holder] = Counter()
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def open(self, holder: Holder) -> HttpLine | None:
        """A new line; None if this holder has as many as one person needs."""
        most = self._strangers if holder == STRANGER else self._hub.limits.sockets
        if self._holders[holder] >= most:
            return None
        line = HttpLine(self._hub, holder)
        self._lines[line.id] = line
        self._holders[holder] += 1
        self._expect(line)
        return line

    def find(self, line_id: str) -> HttpLine | None:
        """The line with this id, if it is still there."""
        return self._lines.get(line_id)

    def fetching(self, line: HttpLine) -> None:
        """Somebody waits at the other end."""
        line.fetchers += 1
        timer = self._timers.pop(line.id, None)
        if timer is not None:
            timer.cancel()

    def left(self, line: HttpLine) -> None:
        """They have been answered, or given up: they come back soon, or they are gone."""
        line.fetchers -= 1
        if line.fetchers == 0 and line.id in self._lines:
            self._expect(line)

    def _expect(self, line: HttpLine) -> None:
        self._timers[line.id] = asyncio.get_running_loop().call_later(self._absent, self._forget, line)

    def stop(self) -> None:
        """Forget them all; the hub has said goodbye."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._lines.clear()

    def _forget(self, line: HttpLine) -> None:
        line.hang_up(CloseCode.SILENT, "absent")
        del self._timers[line.id]
        del self._lines[line.id]
        self._holders[line.holder] -= 1
        if not self._holders[line.holder]:
            del self._holders[line.holder]
