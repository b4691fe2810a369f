"""The value that shows that a form came from a page of ours."""

from __future__ import annotations

import pytest

from server.auth.csrf import csrf_matches, csrf_token

SECRET = b"a secret"


def test_the_value_of_a_session_fits_that_session() -> None:
    assert csrf_matches(SECRET, "session", csrf_token(SECRET, "session"))


@pytest.mark.parametrize(
    "given", ["", "x", "é", csrf_token(SECRET, "another"), csrf_token(b"else", "session")]
)
def test_any_other_value_does_not(given: str) -> None:
    assert not csrf_matches(SECRET, "session", given)


def test_a_program_without_a_session_has_no_value() -> None:
    assert not csrf_matches(SECRET, "", csrf_token(SECRET, ""))
