"""Whether the server can do its work now: truthfully, by doing a little of it."""

from __future__ import annotations

import asyncio

from sqlalchemy import text
from sqlmodel import Session

from server.actions.context import Context
from server.db.migrate import newest

_PATIENCE = 2.0
"""Seconds: a writer is told within this time that something was not stored, so a slower database is not
ready.
"""


async def problems(ctx: Context) -> list[str]:
    """What stands in the way, as codes; empty when the database can be read and written and has the right
    shape.
    """
    try:
        async with asyncio.timeout(_PATIENCE):
            shape = await ctx.db.write(_write_and_take_back)
    except TimeoutError:
        return ["database_slow"]
    except Exception:  # whatever it is, the server cannot store
        return ["database_cannot_write"]
    return [] if shape == newest() else ["database_old_shape"]


def _write_and_take_back(session: Session) -> str:
    # A real write to the disk's journal: a full or read-only disk shows here and not at the next keystroke.
    session.connection().execute(text("UPDATE alembic_version SET version_num = version_num"))
    row = session.connection().execute(text("SELECT version_num FROM alembic_version")).one()
    return str(row[0])
