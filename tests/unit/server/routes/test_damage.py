"""A lane whose log was altered: its part says so, and the rest of the conference stays usable."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from server.actions import conferences, parts, points, signing, viewing
from server.db.models import UpdateRow
from server.db.update_log import Head, next_row
from server.errors import Damaged
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind, lane_name
from tests.unit.server.routes.house import House

CHAIR, PARENT, PROFESSIONAL = "Margaret Osei", "Keeley Marsh", "Priya Nair"
SAID = "What is stored of these points was damaged, and they cannot be shown."


async def damage(house: House, part_id: str) -> None:
    """Leave a row in a lane's log that does not hold, before anybody opens the lane."""
    lane = lane_name(house.made.id, part_id, LaneKind.MINUTES)
    row = next_row(Head(), lane, house.id_of(CHAIR), 7, house.ctx.now(), b"was longer once")

    def cut(session: Session) -> None:
        session.add(
            UpdateRow(
                lane=lane,
                seq=row.seq,
                participant_id=row.participant_id,
                client=row.client,
                at=row.at,
                body=row.body[:-1],
                hash=row.hash,
            )
        )

    await house.ctx.db.write(cut)


@pytest.mark.parametrize("name", [CHAIR, PARENT, PROFESSIONAL])
async def test_the_part_says_that_it_is_damaged_and_the_next_part_is_written_in(
    house: House, name: str
) -> None:
    chair = await house.chair()
    first, second = house.made.parts[0].id, house.made.parts[1].id
    for phase in (Phase.OPEN, Phase.IN_SESSION):
        await conferences.change_phase(house.ctx, chair, phase)
    await damage(house, first)
    await parts.go_to(house.ctx, chair, first)
    browser = await (house.come(name) if name == CHAIR else house.enter(name))
    page = await browser.get(f"{house.base(name)}/")
    assert page.status_code == 200
    assert SAID in page.text
    with pytest.raises(Damaged):
        await points.add(house.ctx, chair, first, "One more.")
    await parts.go_to(house.ctx, chair, second)
    await points.add(house.ctx, chair, second, "Keeley asked for help in May.")
    page = await browser.get(f"{house.base(name)}/")
    assert page.status_code == 200
    assert SAID not in page.text
    found = [await viewing.points(house.ctx, chair, part) for part in (first, second)]
    assert [one.damaged for one in found] == [True, False]


async def test_a_conference_with_a_damaged_part_is_not_signed_and_stays_open(house: House) -> None:
    chair = await house.chair()
    for phase in (Phase.OPEN, Phase.IN_SESSION):
        await conferences.change_phase(house.ctx, chair, phase)
    await damage(house, house.made.parts[0].id)
    second = house.made.parts[1].id
    await parts.go_to(house.ctx, chair, second)
    with pytest.raises(Damaged):
        await signing.sign(house.ctx, chair)
    await points.add(house.ctx, chair, second, "Nothing was frozen by the attempt.")
    browser = await house.come(CHAIR)
    answer = await browser.get(f"{house.base(CHAIR)}/record")
    assert answer.status_code == 409
