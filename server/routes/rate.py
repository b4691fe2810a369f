"""How much one person may ask for. Everybody shares one server: one page that goes wild must not slow the others down.

What is counted is what a request cost: milliseconds of the one thread that handles everybody's frames and pages. So a
page of sixty points counts for more than a status line, on a slow machine as on a fast one. Requests that change
something are counted by themselves too: each of them waits for the disk, where keystrokes wait as well.

Guessing is another matter, and is slowed down by `server.auth.throttle`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

from starlette.types import Scope

from server.errors import TooOften
from server.settings import Settings

MOST_KNOWN: Final = 10_000
"""People whose asking is remembered; beyond that, those are forgotten who have asked for nothing in a while."""

DEPOSIT: Final = 20.0
"""Milliseconds that are taken before a request is handled, and settled when it is known what it cost: otherwise a
thousand sent at once would all be let in before the first is counted."""

LEAST: Final = 3.0
"""Milliseconds that every request counts for at least: its look-ups are done on other threads, and cost there."""

AT_ONCE: Final = 1
"""Requests of one person that are worked on at one time; the others wait. A browser asks for six pieces of a page at
once, and notices no difference. Already three keep the threads that read the database so busy that frames wait for the
processor twice as long. What waits for the line, to send the rest of a form or to take the answer, is not counted: a
phone in a tunnel does not hold up its own next try.
"""

PRINTING: Final = 150.0
"""Milliseconds that a printed copy counts for, which is made on another thread."""

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BILL = "truerecord.bill"


class Rates:
    """For each key `burst` at once, and `per_second` more as time goes by."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float] = monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._known: dict[str, tuple[float, float]] = {}  # what was left, and when

    def take(self, key: str, much: float = 1.0) -> None:
        """Count so much. Raises TooOften if there is not as much left; nothing is counted then."""
        now = self._clock()
        # Whoever has all that anybody can have is not turned away, however much it is.
        missing = min(much, self._burst) - self._left(key, now)
        if missing > 0:
            raise TooOften(1 + int(missing / self._per_second))
        self.charge(key, much)

    def charge(self, key: str, much: float) -> None:
        """Count what was used, whether or not there was as much; less than nothing is given back."""
        now = self._clock()
        left = self._left(key, now)
        if len(self._known) >= MOST_KNOWN and key not in self._known:
            self._known = {one: was for one, was in self._known.items() if self._left(one, now) < self._burst}
        self._known[key] = (min(self._burst, left - much), now)

    def _left(self, key: str, now: float) -> float:
        left, at = self._known.get(key, (self._burst, now))
        return min(self._burst, left + (now - at) * self._per_second)


class UnderWay:
    """For each key so many requests at one time; others wait until one is done."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._asking: Counter[str] = Counter()

    async def begin(self, key: str) -> None:
        """Wait until one more may begin."""
        gate = self._gates.setdefault(key, asyncio.Semaphore(self._most))
        self._asking[key] += 1
        try:
            await gate.acquire()
        except BaseException:
            self._forget(key)
            raise

    def end(self, key: str) -> None:
        """One that began is done."""
        self._gates[key].release()
        self._forget(key)

    def _forget(self, key: str) -> None:
        self._asking[key] -= 1
        if not self._asking[key]:
            del self._asking[key], self._gates[key]


class Shares:
    """What each person has of the server, and each network of those whom nobody knows."""

    def __init__(self, settings: Settings) -> None:
        self.people = Rates(settings.person_burst, settings.person_rate)
        self.posts = Rates(settings.person_posts, settings.person_posts_rate)
        self.under_way = UnderWay(AT_ONCE)
        self.networks = Rates(settings.network_burst, settings.network_rate)


class Bill:
    """What one request has cost so far, and who pays. Made at the door, settled when the request is done."""

    __slots__ = ("_begun", "_method", "_network", "_payer", "_shares", "_taken", "milliseconds")

    def __init__(self, shares: Shares, network: str, method: str) -> None:
        self._shares = shares
        self._network = network
        self._method = method
        self._payer: tuple[Rates, str] | None = (shares.networks, network)
        self._taken = 0.0
        self._begun = ""
        self.milliseconds = 0.0

    async def is_of(self, person: str) -> None:
        """It is this person's: wait until it can be handled. Raises TooOften if they have had their share.

        Of two people in one browser the first pays: a request is counted once.
        """
        if self._taken or self._payer is None:
            return
        # Who is turned away pays nothing, and nor does the network of theirs, which others share.
        self._payer = None
        self._shares.people.take(person, DEPOSIT)
        self._payer, self._taken = (self._shares.people, person), DEPOSIT
        if self._method not in SAFE:
            self._shares.posts.take(person)
        await self._shares.under_way.begin(person)
        self._begun = person

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """While the request waits for the line, others of the same person may go on."""
        person = self._stand_back()
        try:
            yield
        finally:
            if person:
                await self._shares.under_way.begin(person)
                self._begun = person

    def is_made(self) -> None:
        """The answer is there, and only has to be sent."""
        self._stand_back()

    def _stand_back(self) -> str:
        person, self._begun = self._begun, ""
        if person:
            self._shares.under_way.end(person)
        return person

    def is_trusted(self) -> None:
        """It is a program's that knows how much it asks for."""
        self._payer = None

    def is_nobodys(self) -> None:
        """Nobody is known by what they showed. Raises TooOften if enough of that came from where they are."""
        if self._payer is not None and not self._taken:
            self._payer = None
            self._shares.networks.take(self._network, DEPOSIT)
            self._payer, self._taken = (self._shares.networks, self._network), DEPOSIT

    def settle(self) -> None:
        """The request is done."""
        self._stand_back()
        if self._payer is not None:
            rates, key = self._payer
            rates.charge(key, max(self.milliseconds, LEAST) - self._taken)


def open_bill(scope: Scope, shares: Shares, network: str) -> Bill:
    """The bill of a request that has just come."""
    bill = scope[_BILL] = Bill(shares, network, scope["method"])
    return bill


def bill_of(scope: Scope) -> Bill:
    """The bill of a request that is being handled."""
    bill = scope[_BILL]
    if not isinstance(bill, Bill):
        raise TypeError("the app was made without the door that counts")
    return bill
