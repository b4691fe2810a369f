"""What the gate costs: a long conference in one lane, typed keystroke by keystroke by several people.

`python -m tests.bench.gate_cost [UPDATES]` prints, for 150 points and four writers: the time of one check, of merging
frames, of loading the lane again, and the memory of its index.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from random import Random
from typing import Any

from pycrdt import Doc

from shared_doc.compose import compose_point
from shared_doc.gate import Accepted, Author, ClientIds, Gate, Rights
from shared_doc.merge import merge
from shared_doc.structs import STRING, Id, Struct, Update
from shared_doc.update import encode_update

POINTS, WRITERS, LETTERS = 150, 4, 200
RIGHTS = Rights(edit_any=True, edit_own=True, add=True)


class Typing:
    """Four people, each typing in a point of their own choice, with a backspace now and then."""

    def __init__(self) -> None:
        self.random = Random(1)
        self.gate = Gate(ClientIds())
        self.made: list[bytes] = []
        self.texts: list[list[Id]] = []
        self.names: list[Id] = []
        self.carets = [(0, 0)] * WRITERS
        for number in range(POINTS):
            client = self.client(number % WRITERS)
            point_id, updates = compose_point(
                self.gate, client, text="", kind="point", said_by="", random=self.random
            )
            for update in updates:
                self.gate.check(update, self.author(number % WRITERS))
                self.made.append(update)
            name = self.gate._index.points[point_id].text_id
            assert name is not None
            self.names.append(name)
            self.texts.append([])

    def client(self, writer: int) -> int:
        return 4_000_000_000 - writer * 1_000_003

    def author(self, writer: int) -> Author:
        return Author(f"p{writer}", RIGHTS)

    def keystroke(self, clocks: list[int]) -> tuple[bytes, Author]:
        """The next keystroke of somebody, as their page would send it."""
        random = self.random
        writer = random.randrange(WRITERS)
        point, at = self.carets[writer]
        text = self.texts[point]
        if at > len(text) or random.random() < 0.02:
            point = random.randrange(POINTS)
            text = self.texts[point]
            at = random.randint(0, len(text))
        client = self.client(writer)
        if text and at and (random.random() < 0.15 or len(text) > LETTERS):
            name = text.pop(at - 1)
            self.carets[writer] = (point, at - 1)
            return encode_update(Update({}, {name[0]: [(name[1], 1)]})), self.author(writer)
        origin, right = (text[at - 1] if at else None), (text[at] if at < len(text) else None)
        # Deleted letters stay between the living ones: an honest page names its neighbours among all of them.
        origin, right = self.neighbours(point, origin, right)
        parent = self.names[point] if origin is None and right is None else None
        struct = Struct(client, clocks[writer], 1, STRING, "a", origin, right, parent)
        text.insert(at, (client, clocks[writer]))
        clocks[writer] += 1
        self.carets[writer] = (point, at + 1)
        return encode_update(Update({client: [struct]}, {})), self.author(writer)

    def neighbours(self, point: int, origin: Id | None, right: Id | None) -> tuple[Id | None, Id | None]:
        index = self.gate._index
        if right is not None:
            history = index.histories[right[0]]
            item = history.item_at(right[1])
            if item.clock < right[1]:
                return (right[0], right[1] - 1), right
            left = item.left
            return (None if left is None else (left.client, left.clock + left.length - 1)), right
        last = index.texts[self.names[point]].last
        return (None if last is None else (last.client, last.clock + last.length - 1)), None


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def main(count: int) -> None:
    """Type, and print the figures."""
    typing = Typing()
    gc.collect()
    gc.freeze()
    clocks = [typing.gate.next_clock(typing.client(writer)) for writer in range(WRITERS)]
    times: list[float] = []
    accepted: list[Accepted] = []
    for _ in range(count):
        update, author = typing.keystroke(clocks)
        started = time.thread_time()
        result = typing.gate.check(update, author)
        times.append((time.thread_time() - started) * 1e6)
        accepted.append(result)
    last = times[-count // 10 :]
    print(f"check: p50 {percentile(times, 0.5):.1f} us, p99 {percentile(times, 0.99):.0f} us")
    print(f"check, slowest: {max(times) / 1000:.1f} ms")
    print(f"check, last tenth: p50 {percentile(last, 0.5):.1f} us, p99 {percentile(last, 0.99):.0f} us")
    for frame in (5, 30, 100):
        parts = [
            [one.update for one in accepted[at : at + frame]] for at in range(0, min(count, 9_000), frame)
        ]
        started = time.process_time()
        size = sum(len(merge(part)) for part in parts)
        spent = (time.process_time() - started) / len(parts) * 1e6
        singles = sum(len(one.canonical) for one in accepted[: len(parts) * frame])
        print(
            f"merge of {frame}: {spent:.0f} us, {size // len(parts)} B instead of {singles // len(parts)} B"
        )
    doc: Doc[Any] = Doc()
    started = time.process_time()
    for update in typing.made:
        doc.apply_update(update)
    for one in accepted:
        doc.apply_update(one.canonical)
    print(f"apply in pycrdt: {(time.process_time() - started) / count * 1e6:.1f} us a keystroke")
    snapshot = doc.get_update()
    clients = ClientIds()
    gc.collect()
    started = time.process_time()
    loaded = Gate.load(snapshot, clients)
    spent = (time.process_time() - started) * 1000
    tracemalloc.start()
    again = Gate.load(snapshot, clients)
    held = tracemalloc.get_traced_memory()[0]
    items = sum(len(history.items) for history in again._index.histories.values())
    print(f"load: {spent:.0f} ms from {len(snapshot) // 1024} KB, {items} items, index {held / 1e6:.1f} MB")
    assert loaded.matches(doc)
    assert typing.gate.matches(doc)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60_000)
