"""The index of a stored lane.

What is stored was judged when it came, so nothing is judged again: a rule that has become stricter since must not make
yesterday's minutes unreadable. The result is the same index as the one that had watched every update.
"""

from __future__ import annotations

from shared_doc.errors import Malformed, MalformedCode
from shared_doc.lane_index import LaneIndex
from shared_doc.lane_items import FIELD, TEXT, History, Point, Slot
from shared_doc.schema import ROOT, VALUE_KEYS
from shared_doc.schema import TEXT as TEXT_KEY
from shared_doc.structs import (
    ANY,
    DELETED,
    STRING,
    TYPE,
    Y_MAP,
    Y_TEXT,
    Id,
    Struct,
    Update,
    joined,
    low_halves,
)


def index_of(snapshot: Update) -> LaneIndex:
    """Build the index of a whole document. Raises `Malformed` if it is not a lane's, or not whole."""
    index = LaneIndex()
    _insert_all(index, snapshot.sections)
    for client, spans in snapshot.deletes.items():
        history = index.histories.get(client)
        if history is None or spans[-1][0] + spans[-1][1] > history.next:
            raise Malformed(MalformedCode.NOT_A_LANE)
        known = [(start, end - start) for start, end in history.deleted]
        history.deleted.replace((clock, clock + length) for clock, length in joined(spans + known))
    for history in index.histories.values():
        _count_letters(index, history)
    return index


def extend(index: LaneIndex, update: Update) -> None:
    """Add a stored row to the index of the rows before it. Letters are not counted. Raises `Malformed` if it does not
    follow them."""
    _insert_all(index, update.sections)
    for client, spans in update.deletes.items():
        history = index.histories.get(client)
        if history is None or spans[-1][0] + spans[-1][1] > history.next:
            raise Malformed(MalformedCode.NOT_A_LANE)
        for clock, length in spans:
            history.deleted.add(clock, clock + length)


def _insert_all(index: LaneIndex, sections: dict[int, list[Struct]]) -> None:
    """Insert each client's structs in order, as far as what they name is there; whoever waits goes on after that."""
    done = dict.fromkeys(sections, 0)
    waiting: dict[int, list[int]] = {}
    ready = list(sections)
    while ready:
        client = ready.pop()
        structs = sections[client]
        history = index.history(client)
        start = at = done[client]
        while at < len(structs):
            struct = structs[at]
            needed = _missing(index, struct)
            if needed is not None:
                waiting.setdefault(needed, []).append(client)
                break
            if struct.clock != history.next:
                raise Malformed(MalformedCode.NOT_A_LANE)
            _insert(index, history, struct)
            at += 1
        done[client] = at
        if at > start:
            ready += waiting.pop(client, ())
    if waiting:
        raise Malformed(MalformedCode.NOT_A_LANE)


def _missing(index: LaneIndex, struct: Struct) -> int | None:
    """A client of which more must be known before this struct, if there is one."""
    for name in (struct.origin, struct.right, struct.parent):
        if isinstance(name, tuple) and name[1] >= index.next_clock(name[0]):
            return name[0]
    return None


def _insert(index: LaneIndex, history: History, struct: Struct) -> None:
    origin, right, parent = struct.origin, struct.right, struct.parent
    if struct.content == TYPE:
        _insert_type(index, history, struct)
        return
    slot = _slot(index, struct)
    for name in (origin, right, parent):
        if isinstance(name, tuple):
            index.see(history, name)
    previous = slot.last
    if struct.content == STRING and slot.kind == TEXT and isinstance(struct.value, str):
        if struct.length != len(struct.value):
            history.low.update(low_halves(struct.value, struct.clock))
        index.place(history, struct.length, slot, origin, right, None, None)
    elif struct.content == DELETED and slot.kind in (TEXT, FIELD):
        start = history.next
        index.place(history, struct.length, slot, origin, right, None, None)
        history.deleted.add(start, history.next)
    elif struct.content == ANY and slot.kind == FIELD and isinstance(struct.value, tuple):
        for value in struct.value:
            item = index.place(history, 1, slot, origin, right, value, None)
            index.outlive(item)
            origin = (history.client, item.clock)
    else:
        raise Malformed(MalformedCode.NOT_A_LANE)
    if previous is not None:
        index.outlive(previous)


def _insert_type(index: LaneIndex, history: History, struct: Struct) -> None:
    name: Id = (history.client, history.next)
    if (
        struct.value == Y_MAP
        and struct.parent == ROOT
        and struct.key is not None
        and struct.key not in index.points
    ):
        index.add_point(history, Point(struct.key, name))
        return
    point = index.entries.get(struct.parent) if isinstance(struct.parent, tuple) else None
    if struct.value != Y_TEXT or point is None or struct.key != TEXT_KEY or point.text_id is not None:
        raise Malformed(MalformedCode.NOT_A_LANE)
    index.add_text(history, point)


def _slot(index: LaneIndex, struct: Struct) -> Slot:
    neighbour = struct.origin or struct.right
    if neighbour is not None:
        item = index.find(neighbour)
        if item is not None:
            return item.slot
    elif isinstance(struct.parent, tuple):
        if struct.key is None and struct.parent in index.texts:
            return index.texts[struct.parent]
        point = index.entries.get(struct.parent)
        if point is not None and struct.key in VALUE_KEYS and struct.key not in point.fields:
            slot = point.fields[struct.key] = Slot(FIELD, point, struct.key)
            return slot
    raise Malformed(MalformedCode.NOT_A_LANE)


def _count_letters(index: LaneIndex, history: History) -> None:
    for item in history.items:
        if item.slot.kind == TEXT:
            letters = history.living(item)
            item.slot.letters += letters
            index.letters += letters
