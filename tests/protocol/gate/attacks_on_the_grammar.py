"""Writing as somebody else, and bytes that are no update at all."""

from __future__ import annotations

from collections.abc import Iterator

from tests.protocol.gate import forge
from tests.protocol.gate.aims import (
    ADDS_ONLY,
    EDITS_ONLY,
    HOUSE,
    HOUSE_LAST,
    LAST,
    MALFORMED,
    OWN,
    SCENE,
    START,
    Attack,
    birth,
    nurses,
)
from tests.protocol.gate.forge import deleted, gc, section, text, update, values
from tests.protocol.gate.lane import CHAIR, READER
from tests.protocol.gate.scene import CHAIR_CLIENT, CHAIR_UNUSED, NOBODYS, NURSE_CLIENT, NURSE_OTHER


def on_clients() -> Iterator[tuple[str, str, bytes]]:
    yield (
        "writing as the chair",
        "not_your_client",
        update(section(CHAIR_CLIENT, SCENE.next(CHAIR_CLIENT), text("x", o=OWN.letter(LAST)))),
    )
    yield (
        "writing as the chair under an id not used yet",
        "not_your_client",
        update(section(CHAIR_UNUSED, 0, text("x", o=OWN.letter(LAST)))),
    )
    yield "a stretch left out", "gap", update(section(NURSE_CLIENT, START + 1, text("x", o=OWN.letter(LAST))))
    yield (
        "a new client that does not begin at nought",
        "gap",
        update(section(NOBODYS, 1, text("x", o=OWN.letter(LAST)))),
    )
    yield (
        "two clients at once",
        "several_clients",
        update(
            section(NURSE_CLIENT, START, text("x", o=OWN.letter(LAST))),
            section(NURSE_OTHER, 0, text("y", o=OWN.letter(2), r=OWN.letter(3))),
        ),
    )
    yield (
        "the chair's words beside one's own",
        "several_clients",
        update(
            section(NURSE_CLIENT, START, text("x", o=OWN.letter(LAST))),
            section(CHAIR_CLIENT, SCENE.next(CHAIR_CLIENT), text("y", o=HOUSE.letter(HOUSE_LAST))),
        ),
    )
    yield (
        "a value whose known part is text",
        "not_your_point",
        update(section(NURSE_CLIENT, START - 1, values("worry", "worry", o=OWN.value("kind")))),
    )
    for alias in ((1 << 53), (1 << 53) + NURSE_CLIENT, (1 << 64) + NURSE_CLIENT):
        yield f"client {alias}", MALFORMED, update(section(alias, 0, text("x", o=OWN.letter(LAST))))
    yield "an origin of client 2^53", MALFORMED, nurses(text("x", o=((1 << 53) + NURSE_CLIENT, 1)))
    yield "deleting what client 2^53 typed", MALFORMED, update(deletes={(1 << 53) + NURSE_CLIENT: [(0, 1)]})


