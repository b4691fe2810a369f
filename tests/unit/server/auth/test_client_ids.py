"""Client ids: one person's for good, and not without end."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from server.auth import client_ids
from server.db.models import ClientId
from server.errors import Conflict
from shared_doc.limits import CLIENTS_OF_ONE
from tests.unit.server.actions.council import CHAIR, WORKER, in_session, open_council


async def test_one_person_cannot_fill_the_memory_with_client_ids(tmp_path: Path) -> None:
    async with open_council(tmp_path) as council:
        meeting = await in_session(council)
        worker, now = meeting.id_of(WORKER), council.clock()

        def fill(session: Session) -> None:
            session.add_all(
                ClientId(conference_id=meeting.id, client=n, participant_id=worker, issued_at=now)
                for n in range(1, CLIENTS_OF_ONE + 1)
            )

        await council.ctx.db.write(fill)
        with pytest.raises(Conflict):
            await client_ids.issue(council.ctx.db, meeting.id, worker, now)
        assert await client_ids.issue(council.ctx.db, meeting.id, meeting.id_of(CHAIR), now) > CLIENTS_OF_ONE
