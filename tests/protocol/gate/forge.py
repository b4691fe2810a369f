"""Writes updates that no honest encoder would: any struct, any id, any claim. Shares no code with what it attacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict, Unpack

Id = tuple[int, int]
Span = tuple[int, int]
GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
Y_ARRAY, Y_MAP, Y_TEXT, Y_XML_ELEMENT, Y_XML_FRAGMENT, Y_XML_HOOK, Y_XML_TEXT = range(7)


class Place(TypedDict, total=False):
    """Where a struct claims to be: `o`rigin, `r`ight origin, or parent and key.

    `keyed` is the info byte's word for a key, by default the truth.
    """

    o: Id
    r: Id
    parent: str | Id
    key: str
    keyed: bool


def uint(value: int) -> bytes:
    """A varUint."""
    out = bytearray()
    while value > 127:
        out.append(128 | value & 127)
        value >>= 7
    out.append(value)
    return bytes(out)


def sized(value: bytes) -> bytes:
    """A varBytes."""
    return uint(len(value)) + value


def named(value: Id) -> bytes:
    """An id."""
    return uint(value[0]) + uint(value[1])


def item(content: int, body: bytes, **place: Unpack[Place]) -> bytes:
    """One struct."""
    origin, right, parent, key = place.get("o"), place.get("r"), place.get("parent"), place.get("key")
    keyed = place.get("keyed", key is not None)
    out = bytes([content | (128 if origin else 0) | (64 if right else 0) | (32 if keyed else 0)])
    out += named(origin) if origin else b""
    out += named(right) if right else b""
    if not origin and not right:
        assert parent is not None
        out += b"\x01" + sized(parent.encode()) if isinstance(parent, str) else b"\x00" + named(parent)
        out += sized((key or "").encode()) if keyed else b""
    return out + body


def text(value: str, **place: Unpack[Place]) -> bytes:
    """Text; with halves of surrogate pairs as no encoder should write them."""
    return item(STRING, sized(value.encode("utf-8", "surrogatepass")), **place)


def deleted(length: int, **place: Unpack[Place]) -> bytes:
    """Text or values that were deleted before they were sent."""
    return item(DELETED, uint(length), **place)


def y_type(which: int, **place: Unpack[Place]) -> bytes:
    """A nested type."""
    named_type = sized(b"x") if which in (Y_XML_ELEMENT, Y_XML_HOOK) else b""
    return item(TYPE, uint(which) + named_type, **place)


def one(value: object) -> bytes:
    """A value inside an ANY."""
    if value is None:
        return b"\x7e"
    if isinstance(value, bool):
        return b"\x78" if value else b"\x79"
    if isinstance(value, int):
        return b"\x7d" + uint(value)
    if isinstance(value, str):
        return b"\x77" + sized(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, list):
        return b"\x75" + uint(len(value)) + b"".join(one(each) for each in value)
    if isinstance(value, dict):
        pairs = b"".join(sized(key.encode()) + one(each) for key, each in value.items())
        return b"\x76" + uint(len(value)) + pairs
    if isinstance(value, bytes):
        return b"\x74" + sized(value)
    raise TypeError(type(value))


def values(*given: object, **place: Unpack[Place]) -> bytes:
    """Values of a map's key, one after the other."""
    place.setdefault("keyed", True)
    return item(ANY, uint(len(given)) + b"".join(one(value) for value in given), **place)


def gc(length: int) -> bytes:
    """What Yjs leaves of an item whose parent was deleted."""
    return bytes([GC]) + uint(length)


def skip(length: int) -> bytes:
    """A gap in a merged update."""
    return bytes([SKIP]) + uint(length)


def section(client: int, clock: int, *structs: bytes) -> bytes:
    """The structs of one client."""
    return uint(len(structs)) + uint(client) + uint(clock) + b"".join(structs)


def deletions(deletes: Mapping[int, Sequence[Span]]) -> bytes:
    """A delete set."""
    out = uint(len(deletes))
    for client, spans in deletes.items():
        out += (
            uint(client) + uint(len(spans)) + b"".join(uint(clock) + uint(length) for clock, length in spans)
        )
    return out


def update(*sections: bytes, deletes: Mapping[int, Sequence[Span]] | None = None) -> bytes:
    """A whole update."""
    return uint(len(sections)) + b"".join(sections) + deletions(deletes or {})
