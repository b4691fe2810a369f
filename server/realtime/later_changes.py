"""Tells people that a point was changed after they answered about it, whatever part their page shows by then (R-65).

A page follows the points of its own part only. So the server looks itself, once a point that was gone over has been
still for a moment: whoever's answer is now about other words is told, with the desk, and nobody else.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from server.actions import read_through
from server.actions.context import Context
from server.events import READ_THROUGH, Changed, Event
from shared_doc.schema import LaneKind

log = logging.getLogger("truerecord.live")

STILL = 1.5
"""Seconds without a change after which a point counts as changed: nobody is asked again letter by letter."""


class LaterChanges:
    """Watches the minutes of parts that were gone over. `start` it once the lanes are there."""

    def __init__(self, ctx: Context, still: float = STILL) -> None:
        self._ctx = ctx
        self._still = still
        self._gone_over: set[str] = set()
        self._changed_at: dict[str, float] = {}
        self._asked: dict[str, frozenset[tuple[str, str]]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        """Begin, with the parts that were gone over before this server started."""
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._ctx.events.subscribe(self._heard)
        self._gone_over |= await self._ctx.db.read(read_through.gone_over)

    def stop(self) -> None:
        """Look at nothing more."""
        self._unsubscribe()
        self._gone_over.clear()
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()

    def stored(self, lane: str) -> None:
        """A change of a lane is on the disk. Called for every one: it must cost nothing for a part not gone over."""
        _, part_id, kind = lane.split("/")
        if part_id not in self._gone_over or kind != LaneKind.MINUTES:
            return
        self._changed_at[lane] = self._loop.time()
        if lane not in self._timers:
            self._timers[lane] = self._loop.call_later(self._still, self._due, lane)

    def _heard(self, event: Event) -> None:
        if isinstance(event, Changed) and READ_THROUGH in event.what and event.part_id is not None:
            self._gone_over.add(event.part_id)

    def _due(self, lane: str) -> None:
        left = self._changed_at[lane] + self._still - self._loop.time()
        if left > 0:
            self._timers[lane] = self._loop.call_later(left, self._due, lane)
            return
        del self._timers[lane], self._changed_at[lane]
        task = self._loop.create_task(self._tell(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, lane: str) -> None:
        try:
            now = await read_through.out_of_date(self._ctx, lane)
        except Exception:  # nothing is lost: the next page that is asked for says it too
            log.exception("answers could not be looked at", extra={"lane": lane})
            return
        people = frozenset(who for _, who in now ^ self._asked.get(lane, frozenset()))
        self._asked[lane] = now
        if people:
            read_through.ask_again(self._ctx, lane, people)
