"""A sealed record, and a copy of it, as they stand in the JSON file.

The file is an object of `format`, `conference`, `sheets`, `seal` and, in every file that leaves the server,
`copy`. Sheet 0 is the front sheet, sheet n is part n in the order of the agenda. A sheet that this
recipient may not read is there as its hash alone; the salt stays behind, so that nobody can guess at its
words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.record.canonical import canonical
from server.record.plain import to_plain


@dataclass(frozen=True, slots=True)
class Opened:
    """What a sheet holds: its salt (32 bytes, hex), the hash of each piece of its body, and the body."""

    salt: str
    pieces: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `opened` is unset where it is left out of this copy."""

    number: int
    hash: str
    opened: Opened | None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the chair of the conference."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The signature over the root, which covers every sheet's hash and the root of the record signed
    before this one.
    """

    root: str
    previous: str
    council: str
    signed_by: Signer
    signed_at: datetime
    public_key: str
    signature: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a copy was made for. `number` of `of` as counted at signing; 0 for someone entitled only later."""

    id: str
    name: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Copy:
    """The signed statement that this selection of sheets was made for this recipient."""

    recipient: Recipient
    sheets: tuple[int, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class Record:
    """A sealed record (`copy` unset) or one recipient's copy of it."""

    format: str
    conference: str
    sheets: tuple[Sheet, ...]
    seal: Seal
    copy: Copy | None

    def to_bytes(self) -> bytes:
        """The file: canonical JSON."""
        return canonical(to_plain(self))
