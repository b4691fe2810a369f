"""Canonical JSON: one value, one sequence of bytes."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from server.record.canonical import LARGEST, NotCanonical, Plain, canonical, parse

SIMPLE: st.SearchStrategy[Plain] = st.one_of(
    st.none(), st.booleans(), st.integers(-LARGEST, LARGEST), st.text()
)
PLAIN: st.SearchStrategy[Plain] = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


@given(PLAIN)
def test_any_value_is_encoded_as_the_standard_says(value: Plain) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(PLAIN)
def test_what_is_encoded_reads_back_as_it_was(value: Plain) -> None:
    assert parse(canonical(value)) == value


def test_names_are_sorted_by_utf_16_units_beyond_the_basic_plane() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"😀":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[1.5]",
        b"[1e3]",
        b"NaN",
        b"Infinity",
        b'{"a":1,"a":2}',
        b'["\\ud800"]',
        b"[9007199254740992]",
        b"\xff\xfe",
        b'["\xc3\x28"]',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[1]trailing",
    ],
    ids=lambda data: repr(data[:16]),
)
def test_hostile_or_ambiguous_json_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(data)


def test_half_a_character_pair_has_no_encoding() -> None:
    with pytest.raises(NotCanonical):
        canonical({"text": "\ud83d"})
