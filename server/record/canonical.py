"""Canonical JSON (RFC 8785): one value has exactly one sequence of bytes, so that a hash of it means
something.

The record uses text, whole numbers, true, false, null, lists and objects. Fractions are refused: the
standard's rule for printing them is long, and a record of a meeting has no use for them.
"""

from __future__ import annotations

import json
from typing import TypeAlias

Plain: TypeAlias = "bool | int | str | list[Plain] | dict[str, Plain] | None"

# Whole numbers beyond this are not safe in every reader of JSON (RFC 8785, section 3.2.2.3).
LARGEST = 2**53 - 1


class NotCanonical(ValueError):
    """This value, or these bytes, cannot be canonical JSON of a record."""


def canonical(value: Plain) -> bytes:
    """Return the one encoding of `value`. Raises `NotCanonical` for what has none."""
    try:
        return _encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("half of a character pair") from error


def parse(data: bytes) -> Plain:
    """Read JSON strictly: UTF-8, no name twice in one object, no fractions. Raises `NotCanonical`."""
    try:
        value: Plain = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_each_name_once,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
        # Escapes can smuggle in half a character pair, which no later step could print or hash.
        canonical(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonical("not JSON of a record") from error
    return value


def _encode(value: Plain) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical("number too large")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_encode, value)) + "]"
    if isinstance(value, dict):
        # The standard sorts by UTF-16 units, which differs from Python's order beyond the basic plane.
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return (
            "{"
            + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{_encode(value[name])}" for name in names)
            + "}"
        )
    raise NotCanonical("not a plain value")


def _each_name_once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical("the same name twice in one object")
    return found


def _refuse_number(_text: str) -> Plain:
    raise NotCanonical("a number that is not whole")
