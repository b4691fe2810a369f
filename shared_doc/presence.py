"""Awareness: where the people who write together have their cursors.

Only those who may edit every point of a lane see each other's cursors, and only theirs are passed on: a
reader's is read strictly, because hostile bytes must end their connection, and then forgotten. What a client
says about itself is not believed: the server writes the `user` of every state, and a session may speak for
one client id, its own.

Body of a frame: ``varUint count, then per client: varUint id, varUint clock, varString JSON or "null"``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from shared_doc.encoding import UINT32, Reader, write_string, write_uint
from shared_doc.errors import Malformed, MalformedCode

BODY_BYTES: Final = 2_048
CLIENTS: Final = 32  # a provider that re-announces what it knows names everyone it has seen
EXPIRES: Final = 30.0  # seconds; an honest client renews its state every 15


@dataclass(frozen=True, slots=True)
class Cursor:
    """One client's state as it was sent. `state` is None when it says goodbye."""

    client: int
    clock: int
    state: dict[str, object] | None


@dataclass(frozen=True, slots=True)
class User:
    """Who the server says a state belongs to."""

    id: str
    name: str
    role: str


@dataclass(slots=True)
class _Known:
    owner: Hashable
    clock: int
    text: str
    until: float


def decode(body: bytes) -> list[Cursor]:
    """Read the body of an awareness frame. Raises `Malformed`."""
    if len(body) > BODY_BYTES:
        raise Malformed(MalformedCode.TOO_BIG)
    reader = Reader(body)
    count = reader.uint()
    if count > CLIENTS:
        raise Malformed(MalformedCode.TOO_MANY)
    cursors: list[Cursor] = []
    for _ in range(count):
        client = reader.uint(below=UINT32)
        clock = reader.uint(below=UINT32)
        cursors.append(Cursor(client, clock, _state(reader.var_string())))
    reader.finish()
    if len({cursor.client for cursor in cursors}) != count:
        raise Malformed(MalformedCode.REPEATED)
    return cursors


def encode(entries: Iterable[tuple[int, int, str]]) -> bytes:
    """Write a body from (client, clock, JSON) entries."""
    entries = list(entries)
    out = bytearray()
    write_uint(out, len(entries))
    for client, clock, text in entries:
        write_uint(out, client)
        write_uint(out, clock)
        write_string(out, text)
    return bytes(out)


def _state(text: str) -> dict[str, object] | None:
    try:
        state = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Malformed(MalformedCode.UNKNOWN_CONTENT) from None
    if state is None:
        return None
    if not isinstance(state, dict):
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    return state


def _no_constant(name: str) -> object:
    """`NaN` and `Infinity` are not JSON; other clients could not read them."""
    raise ValueError(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


class Presence:
    """The cursors of one lane. `owner` is whatever stands for a session; time is passed in, in seconds."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}

    def heard(self, owner: Hashable, user: User, cursors: Iterable[Cursor], now: float) -> bytes | None:
        """Take what a session says of its own client; return the body to pass on, or None.

        A client id that another session holds is not taken over, and a session holds one: entries about
        anybody else (an honest client repeats what it was told) are passed over.
        """
        for cursor in cursors:
            known = self._known.get(cursor.client)
            if known is None and cursor.state is None:
                continue
            if known is not None and (known.owner != owner or cursor.clock < known.clock):
                continue
            if known is None and self._client_of(owner) is not None:
                continue
            if cursor.state is None:
                del self._known[cursor.client]
                return encode([(cursor.client, cursor.clock, "null")])
            text = _stamped(cursor.state, user)
            self._known[cursor.client] = _Known(owner, cursor.clock, text, now + EXPIRES)
            return encode([(cursor.client, cursor.clock, text)])
        return None

    def everybody(self) -> bytes | None:
        """The body that tells a newcomer of everyone, or None if nobody is there."""
        if not self._known:
            return None
        return encode((client, known.clock, known.text) for client, known in self._known.items())

    def nobody(self) -> bytes | None:
        """The body that takes everyone away again from someone who may no longer see them."""
        if not self._known:
            return None
        return encode((client, known.clock + 1, "null") for client, known in self._known.items())

    def gone(self, owner: Hashable) -> bytes | None:
        """Forget a session; return the body that says so, or None."""
        client = self._client_of(owner)
        if client is None:
            return None
        known = self._known.pop(client)
        return encode([(client, known.clock + 1, "null")])

    def expire(self, now: float) -> bytes | None:
        """Forget whoever has not renewed; return the body that says so, or None."""
        late = [
            (client, known.clock + 1, "null") for client, known in self._known.items() if known.until < now
        ]
        for client, _clock, _text in late:
            del self._known[client]
        return encode(late) if late else None

    def _client_of(self, owner: Hashable) -> int | None:
        return next((client for client, known in self._known.items() if known.owner == owner), None)


def _stamped(state: dict[str, object], user: User) -> str:
    return json.dumps(
        state | {"user": {"id": user.id, "name": user.name, "role": user.role}},
        separators=(",", ":"),
    )
