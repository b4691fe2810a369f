"""Whether the server can do its work now: truthfully, by doing a little of it.

That little is a write to the disk, which everybody's keystrokes wait for too, and anybody may ask. So all who ask share
one: there is never a second under way, and never more than one in a second.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from sqlalchemy import text
from sqlmodel import Session

from server.actions.context import Context
from server.db.migrate import newest

_PATIENCE = 2.0
"""Seconds: a writer is told within this time that something was not stored, so a slower database is not
ready.
"""

_APART = 1.0
"""Seconds from the beginning of one probe to that of the next; meanwhile its answer is everybody's."""


class Readiness:
    """Asks the database, once for everybody who wants to know."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._probe: asyncio.Task[list[str]] | None = None
        self._begun = 0.0

    async def problems(self) -> list[str]:
        """What stands in the way, as codes; empty when the database can be read and written and has the right
        shape.
        """
        probe = self._probe
        if probe is None or (probe.done() and monotonic() - self._begun >= _APART):
            self._begun = monotonic()
            probe = self._probe = asyncio.create_task(self._look())
        # Whoever goes away while they wait ends it for nobody; one that takes too long goes on, and is not repeated.
        await asyncio.wait({probe}, timeout=max(0.0, self._begun + _PATIENCE - monotonic()))
        return probe.result() if probe.done() else ["database_slow"]

    async def _look(self) -> list[str]:
        try:
            shape = await self._ctx.db.write(_write_and_take_back)
        except Exception:  # whatever it is, the server cannot store
            return ["database_cannot_write"]
        if monotonic() - self._begun >= _PATIENCE:
            return ["database_slow"]
        return [] if shape == newest() else ["database_old_shape"]


def _write_and_take_back(session: Session) -> str:
    # A real write to the disk's journal: a full or read-only disk shows here and not at the next keystroke.
    session.connection().execute(text("UPDATE alembic_version SET version_num = version_num"))
    row = session.connection().execute(text("SELECT version_num FROM alembic_version")).one()
    return str(row[0])
