"""Links and codes."""

from __future__ import annotations

import pytest

from server.auth.join_codes import (
    CODE_LETTERS,
    code_hash,
    code_matches,
    new_code,
    new_link_token,
    spaced,
)

SECRET = b"a secret"


def test_no_two_letters_of_a_code_look_alike() -> None:
    assert not set(CODE_LETTERS) & set("0O1IL5S2Z8B")
    assert len(set(CODE_LETTERS)) == len(CODE_LETTERS)


def test_a_code_has_six_letters_of_that_alphabet() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 6 and set(code) <= set(CODE_LETTERS) for code in codes)


def test_a_link_cannot_be_guessed() -> None:
    links = {new_link_token() for _ in range(200)}
    assert len(links) == 200
    assert all(len(link) == 26 and link.isalnum() and link == link.lower() for link in links)


def test_a_code_is_shown_in_two_halves() -> None:
    assert spaced("K4P7TR") == "K4P-7TR"


@pytest.mark.parametrize("typed", ["K4P7TR", "k4p7tr", "K4P-7TR", " k4p 7tr ", "K4P–7TR"])
def test_however_it_is_typed_it_is_the_same_code(typed: str) -> None:
    assert code_matches(SECRET, "n1", typed, code_hash(SECRET, "n1", "K4P7TR"))


@pytest.mark.parametrize(
    ("participant", "typed"), [("n1", "K4P7TS"), ("n2", "K4P7TR"), ("n1", ""), ("n1", "K4P7TRR")]
)
def test_another_code_or_another_person_does_not_match(participant: str, typed: str) -> None:
    assert not code_matches(SECRET, participant, typed, code_hash(SECRET, "n1", "K4P7TR"))


def test_a_person_without_a_code_matches_nothing() -> None:
    assert not code_matches(SECRET, "n1", "", None)


def test_the_stored_hash_is_worth_nothing_without_the_servers_secret() -> None:
    assert code_hash(SECRET, "n1", "K4P7TR") != code_hash(b"another", "n1", "K4P7TR")
