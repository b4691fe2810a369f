"""What bytes are aimed at, by a fuzzer, by the corpus and by hypothesis. Each aim raises if something is not right."""

from __future__ import annotations

from random import Random
from typing import Any

from pycrdt import Doc

from shared_doc.errors import Malformed, Refused
from shared_doc.gate import LIVE, STEP2, Accepted, Author, ClientIds, Gate, Rights
from shared_doc.messages import decode_client
from shared_doc.update import decode_state_vector, decode_update, encode_update
from tests.faults.hostile.playing import Chosen, play
from tests.faults.hostile.stage import Figures, Stage, held
from tests.protocol.meeting import MINUTES

CHAIR = Author("ruth", Rights(edit_any=True, edit_own=True, add=True))
NURSE = Author("sam", Rights(edit_any=False, edit_own=True, add=True))
READER = Author("kelly", Rights(edit_any=False, edit_own=False, add=False))


def history() -> list[bytes]:
    """The rows of a lane with a history: two writers, an emoji, text and values that were replaced."""
    stage = Stage(Random(5), Figures())
    ruth, sam = stage.page("ruth", client=10), stage.page("sam", client=20)
    first = ruth.type("The house is warm 😀 and clean.")
    second = sam.type("Seen 😀 by the nurse.")
    stage.commit()
    ruth.rub_out(3, first)
    with ruth.doc.transaction():
        ruth.points[second]["kind"] = "worry"
    ruth._flush()
    stage.commit()
    stage.end()
    return stage.log[MINUTES]


ROWS = history()


def before() -> tuple[Gate, Doc[Any]]:
    """The lane of `ROWS`: its gate and its document."""
    doc: Doc[Any] = Doc()
    for row in ROWS:
        doc.apply_update(row)
    return Gate.load(doc.get_update(), ClientIds({10: "ruth", 20: "sam", 30: "kelly"})), doc


def update(data: bytes) -> None:
    """Bytes as an update, from each of three people: refused without a trace, or the same everywhere."""
    for author in (READER, NURSE, CHAIR):
        gate, doc = before()
        truth = held(doc)
        try:
            accepted = gate.check(data, author, limits=STEP2)
        except (Malformed, Refused):
            assert gate.matches(doc)
            continue
        _accepted(gate, doc, accepted)
        for point, values in held(doc).items():
            if values != truth.get(point):
                assert author.rights, "a reader changed something"
                assert author is CHAIR or gate.started_by(point) == author.participant
        assert truth.keys() <= held(doc).keys()


def _accepted(gate: Gate, doc: Doc[Any], accepted: Accepted) -> None:
    # What was accepted is what would be written of it again, and a second time it brings nothing.
    assert encode_update(decode_update(accepted.canonical, STEP2)) == accepted.canonical
    doc.apply_update(accepted.canonical)
    assert gate.matches(doc)
    assert gate.check(accepted.canonical, CHAIR, limits=STEP2).empty
    again: Doc[Any] = Doc()
    again.apply_update(doc.get_update())
    assert held(again) == held(doc)
    singly: Doc[Any] = Doc()
    for row in (*ROWS, accepted.canonical):
        singly.apply_update(row)
    assert held(singly) == held(doc)


def frames(data: bytes) -> None:
    """Bytes as the frames of one line: each is 16 bits of length, then so many bytes."""
    stage = Stage(Random(5), Figures())
    stage.log[MINUTES] = list(ROWS)
    stage.restart()
    for point in held(stage.stored(MINUTES)):
        stage.starters[MINUTES, point] = "ruth"
    stage.book[MINUTES] = stage.stored(MINUTES)
    page = stage.page("ruth", client=10)
    while data and not page.session.closed and page.shut is None:
        length = int.from_bytes(data[:2], "little")
        stage.frame(page, data[2 : 2 + length])
        data = data[2 + length :]
    stage.settle(None)
    stage.end()


def play_of(data: bytes) -> None:
    """Bytes as the choices of a crowd."""
    play(Chosen(data), Figures(), None)


def frame(data: bytes) -> None:
    """Bytes as one frame, and as a state vector."""
    for read in (decode_client, decode_state_vector, lambda body: decode_update(body, LIVE)):
        try:
            read(data)
        except Malformed:
            continue
