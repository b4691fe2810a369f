"""The frames of the live protocol (Hocuspocus v4): one frozen class per frame, reading and writing side by
side.

`decode_client` reads what a client may send and is a trust boundary; `decode_server` reads what a server
sends, for clients written in Python. The grammar, the order and who may send what are in `PROTOCOL.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from shared_doc.encoding import Reader, write_bytes, write_string, write_uint
from shared_doc.errors import Malformed, MalformedCode


class Kind(IntEnum):
    """The number after the document's name. 4 and 6 are spoken between servers only, and hostile from a
    client."""

    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3
    STATELESS = 5
    CLOSE = 7
    SYNC_STATUS = 8


class Scope(StrEnum):
    """What a session may do with its document."""

    READ_ONLY = "readonly"
    READ_WRITE = "read-write"


class CloseCode(IntEnum):
    """Why the server ended a socket. A provider connects again after every one of them."""

    TOO_BIG = 1009
    """A frame larger than any honest client's."""
    GOING_AWAY = 1012
    """The server restarts; nothing acknowledged is lost."""
    NOT_STORED = 1013
    """A change could not be written to disk. Connect again: what was not acknowledged is sent again."""
    MALFORMED = 4400
    """Bytes that are not the grammar of `PROTOCOL.md`."""
    NOBODY = 4401
    """No document was opened in time."""
    REMOVED = 4403
    """The person may no longer be here."""
    SILENT = 4408
    """Nothing was heard for too long."""
    TOO_SLOW = 4409
    """More waited to be sent than a reader may fall behind."""
    TOO_MUCH = 4429
    """More documents, sockets or requests than one person needs."""


PING: Final = b"\x09"
PONG: Final = b"\x0a"

NAME_BYTES: Final = 128
TOKEN_BYTES: Final = 1_024
VERSION_BYTES: Final = 64
STATELESS_BYTES: Final = 4_096

_STEP1, _STEP2, _UPDATE = 0, 1, 2
_TOKEN, _DENIED, _AUTHENTICATED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Token:
    """Client: who I am for this document. `version` is the provider's, if it says."""

    name: str
    token: str
    version: str = ""

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.AUTH)
        write_uint(out, _TOKEN)
        write_string(out, self.token)
        if self.version:
            write_string(out, self.version)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class SendToken:
    """Server: send your token again."""

    name: str

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.AUTH)
        write_uint(out, _TOKEN)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Denied:
    """Server: this document is not for you."""

    name: str
    reason: str

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.AUTH)
        write_uint(out, _DENIED)
        write_string(out, self.reason)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Authenticated:
    """Server: what you may do with this document from now on. May be sent again at any time."""

    name: str
    scope: Scope

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.AUTH)
        write_uint(out, _AUTHENTICATED)
        write_string(out, self.scope)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Step1:
    """Either side: what I have, as a state vector; send me what I lack."""

    name: str
    state_vector: bytes

    def encode(self) -> bytes:
        """The frame's bytes."""
        return _sync(self.name, _STEP1, self.state_vector)


@dataclass(frozen=True, slots=True)
class Step2:
    """Either side: what you lack, as an update."""

    name: str
    update: bytes

    def encode(self) -> bytes:
        """The frame's bytes."""
        return _sync(self.name, _STEP2, self.update)


@dataclass(frozen=True, slots=True)
class Change:
    """Either side: something new, as an update."""

    name: str
    update: bytes

    def encode(self) -> bytes:
        """The frame's bytes."""
        return _sync(self.name, _UPDATE, self.update)


@dataclass(frozen=True, slots=True)
class Awareness:
    """Either side: where people's cursors are (`shared_doc.presence` reads the body)."""

    name: str
    body: bytes

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.AWARENESS)
        write_bytes(out, self.body)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class QueryAwareness:
    """Client: tell me everybody's awareness."""

    name: str

    def encode(self) -> bytes:
        """The frame's bytes."""
        return bytes(begin(self.name, Kind.QUERY_AWARENESS))


@dataclass(frozen=True, slots=True)
class Stateless:
    """Server: a notice as JSON. Clients may send one; nothing is done with it."""

    name: str
    payload: str

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.STATELESS)
        write_string(out, self.payload)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Close:
    """Server: this document is closed for you, with a code. Client: I am done with this document (no
    reason)."""

    name: str
    reason: str = ""

    def encode(self) -> bytes:
        """The frame's bytes. A client's has no reason."""
        out = begin(self.name, Kind.CLOSE)
        if self.reason:
            write_string(out, self.reason)
        return bytes(out)


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Server: one Step2 or Change of yours, in order, is on disk (1) or was refused (0)."""

    name: str
    stored: bool

    def encode(self) -> bytes:
        """The frame's bytes."""
        out = begin(self.name, Kind.SYNC_STATUS)
        write_uint(out, int(self.stored))
        return bytes(out)


