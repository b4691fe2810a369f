"""Reading plain values into dataclasses, strictly."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from server.record.plain import WrongShape, from_plain, to_plain


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    born: date | None


@dataclass(frozen=True, slots=True)
class Outer:
    number: int
    true: bool
    at: datetime
    inner: tuple[Inner, ...]
    maybe: Inner | None
    named: dict[str, str]
    anything: dict[str, Any]


VALUE = Outer(
    3,
    True,
    datetime(2026, 11, 26, 9, 20, tzinfo=UTC),
    (Inner("Noah", date(2022, 6, 2)), Inner("", None)),
    None,
    {"a": "b"},
    {"x": [1, {"y": None}]},
)


def test_a_value_reads_back_as_it_was() -> None:
    assert from_plain(Outer, to_plain(VALUE)) == VALUE


@pytest.mark.parametrize(
    ("field", "wrong", "where"),
    [
        ("number", "3", "/number"),
        ("number", True, "/number"),
        ("true", 1, "/true"),
        ("at", "2026-11-26T09:20:00Z", "/at"),
        ("at", "2026-11-26 09:20:00+00:00", "/at"),
        ("at", "yesterday", "/at"),
        ("inner", {}, "/inner"),
        ("inner", [{"name": "Noah"}], "/inner/0/born"),
        ("inner", [{"name": "Noah", "born": None, "more": 1}], "/inner/0/more"),
        ("maybe", 0, "/maybe"),
        ("named", {"a": 1}, "/named/a"),
        ("extra", 1, "/extra"),
    ],
)
def test_any_other_shape_is_refused_and_the_place_is_named(field: str, wrong: object, where: str) -> None:
    plain: Any = copy.deepcopy(to_plain(VALUE))
    plain[field] = wrong
    with pytest.raises(WrongShape) as refused:
        from_plain(Outer, plain)
    assert refused.value.where == where


def test_a_missing_field_is_refused() -> None:
    plain: Any = to_plain(VALUE)
    del plain["true"]
    with pytest.raises(WrongShape):
        from_plain(Outer, plain)


def test_what_has_no_plain_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        to_plain(1.5)
