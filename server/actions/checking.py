"""Walks every hash there is: each lane's log, its snapshots, each conference's trail, and the signed records."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import Session, select

from server.actions import records
from server.actions.context import AbsentLanes, Context
from server.db import audit_log, update_log
from server.db.migrate import newest
from server.db.models import Snapshot, UpdateRow
from server.db.read_only import ReadOnly, opened, shape
from server.db.update_log import CorruptLane, Head
from server.events import Events
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and each thing that does not hold as a sentence; lanes are named by their ids."""

    lanes: int
    rows: int
    snapshots: int
    trail: int
    broken: tuple[str, ...]


class CannotCheck(Exception):
    """There is nothing to be looked at, or not by this version: a sentence that says what to do."""


def look(settings: Settings) -> Checked:
    """Look at everything in a data folder, which may be in use. Nothing is made and nothing is changed.

    Raises:
        CannotCheck: no database is there, or it has another shape than this version's.
    """
    path = make_url(settings.database).database
    if not path or not Path(path).is_file():
        raise CannotCheck(
            f"There is no database at {path}. Name the data folder with --data; a new one is made by serve."
        )
    return asyncio.run(_look(settings, Path(path)))


async def _look(settings: Settings, path: Path) -> Checked:
    while True:
        with opened(path) as db:
            try:
                await _require_shape(db, path)
                found = await check(Context(db, AbsentLanes(), Events(), settings, b""))
            except DatabaseError as error:
                if not isinstance(error, OperationalError):
                    return Checked(0, 0, 0, 0, (f"The database file is damaged: {error.orig}.",))
                raise CannotCheck(f"{path} cannot be read: {error.orig}.") from error
            if not db.disturbed:
                return found


async def _require_shape(db: ReadOnly, path: Path) -> None:
    has, known = await db.read(shape), newest()
    if has is None:
        raise CannotCheck(f"{path} is no database of True Record. Name the data folder with --data.")
    if has > known:
        raise CannotCheck(
            f"{path} was made by a newer version ({has}; this one knows {known}). Check with that."
        )
    if has < known:
        raise CannotCheck(
            f"{path} has the shape of an older version ({has}; now {known}). Make a backup, run migrate, then check."
        )


async def check(ctx: Context) -> Checked:
    """Look at everything. Nothing is changed."""
    lanes = await ctx.db.read(update_log.lanes)
    broken: list[str] = list(await ctx.db.read(_database))
    rows = snapshots = 0
    for lane in lanes:
        # One lane at a time: a damaged one must not hide the next.
        found_rows, found_snapshots, trouble = await ctx.db.read(_lane, lane)
        rows, snapshots = rows + found_rows, snapshots + found_snapshots
        broken += trouble
    trail = 0
    for conference_id in await ctx.db.read(audit_log.chains):
        held, found = await ctx.db.read(audit_log.check_chain, conference_id)
        trail += held
        if found is not None:
            of = f"conference {conference_id}" if conference_id else "the council"
            broken.append(f"Trail of {of}, row {found.seq}: {found.what}.")
    broken += [
        f"The signed record of conference {id_} does not hold, or does not follow the one before it."
        for id_ in await records.broken_chain(ctx)
    ]
    broken += [
        f"The signed record of conference {id_} names row {row} of lane {lane}, which is missing or another one now."
        for id_, lane, row in await records.gone_from_under_records(ctx)
    ]
    return Checked(len(lanes), rows, snapshots, trail, tuple(broken))


def _database(session: Session) -> tuple[str, ...]:
    found = [str(row[0]) for row in session.connection().execute(text("PRAGMA integrity_check"))]
    return () if found == ["ok"] else tuple(f"The database file is damaged: {line}." for line in found)


def _lane(session: Session, lane: str) -> tuple[int, int, list[str]]:
    broken: list[str] = []
    head = Head()
    try:
        head = update_log.check_lane(session, lane)
    except CorruptLane as corrupt:
        broken.append(f"Lane {corrupt.lane}, row {corrupt.seq}: {corrupt.what}.")
    snapshots = session.exec(select(Snapshot).where(Snapshot.lane == lane)).all()
    for snapshot in snapshots:
        row = session.get(UpdateRow, (lane, snapshot.seq))
        if row is None or snapshot.hash != update_log.snapshot_hash(
            lane, Head(row.seq, row.hash), snapshot.body
        ):
            broken.append(f"Lane {lane}, snapshot after row {snapshot.seq}: it was altered.")
    return head.seq, len(snapshots), broken
