"""What the real editor sends, act by act, passes the gate and comes out as it went in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared_doc.gate import STEP2, Author, Gate, Rights
from shared_doc.structs import ANY, DELETED, STRING, TYPE, Y_MAP, Struct
from shared_doc.update import decode_update
from tests.node_runtime import run
from tests.protocol.gate.lane import NODE, Lane, Yjs, assert_all_agree, held

ALL = Rights(edit_any=True, edit_own=True, add=True)


@pytest.fixture(scope="module")
def acts() -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(NODE / "acts.mjs"))
    return result


def played(acts: dict[str, Any]) -> Lane:
    lane = Lane()
    for entry in acts["log"]:
        for update in entry["updates"]:
            lane.put(bytes.fromhex(update), Author(entry["who"], ALL), step2=entry.get("step2", False))
    return lane


def test_everything_the_editor_does_is_accepted_and_everyone_agrees(acts: dict[str, Any], yjs: Yjs) -> None:
    lane = played(acts)
    assert held(lane.doc) == acts["held"]
    assert_all_agree(lane, yjs)


def test_live_updates_come_out_of_the_gate_byte_for_byte(acts: dict[str, Any]) -> None:
    lane = Lane()
    compared = 0
    for entry in acts["log"]:
        for update in map(bytes.fromhex, entry["updates"]):
            accepted = lane.put(update, Author(entry["who"], ALL), step2=entry.get("step2", False))
            if not entry.get("step2") and not accepted.empty:
                assert accepted.canonical == update, entry["act"]
                compared += 1
    assert compared > 50


def test_what_comes_twice_is_known_and_changes_nothing(acts: dict[str, Any]) -> None:
    lane = played(acts)
    before = held(lane.doc)
    for entry in acts["log"]:
        for update in entry["updates"]:
            assert lane.put(bytes.fromhex(update), Author(entry["who"], ALL), step2=True).empty
    assert held(lane.doc) == before


def test_the_whole_state_of_an_up_to_date_page_brings_nothing_new(acts: dict[str, Any]) -> None:
    lane = played(acts)
    accepted = lane.gate.check(
        lane.doc.get_update(), Author("reader", Rights(False, False, False)), limits=STEP2
    )
    assert accepted.empty
    assert accepted.canonical == b"\x00\x00"


def _sort(struct: Struct) -> str:
    """A struct in the words of the table: content@parent, with its origins."""
    names = {STRING: "text", ANY: "value", DELETED: "deleted", TYPE: "type"}
    place = "named" if struct.parent is not None else ""
    if struct.content == TYPE:
        return f"{'map' if struct.value == Y_MAP else 'ytext'} {place}"
    origins = "".join(
        letter for letter, there in (("o", struct.origin), ("r", struct.right)) if there is not None
    )
    what = "key" if struct.keyed else "letters"
    return f"{names[struct.content]}@{what} {place or origins}"


BIRTH = {"map named", "ytext named", "value@key named"}
SHOWN = {"value@key o"}
TYPED = {"text@letters named", "text@letters o", "text@letters r", "text@letters or"}

# Which structs each act may send, and whether it must, may (None) or must not delete.
TABLE: dict[str, tuple[set[str], bool | None]] = {
    "create": (BIRTH | SHOWN, True),
    "create with text": (BIRTH | SHOWN | {"text@letters named"}, True),
    "type the first letter": ({"text@letters named"}, False),
    "type on": ({"text@letters o"}, False),
    "type inside": ({"text@letters or"}, False),
    "type in front": ({"text@letters r"}, False),
    "type in someone else's text": ({"text@letters or"}, False),
    "paste": ({"text@letters or"}, False),
    "backspace": (set(), True),
    "cut": (set(), True),
    "clear the whole text": (set(), True),
    "type into a cleared text": ({"text@letters o"}, False),
    "replace a word": (TYPED, True),
    "put in an emoji": ({"text@letters or"}, False),
    "replace an emoji by its neighbour": (TYPED, True),
    "delete an emoji": (set(), True),
    "compose letters": (TYPED, True),
    "write right to left": ({"text@letters or"}, False),
    "write in one step as a delta": (TYPED, True),
    "split": (BIRTH | SHOWN | {"text@letters named"}, True),
    "split at the end": (BIRTH | SHOWN, True),
    "undo a split": (SHOWN | TYPED, True),
    "redo a split": (SHOWN | TYPED, True),
    "join": (SHOWN | TYPED, True),
    "undo a join": (SHOWN | TYPED, True),
    "redo a join": (SHOWN | TYPED, True),
    "move": (SHOWN, True),
    "undo a move": (SHOWN, True),
    "kind": (SHOWN, True),
    "said by": (SHOWN, True),
    "strike": (SHOWN, True),
    "unstrike": (SHOWN, True),
    "undo typing": (TYPED, True),
    "redo typing": (TYPED, False),
    "undo a deletion": (TYPED, True),
    "undo a creation in which another typed": (SHOWN, True),
    "redo a creation": (SHOWN | TYPED, True),
    "paste thirty lines": (BIRTH | SHOWN | TYPED, True),
    "undo a paste": (SHOWN | TYPED, True),
    "redo a paste": (SHOWN | TYPED, True),
    "nothing while away": (set(), True),
    "type while away": (TYPED | {"deleted@letters or", "deleted@letters r", "deleted@letters o"}, True),
    "change values while away": (SHOWN, True),
    "create while away": (
        BIRTH | SHOWN | TYPED | {"deleted@key o", "deleted@key named", "deleted@letters named"},
        True,
    ),
    "change values while away, with nothing kept for undo": (
        SHOWN | TYPED | {"deleted@key o", "deleted@letters o", "deleted@letters r", "deleted@letters or"},
        True,
    ),
}


def test_the_editor_sends_what_the_table_says_and_no_other_struct(acts: dict[str, Any]) -> None:
    assert {entry["act"] for entry in acts["log"]} == set(TABLE)
    for entry in acts["log"]:
        allowed, deletes = TABLE[entry["act"]]
        updates = [decode_update(bytes.fromhex(update), STEP2) for update in entry["updates"]]
        for update in updates:
            sorts = {_sort(struct) for section in update.sections.values() for struct in section}
            assert sorts <= allowed, entry["act"]
        assert any(update.deletes for update in updates) == deletes, entry["act"]


def test_a_merged_offline_run_of_values_is_taken_apart(acts: dict[str, Any]) -> None:
    (step2,) = [entry for entry in acts["log"] if entry["act"] == "change values while away"]
    decoded = decode_update(bytes.fromhex(step2["updates"][0]), STEP2)
    assert any(
        struct.content == ANY and struct.length > 1
        for section in decoded.sections.values()
        for struct in section
    )
    lane = Lane()
    for entry in acts["log"]:
        for update in entry["updates"]:
            accepted = lane.put(bytes.fromhex(update), Author(entry["who"], ALL), step2=True)
            for section in accepted.update.sections.values():
                assert all(struct.content != ANY or struct.length == 1 for struct in section)


def test_loading_the_stored_lane_gives_the_same_index_after_every_act(acts: dict[str, Any]) -> None:
    from tests.protocol.gate.lane import picture

    lane = Lane()
    for entry in acts["log"]:
        for update in entry["updates"]:
            lane.put(bytes.fromhex(update), Author(entry["who"], ALL), step2=entry.get("step2", False))
        assert picture(Gate.load(lane.doc.get_update(), lane.clients)) == picture(lane.gate), entry["act"]
