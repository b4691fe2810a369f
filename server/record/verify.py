"""Check a file that someone hands in: is it what was signed? Works offline and trusts nothing in the file.

`verify(data)` takes the bytes of a copy: JSON, PDF, or the record's page as a browser saved it. Without the council's
published keys it can say that a file is whole and names the key it was signed with; only with them it says that the
file is genuine. It raises nothing, whatever the bytes are. How large a file may be is for the caller to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from server.record import pdf_check, saved_page
from server.record.canonical import NotCanonical, parse
from server.record.contents import FORMAT, Front, Part
from server.record.copy import FRONT, copy_statement
from server.record.keys import fingerprint, signature_fits
from server.record.passages import FIRST_PAGE, differing, part_name, passages, struck
from server.record.plain import WrongShape, from_plain
from server.record.seal import ABOUT, SALT_BYTES, piece_hashes, read_record, seal_fits, sheet_hash
from server.record.sealed import Opened, Record, Sheet
from server.record.telling import tell
from server.record.verdict import NOT_A_RECORD, Claim, Misfit, Outcome, Verdict

# A damaged file may not be readable at all. Two of these in it, and it was one of our records before it was changed.
_TRACES = (
    rb'"format"\s*:\s*"true-record/1"',
    rb'"sheets"\s*:\s*\[',
    rb'"seal"\s*:\s*\{',
    rb'"pieces"\s*:\s*\{',
    rb'"public_key"\s*:\s*"30',
    rb'"conference"\s*:\s*"',
    rb'"copy"\s*:\s*\{',
)

_CHANGED = "The words of this part were changed after signing. We cannot tell by whom."
_NOT_AS_SIGNED = "It does not say what was signed."
_TAKEN_OUT = "It was taken out or can no longer be read."


def verify(data: bytes, known_keys: frozenset[str] = frozenset()) -> Verdict:
    """Say whether `data` is genuine. `known_keys` are the council's published public keys, if they are at
    hand.
    """
    if pdf_check.looks_like_pdf(data):
        return _verify_pdf(data, known_keys)
    if saved_page.looks_like_page(data):
        return _verify_page(data, known_keys)
    return _verify_json(data, known_keys)[0]


def _verify_json(data: bytes, known_keys: frozenset[str]) -> tuple[Verdict, Record | None]:
    """What was found, and the record if it could be read."""
    try:
        plain = parse(data)
    except NotCanonical:
        return _unreadable(data), None
    if not isinstance(plain, dict) or not {"format", "sheets", "seal"} <= plain.keys():
        return _unreadable(data), None
    try:
        record = read_record(plain)
    except WrongShape as error:
        return Verdict(Outcome.ALTERED, (Misfit(*_where(error.where)),)), None
    return check(record, known_keys), record


def _unreadable(data: bytes) -> Verdict:
    if sum(re.search(trace, data) is not None for trace in _TRACES) < 2:
        return NOT_A_RECORD
    why = "It was a record, but it is damaged or was changed, and can no longer be read."
    return Verdict(Outcome.ALTERED, (Misfit("The whole file", why),))


def _verify_pdf(data: bytes, known_keys: frozenset[str]) -> Verdict:
    found = pdf_check.examine(data)
    if found is None:
        return NOT_A_RECORD
    inside, record = _verify_json(found.attached or b"", known_keys)
    if inside.outcome is Outcome.NOT_A_RECORD:
        missing = Misfit("The record inside the PDF", _TAKEN_OUT)
        return Verdict(Outcome.ALTERED, (missing, *found.misfits))
    misfits = list(found.misfits)
    if found.public_key and inside.claim and fingerprint(found.public_key) != inside.claim.key_fingerprint:
        misfits.append(Misfit("The signature of the PDF", "It was made with another key than the record's."))
    if misfits and record is not None and inside.outcome is not Outcome.ALTERED:
        misfits += _printed_otherwise(data, record)
    return _with(inside, misfits)


def _printed_otherwise(data: bytes, record: Record) -> Iterator[Misfit]:
    """The points that the pages of a changed PDF show otherwise than the record in it, which is whole."""
    printed, told = pdf_check.words_of(data), tell(record)
    signed = pdf_check.words_of(_printed_anew(record)) if printed else ""
    for name in differing(passages(told), signed, printed) if signed else ():
        yield Misfit(f"{name}, on the printed page", _NOT_AS_SIGNED)


def _printed_anew(record: Record) -> bytes:
    # The typesetter takes a moment to load, and only a changed PDF needs it.
    from server.record.pdf import print_copy

    return print_copy(record)


def _verify_page(data: bytes, known_keys: frozenset[str]) -> Verdict:
    page = saved_page.read(data)
    if page is None:
        return _unreadable(data)
    inside, record = _verify_json(page.record, known_keys)
    if inside.outcome is Outcome.NOT_A_RECORD:
        return Verdict(Outcome.ALTERED, (Misfit("The record inside the page", _TAKEN_OUT),))
    misfits: list[Misfit] = []
    if not page.words.split():
        misfits.append(Misfit("The words of the page", "They were taken out."))
    elif record is not None and inside.outcome is not Outcome.ALTERED:
        told = tell(record)
        expected = passages(told)
        signed = " ".join(one.text for one in expected)
        misfits += [
            Misfit(f"{name}, on the page", _NOT_AS_SIGNED) for name in differing(expected, signed, page.words)
        ]
        if not misfits and page.struck.split() != struck(told).split():
            misfits.append(Misfit("What is struck out on the page", "It is not what was struck out."))
        if page.strange:
            misfits.append(Misfit("The page", "Something was put into it that changes how its words look."))
    return replace(_with(inside, misfits), around=page.around)


def _with(inside: Verdict, misfits: list[Misfit]) -> Verdict:
    """The verdict on the record in a file, with what does not fit of the file around it."""
    outcome = Outcome.ALTERED if misfits else inside.outcome
    return replace(inside, outcome=outcome, misfits=(*inside.misfits, *misfits))


def check(record: Record, known_keys: frozenset[str] = frozenset()) -> Verdict:
    """Check a copy that could be read: every piece, every sheet, the seal, the copy's own statement, and
    the key.
    """
    misfits: list[Misfit] = []
    fitting: list[int] = []
    for place, sheet in enumerate(record.sheets):
        found = list(_sheet_misfits(sheet, place))
        misfits += found
        if sheet.opened is not None and sheet.number != FRONT and not found:
            fitting.append(sheet.number)
    misfits += _seal_misfits(record)
    key_is_known = record.seal.public_key in known_keys
    if misfits:
        outcome = Outcome.ALTERED
    elif key_is_known:
        outcome = Outcome.GENUINE
    else:
        outcome = Outcome.FOREIGN if known_keys else Outcome.WHOLE
    if known_keys and not key_is_known:
        misfits.append(Misfit("The signature", "It was not made with this council’s key."))
    return Verdict(outcome, tuple(misfits), tuple(fitting), _claim(record), key_is_known)


def _sheet_misfits(sheet: Sheet, place: int) -> Iterator[Misfit]:
    if sheet.number != place:
        yield Misfit("The order of the parts", "Parts were moved, added or taken out.")
    opened = sheet.opened
    if opened is None:
        if place == FRONT:
            yield Misfit(FIRST_PAGE, "It was taken out.")
        return
    name = _name_of(sheet)
    if sheet_hash(sheet.number, _salt(opened), opened.pieces) != sheet.hash:
        yield Misfit(name, _CHANGED)
        return
    now = piece_hashes(_salt(opened), opened.body)
    paths = sorted(
        path for path in now.keys() | opened.pieces.keys() if now.get(path) != opened.pieces.get(path)
    )
    for path in paths:
        if path not in now:
            yield Misfit(_piece_name(name, opened, path), "It was taken out after signing.")
        elif path not in opened.pieces:
            yield Misfit(_piece_name(name, opened, path), "It was added after signing.")
        else:
            yield Misfit(
                _piece_name(name, opened, path), "It was changed after signing. We cannot tell by whom."
            )
    try:
        from_plain(Front if sheet.number == FRONT else Part, opened.body)
    except WrongShape:
        if not paths:
            yield Misfit(name, "It does not have the form of a record.")


def _seal_misfits(record: Record) -> Iterator[Misfit]:
    if record.format != FORMAT:
        yield Misfit("The kind of file", "It is not one that this version knows.")
    if not seal_fits(record):
        yield Misfit(
            "The seal", "It does not belong to this record: the list of parts or the signature was changed."
        )
    copy = record.copy
    if copy is None:
        yield Misfit("Whom this copy was made for", "It was taken out.")
        return
    opened = tuple(sheet.number for sheet in record.sheets if sheet.opened is not None)
    statement = copy_statement(record.seal.root, copy)
    if copy.sheets != opened:
        yield Misfit("The parts in this copy", "Parts were taken out of it or put into it after it was made.")
    elif not signature_fits(record.seal.public_key, copy.signature, statement):
        yield Misfit("Whom this copy was made for", "This was changed.")


def _salt(opened: Opened) -> bytes:
    """The salt, or one that fits nothing where it is not 32 bytes in lower-case hex."""
    try:
        salt = bytes.fromhex(opened.salt)
    except ValueError:
        return b""
    return salt if len(salt) == SALT_BYTES and salt.hex() == opened.salt else b""


def _name_of(sheet: Sheet) -> str:
    if sheet.number == FRONT:
        return FIRST_PAGE
    title = sheet.opened.body.get("title") if sheet.opened else None
    return part_name(sheet.number, title) if isinstance(title, str) else f"Part {sheet.number}"


_LISTS = {
    "minutes": "point {}",
    "summary": "point {} of the chair’s summary",
    "flags": "what was said not to be right, and the answer ({})",
    "answers": "an answer at the read-through ({})",
    "evidence": "the end of the log ({})",
    "children": "the children ({})",
    "people": "who was there ({})",
    "recipients": "who has a copy ({})",
}


def _piece_name(sheet_name: str, opened: Opened, path: str) -> str:
    """`minutes/3` of part 5 as a reader knows it: its own number where it has one, else its place in the
    list.
    """
    if path == ABOUT:
        return f"{sheet_name}, its title and times"
    name, _, index = path.partition("/")
    number: object = int(index) + 1 if index.isdigit() and len(index) < 6 else "?"
    entries = opened.body.get(name)
    if name in ("minutes", "summary") and isinstance(entries, list) and isinstance(number, int):
        entry = entries[number - 1] if number <= len(entries) else None
        given = entry.get("number") if isinstance(entry, dict) else None
        number = given if type(given) is int else number
    return f"{sheet_name}, {_LISTS.get(name, 'something ({})').format(number)}"


def _where(path: str) -> tuple[str, str]:
    """Name the place at which the file stops having the form of a record."""
    found = re.match(r"/sheets/(\d{1,6})(/|$)", path)
    if found is None:
        return "The seal", "It does not have the form that a record has."
    number = int(found[1])
    return (
        FIRST_PAGE if number == FRONT else f"Part {number}"
    ), "It does not have the form that a record has."


def _claim(record: Record) -> Claim:
    recipient = record.copy.recipient if record.copy else None
    seal = record.seal
    try:
        key = fingerprint(seal.public_key)
    except ValueError:
        key = ""
    return Claim(
        conference=record.conference,
        council=seal.council,
        signed_by=seal.signed_by.name,
        signed_at=seal.signed_at,
        made_for=recipient.name if recipient else "",
        copy_number=recipient.number if recipient else 0,
        copies=recipient.of if recipient else 0,
        parts_in_it=tuple(sheet.number for sheet in record.sheets if sheet.opened and sheet.number != FRONT),
        parts=len(record.sheets) - 1,
        root=seal.root,
        key_fingerprint=key,
    )
