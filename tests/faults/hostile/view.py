"""Updates that nobody made: written by somebody who knows everything of a lane, and much of it on purpose wrong."""

from __future__ import annotations

from random import Random
from typing import Any

from shared_doc.lane_items import Item, Point, Slot
from shared_doc.positions import is_position
from shared_doc.schema import KINDS, VALUE_KEYS
from tests.faults.hostile import grammar
from tests.faults.hostile.grammar import (
    ANY,
    BINARY,
    DELETED,
    DOC,
    EMBED,
    FORMAT,
    GC,
    JSON,
    ODD_NUMBERS,
    ODD_WORDS,
    SKIP,
    STRING,
    TYPE,
    Id,
    Word,
    n,
    s,
    struct,
    update,
)

CLIENTS = (1_000_007, 2_000_000, 3_000_000, 2**32 - 1, 2**40 + 1, 2**45, 2**51 - 1, 2**53 - 1)
TYPED = ("a", "b", "word ", "😀", "x😀y", "ש", "é", "the house is warm")
CROWDED = 8
"""Letters at the beginning of a text, where most of what is made up is put."""
LINE = 4_000
"""Letters of a text that are looked at."""


class View:
    """What one hostile page sees of a lane, and what it makes of it."""

    def __init__(self, index: Any, chance: Random, client: int, mine: list[int]) -> None:
        self.index = index
        self.chance = chance
        odd = chance.random()
        self.client = chance.choice(mine) if odd < 0.85 else client if odd < 0.93 else chance.choice(CLIENTS)
        if odd > 0.99:
            self.client = chance.choice([12_345, 2**53])
        self.clock = index.next_clock(self.client)
        self.points: list[Point] = list(index.points.values())

    def update(self) -> list[Word]:
        """An update."""
        chance = self.chance
        begin = self.clock
        if chance.random() < 0.07:
            begin = self.clock = max(0, self.clock + chance.choice([-4, -3, -2, -1, 1, 2**31]))
        structs: list[list[Word]] = []
        for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
            structs += self.some()
        sections = [(self.client, begin, structs)] if structs and chance.random() < 0.9 else []
        if chance.random() < 0.04:
            # The same client twice, or somebody else's.
            other = chance.choice([self.client, *CLIENTS])
            begin = self.clock if other == self.client else self.index.next_clock(other)
            sections.append((other, begin, self.some()))
        deletes = self.deletions() if chance.random() < 0.4 or not sections else []
        return update(sections, deletes)

    def some(self) -> list[list[Word]]:
        """A struct or a few that belong together."""
        chance = self.chance
        if not self.points or chance.random() < 0.06:
            return self.birth()
        # Mostly one point, where everybody writes at once.
        point = self.points[-1] if chance.random() < 0.6 else chance.choice(self.points)
        what = chance.random()
        if what < 0.55:
            text = chance.choice(TYPED if chance.random() < 0.85 else ODD_WORDS)
            return self.put(
                STRING, [s(text)], point.text, len(text.encode("utf-16-le", "surrogatepass")) // 2
            )
        if what < 0.67:
            length = chance.randint(1, 4) if chance.random() < 0.95 else chance.choice(ODD_NUMBERS)
            return self.put(DELETED, [n(length)], point.text, length)
        if what < 0.92:
            return self.value(point)
        content = chance.choice([GC, JSON, BINARY, EMBED, FORMAT, TYPE, ANY, DOC, SKIP, 11, 31])
        body = {
            GC: [n(1)], SKIP: [n(2)], JSON: [n(1), s("1")], BINARY: [s(b"\x00")], EMBED: [s("{}")],
            FORMAT: [s("bold"), s("true")], TYPE: [n(chance.randint(0, 8))], ANY: [n(1), *grammar.value(None, chance)],
            DOC: [s("guid"), Word("byte", 118), n(0)],
        }.get(content, [])  # fmt: skip
        return self.put(content, body, point.text, 1)

    def value(self, point: Point) -> list[list[Word]]:
        """A value, some values, or a deleted one, for a key."""
        chance = self.chance
        key = chance.choice(sorted(VALUE_KEYS))
        slot = point.fields[key]
        if chance.random() < 0.15:
            return self.put(DELETED, [n(1)], slot, 1)
        good: dict[str, list[object]] = {
            "position": ["a0", "a1V", "Zz", "a0" + "V" * chance.randint(1, 190)],
            "kind": list(KINDS),
            "said_by": ["", "kelly", "p1"],
            "struck": [True, False],
        }
        assert all(is_position(one) for one in good["position"])
        count = chance.choice([1, 1, 1, 1, 2, 5])
        body = [n(count)]
        for _ in range(count):
            odd = chance.random()
            given = (
                None if odd < 0.03 else chance.choice(ODD_WORDS) if odd < 0.08 else chance.choice(good[key])
            )
            body += grammar.value(given, chance)
        return self.put(ANY, body, slot, count)

    def birth(self) -> list[list[Word]]:
        """A new point, mostly whole."""
        chance = self.chance
        point_id = "p" + "".join(chance.choices("0123456789abcdefghij", k=21))
        if chance.random() < 0.1:
            point_id = chance.choice([*ODD_WORDS, *self.index.points])
        entry = (self.client, self.clock)
        keys: list[tuple[str, int, list[Word]]] = [
            ("text", TYPE, [n(2)]),
            ("position", ANY, [n(1), *grammar.value("a2", chance)]),
            ("kind", ANY, [n(1), *grammar.value("worry", chance)]),
            ("said_by", ANY, [n(1), *grammar.value("", chance)]),
            ("struck", ANY, [n(1), *grammar.value(True, chance)]),
        ]
        if chance.random() < 0.15:
            keys[chance.randrange(5)] = chance.choice(keys)
        if chance.random() < 0.1:
            del keys[chance.randrange(5)]
        if chance.random() < 0.3:
            chance.shuffle(keys)
        structs = [struct(TYPE, [n(1)], parent="points", key=point_id)]
        structs += [struct(content, body, parent=entry, key=key) for key, content, body in keys]
        if chance.random() < 0.5:
            structs.append(struct(STRING, [s("new")], parent=(self.client, self.clock + 1)))
        self.clock += len(structs)
        return structs

    def put(self, content: int, body: list[Word], slot: Slot, length: int) -> list[list[Word]]:
        """A struct somewhere in a slot, between two neighbours that often were none."""
        chance = self.chance
        ids = _ids(slot)
        field = slot is not slot.point.text
        origin: Id | None
        right: Id | None
        if field:
            origin = ids[-1] if ids and chance.random() < 0.85 else chance.choice(ids or [(0, 0)])
            right = None if chance.random() < 0.95 else chance.choice(ids or [(0, 0)])
        else:
            # Mostly where everybody is, because only there it matters who stands left of whom.
            at = chance.randint(0, len(ids) if chance.random() < 0.3 else min(len(ids), CROWDED))
            origin = ids[at - 1] if at else None
            right = ids[at] if at < len(ids) else None
            far = chance.random()
            if far < 0.2 and ids:
                # As somebody would who did not see what lies between.
                right = chance.choice([None, *ids[at : at + 6]])
            elif far < 0.35 and ids:
                origin = chance.choice([None, *ids[max(0, at - 6) : at]])
            elif far < 0.38 and ids:
                origin, right = chance.choice(ids), chance.choice(ids)
        if chance.random() < 0.04:
            elsewhere = _ids(chance.choice(self.points).text) or [(3, 3)]
            odd: list[Id | None] = [
                None, slot.point.entry, slot.point.text_id, (self.client, self.clock), (self.client, self.clock + 1),
                chance.choice(elsewhere), (12_345, 0), (2**53, 0), (0, 2**31),
            ]  # fmt: skip
            if chance.random() < 0.5:
                origin = chance.choice(odd)
            else:
                right = chance.choice(odd)
        parent: str | Id | None = None
        key = None
        if origin is None and right is None:
            parent = slot.point.entry if field else slot.point.text_id
            key = slot.key if field else None
        keyed = field if chance.random() < 0.97 else not field
        self.clock += length
        return [struct(content, body, origin=origin, right=right, parent=parent, key=key, keyed=keyed)]

    def deletions(self) -> list[tuple[int, list[tuple[int, int]]]]:
        """A delete set: some letters of some points, in any order, and now and then more than that."""
        chance = self.chance
        result: dict[int, list[tuple[int, int]]] = {}
        for _ in range(chance.choice([1, 1, 2, 4])):
            if self.points and chance.random() < 0.85:
                ids = _ids(chance.choice(self.points).text)
                at = chance.randint(0, len(ids))
                for client, clock in ids[at : at + chance.randint(1, 5)]:
                    result.setdefault(client, []).append((clock, 1))
            else:
                client = chance.choice([*self.index.histories, 12_345])
                length = chance.choice([0, 1, 1, 2, 5, 40, 2**31])
                result.setdefault(client, []).append(
                    (chance.randint(0, self.index.next_clock(client)), length)
                )
        return list(result.items())


def _ids(slot: Slot) -> list[Id]:
    ids: list[Id] = []
    item: Item | None = slot.first
    while item is not None and len(ids) < LINE:
        ids += [(item.client, item.clock + at) for at in range(min(item.length, 50))]
        item = item.right
    return ids
