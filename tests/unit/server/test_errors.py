"""Errors of actions, and how programs are told of them."""

from __future__ import annotations

import pytest

from server.errors import (
    ActionError,
    BadInput,
    Conflict,
    Damaged,
    NotAllowed,
    NotFound,
    NotSignedIn,
    NotStored,
    Reason,
    Throttled,
    TooLarge,
    problem,
)

ERRORS = [
    NotFound(),
    NotSignedIn(),
    NotAllowed("not_yours", "This is not yours to do."),
    BadInput("title", "Give it a title."),
    Conflict("not_now", "Not now.", [Reason("flag", "One flag waits.", "flag-f1")]),
    TooLarge(),
    Throttled(90),
    NotStored(),
    Damaged(),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_a_problem_with_a_code_and_a_sentence(error: ActionError) -> None:
    told = problem(error)
    assert told["status"] == int(error.status)
    # Everything but what the disk does is a matter of what was asked for.
    assert (int(error.status) >= 500) == isinstance(error, NotStored | Damaged)
    assert told["code"] == error.code
    assert str(told["detail"]).endswith(".")


def test_every_kind_of_error_is_in_this_list() -> None:
    assert {type(error) for error in ERRORS} == set(ActionError.__subclasses__())


def test_missing_and_forbidden_have_one_wording() -> None:
    assert problem(NotFound()) == problem(NotFound())
    assert NotFound().args == ("not_found",)


def test_what_is_missing_is_listed() -> None:
    assert problem(ERRORS[4])["missing"] == [{"code": "flag", "text": "One flag waits.", "target": "flag-f1"}]


@pytest.mark.parametrize(("wait", "words"), [(1, "1 minute "), (60, "1 minute "), (600, "10 minutes ")])
def test_a_wait_is_told_in_minutes(wait: int, words: str) -> None:
    assert words in Throttled(wait).reason
    assert problem(Throttled(wait))["wait"] == wait
