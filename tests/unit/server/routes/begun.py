"""A meeting that has begun, in its first part or in the closed one, and a reader's page of it."""

from __future__ import annotations

from server.actions import conferences, parts, points
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import Browser, House

CLOSED_WORDS = "The police were called to the flat twice."
OPEN_WORDS = "Noah has missed six nursery days."


async def begin(house: House, *, closed: bool = False) -> None:
    """The meeting goes on, in its first part or in the closed one, with a point in each."""
    chair = await house.chair()
    for phase in (Phase.OPEN, Phase.IN_SESSION):
        await conferences.change_phase(house.ctx, chair, phase)
    for part, words in zip(house.made.parts, (OPEN_WORDS, CLOSED_WORDS), strict=True):
        await parts.go_to(house.ctx, chair, part.id)
        await points.add(house.ctx, chair, part.id, words)
    if not closed:
        await parts.go_to(house.ctx, chair, house.made.parts[0].id)


async def page_of(house: House, name: str, query: str = "") -> tuple[Browser, str]:
    browser = await house.enter(name)
    answer = await browser.get(f"{house.base(name)}/{query}")
    assert answer.status_code == 200, answer.text
    return browser, answer.text


async def only_point(house: House) -> str:
    (found,) = await house.ctx.lanes.points(f"{house.made.id}/{house.made.parts[0].id}/minutes")
    return found.id


def tells_of_the_closed_part(house: House, html: str) -> bool:
    return any(secret in html for secret in (CLOSED_WORDS, "Closed part", house.made.parts[1].id))


async def first_point(house: House) -> str:
    found = await house.ctx.lanes.points(f"{house.made.id}/{house.made.parts[0].id}/minutes")
    return found[0].id
