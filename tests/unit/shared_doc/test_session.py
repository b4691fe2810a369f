"""What a session may do, and what it keeps until it can be handled."""

from __future__ import annotations

import pytest

from shared_doc.errors import Malformed
from shared_doc.messages import Change, Scope, Step1
from shared_doc.permissions import Phase, Standing
from shared_doc.schema import parse_lane
from shared_doc.session import BACKED_UP_FRAMES, EARLY_BYTES, EARLY_FRAMES, Session, State, access_of
from tests.protocol.meeting import MINUTES, POLICE, SUMMARY, Rights


def scope(person: str, lane: str, rights: Rights) -> Scope | None:
    access = access_of(rights, person, parse_lane(lane))
    return None if access is None else access.scope


@pytest.mark.parametrize(
    ("person", "minutes", "summary", "police"),
    [
        ("ruth", Scope.READ_WRITE, Scope.READ_WRITE, Scope.READ_WRITE),
        ("tom", Scope.READ_WRITE, Scope.READ_ONLY, Scope.READ_WRITE),
        ("sam", Scope.READ_WRITE, Scope.READ_ONLY, Scope.READ_WRITE),
        ("kelly", Scope.READ_ONLY, Scope.READ_ONLY, None),
        ("ivy", Scope.READ_ONLY, Scope.READ_ONLY, None),
        ("nobody", None, None, None),
    ],
)
def test_scopes(person: str, minutes: Scope | None, summary: Scope | None, police: Scope | None) -> None:
    rights = Rights()
    assert [scope(person, lane, rights) for lane in (MINUTES, SUMMARY, POLICE)] == [minutes, summary, police]


def test_who_edits_everything_is_prompt_and_who_edits_their_own_is_not() -> None:
    rights = Rights()
    prompt = {
        person: access.prompt
        for person in ("ruth", "tom", "sam", "kelly")
        if (access := access_of(rights, person, parse_lane(MINUTES))) is not None
    }
    assert prompt == {"ruth": True, "tom": True, "sam": False, "kelly": False}


def test_after_the_end_somebody_with_points_of_their_own_only_reads_and_is_told_why() -> None:
    rights = Rights()
    rights.phase = Phase.CLOSED
    for person, writes in (("ruth", True), ("tom", True), ("sam", False)):
        access = access_of(rights, person, parse_lane(MINUTES))
        assert access is not None
        assert access.writes is writes
        assert access.code == ("" if writes else "closed")


@pytest.mark.parametrize(("phase", "code"), [(Phase.SIGNED, "signed"), (Phase.ADJOURNED, "adjourned")])
def test_why_nobody_writes_is_said(phase: Phase, code: str) -> None:
    rights = Rights()
    rights.phase = phase
    access = access_of(rights, "ruth", parse_lane(MINUTES))
    assert access is not None
    assert (access.writes, access.code) == (False, code)
    assert access.why_not.endswith(".")


def test_somebody_who_has_left_has_no_access() -> None:
    rights = Rights()
    rights.people["ruth"] = rights.people["ruth"].__class__("ruth", rights.people["ruth"].role, Standing.LEFT)
    assert access_of(rights, "ruth", parse_lane(MINUTES)) is None


def test_before_a_token_little_may_wait() -> None:
    session = Session(MINUTES, 1)
    for _ in range(EARLY_FRAMES):
        session.hold(Step1(MINUTES, b"\x00"), 20)
    with pytest.raises(Malformed):
        session.hold(Step1(MINUTES, b"\x00"), 20)
    with pytest.raises(Malformed):
        Session(MINUTES, 2).hold(Change(MINUTES, b""), EARLY_BYTES + 1)


def test_afterwards_it_backs_up_instead_and_frames_come_out_in_order() -> None:
    session = Session(MINUTES, 1, State.SYNCING)
    for number in range(BACKED_UP_FRAMES):
        session.hold(Change(MINUTES, bytes([number])), 1)
    full = session.backed_up
    first = session.waiting[0][0]
    session.drop_first()
    assert (full, session.backed_up) == (True, False)
    assert (first, session.waiting[0][0]) == (Change(MINUTES, b"\x00"), Change(MINUTES, b"\x01"))
    assert session.waiting_bytes == BACKED_UP_FRAMES - 1


def test_a_closed_session_keeps_nothing() -> None:
    session = Session(MINUTES, 1)
    session.hold(Step1(MINUTES, b"\x00"), 20)
    session.close()
    assert (session.closed, session.waiting, session.waiting_bytes) == (True, [], 0)
