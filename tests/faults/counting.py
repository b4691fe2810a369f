"""Pages that type numbered words on and on, and what has become of their words: on the pages, and on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, create_engine

from server.db import live_rooms
from shared_doc.points import read_points
from tests.protocol.conftest import Conference
from tests.protocol.providers import OpenPage, Providers
from tests.server_process import ServerProcess

PACE = 40
"""Milliseconds from word to word in each lane: several times a typist's."""
SOON = {"delay": 200, "minDelay": 100, "maxDelay": 1000}
"""How soon a page's socket tries again, in milliseconds: sooner than in a browser, so that a test is over sooner."""
LONG = 240.0
MANY = 5_000
"""Changes that a page with a ledger may have unsaved and type on: what it types without a line must not come to an end
before a slow machine has looked."""


@dataclass(frozen=True)
class Typists:
    """One page in each of a conference's parts, all of the minute-taker; `bare` names those that are bare providers."""

    conference: Conference
    pages: Mapping[str, OpenPage]
    lanes: Mapping[str, str]
    bare: frozenset[str]

    @property
    def one(self) -> OpenPage:
        """The first of them."""
        return next(iter(self.pages.values()))

    async def counted(self, *, stop: bool = False) -> dict[str, dict[str, Any]]:
        """How many words each page has typed, and how many of them it was told are stored."""
        told: dict[str, dict[str, Any]] = await self.conference.providers.order("counted", stop=stop)
        return told

    async def saved(self) -> None:
        """Stop typing, wait until every page was told that all is stored, and look with somebody else's eyes."""
        counted = await self.counted(stop=True)
        for name, page in self.pages.items():
            if name in self.bare:
                await page.until("saved", patience=LONG)
            else:
                await page.until("stored", counted[name]["typed"], patience=LONG)
            typed = "".join(await page.texts())
            assert typed == "".join(f"{word} " for word in range(counted[name]["typed"]))
            # Somebody else sees the same, so it is what is stored.
            reader = await self.conference.page("parent", self.lanes[name], page=f"reader of {name}")
            if name in self.bare:
                # What it says may be too early: the last of what it queued without a line may still come.
                await reader.until("held", (await page.tell())["held"], patience=LONG)
            assert "".join(await reader.texts()) == typed


async def begin(
    server: ServerProcess,
    providers: Providers,
    lanes: int,
    *,
    bare: int = 0,
    address: str = "",
    **options: int,
) -> Typists:
    """Open a new conference of `lanes` parts, in session, and type into all of them.

    The last `bare` pages are bare providers, whose own count of what is stored is too early after a reconnect: they are
    judged by what is there. The others have a page's own ledger, which knows. `address` is another way to the server;
    `options` are the providers' own, in milliseconds.
    """
    made = server.create_conference(parts=[{"title": f"Part {number}"} for number in range(lanes)])
    server.change_phase(made, "open", "in_session")
    conference = Conference(server, made, providers)
    names = [f"lane {number} of {conference.id}" for number in range(lanes)]
    without = frozenset(names[lanes - bare :])
    pages: dict[str, OpenPage] = {}
    for number, name in enumerate(names):
        await providers.socket(
            name, address or server.live_address, ledger=name not in without, **SOON, **options
        )
        pages[name] = await conference.page("minute_taker", conference.lane(number), page=name, socket=name)
    for name in pages:
        await providers.order("count", page=name, pace=PACE, **({} if name in without else {"most": MANY}))
    return Typists(conference, pages, {name: conference.lane(at) for at, name in enumerate(names)}, without)


def words_on_disk(server: ServerProcess, lanes: Mapping[str, str]) -> dict[str, list[int]]:
    """The words of each lane as they are stored. Fails if a document does not load."""
    engine = create_engine(f"sqlite:///{server.data / 'truerecord.sqlite3'}")
    with Session(engine) as session:
        points = {page: read_points(live_rooms.open_lane(session, lane).doc) for page, lane in lanes.items()}
    engine.dispose()
    return {
        page: [int(word) for point in found for word in point.text.split(" ") if word]
        for page, found in points.items()
    }


def judge(counted: Mapping[str, Mapping[str, int]], stored: Mapping[str, list[int]]) -> int:
    """Every lane holds each word once, in order, and all that its page was told is stored; how many that were."""
    acknowledged = 0
    for page, words in stored.items():
        count = counted[page]
        assert words == list(range(len(words))), f"{page}: a word is there twice, or not in its place"
        assert count["stored"] <= len(words), f"{page}: acknowledged words are lost"
        acknowledged += count["stored"]
    return acknowledged
