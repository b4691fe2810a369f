"""What the trail says of a meeting: every act, refusal, look and download, by ids and codes."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from server.actions import (
    checking,
    conferences,
    flags,
    invitations,
    joining,
    participants,
    parts,
    read_through,
    records,
    requests,
    signing,
    staff,
    viewing,
)
from server.auth.identity import Actor, ProgramIn, StaffActor
from server.db import audit_log
from server.db.audit_log import COUNCIL
from server.errors import ActionError, BadInput, NotAllowed, NotFound
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.actions.council import (
    AUNT,
    CHAIR,
    CHILD,
    DOCTOR,
    MOTHER,
    NURSE,
    ORGANISER,
    TYPIST,
    WORKER,
    Council,
    Meeting,
    in_session,
    open_council,
)
from tests.unit.server.actions.typist import change

pytestmark = pytest.mark.asyncio(loop_scope="module")

Line = tuple[str, str, dict[str, str]]


async def trail(council: Council, conference_id: str) -> list[Line]:
    """(who, deed, what) of a chain, which holds."""
    # Twice: what is noted beside comes after what is waited for.
    for _ in range(2):
        await council.ctx.db.write(lambda session: None)
    found = await council.ctx.db.read(audit_log.check_chain, conference_id)
    assert found[1] is None
    rows = await council.ctx.db.read(lambda session: list(audit_log.rows_of(session, conference_id)))
    return [(row.who, row.deed, json.loads(row.what)) for row in rows]


async def since(meeting: Meeting, known: int) -> list[Line]:
    return (await trail(meeting.council, meeting.id))[known:]


async def test_every_act_of_a_meeting_is_a_line(meeting: Meeting, council: Council) -> None:
    ctx, chair, part = council.ctx, meeting.actor(CHAIR), meeting.open_part
    known = len(await trail(council, meeting.id))
    point = await meeting.add(NURSE)
    raised = await flags.raise_flag(ctx, meeting.actor(MOTHER), part, point, "not_right", "It was five days.")
    await change(meeting, point, "Noah has missed five days.")
    await flags.answer(ctx, chair, raised.id, "corrected")
    again = await flags.raise_flag(ctx, meeting.actor(MOTHER), part, None, "missing")
    await flags.withdraw(ctx, meeting.actor(MOTHER), again.id)
    asked = await requests.make(ctx, meeting.actor(MOTHER), "break")
    await requests.settle(ctx, chair, asked.id)
    await parts.hand_pen(ctx, chair, part, meeting.id_of(NURSE), True)
    await parts.hand_pen(ctx, chair, part, meeting.id_of(NURSE), False)
    await parts.release(ctx, chair, part, meeting.id_of(CHILD), True)
    await read_through.start(ctx, chair, part)
    await read_through.answer(ctx, meeting.actor(MOTHER), part, point, "right")
    await read_through.finish(ctx, chair, part)
    await participants.remove(ctx, chair, meeting.id_of(DOCTOR), "He shouted at the mother")
    await conferences.change_phase(ctx, chair, Phase.CLOSED)
    signed = await signing.sign(ctx, chair)
    mother, nurse, doctor = (meeting.id_of(name) for name in (MOTHER, NURSE, DOCTOR))
    assert [line for line in await since(meeting, known) if line[0] != meeting.id_of(TYPIST)] == [
        (nurse, "point_added", {"part": part, "point": point}),
        (mother, "flag_raised", {"code": "not_right", "flag": raised.id, "part": part, "point": point}),
        (chair.participant_id, "flag_answered", {"code": "corrected", "flag": raised.id, "part": part}),
        (mother, "flag_raised", {"code": "missing", "flag": again.id, "part": part}),
        (mother, "flag_withdrawn", {"flag": again.id, "part": part}),
        (mother, "request_made", {"code": "break", "request": asked.id}),
        (chair.participant_id, "request_settled", {"code": "break", "request": asked.id}),
        (chair.participant_id, "pen_handed", {"part": part, "person": nurse}),
        (chair.participant_id, "pen_taken", {"part": part, "person": nurse}),
        (chair.participant_id, "part_released", {"part": part, "person": meeting.id_of(CHILD)}),
        (chair.participant_id, "reading_begun", {"part": part}),
        (mother, "agreement_said", {"code": "right", "part": part, "point": point}),
        (chair.participant_id, "reading_ended", {"part": part}),
        (chair.participant_id, "removed", {"person": doctor}),
        (chair.participant_id, "phase", {"code": "closed"}),
        (chair.participant_id, "record_signed", {"root": signed.root}),
    ]


async def test_what_changed_nothing_is_no_line(meeting: Meeting, council: Council) -> None:
    chair = meeting.actor(CHAIR)
    key = "k" * 20
    first = await flags.raise_flag(
        council.ctx, meeting.actor(MOTHER), meeting.open_part, None, "missing", "", key
    )
    known = len(await trail(council, meeting.id))
    again = await flags.raise_flag(
        council.ctx, meeting.actor(MOTHER), meeting.open_part, None, "missing", "", key
    )
    await parts.go_to(council.ctx, chair, meeting.open_part)
    await parts.hand_pen(council.ctx, chair, meeting.open_part, meeting.id_of(NURSE), False)
    await conferences.change_phase(council.ctx, chair, Phase.IN_SESSION)
    assert again.id == first.id
    assert await since(meeting, known) == []


async def test_a_refusal_is_a_line_although_nothing_was_done(meeting: Meeting, council: Council) -> None:
    known = len(await trail(council, meeting.id))
    mother = meeting.actor(MOTHER)
    with pytest.raises(NotAllowed):
        await meeting.add(AUNT)
    with pytest.raises(NotFound):
        await flags.raise_flag(council.ctx, mother, meeting.closed_part, None, "missing")
    with pytest.raises(NotAllowed):
        await signing.sign(council.ctx, meeting.actor(TYPIST))
    with pytest.raises(NotAllowed):
        await participants.remove(council.ctx, mother, meeting.id_of(WORKER), "I do not like her")
    with pytest.raises(NotFound):
        await viewing.points(council.ctx, mother, meeting.closed_part)
    lines = await since(meeting, known)
    assert [
        (who, what["act"], what["code"], what.get("part")) for who, deed, what in lines if deed == "refused"
    ] == [
        (meeting.id_of(AUNT), "add_point", "read_only", meeting.open_part),
        (mother.participant_id, "raise_flag", "not_found", meeting.closed_part),
        (meeting.id_of(TYPIST), "sign", "not_your_part", None),
        (mother.participant_id, "remove", "not_your_part", None),
        (mother.participant_id, "read", "not_found", meeting.closed_part),
    ]
    assert len(lines) == 5


async def test_a_part_that_somebody_made_up_is_not_repeated(meeting: Meeting, council: Council) -> None:
    known = len(await trail(council, meeting.id))
    for made_up in ("NoahHasBruises", "Noah has bruises"):
        with pytest.raises(NotFound):
            await viewing.points(council.ctx, meeting.actor(MOTHER), made_up)
        with pytest.raises(NotFound):
            await flags.raise_flag(council.ctx, meeting.actor(MOTHER), made_up, None, "missing")
    lines = await since(meeting, known)
    assert lines
    assert "bruises" not in json.dumps(lines).lower()


async def test_looking_again_and_again_is_one_line(meeting: Meeting, council: Council) -> None:
    known = len(await trail(council, meeting.id))
    for _ in range(5):
        await viewing.points(council.ctx, meeting.actor(MOTHER), meeting.open_part)
    await viewing.points(council.ctx, meeting.actor(NURSE), meeting.open_part)
    council.clock.forward(minutes=6)
    await viewing.points(council.ctx, meeting.actor(MOTHER), meeting.open_part)
    assert [(who, deed) for who, deed, _ in await since(meeting, known)] == [
        (meeting.id_of(MOTHER), "saw"),
        (meeting.id_of(NURSE), "saw"),
        (meeting.id_of(MOTHER), "saw"),
    ]


async def test_a_copy_leaves_with_a_line_that_says_who_took_whose(meeting: Meeting, council: Council) -> None:
    chair = meeting.actor(CHAIR)
    await conferences.change_phase(council.ctx, chair, Phase.CLOSED)
    await signing.sign(council.ctx, chair)
    known = len(await trail(council, meeting.id))
    await records.read(council.ctx, meeting.actor(MOTHER))
    await records.fetch(council.ctx, meeting.actor(MOTHER), "json")
    await records.fetch(council.ctx, chair, "json", by=ProgramIn("t1", meeting.id))
    mother = meeting.id_of(MOTHER)
    assert sorted(await since(meeting, known), key=lambda line: (line[1], line[0])) == [
        (mother, "downloaded", {"code": "json", "copy": mother}),
        ("program:t1", "downloaded", {"code": "json", "copy": chair.participant_id}),
        (mother, "saw", {"copy": mother, "page": "record"}),
    ]


async def test_coming_in_is_told_and_a_wrong_code_too(prepared: Meeting, council: Council) -> None:
    known = len(await trail(council, prepared.id))
    doctor = prepared.id_of(DOCTOR)
    link, _code = prepared.link(DOCTOR)
    with pytest.raises(BadInput):
        await joining.identify(council.ctx, link, "AAAAAA")
    await prepared.come(DOCTOR)
    await joining.confirm(council.ctx, prepared.actor(DOCTOR), True, True, "no")
    await joining.tested(council.ctx, prepared.actor(DOCTOR))
    await invitations.renew_link(council.ctx, ORGANISER, prepared.id, doctor)
    lines = await since(prepared, known)
    assert lines == [
        ("stranger", "refused", {"act": "identify", "code": "wrong_code", "of": doctor}),
        (doctor, "identified", {}),
        (doctor, "confirmed", {"code": "waiting"}),
        (doctor, "tested", {}),
        ("staff:setup", "link_renewed", {"person": doctor}),
    ]


async def test_the_council_has_a_chain_of_its_own(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        ctx = council.ctx
        id_ = await staff.add(ctx, "a@council.example", "Alex", "three quiet green words", administrator=True)
        with pytest.raises(BadInput):
            await staff.sign_in(ctx, "a@council.example", "wrong")
        with pytest.raises(BadInput):
            await staff.sign_in(ctx, "nobody@council.example", "wrong")
        await staff.sign_in(ctx, "a@council.example", "three quiet green words")
        await staff.create_token(ctx, "the case system")
        lines = await trail(council, COUNCIL)
        account = f"staff:{id_}"
        assert lines[:4] == [
            ("server", "account_added", {"account": account, "code": "administrator"}),
            ("stranger", "refused", {"account": account, "act": "sign_in", "code": "wrong_password"}),
            ("stranger", "refused", {"act": "sign_in", "code": "wrong_password"}),
            (account, "signed_in", {}),
        ]
        assert [(who, deed) for who, deed, _ in lines[4:]] == [("server", "token_created")]


async def test_a_stranger_to_a_conference_who_is_staff_is_told_in_its_trail(
    meeting: Meeting, council: Council
) -> None:
    known = len(await trail(council, meeting.id))
    with pytest.raises(NotFound):
        await invitations.of_conference(council.ctx, StaffActor("s9", "Sam", administrator=False), meeting.id)
    assert await since(meeting, known) == [
        ("staff:s9", "refused", {"act": "organise", "code": "not_found"}),
    ]


async def test_nobody_outside_gets_a_line_into_a_conference_that_is_not_there(
    meeting: Meeting, council: Council
) -> None:
    before = await council.ctx.db.read(audit_log.chains)
    with pytest.raises(ActionError):
        await viewing.points(council.ctx, Actor("n1", "cnone"), "a1")
    await trail(council, meeting.id)
    assert await council.ctx.db.read(audit_log.chains) == before


async def test_every_row_binds_the_minutes_written_before_it(council: Council) -> None:
    meeting = await in_session(council)
    await meeting.add(NURSE)
    await meeting.add(WORKER)
    rows = await council.ctx.db.read(lambda session: list(audit_log.rows_of(session, meeting.id)))
    bound = [json.loads(row.heads) for row in rows if row.deed == "point_added"]
    assert [[seq for seq, _ in heads.values()] for heads in bound] == [[1], [2]]


async def damaged(council: Council, *statements: str) -> tuple[str, ...]:
    """What check finds after somebody who has the file changed it."""

    def change(session: Session) -> None:
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER IF EXISTS audit_log_keeps_{verb}"))
        for statement in statements:
            session.execute(text(statement))

    await council.ctx.db.write(change)
    return (await checking.check(council.ctx)).broken


async def test_check_names_the_first_row_of_a_trail_that_does_not_hold(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        meeting = await in_session(council)
        other = await in_session(council)
        found = await damaged(
            council,
            f"UPDATE audit_log SET who = 'n0' WHERE conference_id = '{meeting.id}' AND seq IN (2, 3)",
            f"DELETE FROM audit_log WHERE conference_id = '{other.id}' AND seq = 3",
        )
        assert sorted(found) == sorted(
            [
                f"Trail of conference {meeting.id}, row 2: the row was altered.",
                f"Trail of conference {other.id}, row 3: the row is missing.",
            ]
        )


async def test_a_log_and_a_trail_that_were_both_cut_still_contradict_the_signed_record(
    tmp_path: Path,
) -> None:
    async with open_council(tmp_path) as council:
        meeting = await in_session(council)
        await meeting.add(NURSE)
        await meeting.add(WORKER)
        await signing.sign(council.ctx, meeting.actor(CHAIR))
        last = len(await trail(council, meeting.id))
        # The last point, everything the trail has of it, and what is bound of it: all taken out with care.
        found = await damaged(
            council,
            "DELETE FROM snapshot",
            "DELETE FROM update_log WHERE seq = 2",
            f"DELETE FROM audit_log WHERE conference_id = '{meeting.id}' AND seq > {last - 2}",
            "UPDATE bound_head SET seq = 1 WHERE lane NOT LIKE '%/trail'",
            f"UPDATE bound_head SET seq = {last - 2}, audit_seq = {last - 2} WHERE lane = '{meeting.id}/trail'",
            f"UPDATE bound_head SET audit_seq = {last - 2} WHERE conference_id = '{meeting.id}'",
        )
        lane = lane_name(meeting.id, meeting.open_part, LaneKind.MINUTES)
        assert found == (
            f"The signed record of conference {meeting.id} names row 2 of lane {lane}, which is missing or another one"
            " now.",
        )


# What writes without a line of its own: counting tries, keys of retries, and whether the disk can be written.
WITHOUT_A_LINE = {"attempt", "_begin", "_set_point", "_drop_key", "_write_and_take_back"}


def _writers(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a module that are given to `db.write`, by name."""
    named = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    written = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("db.write"):
            first = node.args[0]
            written.add(first.attr if isinstance(first, ast.Attribute) else ast.unparse(first))
    return {name: named[name] for name in written - WITHOUT_A_LINE}


def _notes(function: ast.FunctionDef, tree: ast.Module) -> bool:
    """Whether it, or a function of its module that it calls, adds a line."""
    named = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    if "audit.did" in calls:
        return True
    return any(_notes(named[name], tree) for name in calls if name in named and named[name] is not function)


async def test_no_action_writes_without_a_line() -> None:
    looked_at = 0
    for path in sorted(Path(conferences.__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, function in _writers(tree).items():
            looked_at += 1
            assert _notes(function, tree), f"{path.name}: {name} writes and adds no line to the trail"
    assert looked_at > 20
