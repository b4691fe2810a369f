"""A lane as it stood at any moment, for those at the desk: who put what in, who took what out, and when.

Everything comes from the update log, row by row, as far as its chain holds. What this can say, and what it cannot, is
in `shared_doc.history`: letters are *last put in by* somebody; who thought of them, or typed them first, nothing can
tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow, part_in
from server.actions.context import Context
from server.actions.names import KIND_LABELS, named
from server.actions.views import NameView
from server.auth.identity import Actor
from server.db import participants, update_log
from server.db.update_log import LogRow
from server.errors import NotFound
from shared_doc.history import LaneHistory, Setting, Stretch
from shared_doc.permissions import Act
from shared_doc.points import Point
from shared_doc.schema import KIND, POSITION, SAID_BY, STRUCK, LaneKind, lane_name

# The whole log is read and played again: more than one at once would take memory, and be felt in meetings.
_ONE_AT_A_TIME = asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one person did within one minute: rows `first` to `row` of the log."""

    row: int
    first: int
    at: datetime
    by: NameView | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that stayed, came in or went out at this moment."""

    kind: Literal["same", "in", "out"]
    text: str


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters side by side that one page put in within one minute, and when they were taken out, if they were.

    `page` counts the times that the lane was opened to write in it, in the order of their first letters.
    """

    text: str
    by: NameView | None
    at: datetime
    page: int
    out_by: NameView | None
    out_at: datetime | None