def on_the_grammar() -> Iterator[tuple[str, str, bytes]]:
    own = text("x", o=OWN.letter(LAST))
    fine = nurses(own)
    yield "nothing at all", MALFORMED, b""
    for cut in range(1, len(fine)):
        yield f"cut after {cut} bytes", MALFORMED, fine[:cut]
    yield "a byte too many", MALFORMED, fine + b"\x00"
    yield "a second update behind the first", MALFORMED, fine + fine
    yield (
        "the same client twice",
        MALFORMED,
        update(section(NURSE_CLIENT, START, own), section(NURSE_CLIENT, START, own)),
    )
    yield (
        "a client's deletions twice",
        MALFORMED,
        b"\x00\x02" + 2 * (forge.uint(NURSE_CLIENT) + b"\x01\x06\x01"),
    )
    yield "a client without structs", MALFORMED, update(section(NURSE_CLIENT, START))
    yield "a client without deletions", MALFORMED, update(deletes={NURSE_CLIENT: []})
    yield "an empty text", MALFORMED, nurses(text("", o=OWN.letter(LAST)))
    yield "no values", MALFORMED, nurses(values(o=OWN.value("kind")))
    yield "a deletion of nothing", MALFORMED, update(deletes={NURSE_CLIENT: [(OWN.first, 0)]})
    yield "deleted text of no length", MALFORMED, nurses(deleted(0, o=OWN.letter(LAST)))
    yield "a number in more bytes than it needs", MALFORMED, b"\x81\x00" + fine[1:]
    yield "a number that never ends", MALFORMED, b"\xff" * 200
    yield "2^28 clients", MALFORMED, forge.uint(1 << 28)
    yield (
        "2^28 structs",
        MALFORMED,
        forge.uint(1) + forge.uint(1 << 28) + forge.uint(NURSE_CLIENT) + forge.uint(START),
    )
    yield "2^28 clients with deletions", MALFORMED, b"\x00" + forge.uint(1 << 28)
    yield "2^28 deletions", MALFORMED, b"\x00\x01" + forge.uint(NURSE_CLIENT) + forge.uint(1 << 28)
    yield (
        "a text that claims 2^40 bytes",
        MALFORMED,
        nurses(forge.item(forge.STRING, forge.uint(1 << 40), o=OWN.letter(LAST))),
    )
    yield (
        "2^28 values",
        MALFORMED,
        nurses(forge.item(forge.ANY, forge.uint(1 << 28), o=OWN.value("kind"), keyed=True)),
    )
    yield (
        "a list of 2^40 values",
        MALFORMED,
        nurses(forge.item(forge.ANY, b"\x01\x75" + forge.uint(1 << 40), o=OWN.value("kind"), keyed=True)),
    )
    yield (
        "values 30,000 deep",
        MALFORMED,
        nurses(
            forge.item(forge.ANY, b"\x01" + b"\x75\x01" * 7_000 + b"\x7e", o=OWN.value("kind"), keyed=True)
        ),
    )
    yield (
        "an integer that never ends",
        MALFORMED,
        nurses(forge.item(forge.ANY, b"\x01\x7d" + b"\xff" * 40, o=OWN.value("kind"), keyed=True)),
    )
    yield "deleted text of 2^32", MALFORMED, nurses(deleted(1 << 32, o=OWN.letter(LAST)))
    yield (
        "deleted text up to the end of all clocks",
        MALFORMED,
        nurses(deleted((1 << 31) - 1, o=OWN.letter(LAST))),
    )
    yield "a clock near 2^32", MALFORMED, update(section(NURSE_CLIENT, (1 << 32) - 1, own))
    yield "a deletion near 2^32", MALFORMED, update(deletes={NURSE_CLIENT: [((1 << 32) - 2, 1)]})
    yield (
        "a deletion that runs over the end",
        MALFORMED,
        update(deletes={NURSE_CLIENT: [((1 << 31) - 2, 100)]}),
    )
    yield "a content nobody knows", MALFORMED, nurses(forge.item(15, b"\x01", o=OWN.letter(LAST)))
    yield "a type nobody knows", MALFORMED, nurses(forge.item(forge.TYPE, b"\x63", o=OWN.letter(LAST)))
    yield (
        "a value nobody knows",
        MALFORMED,
        nurses(forge.item(forge.ANY, b"\x01\x10", o=OWN.value("kind"), keyed=True)),
    )
    yield (
        "text that is not UTF-8",
        MALFORMED,
        nurses(forge.item(forge.STRING, b"\x02\xff\xfe", o=OWN.letter(LAST))),
    )
    yield (
        "an overlong slash",
        MALFORMED,
        nurses(forge.item(forge.STRING, b"\x02\xc0\xaf", o=OWN.letter(LAST))),
    )
    yield (
        "a parent that is neither a root nor an id",
        MALFORMED,
        update(section(NURSE_CLIENT, START, bytes([forge.STRING, 2, 1, 120]))),
    )
    yield "more than a frame may hold", MALFORMED, nurses(text("x" * 70_000, o=OWN.letter(LAST)))


def by_others() -> Iterator[Attack]:
    own = nurses(text("x", o=OWN.letter(LAST)))
    chairs = SCENE.next(CHAIR_CLIENT)
    for name, forged in (
        ("typing", update(section(NOBODYS, 0, text("x", o=HOUSE.letter(HOUSE_LAST))))),
        ("striking", update(section(NOBODYS, 0, values(True, o=HOUSE.value("struck"))))),
        ("a new point", update(section(NOBODYS, 0, *birth(at=0, client=NOBODYS)))),
        ("a deletion", update(deletes={CHAIR_CLIENT: [(HOUSE.first, 1)]})),
        ("another root", update(section(NOBODYS, 0, values(1, parent="other", key="k")))),
        ("collected items", update(section(NOBODYS, 0, gc(1)))),
    ):
        yield Attack(f"{name} by a reader", "read_only", READER, forged)
    yield Attack("the nurse's client used by the chair", "not_your_client", CHAIR, own)
    yield Attack("a new point by someone who may only edit", "may_not_add", EDITS_ONLY, nurses(*birth()))
    yield Attack("an edit by someone who may only add", "not_your_point", ADDS_ONLY, own)
    yield Attack(
        "a deletion by someone who may only add",
        "not_your_point",
        ADDS_ONLY,
        update(deletes={NURSE_CLIENT: [(OWN.first, 1)]}),
    )
    yield Attack(
        "skipping letters, by the chair",
        "wrong_place",
        CHAIR,
        update(section(CHAIR_CLIENT, chairs, text("x", o=OWN.letter(8), r=OWN.letter(11)))),
    )
    yield Attack(
        "deleting a point, by the chair",
        "not_deletable",
        CHAIR,
        update(deletes={NURSE_CLIENT: [(OWN.entry[1], 1)]}),
    )
