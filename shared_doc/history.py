"""What a lane was at each moment, and which change put in each of its letters: told from its update log alone.

Rows are counted as the log counts them. A row says which participant sent it, from which page load (the Yjs client id)
and when; here only the numbers of rows are known, and whoever has the log looks the rest up.

What this can tell is who *put letters in*, not who thought of them or typed them first. Splitting a point, joining two,
and undo put letters in again: from then on they count as put in by whoever did that. Who *started* a point is known
for good, because the entry of a point is never made anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from shared_doc.lane_index import LaneIndex
from shared_doc.lane_items import Item, Slot
from shared_doc.lane_items import Point as Entry
from shared_doc.points import Point
from shared_doc.schema import KIND, POSITION, SAID_BY, STRUCK, VALUE_KEYS
from shared_doc.stored import extend
from shared_doc.structs import DELETED, STRING, Update, Value
from shared_doc.update import STORED, decode_update

UNIT = 2  # bytes of a UTF-16 unit, in which clocks count letters


@dataclass(frozen=True, slots=True)
class Stretch:
    """Letters next to each other that one row put in, under `client`, and that one other row took out, or none."""

    text: str
    client: int
    put_in: int
    taken_out: int | None

    def stood(self, at: int) -> bool:
        """Whether they were in the point after row `at`."""
        return self.put_in <= at and (self.taken_out is None or self.taken_out > at)


@dataclass(frozen=True, slots=True)
class Start:
    """The row that made a point, and the client id it was made under."""

    row: int
    client: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a key of a point was given, by which row, under which client id."""

    key: str
    value: Value
    row: int
    client: int


class _Letters:
    """What one client's clocks spell. Those that never were letters take no room, because they may be millions:
    text that was deleted before it was sent says only how long it was."""

    __slots__ = ("_begins", "_runs")

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._runs: list[bytearray] = []

    def put(self, clock: int, text: str) -> None:
        """Take the letters from `clock` on, which come after all that were taken before."""
        if not self._runs or self._begins[-1] + len(self._runs[-1]) // UNIT != clock:
            self._begins.append(clock)
            self._runs.append(bytearray())
        self._runs[-1] += text.encode("utf-16-le")

    def between(self, start: int, stop: int) -> str:
        """What two clocks have between them; nothing where it was deleted before it was sent."""
        found = bytearray()
        at = max(bisect_right(self._begins, start) - 1, 0)
        while at < len(self._begins) and self._begins[at] < stop:
            begin = self._begins[at]
            found += self._runs[at][max(start - begin, 0) * UNIT : (stop - begin) * UNIT]
            at += 1
        return found.decode("utf-16-le", "replace")


class _Client:
    """What one client put in: its letters by clock, and the rows in which clocks came and went."""

    __slots__ = ("begins", "gone", "letters", "rows")

    def __init__(self) -> None:
        self.begins: list[int] = []
        self.rows: list[int] = []
        self.gone: list[tuple[int, int, int]] = []
        self.letters = _Letters()

    def row_of(self, clock: int) -> int:
        return self.rows[bisect_right(self.begins, clock) - 1]

    def end(self, start: int, stop: int, row: int) -> None:
        """Clocks were taken out. What was taken out before keeps its row."""
        at = bisect_right(self.gone, (start, stop, row))
        if at and self.gone[at - 1][1] > start:
            start = self.gone[at - 1][1]
        while start < stop:
            following = self.gone[at] if at < len(self.gone) else None
            until = stop if following is None else min(stop, following[0])
            if start < until:
                self.gone.insert(at, (start, until, row))
                at += 1
            if following is None:
                return
            start = max(start, following[1])
            at += 1

    def pieces(self, start: int, stop: int) -> Iterator[tuple[int, int, int, int | None]]:
        """(start, end, row put in, row taken out) of what lies between two clocks."""
        while start < stop:
            begun = bisect_right(self.begins, start) - 1
            until = min(stop, self.begins[begun + 1]) if begun + 1 < len(self.begins) else stop
            out: int | None = None
            at = bisect_left(self.gone, (start + 1,)) - 1
            if at >= 0 and self.gone[at][1] > start:
                until = min(until, self.gone[at][1])
                out = self.gone[at][2]
            elif at + 1 < len(self.gone):
                until = min(until, self.gone[at + 1][0])
            yield start, until, self.rows[begun], out
            start = until