@dataclass(frozen=True, slots=True)
class PointThen:
    """A point as it stood, with what changed at this moment. `number` is 0 for one that had just gone."""

    id: str
    number: int
    kind: str
    said_by: NameView | None
    struck: bool
    pieces: tuple[Piece, ...]
    changes: tuple[str, ...]
    changed: bool
    started_by: NameView | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a point's letters came from: those that stood at this moment, and those taken out before."""

    point_id: str
    standing: tuple[Letters, ...]
    taken_out: tuple[Letters, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One lane at one moment. `now` is unset where nobody has written; `broken_at` is the first row not to hold."""

    part_id: str
    part_number: int
    part_title: str
    lane: LaneKind
    moments: tuple[Moment, ...]
    now: Moment | None
    at: int
    points: tuple[PointThen, ...]
    origin: Origin | None
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class _Stored:
    number: int
    title: str
    rows: Sequence[LogRow]
    broken_at: int | None
    names: Mapping[str, NameView]


async def read(
    ctx: Context, actor: Actor, part_id: str, lane: LaneKind, at: int | None = None, point_id: str = ""
) -> HistoryView:
    """A lane after row `at` of its log (or the last), with what changed since the moment before it.

    `point_id` asks for the origin of one point's letters.

    Raises:
        NotFound: not for this person, no such part, no such row, or no such point.
    """
    async with _ONE_AT_A_TIME:
        stored = await ctx.db.read(_stored, actor, part_id, lane)
        if at is not None and not 0 < at <= len(stored.rows):
            raise NotFound
        audit.saw(ctx, actor, page="history", lane=lane_name(actor.conference_id, part_id, lane))
        return await asyncio.to_thread(_view, stored, part_id, lane, at or len(stored.rows), point_id)


def _stored(session: Session, actor: Actor, part_id: str, lane: LaneKind) -> _Stored:
    allow(session, actor, Act.READ_HISTORY, part_id)
    part = part_in(session, actor.conference_id, part_id)
    people = {row.id: row for row in participants.of_conference(session, actor.conference_id)}
    rows, broken_at = update_log.rows_up_to_a_break(session, lane_name(actor.conference_id, part_id, lane))
    names = {id_: named(row, people) for id_, row in people.items()}
    return _Stored(part.number, part.title, rows, broken_at, names)


def _view(stored: _Stored, part_id: str, lane: LaneKind, at: int, point_id: str) -> HistoryView:
    telling = _Telling(stored)
    moments = telling.moments()
    now = next((moment for moment in moments if moment.first <= at <= moment.row), None)
    since = now.first - 1 if now else 0
    if point_id and telling.history.started(point_id) is None:
        raise NotFound
    return HistoryView(
        part_id=part_id,
        part_number=stored.number,
        part_title=stored.title,
        lane=lane,
        moments=moments,
        now=now,
        at=at,
        points=telling.points(since, at),
        origin=telling.origin(point_id, at) if point_id else None,
        broken_at=stored.broken_at,
    )


class _Telling:
    """The history of a lane with the names and times that its log gives to rows."""

    def __init__(self, stored: _Stored) -> None:
        self._rows = stored.rows
        self._names = stored.names
        self.history = LaneHistory()
        self._pages: dict[int, int] = {}
        for row in stored.rows:
            self.history.take(row.seq, row.body)
            if row.client is not None:
                self._pages.setdefault(row.client, len(self._pages) + 1)

    def moments(self) -> tuple[Moment, ...]:
        moments: list[Moment] = []
        for row in self._rows:
            minute, by = row.at.replace(second=0, microsecond=0), self._by(row.seq)
            last = moments[-1] if moments else None
            if last is not None and (last.at, last.by) == (minute, by):
                moments[-1] = Moment(row.seq, last.first, minute, by)
            else:
                moments.append(Moment(row.seq, row.seq, minute, by))
        return tuple(moments)

    def points(self, since: int, at: int) -> tuple[PointThen, ...]:
        touched = self.history.touched(since, at)
        standing = self.history.points(at)
        numbers = {point.id: number for number, point in enumerate(standing, 1)}
        gone = [point for point in self.history.points(since) if point.id not in numbers]
        order = sorted([*standing, *gone], key=lambda point: (point.position, point.id))
        return tuple(self._point(point, numbers.get(point.id, 0), since, at, touched) for point in order)

    def _point(self, point: Point, number: int, since: int, at: int, touched: frozenset[str]) -> PointThen:
        started = self.history.started(point.id)
        row = started.row if started else at
        said_by = self._names.get(point.said_by)
        return PointThen(
            id=point.id,
            number=number,
            kind=KIND_LABELS[point.kind],
            said_by=said_by,
            struck=point.struck,
            pieces=_pieces(self.history.stretches(point.id), since, at),
            changes=self._changes(point.id, since, at) if row <= since else ("New.",),
            changed=point.id in touched,
            started_by=self._by(row),
            started_at=self._at(row),
        )

    def _changes(self, point_id: str, since: int, at: int) -> tuple[str, ...]:
        before, after = self.history.values(point_id, since), self.history.values(point_id, at)
        changed = [key for key in after if key in before and before[key].value != after[key].value]
        return tuple(self._in_words(key, before[key], after[key]) for key in changed)

    def _in_words(self, key: str, before: Setting, after: Setting) -> str:
        if key == STRUCK:
            return "Struck out." if after.value else "No longer struck out."
        if key == SAID_BY:
            return f"Recorded as said by {self._said(after)}, not {self._said(before)} any more."
        if key == KIND:
            return f"{KIND_LABELS[str(after.value)]}, not {KIND_LABELS[str(before.value)].lower()} any more."
        return "Moved." if key == POSITION else ""

    def _said(self, setting: Setting) -> str:
        known = self._names.get(str(setting.value))
        return known.name if known else "nobody in particular"

    def origin(self, point_id: str, at: int) -> Origin:
        stretches = [stretch for stretch in self.history.stretches(point_id) if stretch.put_in <= at]
        return Origin(
            point_id,
            tuple(self._letters([one for one in stretches if one.stood(at)])),
            tuple(self._letters([one for one in stretches if not one.stood(at)])),
        )

    def _letters(self, stretches: Iterable[Stretch]) -> list[Letters]:
        told: list[Letters] = []
        for stretch in stretches:
            out = stretch.taken_out
            one = Letters(
                stretch.text,
                self._by(stretch.put_in),
                _minute(self._at(stretch.put_in)),
                self._pages[stretch.client],
                None if out is None else self._by(out),
                None if out is None else _minute(self._at(out)),
            )
            last = told[-1] if told else None
            if last is not None and _same_origin(last, one):
                told[-1] = Letters(last.text + one.text, one.by, one.at, one.page, one.out_by, one.out_at)
            else:
                told.append(one)
        return told

    def _by(self, row: int) -> NameView | None:
        return self._names.get(self._rows[row - 1].participant_id)

    def _at(self, row: int) -> datetime:
        return self._rows[row - 1].at


def _pieces(stretches: Iterable[Stretch], since: int, at: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for stretch in stretches:
        before, after = stretch.stood(since), stretch.stood(at)
        if not (before or after):
            continue
        kind: Literal["same", "in", "out"] = "same" if before and after else "in" if after else "out"
        if pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, pieces[-1].text + stretch.text)
        else:
            pieces.append(Piece(kind, stretch.text))
    return tuple(pieces)


def _same_origin(one: Letters, other: Letters) -> bool:
    return (one.page, one.by, one.at, one.out_by, one.out_at) == (
        other.page,
        other.by,
        other.at,
        other.out_by,
        other.out_at,
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
