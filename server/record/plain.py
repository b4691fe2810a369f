"""Frozen dataclasses as plain values, and back again, strictly.

The classes in `contents` and `sealed` are the grammar of the record's JSON: every field must be there, no
other may be, and each must have its declared type. Reading is a trust boundary, since anyone can hand in a
file to be checked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import IntEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from server.record.canonical import Plain

T = TypeVar("T")


class WrongShape(ValueError):
    """The value does not have the declared shape. `where` is the path to the first place that differs."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def to_plain(value: object) -> Plain:
    """Return `value`, built of dataclasses, tuples, mappings, times and simple values, as plain JSON
    values.
    """
    if isinstance(value, IntEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): to_plain(item) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"no plain form for {type(value).__name__}")


def from_plain(kind: type[T], value: Plain) -> T:
    """Read a `kind` (a dataclass) from plain values. Raises `WrongShape`."""
    return cast("T", _read(kind, value, ""))


def _read(kind: Any, value: Plain, where: str) -> object:
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast("type[Any]", kind), value, where)
    origin = get_origin(kind)
    if origin in (UnionType, Union):
        if value is None and NoneType in get_args(kind):
            return None
        others = [option for option in get_args(kind) if option is not NoneType]
        return _read(others[0], value, where)
    if origin is tuple and isinstance(value, list):
        item = get_args(kind)[0]
        return tuple(_read(item, each, f"{where}/{index}") for index, each in enumerate(value))
    if origin is dict and isinstance(value, dict):
        item = get_args(kind)[1]
        return {name: _read(item, each, f"{where}/{name}") for name, each in value.items()}
    if kind in (datetime, date) and isinstance(value, str):
        return _read_time(kind.fromisoformat, value, where)
    if isinstance(kind, type) and issubclass(kind, IntEnum):
        return _read_choice(kind, value, where)
    # `bool` is an `int` to Python, but not to a reader of the record.
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise WrongShape(where)


def _read_dataclass(kind: type[Any], value: Plain, where: str) -> object:
    if not isinstance(value, dict):
        raise WrongShape(where)
    fields = get_type_hints(kind)
    for name in sorted(fields.keys() ^ value.keys()):
        raise WrongShape(f"{where}/{name}")
    return kind(**{name: _read(of, value[name], f"{where}/{name}") for name, of in fields.items()})


def _read_choice(kind: type[IntEnum], value: Plain, where: str) -> IntEnum:
    if type(value) is int and value in {choice.value for choice in kind}:
        return kind(value)
    raise WrongShape(where)


def _read_time(read: Callable[[str], date], text: str, where: str) -> date:
    try:
        found = read(text)
    except ValueError as error:
        raise WrongShape(where) from error
    # One time has several spellings in ISO 8601. Only the one we write is read, so that no byte can be exchanged.
    if found.isoformat() != text:
        raise WrongShape(where)
    return found
