"""How people are called."""

from __future__ import annotations

import pytest

from server.actions.names import first_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Margaret Osei", "Margaret"),
        ("Dr Sam Iqbal", "Dr Iqbal"),
        ("Mrs. Bell", "Mrs. Bell"),
        ("Zoë", "Zoë"),
        ("", ""),
    ],
)
def test_a_title_is_not_a_first_name(name: str, called: str) -> None:
    assert first_name(name) == called
