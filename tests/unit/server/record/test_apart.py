"""A stranger's file is checked in a process of its own."""

from __future__ import annotations

import pytest

from server.record import apart
from server.record.apart import verify_apart
from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.sealed import Record
from server.record.verdict import Outcome
from server.record.verify import verify
from tests.unit.server.record import example


def test_the_verdict_is_the_same_as_in_this_process(record: Record, key: SigningKey) -> None:
    file = copy_for(record, example.PEOPLE[example.KEELEY], key).to_bytes()
    known = frozenset({key.public_key})
    assert verify_apart(file, known) == verify(file, known)
    assert verify_apart(file.replace(b"March", b"April"), known) == verify(
        file.replace(b"March", b"April"), known
    )


def test_a_file_that_takes_too_long_is_not_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.01)
    assert verify_apart(b"%PDF-1.7", frozenset()).outcome is Outcome.NOT_A_RECORD
