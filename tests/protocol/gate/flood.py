"""A flood of hostile bytes against the gate, to be run in a process of its own under a limit on memory.

Arguments: seed, number of updates. Prints JSON: how many were malformed, refused, accepted, and the dearest in lines of
Python.
What would be fatal (a crash, a hang, gigabytes) ends this process and not the tests.
"""

from __future__ import annotations

import json
import sys
from random import Random

from shared_doc.errors import Malformed, Refused
from tests import memory_limit
from tests.faults.hostile.lines import counted
from tests.protocol.gate import forge
from tests.protocol.gate.aims import nurses
from tests.protocol.gate.attacks import ATTACKS
from tests.protocol.gate.hostile import PEOPLE, Hostile
from tests.protocol.gate.lane import Lane, held

MEMORY = 1 << 30
NUMBERS = (
    0,
    1,
    2,
    127,
    128,
    255,
    1 << 14,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 53) - 1,
    1 << 53,
    1 << 63,
)


def built(random: Random) -> bytes:
    """Bytes built along the grammar, with anything in every place."""
    out = bytearray(forge.uint(random.choice([0, 1, 1, 1, 2, 1 << 28])))
    for _ in range(random.randint(0, 2)):
        out += forge.uint(random.choice([1, 1, 2, 3, random.choice(NUMBERS)]))
        out += forge.uint(random.choice([*PEOPLE, random.choice(NUMBERS)]))
        out += forge.uint(random.choice([0, 0, 1, random.choice(NUMBERS)]))
        for _ in range(random.randint(0, 3)):
            out += bytes(
                [
                    random.choice([0, 1, 4, 7, 8, 10, random.randrange(16)])
                    | random.choice([0, 32, 64, 128, 192, 224])
                ]
            )
            for _ in range(random.randint(0, 4)):
                out += forge.uint(
                    random.choice([0, 1, 2, 5, random.choice([*PEOPLE]), random.choice(NUMBERS)])
                )
            out += random.choice(
                [
                    b"",
                    forge.sized(b"points"),
                    forge.sized(b"text"),
                    forge.sized(b"x"),
                    forge.one("a"),
                    forge.one([[]]),
                ]
            )
    out += forge.uint(random.choice([0, 0, 1, 2, 1 << 28]))
    for _ in range(random.randint(0, 2)):
        out += forge.uint(random.choice([*PEOPLE])) + forge.uint(random.choice([1, 2, 1 << 28]))
        out += forge.uint(random.choice(NUMBERS)) + forge.uint(random.choice(NUMBERS))
    return bytes(out)


def mutated(random: Random, update: bytes) -> bytes:
    """An update with some bytes changed, added, taken away or repeated."""
    out = bytearray(update)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(out) + 1)
        what = random.randrange(4)
        if what == 0 and at < len(out):
            out[at] = random.randrange(256)
        elif what == 1:
            out[at:at] = random.randbytes(random.randint(1, 3))
        elif what == 2:
            del out[at : at + random.randint(1, 4)]
        else:
            out[at:at] = out[at : at + random.randint(1, 30)] * random.choice([1, 2, 50])
    return bytes(out)


def heavy() -> list[bytes]:
    """The updates of one frame that cost the most that was found."""
    own = [(nurses_client, 0) for nurses_client in PEOPLE]
    client = own[0][0]
    entry = (client, 0)
    birth = [
        forge.y_type(forge.Y_MAP, parent="points", key="p" + "9" * 21),
        forge.y_type(forge.Y_TEXT, parent=entry, key="text"),
        forge.values("a0", parent=entry, key="position"),
        forge.values("point", parent=entry, key="kind"),
        forge.values("", parent=entry, key="said_by"),
        forge.values(True, parent=entry, key="struck"),
    ]
    first = (client, 1)
    many = [*birth, forge.text("x", parent=first)]
    # Each letter in front of the last: as many items as there are letters.
    many += [forge.text("y", r=(client, 6 + at)) for at in range(9_000)]
    return [
        forge.update(forge.section(client, 0, *many)),
        forge.update(forge.section(client, 0, *birth, forge.text("😀" * 16_000, parent=first))),
        forge.update(forge.section(client, 0, *birth, forge.text("z" * 65_000, parent=first))),
        forge.update(deletes={client: [(2 * at, 1) for at in range(11_000)]}),
        nurses(forge.item(forge.ANY, b"\x01" + b"\x75\x01" * 30_000, o=(20, 3), keyed=True)),
    ]


def main(seed: int, count: int) -> None:
    """Flood, and print what became of it."""
    memory_limit.allow(MEMORY)
    random = Random(seed)
    outcome = {"malformed": 0, "refused": 0, "accepted": 0, "dearest": 0}
    lane = Lane()
    hostile = Hostile(random, lane)
    attacks = [attack.forged for attack in ATTACKS] + heavy()
    for number in range(count):
        if number % 500 == 0:
            assert lane.gate.matches(lane.doc)
            assert held(lane.reloaded()) == held(lane.doc)
            lane = Lane()
            hostile = Hostile(random, lane)
        update, author = hostile.next()
        kind = random.random()
        if kind < 0.3:
            update = mutated(random, update)
        elif kind < 0.6:
            update = built(random)
        elif kind < 0.65:
            update = random.choice(attacks)
        elif kind < 0.7:
            update = random.randbytes(random.randint(0, 60))
        with counted() as lines:
            try:
                accepted = lane.put(update, author)
                outcome["accepted"] += not accepted.empty
            except Malformed:
                outcome["malformed"] += 1
            except Refused:
                outcome["refused"] += 1
        outcome["dearest"] = max(outcome["dearest"], lines.count)
    sys.stdout.write(json.dumps(outcome))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
