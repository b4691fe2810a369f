"""The one place that writes the trail (`server.db.audit_log`): who did, saw, fetched or was refused what.

* `did` is called inside the transaction of what was done, so that neither is ever there without the other.
* `refused` is called where the table said no. Its row outlives the transaction that is rolled back.
* `saw` waits for nothing: looking at minutes must not be slowed down, nor stop when the disk does.

Rows hold ids and codes. Words, names, links, codes typed and reasons given do not go in.
"""

from __future__ import annotations

from sqlmodel import Session

from server.actions.context import Context, utc_now
from server.auth.identity import Actor, Leader, Organiser, ProgramIn, StaffActor
from server.db import audit_log
from server.db.audit_log import COUNCIL, SERVER, Deed, Entry
from server.db.engine import Database, keep_when_refused

__all__ = ["COUNCIL", "SERVER", "STRANGER", "Deed", "did", "note", "refused", "saw", "who"]

STRANGER = "stranger"
"""Who has not shown yet who they are."""


def who(actor: Leader | Organiser) -> str:
    """How the trail names somebody: by id."""
    if isinstance(actor, Actor):
        return actor.participant_id
    if isinstance(actor, StaffActor):
        return f"staff:{actor.staff_id}"
    return f"program:{actor.token_id}"


def did(
    session: Session, ctx: Context, actor: Leader | Organiser | str, deed: Deed, **what: str | None
) -> None:
    """Add that it was done, in the transaction that does it.

    `actor` may be `SERVER` or `STRANGER`. `conference` says which chain, where the actor does not.
    """
    audit_log.append(session, _entry(ctx, actor, deed, what))


def refused(
    session: Session,
    actor: Leader | Organiser,
    act: str,
    code: str,
    part_id: str = "",
    conference_id: str = "",
) -> None:
    """Have it written, once this transaction has come to nothing, that the table refused something."""
    entry = Entry(
        conference_id or _conference(actor),
        who(actor),
        Deed.REFUSED,
        utc_now(),
        {"act": act, "code": code, "part": part_id},
    )
    keep_when_refused(session, lambda kept: audit_log.append(kept, entry))


def saw(ctx: Context, actor: Leader | Organiser, deed: Deed = Deed.SAW, **what: str | None) -> None:
    """Note that somebody was shown something. It is written soon, and nobody waits for it."""
    entry = _entry(ctx, actor, deed, what)
    if ctx.looks.again(entry):
        return
    note(ctx.db, entry)


def note(db: Database, entry: Entry) -> None:
    """Write a line soon, together with whatever else waits to be noted."""
    db.later(lambda session: audit_log.append(session, entry))


def _entry(ctx: Context, actor: Leader | Organiser | str, deed: Deed, what: dict[str, str | None]) -> Entry:
    given = {name: value for name, value in what.items() if value}
    conference_id = given.pop("conference", None) or _conference(actor)
    return Entry(conference_id, actor if isinstance(actor, str) else who(actor), deed, ctx.now(), given)


def _conference(actor: Leader | Organiser | str) -> str:
    return actor.conference_id if isinstance(actor, (Actor, ProgramIn)) else COUNCIL