class LaneHistory:
    """A lane from its first row to the last one taken. Every moment in between can be asked for."""

    def __init__(self) -> None:
        self._index = LaneIndex()
        self._clients: dict[int, _Client] = {}
        self.last = 0

    def take(self, row: int, body: bytes) -> None:
        """Take the next row of the log.

        Raises:
            Malformed: not a row that this server stored after the ones before.
            ValueError: a row that comes before the last one taken.
        """
        if row <= self.last:
            raise ValueError("rows are taken in their order")
        update = decode_update(body, STORED)
        extend(self._index, update)
        self._note(row, update)
        self.last = row

    def _note(self, row: int, update: Update) -> None:
        for number, structs in update.sections.items():
            client = self._clients.setdefault(number, _Client())
            client.begins.append(structs[0].clock)
            client.rows.append(row)
            for struct in structs:
                if struct.content == STRING and isinstance(struct.value, str):
                    client.letters.put(struct.clock, struct.value)
                elif struct.content == DELETED:
                    client.end(struct.clock, struct.clock + struct.length, row)
        for number, spans in update.deletes.items():
            for clock, length in spans:
                self._clients[number].end(clock, clock + length, row)

    # Moments

    def points(self, at: int | None = None) -> list[Point]:
        """The points as they stood after row `at` (or the last), in their order; struck and empty ones are left out."""
        row = self.last if at is None else at
        found = []
        for entry in self._index.points.values():
            if self._row(entry) > row:
                continue
            text = "".join(stretch.text for stretch in self._stretches(entry) if stretch.stood(row))
            value = {key: setting.value for key, setting in self._values(entry, row).items()}
            if text or not value[STRUCK]:
                point = Point(
                    id=entry.id,
                    text=text,
                    position=str(value[POSITION]),
                    kind=str(value[KIND]),
                    said_by=str(value[SAID_BY]),
                    struck=bool(value[STRUCK]),
                )
                found.append(point)
        found.sort(key=lambda point: (point.position, point.id))
        return found

    def stretches(self, point_id: str) -> list[Stretch]:
        """Everything that ever stood in a point, in its order; nothing for a point that never was."""
        entry = self._index.points.get(point_id)
        return [] if entry is None else list(self._stretches(entry))

    def started(self, point_id: str) -> Start | None:
        """What made a point: permanent. None for a point that never was."""
        entry = self._index.points.get(point_id)
        return None if entry is None else Start(self._row(entry), entry.entry[0])

    def values(self, point_id: str, at: int | None = None) -> dict[str, Setting]:
        """The values that a point's keys had after row `at` (or the last), each with the row that gave it."""
        entry = self._index.points.get(point_id)
        row = self.last if at is None else at
        return {} if entry is None or self._row(entry) > row else self._values(entry, row)

    def touched(self, since: int, at: int) -> frozenset[str]:
        """The ids of points in which something changed after row `since`, up to row `at`."""
        return frozenset(
            entry.id
            for entry in self._index.points.values()
            if since < self._row(entry) <= at
            or any(
                since < stretch.put_in <= at or since < (stretch.taken_out or 0) <= at
                for stretch in self._stretches(entry)
            )
            or any(since < setting.row <= at for setting in self._values(entry, at).values())
        )

    def _row(self, entry: Entry) -> int:
        client, clock = entry.entry
        return self._clients[client].row_of(clock)

    def _stretches(self, entry: Entry) -> Iterator[Stretch]:
        for item in _chain(entry.text):
            client = self._clients[item.client]
            for start, end, put_in, taken_out in client.pieces(item.clock, item.clock + item.length):
                yield Stretch(client.letters.between(start, end), item.client, put_in, taken_out)

    def _values(self, entry: Entry, at: int) -> dict[str, Setting]:
        found: dict[str, Setting] = {}
        for key in VALUE_KEYS:
            for item in _chain(entry.fields[key]):
                row = self._clients[item.client].row_of(item.clock)
                # Of those that were there, the one furthest to the right holds: the order never changes afterwards.
                if row <= at and item.value is not None:
                    found[key] = Setting(key, item.value, row, item.client)
        return found


def _chain(slot: Slot) -> Iterator[Item]:
    item = slot.first
    while item is not None:
        yield item
        item = item.right
