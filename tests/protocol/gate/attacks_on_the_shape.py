"""Putting into a lane what does not belong there: other types, other keys, other values."""

from __future__ import annotations

from collections.abc import Iterator

from tests.protocol.gate import forge
from tests.protocol.gate.aims import HOUSE, LAST, MALFORMED, NEW_ID, NO_IDS, OWN, START, birth, nurses
from tests.protocol.gate.forge import deleted, gc, section, skip, text, update, values, y_type
from tests.protocol.gate.scene import CHAIR_CLIENT, NURSE_CLIENT


def on_the_shape() -> Iterator[tuple[str, str, bytes]]:
    no = "not_a_point"
    yield "text in another root", no, nurses(text("x", parent="text"))
    yield "text in the root of points", no, nurses(text("x", parent="points"))
    yield "a value in the root of points", no, nurses(values("x", parent="points", key=NEW_ID))
    yield "a value in another root", no, nurses(values("x", parent="other", key="k"))
    yield "a map in another root", no, nurses(y_type(forge.Y_MAP, parent="Points", key=NEW_ID))
    yield "a map in the root without a key", no, nurses(y_type(forge.Y_MAP, parent="points"))
    yield "a text as a point", no, nurses(y_type(forge.Y_TEXT, parent="points", key=NEW_ID))
    yield "an array as a point", no, nurses(y_type(forge.Y_ARRAY, parent="points", key=NEW_ID))
    yield "a deleted entry", no, nurses(deleted(1, parent="points", key=NEW_ID))
    exists = "point_exists"
    yield "a foreign point made again", exists, nurses(*birth(HOUSE.id))
    yield "an own point made again", exists, nurses(*birth(OWN.id))
    yield (
        "a foreign point replaced behind its entry",
        no,
        nurses(y_type(forge.Y_MAP, o=HOUSE.entry, keyed=True)),
    )
    yield "a text set again by name", no, nurses(y_type(forge.Y_TEXT, parent=OWN.entry, key="text"))
    yield (
        "a text set again behind the first",
        no,
        nurses(y_type(forge.Y_TEXT, o=OWN.value("text"), keyed=True)),
    )
    yield "a text replaced by a value", no, nurses(values("x", o=OWN.value("text")))
    yield "a text replaced by a deleted value", no, nurses(deleted(1, o=OWN.value("text"), keyed=True))
    yield "letters behind an entry", no, nurses(text("x", o=OWN.entry))
    yield "letters behind a text's own item", no, nurses(text("x", o=OWN.text))
    yield "letters in front of an entry", no, nurses(text("x", r=OWN.entry))
    yield "letters in an entry", no, nurses(text("x", parent=OWN.entry))
    yield "letters behind a value", no, nurses(text("x", o=OWN.value("kind")))
    yield "letters with a key", no, nurses(text("x", o=OWN.letter(LAST), keyed=True))
    yield "a value among letters", no, nurses(values("x", o=OWN.letter(LAST)))
    yield "a value without its key", no, nurses(values(True, o=OWN.value("struck"), keyed=False))
    yield (
        "a deleted value without its key",
        no,
        nurses(deleted(1, o=OWN.value("struck"), keyed=False), values(True, o=(NURSE_CLIENT, START))),
    )
    yield "a map among letters", no, nurses(y_type(forge.Y_MAP, o=OWN.letter(LAST)))
    yield "a text among letters", no, nurses(y_type(forge.Y_TEXT, o=OWN.letter(LAST)))
    yield "a value in a text", no, nurses(values("x", parent=OWN.text, key="bold"))
    yield "a value set by name on an own point", no, nurses(values(True, parent=OWN.entry, key="struck"))
    yield "a value set by name on a foreign point", no, nurses(values(True, parent=HOUSE.entry, key="struck"))
    yield "a sixth key on an own point", no, nurses(values("x", parent=OWN.entry, key="colour"))
    for key in ("colour", "__proto__", "constructor", "toString", ""):
        yield (
            f"a new point with the key {key!r}",
            no,
            nurses(*birth(), values("x", parent=(NURSE_CLIENT, START), key=key)),
        )
    yield (
        "a new point with a key set twice",
        no,
        nurses(*birth(), values("worry", parent=(NURSE_CLIENT, START), key="kind")),
    )
    yield (
        "a new point with two texts",
        no,
        nurses(*birth(), y_type(forge.Y_TEXT, parent=(NURSE_CLIENT, START), key="text")),
    )
    yield (
        "a new point with a map in it",
        no,
        nurses(*birth(leave_out="kind"), y_type(forge.Y_MAP, parent=(NURSE_CLIENT, START), key="kind")),
    )
    yield (
        "a new point whose text is a value",
        no,
        nurses(*birth(leave_out="text"), values("x", parent=(NURSE_CLIENT, START), key="text")),
    )
    yield (
        "a new point with a text as its kind",
        no,
        nurses(*birth(leave_out="kind"), y_type(forge.Y_TEXT, parent=(NURSE_CLIENT, START), key="kind")),
    )
    yield "a new point inside a point", no, nurses(y_type(forge.Y_MAP, parent=OWN.entry, key=NEW_ID))
    for key in ("text", "position", "kind", "said_by", "struck"):
        yield f"a new point without {key}", "point_incomplete", nurses(*birth(leave_out=key))
    yield "a new point and nothing in it", "point_incomplete", nurses(birth()[0])
    for point_id in NO_IDS:
        yield f"a new point called {point_id!r}", no, nurses(*birth(point_id))
    for content, body in (
        (forge.JSON, forge.uint(1) + forge.sized(b'"x"')),
        (forge.BINARY, forge.sized(b"x")),
        (forge.EMBED, forge.sized(b'{"image":"x"}')),
        (forge.FORMAT, forge.sized(b"bold") + forge.sized(b"true")),
        (forge.DOC, forge.sized(b"guid") + forge.one({})),
    ):
        yield f"content {content} in a text", no, nurses(forge.item(content, body, o=OWN.letter(LAST)))
    for kind in (
        forge.Y_ARRAY,
        forge.Y_XML_ELEMENT,
        forge.Y_XML_FRAGMENT,
        forge.Y_XML_HOOK,
        forge.Y_XML_TEXT,
    ):
        yield f"type {kind} in a text", no, nurses(y_type(kind, o=OWN.letter(LAST)))
    yield (
        "a sub-document as a point",
        no,
        nurses(forge.item(forge.DOC, forge.sized(b"guid") + forge.one({}), parent="points", key=NEW_ID)),
    )
    yield "an endless deleted text", "too_much", nurses(deleted(1 << 30, o=OWN.letter(LAST)))
    yield "what was collected", no, nurses(gc(1))
    yield "very much that was collected", no, nurses(gc(1 << 30))
    yield "a skipped stretch", no, nurses(skip(1))
    yield "a skipped stretch before own text", no, nurses(skip(3), text("x", o=OWN.letter(LAST)))


