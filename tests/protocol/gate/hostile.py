"""Makes up updates that look honest and mostly are not: right grammar, wrong neighbours, stale views, stolen ids."""

from __future__ import annotations

from random import Random

from shared_doc.gate import Author, Rights
from shared_doc.lane_items import Point, Slot
from tests.protocol.gate import forge
from tests.protocol.gate.forge import Id, deleted, gc, section, skip, text, update, values, y_type
from tests.protocol.gate.lane import Lane

ANY_POINT = Rights(edit_any=True, edit_own=True, add=True)
OWN_POINTS = Rights(edit_any=False, edit_own=True, add=True)

# Large ids too: the order of two insertions at one place depends on which client's id is larger.
PEOPLE = {
    5: Author("ann", ANY_POINT),
    4_000_000_000: Author("ben", ANY_POINT),
    77: Author("cem", ANY_POINT),
    (1 << 53) - 1: Author("dot", OWN_POINTS),
}
WORDS = ("a", "b", "cd", "efg", "😀", "x😀y", "ש", "\n", "ok")
KINDS = ("point", "worry", "view", "insult")


class Hostile:
    """Several hostile pages on one lane. Each has its own, often stale, view of every text and chain."""

    def __init__(self, random: Random, lane: Lane) -> None:
        self._random = random
        self._lane = lane
        self._views: dict[tuple[int, Slot], list[Id]] = {}
        self._made = 0

    def next(self) -> tuple[bytes, Author]:
        """An update, and who sends it."""
        random = self._random
        client = random.choice(list(PEOPLE))
        author = PEOPLE[client]
        if random.random() < 0.03:
            client = random.choice([*PEOPLE, 99])
        clock = self._lane.gate.next_clock(client)
        if random.random() < 0.06:
            clock = max(0, clock + random.choice([-3, -2, -1, 1]))
        structs: list[bytes] = []
        at = clock
        for _ in range(random.choice([1, 1, 1, 2, 3])):
            length, more = self._structs(client, at)
            structs += more
            at += length
        sections = [section(client, clock, *structs)] if random.random() < 0.9 else []
        deletes = self._deletes(client, at) if random.random() < 0.35 or not sections else {}
        return update(*sections, deletes=deletes), author

    def _structs(self, client: int, clock: int) -> tuple[int, list[bytes]]:
        random = self._random
        points = list(self._lane.gate._index.points.values())
        if not points or random.random() < 0.05:
            return self._birth(client, clock)
        point = random.choice(points)
        what = random.random()
        if what < 0.6:
            word = random.choice(WORDS)
            return len(word.encode("utf-16-le")) // 2, [
                text(word, **self._between(client, clock, point.text, point))
            ]
        if what < 0.72:
            length = random.randint(1, 3)
            return length, [deleted(length, **self._between(client, clock, point.text, point))]
        if what < 0.9:
            return self._value(client, clock, point)
        return 1, [self._wild(client, clock, point)]

    def _view(self, client: int, slot: Slot) -> list[Id]:
        """The ids in a slot as this page last saw them, which may be some time ago."""
        view = self._views.get((client, slot))
        if view is None or self._random.random() < 0.25:
            view = []
            item = slot.first
            while item is not None:
                view += [(item.client, item.clock + offset) for offset in range(item.length)]
                item = item.right
            self._views[client, slot] = view
        return view

    def _between(self, client: int, clock: int, slot: Slot, point: Point) -> forge.Place:
        random = self._random
        view = self._view(client, slot)
        if random.random() < 0.2 and clock:
            view = [*view, (client, clock - 1)]
        at = random.randint(0, len(view))
        to = at if random.random() < 0.75 else random.randint(0, len(view))
        place: forge.Place = {}
        if at > 0:
            place["o"] = view[at - 1]
        if to < len(view):
            place["r"] = view[to]
        if not place:
            place["parent"] = point.text_id or point.entry
        return place

    def _value(self, client: int, clock: int, point: Point) -> tuple[int, list[bytes]]:
        random = self._random
        key = random.choice(["kind", "struck", "said_by", "position"])
        choices: dict[str, list[object]] = {
            "kind": list(KINDS),
            "struck": [True, False, True, False, "no"],
            "said_by": ["", "ann", "ben", "B!"],
            "position": ["a0", "a1", "a0V", "a0V1", "b00", "x"],
        }
        view = self._view(client, point.fields[key])
        origin = view[-1] if random.random() < 0.8 else random.choice(view)
        if random.random() < 0.15:
            return 2, [
                deleted(1, o=origin, keyed=True),
                values(random.choice(choices[key]), o=(client, clock)),
            ]
        count = random.choice([1, 1, 1, 2, 3])
        return count, [values(*random.choices(choices[key], k=count), o=origin)]

    def _birth(self, client: int, clock: int) -> tuple[int, list[bytes]]:
        self._made += 1
        entry: Id = (client, clock)
        point_id = f"p{self._made:021d}"
        structs = [
            y_type(forge.Y_MAP, parent="points", key=point_id),
            y_type(forge.Y_TEXT, parent=entry, key="text"),
            values("a0", parent=entry, key="position"),
            values("point", parent=entry, key="kind"),
            values("", parent=entry, key="said_by"),
            values(True, parent=entry, key="struck"),
        ]
        if self._random.random() < 0.1:
            structs.pop()
        return len(structs), structs

    def _wild(self, client: int, clock: int, point: Point) -> bytes:
        random = self._random
        somewhere = (random.choice(list(PEOPLE)), random.randint(0, 40))
        elsewhere = (random.choice(list(PEOPLE)), random.randint(0, 40))
        return random.choice(
            [
                text("w", o=somewhere, r=elsewhere),
                text("w", r=somewhere),
                text("w", o=somewhere),
                text("w", parent=point.entry),
                values(True, o=somewhere),
                deleted(1, o=somewhere, r=elsewhere, keyed=random.random() < 0.5),
                y_type(forge.Y_MAP, parent="points", key=point.id),
                y_type(forge.Y_TEXT, parent=point.entry, key="text"),
                gc(1),
                skip(1),
                text("w", o=(client, max(0, clock - 1))),
            ]
        )

    def _deletes(self, client: int, end: int) -> dict[int, list[tuple[int, int]]]:
        random = self._random
        deletes: dict[int, list[tuple[int, int]]] = {}
        for _ in range(random.randint(1, 2)):
            points = list(self._lane.gate._index.points.values())
            if not points or random.random() < 0.1:
                deletes[client] = [(random.randint(0, end), random.randint(1, 4))]
                continue
            point = random.choice(points)
            slot = random.choice([point.text, point.text, point.text, point.fields["kind"]])
            view = self._view(client, slot)
            if view:
                whose, clock = random.choice(view)
                deletes[whose] = [(clock, random.randint(1, 3))]
        return deletes or {client: [(0, 1)]}
