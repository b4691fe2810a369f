"""Walking every hash."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from server.actions import checking, signing
from server.actions.readiness import Readiness
from tests.unit.server.actions.council import CHAIR, Council, in_session, open_council

pytestmark = pytest.mark.asyncio(loop_scope="module")


def sql(session: Session, statement: str) -> None:
    session.connection().execute(text(statement))


async def test_what_was_written_holds(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        meeting = await in_session(council)
        for _ in range(3):
            await meeting.add()
        await signing.sign(council.ctx, meeting.actor(CHAIR))
        found = await checking.check(council.ctx)
        assert found.broken == ()
        assert found.lanes >= 1
        assert found.rows >= 3


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE update_log SET body = x'0000' WHERE seq = 2", "row 2: the row was altered"),
        ("UPDATE update_log SET participant_id = 'n0' WHERE seq = 1", "row 1: the row was altered"),
        ("DELETE FROM update_log WHERE seq = 2", "row 2: the row is missing"),
        ("UPDATE signed_record SET body = replace(body, 'Osei', 'Orsi')", "signed record"),
    ],
)
async def test_what_was_altered_is_named(tmp_path: Path, damage: str, sentence: str) -> None:
    async with open_council(tmp_path) as council:
        meeting = await in_session(council)
        for _ in range(3):
            await meeting.add()
        await signing.sign(council.ctx, meeting.actor(CHAIR))
        await council.ctx.db.write(sql, damage)
        found = await checking.check(council.ctx)
        assert any(sentence in one for one in found.broken), found.broken


async def test_a_server_that_can_store_is_ready(council: Council) -> None:
    assert await Readiness(council.ctx).problems() == []


async def test_a_database_of_another_shape_is_not_ready(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        await council.ctx.db.write(sql, "UPDATE alembic_version SET version_num = '0000'")
        assert await Readiness(council.ctx).problems() == ["database_old_shape"]
        await council.ctx.db.write(sql, "DROP TABLE alembic_version")
        assert await Readiness(council.ctx).problems() == ["database_cannot_write"]
