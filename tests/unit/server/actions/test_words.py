"""What people typed, made safe to keep and show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actions.words import one_of, one_paragraph, retry_key
from server.errors import BadInput
from shared_doc.schema import is_plain_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Noah  ", "Noah"),
        ("one\r\n\r\ntwo\tthree", "one two three"),
        ("a\x00b\x1bc", "abc"),
        ("\u202eevil\u202c", "evil"),
        ("\ud83d half", "half"),
        ("نوح", "نوح"),
        ("👩‍👧", "👩‍👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_only_what_means_nothing_is_taken_out(typed: str, kept: str) -> None:
    assert one_paragraph("words", typed, 100) == kept


@given(st.text())
def test_whatever_is_typed_can_stand_in_a_point_or_is_nothing(typed: str) -> None:
    kept = one_paragraph("words", typed, 10_000)
    assert kept == kept.strip()
    assert is_plain_text(kept)
    kept.encode()
    assert one_paragraph("words", kept, 10_000) == kept


def test_nothing_is_refused_where_words_are_needed() -> None:
    with pytest.raises(BadInput) as refused:
        one_paragraph("words", " \n\x00", 10, needed="Say why.")
    assert (refused.value.field, refused.value.reason) == ("words", "Say why.")
    assert one_paragraph("words", "", 10) == ""


def test_the_limit_counts_letters_as_people_do_not_bytes() -> None:
    assert one_paragraph("words", "é" * 10, 10) == "é" * 10
    with pytest.raises(BadInput):
        one_paragraph("words", "é" * 11, 10)


def test_a_choice_is_one_of_those_offered() -> None:
    assert one_of("kind", "a", ("a", "b")) == "a"
    with pytest.raises(BadInput, match="not_a_choice"):
        one_of("kind", "c", ("a", "b"))


@pytest.mark.parametrize(("given_key", "kept"), [(None, None), ("", None), ("4f-2", "4f-2")])
def test_a_key_may_be_missing(given_key: str | None, kept: str | None) -> None:
    assert retry_key(given_key) == kept
