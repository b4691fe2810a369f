"""A gate with the document behind it, and short words for what a page sends, for the unit tests."""

from __future__ import annotations

from random import Random
from typing import Any

from pycrdt import Doc

from shared_doc.compose import compose_point
from shared_doc.gate import Accepted, Author, ClientIds, Gate, Rights
from shared_doc.lane_items import Item
from shared_doc.structs import ANY, DELETED, STRING, Id, Span, Struct, Update, Value, utf16_length
from shared_doc.update import encode_update

ALL = Rights(edit_any=True, edit_own=True, add=True)
CHAIR = Author("chair", ALL)
NURSE = Author("nurse", Rights(edit_any=False, edit_own=True, add=True))


class Builder:
    """`add` a point, `type`, `delete` and `set` values, under any client and author."""

    def __init__(self, seed: int = 9) -> None:
        self.gate = Gate(ClientIds())
        self.doc: Doc[Any] = Doc()
        self.updates: list[Update] = []
        self._random = Random(seed)

    def take(self, update: Update, author: Author = CHAIR) -> Accepted:
        """Through the gate and into the document."""
        accepted = self.gate.check(encode_update(update), author)
        self.doc.apply_update(accepted.canonical)
        self.updates.append(accepted.update)
        return accepted

    def add(self, client: int, text: str, author: Author = CHAIR, *, kind: str = "point") -> str:
        """A new point; its id."""
        point_id, updates = compose_point(
            self.gate, client, text=text, kind=kind, said_by="", random=self._random
        )
        for update in updates:
            accepted = self.gate.check(update, author)
            self.doc.apply_update(accepted.canonical)
            self.updates.append(accepted.update)
        return point_id

    def letters(self, point_id: str) -> list[Id]:
        """The ids of a text, deleted ones too, in their order."""
        return [
            (item.client, item.clock + at)
            for item in chain(self.gate._index.points[point_id].text.first)
            for at in range(item.length)
        ]

    def value(self, point_id: str, key: str) -> Id:
        """The id of the value that a key holds."""
        last = self.gate._index.points[point_id].fields[key].last
        assert last is not None
        return (last.client, last.clock)

    def typed(self, client: int, point_id: str, at: int, text: str) -> Update:
        """What a page sends that types before the letter at `at`."""
        letters = self.letters(point_id)
        struct = Struct(
            client,
            self.gate.next_clock(client),
            utf16_length(text),
            STRING,
            text,
            letters[at - 1] if at else None,
            letters[at] if at < len(letters) else None,
            None if letters else self.gate._index.points[point_id].text_id,
        )
        return Update({client: [struct]}, {})

    def type(self, client: int, point_id: str, at: int, text: str, author: Author = CHAIR) -> Accepted:
        """Type, and take it."""
        return self.take(self.typed(client, point_id, at, text), author)

    def erased(self, point_id: str, start: int, end: int) -> Update:
        """What a page sends that deletes some letters."""
        deletes: dict[int, list[Span]] = {}
        for client, clock in self.letters(point_id)[start:end]:
            deletes.setdefault(client, []).append((clock, 1))
        return Update({}, {client: sorted(spans) for client, spans in deletes.items()})

    def erase(self, point_id: str, start: int, end: int, author: Author = CHAIR) -> Accepted:
        """Delete, and take it."""
        return self.take(self.erased(point_id, start, end), author)

    def set(self, client: int, point_id: str, key: str, value: Value, author: Author = CHAIR) -> Accepted:
        """Set a key of a point, as a page does."""
        old = self.value(point_id, key)
        struct = Struct(client, self.gate.next_clock(client), 1, ANY, (value,), old, keyed=True)
        return self.take(Update({client: [struct]}, {old[0]: [(old[1], 1)]}), author)

    def gone(self, client: int, point_id: str, at: int, length: int) -> Accepted:
        """Text that was deleted before it was sent."""
        update = self.typed(client, point_id, at, "x" * length)
        update.sections[client][0].content = DELETED
        update.sections[client][0].value = None
        return self.take(update)


def chain(item: Item | None) -> list[Item]:
    """The items from this one on."""
    items = []
    while item is not None:
        items.append(item)
        item = item.right
    return items
