"""Yjs updates, version 1: a strict decoder and the canonical encoder.

    update      = varUint sections, section*, varUint clients, deleted*
    section     = varUint structs, varUint client, varUint clock of the first struct, struct*
    struct      = info byte, [origin id], [right origin id], [parent, [key]], content
    deleted     = varUint client, varUint ranges, (varUint clock, varUint length)*
    id          = varUint client, varUint clock

The info byte: the content's number in the low five bits, then has a key (32), a right origin (64), an origin
(128). Parent and key are written only by a struct that has neither origin; otherwise they are those of its
neighbour. Clocks and lengths count UTF-16 units in text, and values elsewhere.

Trust boundary: `decode_update` reads bytes straight from a client. What it returns is only well-formed;
whether it is permitted is the gate's question. What leaves this server was written by `encode_update`, never
copied from a client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared_doc.encoding import Reader, write_bytes, write_string, write_uint
from shared_doc.errors import Malformed, MalformedCode
from shared_doc.limits import LIVE, STEP2, STORED, UpdateLimits
from shared_doc.structs import (
    ANY,
    BINARY,
    CLIENT_IDS,
    CLOCKS,
    DELETED,
    DOC,
    EMBED,
    FORMAT,
    GC,
    JSON,
    SKIP,
    STRING,
    TYPE,
    Y_MAP,
    Y_TEXT,
    Id,
    Span,
    Struct,
    Update,
    Value,
    joined,
    utf16_length,
)

__all__ = [
    "LIVE",
    "STEP2",
    "STORED",
    "Span",
    "Struct",
    "Update",
    "UpdateLimits",
    "decode_state_vector",
    "decode_update",
    "encode_state_vector",
    "encode_update",
]

_TYPES: Final = 8
_NAMED_TYPES: Final = (3, 5)  # XML elements and hooks carry a name

HAS_KEY: Final = 32
HAS_RIGHT: Final = 64
HAS_ORIGIN: Final = 128


def decode_update(data: bytes, limits: UpdateLimits) -> Update:
    """Read an update. Raises `Malformed` for what an honest encoder would not write, or more than `limits`."""
    if len(data) > limits.size:
        raise Malformed(MalformedCode.TOO_BIG)
    reader = Reader(data)
    sections: dict[int, list[Struct]] = {}
    structs_left = limits.structs
    for _ in range(_count(reader, limits.clients)):
        count = _length(reader)
        structs_left -= count
        if structs_left < 0:
            raise Malformed(MalformedCode.TOO_MANY)
        client = reader.uint(CLIENT_IDS)
        clock = reader.uint(CLOCKS)
        if client in sections:
            raise Malformed(MalformedCode.REPEATED)
        structs: list[Struct] = []
        for _ in range(count):
            struct = _read_struct(reader, client, clock, limits)
            structs.append(struct)
            clock += struct.length
            if struct.content in (ANY, JSON):
                # Each of its values costs what a struct does.
                structs_left -= struct.length - 1
                if structs_left < 0:
                    raise Malformed(MalformedCode.TOO_MANY)
            if clock >= CLOCKS:
                raise Malformed(MalformedCode.OUT_OF_RANGE)
        sections[client] = structs
    deletes = _read_deletes(reader, limits)
    reader.finish()
    return Update(sections, deletes)


def encode_update(update: Update) -> bytes:
    """Write an update: the same insertions and deletions always give the same bytes, and those Yjs would
    write."""
    out = bytearray()
    sections = update.sections
    write_uint(out, len(sections))
    for client in sections if len(sections) < 2 else sorted(sections, reverse=True):
        structs = sections[client]
        write_uint(out, len(structs))
        write_uint(out, client)
        write_uint(out, structs[0].clock)
        for struct in structs:
            _write_struct(out, struct)
    deletes = update.deletes
    write_uint(out, len(deletes))
    for client in deletes if len(deletes) < 2 else sorted(deletes, reverse=True):
        spans = deletes[client]
        write_uint(out, client)
        write_uint(out, len(spans))
        for clock, length in spans:
            write_uint(out, clock)
            write_uint(out, length)
    return bytes(out)


def decode_state_vector(data: bytes) -> dict[int, int]:
    """Read how far somebody knows each client: client → the first clock they do not have. Raises
    `Malformed`."""
    reader = Reader(data)
    count = _count(reader, len(data) // 2 + 1)
    vector: dict[int, int] = {}
    for _ in range(count):
        client = reader.uint(CLIENT_IDS)
        if client in vector:
            raise Malformed(MalformedCode.REPEATED)
        vector[client] = reader.uint(CLOCKS)
    reader.finish()
    return vector


def encode_state_vector(vector: Mapping[int, int]) -> bytes:
    """Write a state vector, in the order Yjs does."""
    out = bytearray()
    write_uint(out, len(vector))
    for client in sorted(vector, reverse=True):
        write_uint(out, client)
        write_uint(out, vector[client])
    return bytes(out)


def _count(reader: Reader, most: int) -> int:
    count = reader.uint()
    if count > most:
        raise Malformed(MalformedCode.TOO_MANY)
    return count


def _length(reader: Reader) -> int:
    length = reader.uint(CLOCKS)
    if length == 0:
        raise Malformed(MalformedCode.EMPTY)
    return length


def _read_struct(reader: Reader, client: int, clock: int, limits: UpdateLimits) -> Struct:
    info = reader.byte()
    content = info & 31
    if content in (GC, SKIP):
        return Struct(client, clock, _length(reader), content)
    origin = (reader.uint(CLIENT_IDS), reader.uint(CLOCKS)) if info & HAS_ORIGIN else None
    right = (reader.uint(CLIENT_IDS), reader.uint(CLOCKS)) if info & HAS_RIGHT else None
    parent: str | Id | None = None
    key: str | None = None
    if origin is None and right is None:
        is_root = reader.uint(2)
        parent = reader.var_string() if is_root else (reader.uint(CLIENT_IDS), reader.uint(CLOCKS))
        if info & HAS_KEY:
            key = reader.var_string()
    length = 1
    value: str | int | tuple[Value | None, ...] | None = None
    if content == STRING:
        value = reader.var_string()
        length = utf16_length(value)
        if length == 0:
            raise Malformed(MalformedCode.EMPTY)
    elif content == DELETED:
        length = _length(reader)
    elif content == ANY:
        length = _length(reader)
        if length > limits.structs:
            raise Malformed(MalformedCode.TOO_MANY)
        value = tuple([_read_any(reader, limits.nesting) for _ in range(length)])
    elif content == TYPE:
        value = reader.uint(_TYPES)
        if value in _NAMED_TYPES:
            reader.var_string()
    else:
        length = _read_past(reader, content, limits)
    return Struct(client, clock, length, content, value, origin, right, parent, key, bool(info & HAS_KEY))


def _read_past(reader: Reader, content: int, limits: UpdateLimits) -> int:
    """Read a content that no lane has, without keeping it; the length in clocks."""
    if content == JSON:
        length = _length(reader)
        if length > limits.structs:
            raise Malformed(MalformedCode.TOO_MANY)
        for _ in range(length):
            reader.var_string()
        return length
    if content == BINARY:
        reader.var_bytes()
    elif content == EMBED:
        reader.var_string()
    elif content == FORMAT:
        reader.var_string()
        reader.var_string()
    elif content == DOC:
        reader.var_string()
        _read_any(reader, limits.nesting)
    else:
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    return 1


_ANY_UINT8_ARRAY, _ANY_ARRAY, _ANY_OBJECT, _ANY_STRING = 116, 117, 118, 119
_ANY_TRUE, _ANY_FALSE, _ANY_BIGINT, _ANY_FLOAT64, _ANY_FLOAT32, _ANY_INTEGER = 120, 121, 122, 123, 124, 125
_ANY_NULL, _ANY_UNDEFINED = 126, 127
_ANY_SIZES: Final = {_ANY_NULL: 0, _ANY_UNDEFINED: 0, _ANY_FLOAT32: 4, _ANY_FLOAT64: 8, _ANY_BIGINT: 8}


def _read_any(reader: Reader, depth: int) -> Value | None:
    """One value: a string or a bool, or None for whatever else was read past."""
    tag = reader.byte()
    if tag == _ANY_STRING:
        return reader.var_string()
    if tag == _ANY_TRUE:
        return True
    if tag == _ANY_FALSE:
        return False
    if depth == 0:
        raise Malformed(MalformedCode.TOO_DEEP)
    size = _ANY_SIZES.get(tag)
    if size is not None:
        reader.take(size)
    elif tag == _ANY_INTEGER:
        _read_past_integer(reader)
    elif tag == _ANY_UINT8_ARRAY:
        reader.var_bytes()
    elif tag == _ANY_ARRAY:
        for _ in range(_fitting_count(reader)):
            _read_any(reader, depth - 1)
    elif tag == _ANY_OBJECT:
        for _ in range(_fitting_count(reader)):
            reader.var_string()
            _read_any(reader, depth - 1)
    else:
        raise Malformed(MalformedCode.UNKNOWN_CONTENT)
    return None


def _fitting_count(reader: Reader) -> int:
    """A count of things that take at least a byte each, so it is never more than the bytes there are."""
    return _count(reader, len(reader.data) - reader.pos)


_MOST_INTEGER_BYTES = 8


def _read_past_integer(reader: Reader) -> None:
    for _ in range(_MOST_INTEGER_BYTES):
        if reader.byte() < 128:
            return
    raise Malformed(MalformedCode.OVERLONG)


def _read_deletes(reader: Reader, limits: UpdateLimits) -> dict[int, list[Span]]:
    deletes: dict[int, list[Span]] = {}
    ranges_left = limits.ranges
    for _ in range(_count(reader, limits.clients)):
        client = reader.uint(CLIENT_IDS)
        if client in deletes:
            raise Malformed(MalformedCode.REPEATED)
        count = _length(reader)
        ranges_left -= count
        if ranges_left < 0:
            raise Malformed(MalformedCode.TOO_MANY)
        spans: list[Span] = []
        in_order = True
        end = -1
        for _ in range(count):
            clock = reader.uint(CLOCKS)
            length = _length(reader)
            in_order = in_order and clock > end
            end = clock + length
            if end >= CLOCKS:
                raise Malformed(MalformedCode.OUT_OF_RANGE)
            spans.append((clock, length))
        deletes[client] = spans if in_order else joined(spans)
    return deletes


def _write_struct(out: bytearray, struct: Struct) -> None:
    content = struct.content
    origin = struct.origin
    right = struct.right
    out.append(
        content
        | (0 if origin is None else HAS_ORIGIN)
        | (0 if right is None else HAS_RIGHT)
        | (HAS_KEY if struct.keyed else 0)
    )
    if origin is not None:
        write_uint(out, origin[0])
        write_uint(out, origin[1])
    if right is not None:
        write_uint(out, right[0])
        write_uint(out, right[1])
    if origin is None and right is None:
        _write_parent(out, struct)
    value = struct.value
    if content == STRING and isinstance(value, str):
        write_bytes(out, value.encode())
    elif content == DELETED:
        write_uint(out, struct.length)
    elif content == ANY and isinstance(value, tuple):
        write_uint(out, struct.length)
        for one in value:
            _write_any(out, one)
    elif content == TYPE and value in (Y_MAP, Y_TEXT) and isinstance(value, int):
        write_uint(out, value)
    else:
        raise ValueError(f"content {content} is never written")


def _write_parent(out: bytearray, struct: Struct) -> None:
    parent = struct.parent
    if isinstance(parent, str):
        out.append(1)
        write_string(out, parent)
    elif parent is not None:
        out.append(0)
        write_uint(out, parent[0])
        write_uint(out, parent[1])
    else:
        raise ValueError("a struct without a neighbour needs a parent")
    if struct.keyed:
        write_string(out, struct.key or "")


def _write_any(out: bytearray, value: Value | None) -> None:
    if value is True:
        out.append(_ANY_TRUE)
    elif value is False:
        out.append(_ANY_FALSE)
    elif value is not None:
        out.append(_ANY_STRING)
        write_string(out, value)
    else:
        raise ValueError("only strings and bools are written")
