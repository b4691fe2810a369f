"""A password or a code is tried: counted before it is judged, and refused if there were too many."""

from __future__ import annotations

from collections.abc import Sequence

from server.actions.context import Context
from server.auth import throttle
from server.auth.throttle import Blocked, Limit


async def count(ctx: Context, limits: Sequence[Limit]) -> None:
    """Count one guess, committed before it is judged: see `server.auth.throttle`.

    Raises:
        Throttled: there were too many.
    """
    now = ctx.steady()
    ctx.waits.refuse(limits, now)
    try:
        await ctx.db.write(throttle.attempt, ctx.settings, limits, now)
    except Blocked as blocked:
        ctx.waits.note(blocked, now)
        raise
