"""The copy of a record that one recipient may have (C5: text of one family, or of a closed part, in the
wrong hands).

What they may not read is absent, not blacked out: of such a part the copy holds a salted hash and nothing
else, not even its title. The same table of permissions decides that decided at the meeting.
"""

from __future__ import annotations

from dataclasses import replace

from server.record.canonical import canonical
from server.record.contents import Front, Part
from server.record.keys import SigningKey
from server.record.plain import from_plain, to_plain
from server.record.sealed import Copy, Recipient, Record, Sheet
from shared_doc.permissions import Act, Audience, Person, Phase, Place, Verdict, decide

FRONT = 0


def may_have_copy(person: Person) -> Verdict:
    """Say whether someone may have a copy of the signed record at all."""
    return decide(person, Act.READ_RECORD, Place(Phase.SIGNED))


def copy_for(record: Record, person: Person, key: SigningKey) -> Record:
    """Make the copy for `person`. Who may have none gets the front of nothing: ask `may_have_copy` first."""
    if not may_have_copy(person):
        raise PermissionError("no copy for this person")
    front = front_of(record)
    kept = [FRONT] + [
        sheet.number for sheet in record.sheets if sheet.number != FRONT and _may_read(person, part_of(sheet))
    ]
    name = next((other.name for other in front.people if other.id == person.id), "")
    place = front.recipients.index(person.id) + 1 if person.id in front.recipients else 0
    return _select(record, kept, Recipient(person.id, name, place, len(front.recipients)), key)


def copy_statement(root: str, copy: Copy) -> bytes:
    """Return the bytes signed for a copy. They hold no words of the record, only which sheets of which
    root.
    """
    recipient = to_plain(copy.recipient)
    return canonical({"statement": "copy", "root": root, "recipient": recipient, "sheets": list(copy.sheets)})


def front_of(record: Record) -> Front:
    """Read the front sheet. Raises `WrongShape` where there is none that can be read."""
    opened = record.sheets[FRONT].opened
    return from_plain(Front, opened.body if opened else None)


def part_of(sheet: Sheet) -> Part:
    """Read a part's sheet. Raises `WrongShape` where it is left out or cannot be read."""
    return from_plain(Part, sheet.opened.body if sheet.opened else None)


def parts_of(record: Record) -> list[Part]:
    """Read every part that is in this copy."""
    return [part_of(sheet) for sheet in record.sheets if sheet.number != FRONT and sheet.opened]


def _may_read(person: Person, part: Part) -> bool:
    place = Place(Phase.SIGNED, part.id, Audience(part.audience))
    return bool(decide(person, Act.READ_RECORD, place))


def _select(record: Record, kept: list[int], recipient: Recipient, key: SigningKey) -> Record:
    unsigned = Copy(recipient, tuple(kept), "")
    signed = replace(unsigned, signature=key.sign(copy_statement(record.seal.root, unsigned)))
    sheets = tuple(sheet if sheet.number in kept else replace(sheet, opened=None) for sheet in record.sheets)
    return replace(record, sheets=sheets, copy=signed)
