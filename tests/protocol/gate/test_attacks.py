"""Every hostile update one could think of is refused, by the rule it breaks, and leaves no trace."""

from __future__ import annotations

import pytest

from shared_doc.errors import Malformed, RefusalCode, Refused
from shared_doc.gate import LIVE, Author
from tests.protocol.gate import forge
from tests.protocol.gate.aims import HOUSE, LAST, MALFORMED, OWN, PEN, START, Attack, birth, nurses
from tests.protocol.gate.attacks import ATTACKS
from tests.protocol.gate.forge import deleted, section, text, update, values
from tests.protocol.gate.lane import CHAIR, NURSE, READER, Yjs, assert_all_agree, picture
from tests.protocol.gate.scene import NOBODYS, NURSE_CLIENT, NURSE_OTHER, Scene


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_a_hostile_update_is_refused_and_changes_nothing(attack: Attack) -> None:
    scene = Scene()
    before = picture(scene.lane.gate)
    with pytest.raises((Malformed, Refused)) as refusal:
        scene.lane.gate.check(attack.forged, attack.author, limits=LIVE)
    told = refusal.value
    assert (MALFORMED if isinstance(told, Malformed) else told.code) == attack.expected
    assert picture(scene.lane.gate) == before
    assert scene.lane.gate.matches(scene.lane.doc)


CONTROLS: list[tuple[str, Author, bytes]] = [
    ("typing in one's own point", NURSE, nurses(text("x", o=OWN.letter(LAST)))),
    ("typing between an emoji and a letter", NURSE, nurses(text("x", o=OWN.letter(6), r=OWN.letter(7)))),
    ("deleting a whole emoji", NURSE, update(deletes={NURSE_CLIENT: [(OWN.first + 5, 2)]})),
    (
        "striking one's own point",
        NURSE,
        update(
            section(NURSE_CLIENT, START, values(True, o=OWN.value("struck"))),
            deletes={NURSE_CLIENT: [(OWN.value("struck")[1], 1)]},
        ),
    ),
    ("a new point", NURSE, nurses(*birth())),
    ("markup, which is only text", NURSE, nurses(text("<script>alert(1)</script>", o=OWN.letter(LAST)))),
    ("right-to-left text with a joiner", NURSE, nurses(text("ש\u200dל", o=OWN.letter(LAST)))),
    (
        "deleting the same range twice in one update",
        NURSE,
        b"\x00\x01" + forge.uint(NURSE_CLIENT) + b"\x02" + 2 * (forge.uint(OWN.first) + b"\x02"),
    ),
    ("several values at once", NURSE, nurses(values("worry", "view", "point", o=OWN.value("kind")))),
    (
        "text of which the beginning is known",
        CHAIR._replace(participant="nurse"),
        update(section(NURSE_CLIENT, PEN[1] + 1, text("en and paper", o=PEN, r=HOUSE.letter(3)))),
    ),
    ("the pen, under its own client id", CHAIR, update(section(NOBODYS, 0, text("x", r=OWN.letter(0))))),
]


@pytest.mark.parametrize(
    ("author", "honest"), [control[1:] for control in CONTROLS], ids=[c[0] for c in CONTROLS]
)
def test_an_honest_update_of_the_same_kind_is_taken(author: Author, honest: bytes, yjs: Yjs) -> None:
    scene = Scene()
    assert not scene.lane.put(honest, author).empty
    assert_all_agree(scene.lane, yjs)


def test_a_reader_who_only_repeats_what_is_known_is_answered_and_not_refused() -> None:
    scene = Scene()
    accepted = scene.lane.gate.check(scene.lane.doc.get_update(), READER)
    assert accepted.empty
    assert scene.lane.gate.check(b"\x00\x00", READER).empty


def test_an_id_that_nobody_held_is_bound_to_whoever_first_writes_with_it() -> None:
    scene = Scene()
    accepted = scene.lane.put(update(section(NURSE_OTHER, 0, text("x", o=OWN.letter(LAST)))), NURSE)
    assert accepted.newly_bound
    assert accepted.client == NURSE_OTHER
    assert scene.lane.clients.owner(NURSE_OTHER) == "nurse"
    again = scene.lane.put(update(section(NURSE_OTHER, 1, text("y", o=(NURSE_OTHER, 0)))), NURSE)
    assert not again.newly_bound


def test_a_refused_update_binds_no_id() -> None:
    scene = Scene()
    with pytest.raises(Refused):
        scene.lane.gate.check(
            update(section(NOBODYS, 0, text("x", o=HOUSE.letter(0), r=HOUSE.letter(1)))), NURSE
        )
    assert scene.lane.clients.owner(NOBODYS) is None


def test_what_comes_out_is_written_anew_and_not_copied() -> None:
    scene = Scene()
    several = scene.lane.put(nurses(values("worry", "view", o=OWN.value("kind"))), NURSE)
    assert several.canonical == nurses(
        values("worry", o=OWN.value("kind")), values("view", o=(NURSE_CLIENT, START), keyed=True)
    )
    tail = scene.lane.put(
        update(section(NURSE_CLIENT, START + 1, values("view", "answer", o=OWN.value("kind")))), NURSE
    )
    assert tail.canonical == update(
        section(NURSE_CLIENT, START + 2, values("answer", o=(NURSE_CLIENT, START + 1)))
    )


def test_nothing_comes_between_the_halves_of_a_pair_that_was_deleted(yjs: Yjs) -> None:
    scene = Scene()
    scene.lane.put(update(deletes={NURSE_CLIENT: [(OWN.first + 5, 2)]}), NURSE)
    with pytest.raises(Refused) as refusal:
        scene.lane.put(nurses(deleted(1, o=OWN.letter(5), r=OWN.letter(6))), NURSE)
    assert refusal.value.code == RefusalCode.HALF_A_CHARACTER
    assert_all_agree(scene.lane, yjs)