@dataclass(frozen=True, slots=True)
class Ping:
    """Server: are you there? One byte, no name."""

    def encode(self) -> bytes:
        """The frame's bytes."""
        return PING


@dataclass(frozen=True, slots=True)
class Pong:
    """Client: I am. One byte, no name."""

    def encode(self) -> bytes:
        """The frame's bytes."""
        return PONG


ClientMessage = Token | Step1 | Step2 | Change | Awareness | QueryAwareness | Stateless | Close | Pong
ServerMessage = (
    SendToken
    | Denied
    | Authenticated
    | Step1
    | Step2
    | Change
    | Awareness
    | Stateless
    | Close
    | SyncStatus
    | Ping
)


def decode_client(frame: bytes) -> ClientMessage:
    """Read a frame from a client.

    The bodies of sync and awareness frames are not read here, only cut out.

    Raises:
        Malformed: the frame is not one a client may send, or has anything before, within or after it too
        much.
    """
    if frame == PONG:
        return Pong()
    reader = Reader(frame)
    name = _string(reader, NAME_BYTES)
    kind = reader.uint()
    read = _FROM_CLIENT.get(kind)
    if read is None:
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    message = read(reader, name)
    reader.finish()
    return message


def decode_server(frame: bytes) -> ServerMessage:
    """Read a frame from a server. Raises `Malformed`."""
    if frame == PING:
        return Ping()
    reader = Reader(frame)
    name = reader.var_string()
    kind = reader.uint()
    read = _FROM_SERVER.get(kind)
    if read is None:
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    message = read(reader, name)
    reader.finish()
    return message


def begin(name: str, kind: Kind) -> bytearray:
    """The front of every frame: the document's name and the kind."""
    out = bytearray()
    write_string(out, name)
    write_uint(out, kind)
    return out


def _sync(name: str, step: int, body: bytes) -> bytes:
    out = begin(name, Kind.SYNC)
    write_uint(out, step)
    write_bytes(out, body)
    return bytes(out)


def _string(reader: Reader, most: int) -> str:
    """A string of at most `most` bytes: the length is judged before the bytes are touched."""
    start = reader.pos
    if reader.uint() > most:
        raise Malformed(MalformedCode.TOO_BIG)
    reader.pos = start
    return reader.var_string()


def _read_sync(reader: Reader, name: str) -> Step1 | Step2 | Change:
    step = reader.uint()
    body = reader.var_bytes()
    if step == _UPDATE:
        return Change(name, body)
    if step == _STEP1:
        return Step1(name, body)
    if step == _STEP2:
        return Step2(name, body)
    raise Malformed(MalformedCode.UNKNOWN_CONTENT)


def _read_token(reader: Reader, name: str) -> Token:
    if reader.uint() != _TOKEN:
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    token = _string(reader, TOKEN_BYTES)
    version = "" if reader.at_end else _string(reader, VERSION_BYTES)
    return Token(name, token, version)


def _read_answer(reader: Reader, name: str) -> SendToken | Denied | Authenticated:
    answer = reader.uint()
    if answer == _TOKEN:
        return SendToken(name)
    if answer == _DENIED:
        return Denied(name, reader.var_string())
    if answer == _AUTHENTICATED:
        try:
            return Authenticated(name, Scope(reader.var_string()))
        except ValueError:
            raise Malformed(MalformedCode.UNKNOWN_CONTENT) from None
    raise Malformed(MalformedCode.UNKNOWN_CONTENT)


def _read_awareness(reader: Reader, name: str) -> Awareness:
    return Awareness(name, reader.var_bytes())


def _read_stateless(reader: Reader, name: str) -> Stateless:
    return Stateless(name, _string(reader, STATELESS_BYTES))


def _read_close(reader: Reader, name: str) -> Close:
    return Close(name, "" if reader.at_end else _string(reader, STATELESS_BYTES))


def _read_status(reader: Reader, name: str) -> SyncStatus:
    return SyncStatus(name, reader.uint(below=2) == 1)


_FROM_CLIENT: dict[int, Callable[[Reader, str], ClientMessage]] = {
    Kind.SYNC: _read_sync,
    Kind.AWARENESS: _read_awareness,
    Kind.AUTH: _read_token,
    Kind.QUERY_AWARENESS: lambda _reader, name: QueryAwareness(name),
    Kind.STATELESS: _read_stateless,
    Kind.CLOSE: _read_close,
}

_FROM_SERVER: dict[int, Callable[[Reader, str], ServerMessage]] = {
    Kind.SYNC: _read_sync,
    Kind.AWARENESS: _read_awareness,
    Kind.AUTH: _read_answer,
    Kind.STATELESS: _read_stateless,
    Kind.CLOSE: _read_close,
    Kind.SYNC_STATUS: _read_status,
}
