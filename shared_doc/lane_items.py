"""What the index of a lane is made of: points, the places in them, and the items that lie in those places."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from shared_doc.seen import Seen
from shared_doc.spans import Spans
from shared_doc.structs import Id, Value

ENTRY: Final = 0
"""The item that is the point itself, or its `text`: nothing is ever put beside it, and it is never
deleted."""
FIELD: Final = 1
"""The values a key of the point has had. The last in the chain holds; the others are deleted by that
alone."""
TEXT: Final = 2
"""The letters of the point, deleted ones included."""


class Slot:
    """A place where items lie, in the order that every replica gives them. `kind` is ENTRY, FIELD or TEXT."""

    __slots__ = ("first", "key", "kind", "last", "letters", "point")

    def __init__(self, kind: int, point: Point, key: str) -> None:
        self.kind = kind
        self.point = point
        self.key = key
        self.first: Item | None = None
        self.last: Item | None = None
        self.letters = 0
        """UTF-16 units of the text that are not deleted."""


class Point:
    """One point. `entry` is the id of its map, whose client says for ever who started it."""

    __slots__ = ("entry", "fields", "id", "text", "text_id")

    def __init__(self, point_id: str, entry: Id) -> None:
        self.id = point_id
        self.entry = entry
        self.fields: dict[str, Slot] = {}
        self.text = Slot(TEXT, self, "text")
        self.text_id: Id | None = None

    def value(self, key: str) -> Value | None:
        """What `key` holds now."""
        slot = self.fields.get(key)
        return None if slot is None or slot.last is None else slot.last.value


class Item:
    """Consecutive clocks of one client that lie next to each other in one slot.

    `origin` and `right_origin` are the neighbours that the author named for the first of them; each further
    one has the one before as its origin and the same right origin. `left` and `right` are the neighbours now.
    `value` is a field's.
    """

    __slots__ = ("client", "clock", "left", "length", "origin", "right", "right_origin", "slot", "value")

    def __init__(
        self,
        client: int,
        clock: int,
        length: int,
        slot: Slot,
        origin: Id | None,
        right_origin: Id | None,
        value: Value | None = None,
    ) -> None:
        self.client = client
        self.clock = clock
        self.length = length
        self.slot = slot
        self.origin = origin
        self.right_origin = right_origin
        self.value = value
        self.left: Item | None = None
        self.right: Item | None = None

    def link(self, left: Item | None) -> None:
        """Go into the slot, directly after `left` (or first)."""
        slot = self.slot
        right = slot.first if left is None else left.right
        self.left = left
        self.right = right
        if left is None:
            slot.first = self
        else:
            left.right = self
        if right is None:
            slot.last = self
        else:
            right.left = self

    def unlink(self) -> None:
        """Leave the slot."""
        slot = self.slot
        if self.left is None:
            slot.first = self.right
        else:
            self.left.right = self.right
        if self.right is None:
            slot.last = self.left
        else:
            self.right.left = self.left


class History:
    """Everything one client has inserted in the lane, by clock, and what it has seen."""

    __slots__ = ("client", "deleted", "items", "low", "next", "seen", "starts")

    def __init__(self, client: int) -> None:
        self.client = client
        self.next = 0
        """The first clock that is not known yet."""
        self.starts: list[int] = []
        self.items: list[Item] = []
        self.deleted = Spans()
        self.low: set[int] = set()
        """Clocks of second halves of surrogate pairs that are not deleted: nothing may come between the
        halves."""
        self.seen = Seen()

    def item_at(self, clock: int) -> Item:
        """The item that holds `clock`, which must be known."""
        return self.items[bisect_right(self.starts, clock) - 1]

    def living(self, item: Item) -> int:
        """How many clocks of one of the client's items are not deleted."""
        return sum(end - start for start, end in self.deleted.missing(item.clock, item.clock + item.length))

    def append(self, item: Item) -> None:
        """Keep the client's newest item."""
        self.starts.append(item.clock)
        self.items.append(item)
        self.next = item.clock + item.length

    def split(self, item: Item, clock: int) -> Item:
        """Cut `item` so that a new one, which is returned, starts at `clock`. The order stays what it is."""
        head = clock - item.clock
        tail = Item(
            item.client,
            clock,
            item.length - head,
            item.slot,
            (item.client, clock - 1),
            item.right_origin,
            item.value,
        )
        item.length = head
        tail.link(item)
        at = bisect_right(self.starts, clock)
        self.starts.insert(at, clock)
        self.items.insert(at, tail)
        return tail

    def join(self, tail: Item) -> None:
        """Make `tail` one with the item before it again, from which it was split."""
        at = bisect_left(self.starts, tail.clock)
        self.items[at - 1].length += tail.length
        tail.unlink()
        del self.starts[at]
        del self.items[at]

    def cut(self, clock: int) -> None:
        """Take everything from `clock` on out again."""
        items = self.items
        while items and items[-1].clock >= clock:
            items.pop().unlink()
            self.starts.pop()
        if items and items[-1].clock + items[-1].length > clock:
            items[-1].length = clock - items[-1].clock
        self.next = clock
        self.deleted.cut(clock)
        self.seen.cut(clock)
        if self.low:
            self.low = {low for low in self.low if low < clock}
