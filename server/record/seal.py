"""Sealing: salted hashes of the sheets, one root over them, one signature over the root, chained to the
record before.

    piece   SHA-256(salt ‖ canonical [path, value])        a point, a flag, an answer, or the rest of the
    sheet sheet   SHA-256(salt ‖ canonical {number, pieces})     the salt is 32 random bytes, one for each
    sheet root    SHA-256(canonical statement)                   the statement names every sheet's hash and
    the root before seal    ECDSA P-256 with SHA-256 over the statement

Pieces are hashed one by one only so that a check can name the point that was altered; what a recipient may
not read is left out by whole sheets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from server.record.canonical import Plain, canonical
from server.record.contents import FORMAT, Contents, Front, Part
from server.record.keys import SigningKey, signature_fits
from server.record.plain import from_plain, to_plain
from server.record.sealed import Opened, Record, Seal, Sheet, Signer

SALT_BYTES = 32
# What the first record of a council is chained to.
NOTHING_BEFORE = "0" * 64
# The piece that holds a sheet's single values: its title, number and times.
ABOUT = "about"


def seal(
    contents: Contents,
    *,
    salts: Sequence[bytes],
    previous: str,
    council: str,
    signed_by: Signer,
    signed_at: datetime,
    key: SigningKey,
) -> Record:
    """Seal `contents`. `salts` holds one fresh random salt for the front sheet and for each part. Pure."""
    bodies: list[Front | Part] = [contents.front, *contents.parts]
    sheets = tuple(
        _sheet(number, body, salt) for number, (body, salt) in enumerate(zip(bodies, salts, strict=True))
    )
    conference = contents.front.conference.id
    unsigned = Seal("", previous, council, signed_by, signed_at, key.public_key, "")
    statement = seal_statement(conference, [sheet.hash for sheet in sheets], unsigned)
    root = hashlib.sha256(statement).hexdigest()
    made = Seal(root, previous, council, signed_by, signed_at, key.public_key, key.sign(statement))
    return Record(FORMAT, conference, sheets, made, None)


def seal_statement(conference: str, hashes: Sequence[str], about: Seal) -> bytes:
    """Return the bytes that are signed. Their SHA-256 is the root, printed on paper as the record's
    fingerprint.
    """
    return canonical(
        {
            "statement": "seal",
            "format": FORMAT,
            "conference": conference,
            "sheets": list(hashes),
            "previous": about.previous,
            "council": about.council,
            "signed_by": to_plain(about.signed_by),
            "signed_at": to_plain(about.signed_at),
            "public_key": about.public_key,
        }
    )


def pieces_of(body: dict[str, Any]) -> dict[str, Plain]:
    """Take a sheet's body apart: each entry of each list under `list/index`, all the rest under `about`."""
    pieces: dict[str, Plain] = {
        ABOUT: {name: value for name, value in body.items() if not isinstance(value, list)}
    }
    for name, value in body.items():
        if isinstance(value, list):
            pieces |= {f"{name}/{index}": item for index, item in enumerate(value)}
    return pieces


def piece_hashes(salt: bytes, body: dict[str, Any]) -> dict[str, str]:
    """Return the hash of each piece of a sheet's body."""
    return {
        path: hashlib.sha256(salt + canonical([path, value])).hexdigest()
        for path, value in pieces_of(body).items()
    }


def sheet_hash(number: int, salt: bytes, pieces: dict[str, str]) -> str:
    """Return the hash that stands for a whole sheet."""
    return hashlib.sha256(salt + canonical({"number": number, "pieces": dict(pieces)})).hexdigest()


def read_record(plain: Plain) -> Record:
    """Read a record or copy from parsed JSON. Raises `WrongShape`."""
    return from_plain(Record, plain)


def trusted_record(body: bytes) -> Record:
    """Read a record from our own table, where it was put as sealed."""
    return read_record(json.loads(body))


def seal_fits(record: Record) -> bool:
    """Say whether root and signature belong to exactly these hashes."""
    statement = seal_statement(record.conference, [sheet.hash for sheet in record.sheets], record.seal)
    root = hashlib.sha256(statement).hexdigest()
    return root == record.seal.root and signature_fits(
        record.seal.public_key, record.seal.signature, statement
    )


def breaks_in_chain(records: Sequence[Record]) -> list[str]:
    """Check records in the order of signing. Returns the ids of conferences whose record does not follow
    the one before.

    A record taken out of the table, put in later, or exchanged for another shows here.
    """
    broken = []
    before = NOTHING_BEFORE
    for record in records:
        if record.seal.previous != before or not seal_fits(record):
            broken.append(record.conference)
        before = record.seal.root
    return broken


def _sheet(number: int, body: Front | Part, salt: bytes) -> Sheet:
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    plain: dict[str, Any] = {field.name: to_plain(getattr(body, field.name)) for field in fields(body)}
    pieces = piece_hashes(salt, plain)
    return Sheet(number, sheet_hash(number, salt, pieces), Opened(salt.hex(), pieces, plain))
