"""A checker of its own, written from FORMAT.md alone: it must agree with ours."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pikepdf
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.pdf import pdf_of
from server.record.sealed import Record
from tests.unit.server.record import example


def digest(*pieces: bytes) -> str:
    return hashlib.sha256(b"".join(pieces)).hexdigest()


def signed(key_hex: str, signature: str, statement: bytes) -> bool:
    key = serialization.load_der_public_key(bytes.fromhex(key_hex))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    raw = bytes.fromhex(signature)
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        key.verify(both, statement, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def sheet_fits(sheet: dict[str, Any]) -> bool:
    opened = sheet["opened"]
    if opened is None:
        return True
    salt, body = bytes.fromhex(opened["salt"]), opened["body"]
    pieces = {"about": {name: value for name, value in body.items() if not isinstance(value, list)}}
    for name, value in body.items():
        if isinstance(value, list):
            pieces |= {f"{name}/{index}": entry for index, entry in enumerate(value)}
    hashed = {path: digest(salt, rfc8785.dumps([path, value])) for path, value in pieces.items()}
    whole = digest(salt, rfc8785.dumps({"number": sheet["number"], "pieces": hashed}))
    return bool(hashed == opened["pieces"] and whole == sheet["hash"])


def fits(file: bytes) -> bool:
    record = json.loads(file)
    seal, copy = record["seal"], record["copy"]
    said = {name: seal[name] for name in ("previous", "council", "signed_by", "signed_at", "public_key")}
    sheets = [sheet["hash"] for sheet in record["sheets"]]
    statement = rfc8785.dumps(
        {
            "statement": "seal",
            "format": record["format"],
            "conference": record["conference"],
            "sheets": sheets,
        }
        | said
    )
    of_copy = rfc8785.dumps(
        {
            "statement": "copy",
            "root": seal["root"],
            "recipient": copy["recipient"],
            "sheets": [sheet["number"] for sheet in record["sheets"] if sheet["opened"] is not None],
        }
    )
    return (
        all(map(sheet_fits, record["sheets"]))
        and digest(statement) == seal["root"]
        and signed(seal["public_key"], seal["signature"], statement)
        and signed(seal["public_key"], copy["signature"], of_copy)
    )


@pytest.mark.parametrize("person", [example.MARGARET, example.KEELEY, example.ELLIE])
def test_a_checker_written_from_the_description_finds_every_copy_genuine(
    record: Record, key: SigningKey, person: str
) -> None:
    assert fits(copy_for(record, example.PEOPLE[person], key).to_bytes())


@pytest.mark.parametrize(("old", "new"), [(b"March", b"April"), (b'"number":3,"of"', b'"number":4,"of"')])
def test_it_finds_what_was_altered(record: Record, key: SigningKey, old: bytes, new: bytes) -> None:
    assert not fits(copy_for(record, example.PEOPLE[example.KEELEY], key).to_bytes().replace(old, new))


def test_the_pdf_holds_the_same_file(record: Record, key: SigningKey) -> None:
    copy = copy_for(record, example.PEOPLE[example.KEELEY], key)
    document = pikepdf.open(io.BytesIO(pdf_of(copy, key)))
    assert document.attachments["true-record.json"].get_file().read_bytes() == copy.to_bytes()
