"""One update, tried against the index of its lane.

A `Trial` puts the insertions into the index one by one, because each may name the one before, and keeps the deletions
apart. Whatever is not permitted raises `Refused`; `undo` then leaves the index as it was. `commit` makes it final.

What an honest editor sends, and so all that is allowed: text, and deleted text, in a point's text; strings, bools and
deleted values in one of the four value keys; a map that is a new point; a text that is the `text` of a point made in
the same update.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared_doc.authors import Author, ClientIds
from shared_doc.errors import RefusalCode, Refused
from shared_doc.lane_index import LaneIndex, Work
from shared_doc.lane_items import ENTRY, FIELD, TEXT, History, Item, Point, Slot
from shared_doc.limits import STEPS_OF_A_STRUCT, UpdateLimits
from shared_doc.positions import is_position
from shared_doc.schema import (
    KEYS,
    KIND,
    POSITION,
    ROOT,
    SAID_BY,
    STRUCK,
    is_kind,
    is_plain_text,
    is_point_id,
    is_said_by,
)
from shared_doc.schema import TEXT as TEXT_KEY
from shared_doc.structs import ANY, DELETED, STRING, TYPE, Y_MAP, Y_TEXT, Span, Struct, low_halves

_IS_VALUE: Final[dict[str, Callable[[object], bool]]] = {
    POSITION: is_position,
    KIND: is_kind,
    SAID_BY: is_said_by,
    STRUCK: lambda value: isinstance(value, bool),
}


class Trial:
    """Insert, delete, finish, then commit; or undo, after anything has raised.

    `kept` and `deletes` are what is new in the update, ready for the canonical encoder. `change` is by how many letters
    the lane grows. `points` are the ids of the points that change.
    """

    __slots__ = (
        "_author",
        "_begin",
        "_changes",
        "_clients",
        "_fields",
        "_history",
        "_index",
        "_items",
        "_limits",
        "_made",
        "_outlived",
        "_work",
        "deletes",
        "kept",
        "points",
    )

    def __init__(
        self, index: LaneIndex, clients: ClientIds, author: Author, limits: UpdateLimits, work: Work
    ) -> None:
        self._index = index
        self._clients = clients
        self._author = author
        self._limits = limits
        self._work = work
        self._items = index.items
        self._history: History | None = None
        self._begin = 0
        self._made: dict[str, Point] = {}
        self._fields: list[Slot] = []
        self._outlived: list[Item] = []
        self._changes: dict[Slot, int] = {}
        self.kept: list[Struct] = []
        self.deletes: dict[int, list[Span]] = {}
        self.points: set[str] = set()

    @property
    def change(self) -> int:
        """Letters added less letters deleted."""
        return sum(self._changes.values())

    # Insertions

    def insert(self, client: int, structs: list[Struct]) -> None:
        """Put in structs of one client that begin exactly where its known ones end. Raises `Refused`."""
        history = self._history = self._index.history(client)
        self._begin = history.next
        for struct in structs:
            self._work.spend(STEPS_OF_A_STRUCT)
            content = struct.content
            if content == STRING:
                self._insert_text(history, struct)
            elif content == ANY:
                self._insert_values(history, struct)
            elif content == DELETED:
                self._insert_deleted(history, struct)
            elif content == TYPE and struct.value == Y_MAP:
                self._insert_point(history, struct)
            elif content == TYPE and struct.value == Y_TEXT:
                self._insert_type(history, struct)
            else:
                raise Refused(RefusalCode.NOT_A_POINT)

    def _insert_text(self, history: History, struct: Struct) -> None:
        slot = self._slot(history, struct)
        text = struct.value
        if slot.kind != TEXT or struct.keyed or not isinstance(text, str):
            raise Refused(RefusalCode.NOT_A_POINT)
        if not is_plain_text(text):
            raise Refused(RefusalCode.BAD_TEXT)
        length = struct.length
        if length != len(text):
            history.low.update(low_halves(text, struct.clock))
        self._index.place(history, length, slot, struct.origin, struct.right, None, self._work)
        self._changes[slot] = self._changes.get(slot, 0) + length
        self.kept.append(struct)

    def _insert_values(self, history: History, struct: Struct) -> None:
        slot = self._slot(history, struct)
        values = struct.value
        if slot.kind != FIELD or not struct.keyed or not isinstance(values, tuple):
            raise Refused(RefusalCode.NOT_A_POINT)
        if struct.right is not None:
            raise Refused(RefusalCode.WRONG_PLACE)
        is_value = _IS_VALUE[slot.key]
        self._fields.append(slot)
        origin = struct.origin
        self._work.spend(STEPS_OF_A_STRUCT * (len(values) - 1))
        for offset, value in enumerate(values):
            if value is None or not is_value(value):
                raise Refused(RefusalCode.BAD_VALUE)
            if slot.last is not None:
                self._outlived.append(slot.last)
            item = self._index.place(history, 1, slot, origin, None, value, self._work)
            self._outlived.append(item)
            # Several values in one struct leave the earlier ones alive in a replica; one struct each does not.
            if len(values) > 1:
                parent, key = (struct.parent, struct.key) if offset == 0 else (None, None)
                struct_of_one = Struct(
                    history.client, item.clock, 1, ANY, (value,), origin, None, parent, key, keyed=True
                )
                self.kept.append(struct_of_one)
            origin = (history.client, item.clock)
        if len(values) == 1:
            self.kept.append(struct)

    def _insert_deleted(self, history: History, struct: Struct) -> None:
        slot = self._slot(history, struct)
        if slot.kind == ENTRY or struct.keyed != (slot.kind == FIELD):
            raise Refused(RefusalCode.NOT_A_POINT)
        if struct.length > self._limits.letters:
            raise Refused(RefusalCode.TOO_MUCH)
        if slot.kind == FIELD:
            if struct.right is not None:
                raise Refused(RefusalCode.WRONG_PLACE)
            self._fields.append(slot)
            if slot.last is not None:
                self._outlived.append(slot.last)
        start = history.next
        self._index.place(history, struct.length, slot, struct.origin, struct.right, None, self._work)
        history.deleted.add(start, history.next)
        self.kept.append(struct)

    def _insert_point(self, history: History, struct: Struct) -> None:
        point_id = struct.key
        if struct.parent != ROOT or point_id is None or not is_point_id(point_id):
            raise Refused(RefusalCode.NOT_A_POINT)
        if not self._author.rights.add:
            raise Refused(RefusalCode.MAY_NOT_ADD if self._author.rights else RefusalCode.READ_ONLY)
        if point_id in self._index.points:
            raise Refused(RefusalCode.POINT_EXISTS)
        if len(self._index.points) >= self._limits.points:
            raise Refused(RefusalCode.TOO_MUCH)
        point = Point(point_id, (history.client, history.next))
        self._made[point_id] = point
        self._index.add_point(history, point)
        self.points.add(point_id)
        self.kept.append(struct)

    def _insert_type(self, history: History, struct: Struct) -> None:
        point = self._made_point(struct)
        if struct.key != TEXT_KEY or point.text_id is not None:
            raise Refused(RefusalCode.NOT_A_POINT)
        self._index.add_text(history, point)
        self.kept.append(struct)

    # Places

    def _slot(self, history: History, struct: Struct) -> Slot:
        """Where the struct would lie, on which its origins or its parent must agree. Checks the right to change it."""
        index = self._index
        origin = struct.origin
        right = struct.right
        if origin is not None:
            item = index.find(origin)
            if item is None:
                raise Refused(RefusalCode.UNKNOWN_PLACE)
            slot = item.slot
            if index.splits_a_pair((origin[0], origin[1] + 1)):
                raise Refused(RefusalCode.HALF_A_CHARACTER)
            if origin[0] != history.client:
                index.see(history, origin, self._work)
            if right is not None:
                self._agree(history, right, slot)
        elif right is not None:
            item = index.find(right)
            if item is None:
                raise Refused(RefusalCode.UNKNOWN_PLACE)
            slot = item.slot
            self._agree(history, right, slot)
        else:
            slot = self._named_slot(history, struct)
        point = slot.point
        if point.id not in self.points:
            self._require_change(point)
            self.points.add(point.id)
        return slot

    def _agree(self, history: History, right: tuple[int, int], slot: Slot) -> None:
        index = self._index
        item = index.find(right)
        if item is None:
            raise Refused(RefusalCode.UNKNOWN_PLACE)
        if item.slot is not slot:
            raise Refused(RefusalCode.WRONG_PLACE)
        if index.splits_a_pair(right):
            raise Refused(RefusalCode.HALF_A_CHARACTER)
        if right[0] != history.client:
            index.see(history, right, self._work)

    def _named_slot(self, history: History, struct: Struct) -> Slot:
        """The place that a struct without neighbours names: a text, or a key of a point made in this update."""
        if struct.key is None:
            parent = struct.parent
            slot = self._index.texts.get(parent) if isinstance(parent, tuple) else None
            if slot is None or not isinstance(parent, tuple):
                raise Refused(RefusalCode.NOT_A_POINT)
            if parent[0] != history.client:
                self._index.see(history, parent, self._work)
            return slot
        point = self._made_point(struct)
        key = struct.key
        if key not in _IS_VALUE or key in point.fields:
            raise Refused(RefusalCode.NOT_A_POINT)
        slot = point.fields[key] = Slot(FIELD, point, key)
        return slot

    def _made_point(self, struct: Struct) -> Point:
        """The point a struct names as its parent, which must have been made in this update: keys are set once."""
        parent = struct.parent
        point = self._index.entries.get(parent) if isinstance(parent, tuple) else None
        if point is None or point.id not in self._made:
            raise Refused(RefusalCode.NOT_A_POINT)
        return point

    def _require_change(self, point: Point) -> None:
        rights = self._author.rights
        if rights.edit_any:
            return
        if rights.edit_own and self._clients.owner(point.entry[0]) == self._author.participant:
            return
        raise Refused(RefusalCode.NOT_YOUR_POINT if rights else RefusalCode.READ_ONLY)

    # Deletions

    def delete(self, deletes: dict[int, list[Span]]) -> None:
        """Take note of what is deleted here and was not before. Raises `Refused`."""
        for client, spans in deletes.items():
            history = self._index.histories.get(client)
            clock, length = spans[-1]
            if history is None or clock + length > history.next:
                raise Refused(RefusalCode.UNKNOWN_PLACE)
            missing = history.deleted.missing
            fresh = [
                (start, end - start)
                for clock, length in spans
                for start, end in missing(clock, clock + length)
            ]
            if fresh:
                self._work.spend(history.deleted.cost_of_adding(len(fresh)))
                for start, length in fresh:
                    self._delete(history, start, start + length)
                self.deletes[client] = fresh

    def _delete(self, history: History, start: int, end: int) -> None:
        if start in history.low or end in history.low:
            raise Refused(RefusalCode.HALF_A_CHARACTER)
        while start < end:
            self._work.spend()
            item = history.item_at(start)
            length = min(end, item.clock + item.length) - start
            slot = item.slot
            if slot.kind == TEXT:
                point = slot.point
                if point.id not in self.points:
                    self._require_change(point)
                    self.points.add(point.id)
                self._changes[slot] = self._changes.get(slot, 0) - length
            elif slot.kind == ENTRY or slot.last is item:
                # A value may be deleted only by another that takes its place; a point never.
                raise Refused(RefusalCode.NOT_DELETABLE)
            start += length

    # The end

    def finish(self) -> None:
        """Look at what the whole update leaves behind. Raises `Refused`."""
        if self._index.items > max(self._items, self._limits.items):
            raise Refused(RefusalCode.TOO_MUCH)
        for point in self._made.values():
            if len(point.fields) != len(KEYS):
                raise Refused(RefusalCode.POINT_INCOMPLETE)
        for slot in self._fields:
            if slot.last is None or slot.last.value is None:
                raise Refused(RefusalCode.NOT_DELETABLE)
        if self.change > 0 and self._index.letters + self.change > self._limits.lane_letters:
            raise Refused(RefusalCode.TOO_MUCH)
        most = self._limits.letters
        for slot, change in self._changes.items():
            if change > 0 and slot.letters + change > most:
                raise Refused(RefusalCode.TOO_MUCH)

    def commit(self) -> None:
        """Make it final. Nothing here can fail."""
        index = self._index
        for client, spans in self.deletes.items():
            index.histories[client].deleted.add_all(spans)
        for item in self._outlived:
            index.outlive(item)
        for slot, change in self._changes.items():
            slot.letters += change
            index.letters += change

    def undo(self) -> None:
        """Leave the index as it was before `insert`."""
        for point in self._made.values():
            self._index.remove_point(point)
        if self._history is not None:
            self._index.cut_back(self._history, self._begin, self._work)