def on_values() -> Iterator[tuple[str, str, bytes]]:
    bad: dict[str, list[object]] = {
        "kind": ["", "Point", "insult", "<b>", True, 1, None, ["point"], {"kind": "point"}, b"point"],
        "position": [
            "",
            "0",
            "a",
            "a10",
            "../x",
            "a0\n",
            "a٠",
            "A" + "0" * 26,
            "a1" + "V" * 199,
            True,
            5,
            None,
        ],
        "said_by": ["Nurse", "a b", "a" * 33, "<b>", "é", True, 7, None],
        "struck": ["true", "", 1, 0, None],
    }
    for key, refused in bad.items():
        for value in refused:
            yield f"{key} set to {str(value)[:20]!r}", "bad_value", nurses(values(value, o=OWN.value(key)))
    yield (
        "a new point with a bad kind",
        "bad_value",
        nurses(*birth(leave_out="kind"), values("x", parent=(NURSE_CLIENT, START), key="kind")),
    )
    yield (
        "a bad value that is replaced in the same breath",
        "bad_value",
        nurses(values("insult", "worry", o=OWN.value("kind"))),
    )
    yield "a position out of another key", "bad_value", nurses(values("worry", o=OWN.value("position")))
    for code in (0x0, 0x9, 0xA, 0xD, 0x1B, 0x7F, 0x85, 0x9F, 0x2028, 0x2029):
        yield f"U+{code:04X} in a text", "bad_text", nurses(text(f"a{chr(code)}b", o=OWN.letter(LAST)))
    for half in ("\ud83d", "\ude00", "\ude00\ud83d"):
        yield f"{half!a} in a text", MALFORMED, nurses(text(half, o=OWN.letter(LAST)))
    gone = "not_deletable"
    yield "deleting an own point's entry", gone, update(deletes={NURSE_CLIENT: [(OWN.entry[1], 1)]})
    yield "deleting a foreign point's entry", gone, update(deletes={CHAIR_CLIENT: [(HOUSE.entry[1], 1)]})
    yield "deleting an own point's text as a whole", gone, update(deletes={NURSE_CLIENT: [(OWN.text[1], 1)]})
    yield (
        "deleting a foreign point's text as a whole",
        gone,
        update(deletes={CHAIR_CLIENT: [(HOUSE.text[1], 1)]}),
    )
    for key in ("position", "kind", "said_by", "struck"):
        yield (
            f"deleting {key} of an own point",
            gone,
            update(deletes={NURSE_CLIENT: [(OWN.value(key)[1], 1)]}),
        )
    yield "deleting a foreign value", gone, update(deletes={CHAIR_CLIENT: [(HOUSE.value("struck")[1], 1)]})
    yield "deleting everything of one's own", gone, update(deletes={NURSE_CLIENT: [(0, START)]})
    yield (
        "deleting the value that was just set",
        gone,
        update(
            section(NURSE_CLIENT, START, values(True, o=OWN.value("struck"))),
            deletes={NURSE_CLIENT: [(START, 1)]},
        ),
    )
    yield "a deleted value as the last", gone, nurses(deleted(1, o=OWN.value("struck"), keyed=True))
    yield (
        "a value with a deleted one behind it",
        gone,
        nurses(values(True, o=OWN.value("struck")), deleted(1, o=(NURSE_CLIENT, START), keyed=True)),
    )
    yield (
        "a new point with a deleted key",
        gone,
        nurses(*birth(leave_out="struck"), deleted(1, parent=(NURSE_CLIENT, START), key="struck")),
    )
