"""The index of a lane: which item lies where, in which order, and what each client has seen.

It knows everything about the document but its words, and can say of an insertion where it would end up
*before* the insertion reaches the CRDT. The order is Yjs's own (YATA), computed the same way.

*The neighbour rule* is kept here. An honest client inserts between two letters that are next to each other on
its screen. So whatever lies between them here must have been unknown to it: not its own, and not in the past
of what it names. Without this rule an insertion can pass every other check and make replicas disagree after a
reload.
"""

from __future__ import annotations

from typing import Final

from shared_doc.errors import RefusalCode, Refused
from shared_doc.lane_items import ENTRY, FIELD, TEXT, History, Item, Point, Slot
from shared_doc.schema import ROOT
from shared_doc.schema import TEXT as TEXT_KEY
from shared_doc.structs import Id, Value

ITEMS_MOVED_IN_A_STEP: Final = 2_048
VIEWS_TAKEN_IN_A_STEP: Final = 4


class Work:
    """Counts the steps of one update, and keeps the `tails` of the items that it cut in two: a refused update must not
    leave the lane in smaller pieces."""

    __slots__ = ("left", "tails")

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.tails: list[Item] = []

    def spend(self, steps: int = 1) -> None:
        """Use up some steps. Raises `Refused` when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise Refused(RefusalCode.TOO_MUCH_WORK)


class LaneIndex:
    """The lane as the gate knows it."""

    __slots__ = ("entries", "histories", "items", "letters", "points", "texts")

    def __init__(self) -> None:
        self.histories: dict[int, History] = {}
        self.points: dict[str, Point] = {}
        self.entries: dict[Id, Point] = {}
        self.texts: dict[Id, Slot] = {}
        self.items = 0
        self.letters = 0
        """UTF-16 units of all points that are not deleted."""

    def next_clock(self, client: int) -> int:
        """The first clock of `client` that is not known."""
        history = self.histories.get(client)
        return 0 if history is None else history.next

    def history(self, client: int) -> History:
        """The client's history, begun if there is none."""
        history = self.histories.get(client)
        if history is None:
            history = self.histories[client] = History(client)
        return history

    def find(self, name: Id) -> Item | None:
        """The item that holds this letter or value, or None if it is not known."""
        history = self.histories.get(name[0])
        return None if history is None or name[1] >= history.next else history.item_at(name[1])

    def starting_at(self, name: Id, work: Work | None) -> Item:
        """The item that begins with this letter; cut so, if need be."""
        history = self.histories[name[0]]
        item = history.item_at(name[1])
        return item if item.clock == name[1] else self._split(history, item, name[1], work)

    def ending_at(self, name: Id, work: Work | None) -> Item:
        """The item that ends with this letter; cut so, if need be."""
        history = self.histories[name[0]]
        item = history.item_at(name[1])
        if item.clock + item.length > name[1] + 1:
            self._split(history, item, name[1] + 1, work)
        return item

    def _split(self, history: History, item: Item, clock: int, work: Work | None) -> Item:
        if work is not None:
            work.spend(1 + len(history.items) // ITEMS_MOVED_IN_A_STEP)
        self.items += 1
        tail = history.split(item, clock)
        if work is not None:
            work.tails.append(tail)
        return tail

    def splits_a_pair(self, clock_after: Id) -> bool:
        """Whether something put directly before this letter would stand inside a surrogate pair."""
        history = self.histories.get(clock_after[0])
        return history is not None and clock_after[1] in history.low

    def see(self, history: History, name: Id, work: Work | None = None) -> None:
        """The client names this letter in its next insertion, so it has seen it and its author's past.

        With `work`, raises `Refused` where that takes too long."""
        client, clock = name
        if client == history.client or history.seen.upto.get(client, 0) > clock:
            return
        at = history.next
        seen = history.seen
        past = self.histories[client].seen
        if work is not None:
            work.spend(1 + len(past.upto) // VIEWS_TAKEN_IN_A_STEP)
        seen.extend(at, client, clock + 1)
        for other, upto in past.when_typing(clock):
            if other != history.client:
                seen.extend(at, other, upto)

    def place(
        self,
        history: History,
        length: int,
        slot: Slot,
        origin: Id | None,
        right_origin: Id | None,
        value: Value | None,
        work: Work | None,
    ) -> Item:
        """Put the client's next `length` clocks into `slot`, where every replica will put them.

        With `work`, the neighbour rule is kept: raises `Refused`, and nothing has moved. Without it, the
        insertion is one that was judged before.
        """
        client = history.client
        right = None if right_origin is None else self.starting_at(right_origin, work)
        # Only now: making the right neighbour begin where it is named may have split the client's newest item.
        tail = history.items[-1] if history.items else None
        if origin is None:
            left = None
            following = slot.first
        else:
            left = (
                tail
                if tail is not None and origin[0] == client and origin[1] + 1 == history.next
                else self.ending_at(origin, work)
            )
            following = left.right
        if following is not right:
            if work is not None:
                self._check_unseen(history, following, right, work)
            left = self._settle(client, left, following, right, origin, right_origin)
        if (
            tail is not None
            and left is tail
            and slot.kind == TEXT
            and origin is not None
            and origin[1] + 1 == history.next
            and origin[0] == client
            and tail.right_origin == right_origin
        ):
            tail.length += length
            history.next += length
            return tail
        item = Item(client, history.next, length, slot, origin, right_origin, value)
        item.link(left)
        history.append(item)
        self.items += 1
        return item

    def _check_unseen(self, history: History, first: Item | None, right: Item | None, work: Work) -> None:
        """The neighbour rule, for what lies from `first` up to `right`."""
        upto = history.seen.upto
        item = first
        while item is not right:
            # Running off the end means that the right neighbour lies on the left.
            if item is None or item.client == history.client or item.clock < upto.get(item.client, 0):
                raise Refused(RefusalCode.WRONG_PLACE)
            work.spend()
            item = item.right

    def _settle(
        self,
        client: int,
        left: Item | None,
        first: Item | None,
        right: Item | None,
        origin: Id | None,
        right_origin: Id | None,
    ) -> Item | None:
        """Among insertions at the same place, find the item to stand after: YATA, as in Yjs's
        `Item.integrate`."""
        conflicting: set[Item] = set()
        before_origin: set[Item] = set()
        item = first
        while item is not None and item is not right:
            before_origin.add(item)
            conflicting.add(item)
            if item.origin == origin:
                if item.client < client:
                    left = item
                    conflicting.clear()
                elif item.right_origin == right_origin:
                    break
            elif item.origin is not None and (other := self.find(item.origin)) in before_origin:
                if other not in conflicting:
                    left = item
                    conflicting.clear()
            else:
                break
            item = item.right
        return left

    def add_point(self, history: History, point: Point) -> None:
        """Make the entry of a new point the client's next item."""
        self.points[point.id] = self.entries[point.entry] = point
        self.place(history, 1, Slot(ENTRY, point, ROOT), None, None, None, None)

    def add_text(self, history: History, point: Point) -> None:
        """Make the `text` of a point the client's next item."""
        point.text_id = (history.client, history.next)
        point.fields[TEXT_KEY] = Slot(ENTRY, point, TEXT_KEY)
        self.texts[point.text_id] = point.text
        self.place(history, 1, point.fields[TEXT_KEY], None, None, None, None)

    def remove_point(self, point: Point) -> None:
        """Take out a point whose update was refused."""
        del self.points[point.id]
        del self.entries[point.entry]
        if point.text_id is not None:
            del self.texts[point.text_id]

    def cut_back(self, history: History, clock: int, work: Work) -> None:
        """Take everything of this client from `clock` on out again, and join what was cut in two for it."""
        before = len(history.items)
        history.cut(clock)
        self.items -= before - len(history.items)
        for tail in reversed(work.tails):
            if tail.client != history.client or tail.clock < clock:
                self.histories[tail.client].join(tail)
                self.items -= 1
        if clock == 0:
            del self.histories[history.client]

    def outlive(self, item: Item) -> None:
        """Mark a field's value deleted if another holds."""
        if item.slot.kind == FIELD and item.slot.last is not item:
            self.histories[item.client].deleted.add(item.clock, item.clock + item.length)
