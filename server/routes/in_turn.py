"""Pages are made in slices, with everybody's keystrokes in between, and what each of them costs is counted.

One thread handles the frames of every conference and every page. A page takes it for some milliseconds between two
waits for the database; a hundred of them that are asked for at once would take it for as long as all of them together,
and nobody's keystrokes would get through. So after `SLICE` of such work there is a moment for everything else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Coroutine, Generator
from time import thread_time
from types import coroutine
from typing import Any, Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.auth.network import network_of
from server.errors import TooOften
from server.routes.rate import Bill, Shares, open_bill

SLICE: Final = 0.001
"""Seconds of the loop that pages may take before something else has its turn."""

REST: Final = 0.004
"""And the longest that this turn lasts: the time for which frames are handled in one go. Otherwise it is as long as
what was taken, so that pages have half of the time while many are asked for, and all of it while one is."""

HELD: Final = frozenset({"/live/send", "/live/wait"})
"""A live line over HTTP is live: its frames have their turns like those of a socket."""

_SHOWN_BY = ("/conferences", "/api/", "/password", "/sign-out", "/live/")
"""Where requests say who they are: who has no share left there is told when it is known who they are."""

_ALWAYS = ("/static/", "/healthz", "/readyz")
"""Pages of people who are known need the files, and cost as good as nothing; an operator needs the rest."""


class Turns:
    """Whose slice is next: first come, first served."""

    def __init__(self) -> None:
        self._taken = 0.0
        self._resting = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    def wait(self) -> Generator[Any, Any, None]:
        """Until it is this one's turn; at once if nobody is before it and pages have not just had theirs."""
        if not self._resting and not self._waiting:
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            yield from turn
        except BaseException:
            # It may have been told that its turn has come, and goes away: the next one's has.
            if turn.done() and not turn.cancelled():
                self._next()
            raise

    def took(self, seconds: float) -> None:
        """A slice is done."""
        self._taken += seconds
        if self._resting:
            return
        if self._taken < SLICE:
            self._next()
            return
        self._resting = True
        rest, self._taken = min(self._taken, REST), 0.0
        asyncio.get_running_loop().call_later(rest, self._rested)

    def _rested(self) -> None:
        self._resting = False
        self._next()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


@coroutine
def in_turn(work: Coroutine[Any, Any, None], turns: Turns, bill: Bill) -> Generator[Any, Any, None]:
    """Do the work slice by slice, as its turn comes, and count on the bill what each took."""
    go_on, given = work.send, None
    while True:
        try:
            yield from turns.wait()
        except BaseException as error:
            go_on, given = work.throw, error
        began = thread_time()
        try:
            waits_for = go_on(given)
        except StopIteration:
            return
        finally:
            took = thread_time() - began
            bill.milliseconds += took * 1000
            turns.took(took)
        try:
            given = yield waits_for
            go_on = work.send
        except BaseException as error:
            go_on, given = work.throw, error


class Door:
    """Every request comes through here: it is counted, takes its turn, and is turned away if it is one too many."""

    def __init__(self, app: ASGIApp, shares: Shares) -> None:
        self._app = app
        self._shares = shares
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HELD:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        bill = open_bill(scope, self._shares, network_of(client[0]) if client else "unknown")
        path = scope["path"]
        if path.startswith(_ALWAYS):
            bill.is_trusted()
        elif path != "/" and not path.startswith(_SHOWN_BY):
            try:
                bill.is_nobodys()
            except TooOften as refused:
                answer = PlainTextResponse(refused.reason, 429, {"Retry-After": str(refused.wait)})
                await answer(scope, receive, send)
                return
        try:
            await in_turn(_run(self._app(scope, receive, _telling(bill, send))), self._turns, bill)
        finally:
            bill.settle()


def _telling(bill: Bill, send: Send) -> Send:
    """Sends, and says on the bill when the answer is made."""

    async def sent(message: Message) -> None:
        bill.is_made()
        await send(message)

    return sent


async def _run(app: Awaitable[None]) -> None:
    await app
