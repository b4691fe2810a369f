"""Writing where one may not: in others' points, and between letters that are not neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from tests.protocol.gate.aims import EMPTY, HOUSE, HOUSE_LAST, LAST, OWN, PEN, START, nurses
from tests.protocol.gate.forge import deleted, section, text, update, values
from tests.protocol.gate.scene import CHAIR_CLIENT, NURSE_CLIENT


def on_foreign_points() -> Iterator[tuple[str, str, bytes]]:
    foreign = "not_your_point"
    yield "typing after a foreign letter", foreign, nurses(text("x", o=HOUSE.letter(HOUSE_LAST)))
    yield "typing before a foreign letter", foreign, nurses(text("x", r=HOUSE.letter(0)))
    yield "typing between foreign letters", foreign, nurses(text("x", o=HOUSE.letter(5), r=HOUSE.letter(6)))
    yield "typing into an empty foreign point", foreign, nurses(text("x", parent=EMPTY.text))
    yield (
        "a foreign edit behind an own one",
        foreign,
        nurses(text("x", o=OWN.letter(LAST)), text("y", o=HOUSE.letter(HOUSE_LAST))),
    )
    yield (
        "a foreign edit in front of an own one",
        foreign,
        nurses(text("y", o=HOUSE.letter(HOUSE_LAST)), text("x", o=OWN.letter(LAST))),
    )
    yield "deleted text put into a foreign point", foreign, nurses(deleted(3, o=HOUSE.letter(HOUSE_LAST)))
    yield (
        "words behind one's own, written with a pen since taken back",
        foreign,
        nurses(text("x", o=(PEN[0], PEN[1] + 2))),
    )
    for key, value in (("struck", True), ("kind", "worry"), ("position", "a0V"), ("said_by", "nurse")):
        yield f"setting {key} of a foreign point", foreign, nurses(values(value, o=HOUSE.value(key)))
    yield (
        "a deleted value in a foreign point",
        foreign,
        nurses(deleted(1, o=HOUSE.value("struck"), keyed=True)),
    )
    yield "deleting a foreign letter", foreign, update(deletes={CHAIR_CLIENT: [(HOUSE.first, 1)]})
    yield (
        "deleting a whole foreign text",
        foreign,
        update(deletes={CHAIR_CLIENT: [(HOUSE.first, HOUSE_LAST + 1)]}),
    )
    yield (
        "deleting a foreign letter among own ones",
        foreign,
        update(deletes={NURSE_CLIENT: [(OWN.first, 3)], CHAIR_CLIENT: [(HOUSE.first, 1)]}),
    )
    yield (
        "deleting what one wrote with a pen since taken back",
        foreign,
        update(deletes={NURSE_CLIENT: [(PEN[1], 1)]}),
    )
    yield (
        "a tail tied to own text whose known part lies in a foreign point",
        foreign,
        update(section(NURSE_CLIENT, PEN[1] + 2, text("nX", o=OWN.letter(LAST)))),
    )


def on_places() -> Iterator[tuple[str, str, bytes]]:
    wrong = "wrong_place"
    yield (
        "an own origin and a foreign right origin",
        wrong,
        nurses(text("x", o=OWN.letter(0), r=HOUSE.letter(1))),
    )
    yield (
        "a foreign origin and an own right origin",
        "wrong_place",
        nurses(text("x", o=HOUSE.letter(0), r=OWN.letter(1))),
    )
    yield "a right origin left of the origin", wrong, nurses(text("x", o=OWN.letter(9), r=OWN.letter(8)))
    yield "the same letter on both sides", wrong, nurses(text("x", o=OWN.letter(9), r=OWN.letter(9)))
    yield (
        "letters skipped between origin and right origin",
        wrong,
        nurses(text("x", o=OWN.letter(8), r=OWN.letter(11))),
    )
    yield "letters skipped up to the end", wrong, nurses(text("x", o=OWN.letter(8)))
    yield "letters skipped from the beginning", wrong, nurses(text("x", r=OWN.letter(3)))
    yield "the beginning and the end of a text that is not empty", wrong, nurses(text("x", parent=OWN.text))
    yield (
        "one's newest letter on both sides",
        wrong,
        nurses(
            text("ab", o=OWN.letter(LAST)),
            text("x", o=(NURSE_CLIENT, START + 1), r=(NURSE_CLIENT, START + 1)),
        ),
    )
    yield (
        "an own letter skipped that came just before",
        wrong,
        nurses(text("x", o=OWN.letter(8), r=OWN.letter(9)), text("y", o=OWN.letter(8), r=OWN.letter(9))),
    )
    yield "deleted text that skips letters", wrong, nurses(deleted(2, o=OWN.letter(8), r=OWN.letter(11)))
    yield (
        "a value behind one that was replaced",
        wrong,
        nurses(values(True, o=OWN.value("struck")), values(False, o=OWN.value("struck"))),
    )
    yield (
        "a right origin on a value",
        wrong,
        nurses(values(True, o=OWN.value("struck"), r=OWN.value("struck"))),
    )
    yield "a right origin alone on a value", wrong, nurses(values(True, r=OWN.value("struck")))
    yield (
        "a right origin on a deleted value",
        wrong,
        nurses(deleted(1, r=OWN.value("struck"), keyed=True), values(True, o=(NURSE_CLIENT, START))),
    )
    unknown = "unknown_place"
    yield "an origin of a client nobody knows", unknown, nurses(text("x", o=(99, 0)))
    yield "an origin that is not typed yet", unknown, nurses(text("x", o=(CHAIR_CLIENT, 10_000)))
    yield "itself as origin", unknown, nurses(text("x", o=(NURSE_CLIENT, START)))
    yield "a right origin nobody knows", unknown, nurses(text("x", o=OWN.letter(LAST), r=(99, 0)))
    yield "only a right origin nobody knows", unknown, nurses(text("x", r=(99, 0)))
    yield "deleting what nobody typed", unknown, update(deletes={99: [(0, 1)]})
    yield "deleting beyond what was typed", unknown, update(deletes={NURSE_CLIENT: [(START - 1, 2)]})
    half = "half_a_character"
    at = len("Seen ")
    yield "typing inside a surrogate pair", half, nurses(text("x", o=OWN.letter(at), r=OWN.letter(at + 1)))
    yield "typing before the second half of a pair", half, nurses(text("x", r=OWN.letter(at + 1)))
    yield "typing after the first half of a pair", half, nurses(text("x", o=OWN.letter(at)))
    yield "deleted text inside a pair", half, nurses(deleted(1, o=OWN.letter(at), r=OWN.letter(at + 1)))
    yield "deleting the first half of a pair", half, update(deletes={NURSE_CLIENT: [(OWN.first + at, 1)]})
    yield (
        "deleting the second half of a pair",
        half,
        update(deletes={NURSE_CLIENT: [(OWN.first + at + 1, 1)]}),
    )
    yield "deleting up to the middle of a pair", half, update(deletes={NURSE_CLIENT: [(OWN.first, at + 1)]})
