"""The page of a lane at any moment: who may open it, what it shows, and what it says of where words come from."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlmodel import Session

from server.actions import conferences, points
from server.db import audit_log
from shared_doc.authors import Author, Rights
from shared_doc.effects import Effect
from shared_doc.permissions import Phase
from shared_doc.schema import LaneKind, lane_name
from shared_doc.structs import ANY, STRING, Struct, Update
from shared_doc.update import encode_update
from tests.unit.server.routes.house import Browser, House, open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHAIR, TYPIST, WORKER, MOTHER = "Margaret Osei", "Tom Whitcombe", "Priya Nair", "Keeley Marsh"
ALL = Rights(edit_any=True, edit_own=True, add=True)


class SetClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 10, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def forward(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


class Scene:
    """A lane in which the social worker started a point, and the chair changed it four minutes later."""

    def __init__(self, house: House, chair: Browser, worker: Browser, mother: Browser, point: str) -> None:
        self.house = house
        self.chair = chair
        self.worker = worker
        self.mother = mother
        self.point = point

    def at(self, name: str = CHAIR, **asked: str) -> str:
        query = "&".join(f"{key}={value}" for key, value in {"part": self.part, **asked}.items())
        return f"{self.house.base(name)}/history?{query}"

    @property
    def part(self) -> str:
        return self.house.made.parts[0].id

    @property
    def lane(self) -> str:
        return lane_name(self.house.made.id, self.part, LaneKind.MINUTES)


def plain(page: str) -> str:
    """The words of a page, with marks for what came in and went out."""
    body = re.sub(r"<ins>(.*?)</ins>", r"[+\1]", page)
    body = re.sub(r"<del>(.*?)</del>", r"[-\1]", body)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body[body.index("<h1>") :]))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    clock = SetClock()
    async with open_house(tmp_path_factory.mktemp("house"), clock) as house:
        actor = await house.chair()
        chair, worker, mother = await house.come(CHAIR), await house.enter(WORKER), await house.enter(MOTHER)
        await conferences.change_phase(house.ctx, actor, Phase.OPEN)
        await conferences.change_phase(house.ctx, actor, Phase.IN_SESSION)
        part = house.made.parts[0].id
        point = await points.add(house.ctx, house.actor(WORKER), part, "Noah was late")
        clock.forward(4)
        await change(house, part, point)
        yield Scene(house, chair, worker, mother, point)


async def change(house: House, part: str, point: str) -> None:
    """The chair takes out "was", puts in "is often", and records the mother as the speaker: one row, from a page."""
    hub = house.app.state.hub
    name = lane_name(house.made.id, part, LaneKind.MINUTES)
    place = await hub.rooms.enter(house.made.id)
    lane = await hub.rooms.lane_with_gate(place, name)
    letters = lane.gate._index.points[point].text.first
    said_by = lane.gate._index.points[point].fields["said_by"].last
    assert letters is not None
    assert said_by is not None
    start = letters.clock
    structs = [
        Struct(77, 0, 8, STRING, "is often", (letters.client, start + 4), (letters.client, start + 5)),
        Struct(77, 8, 1, ANY, (house.id_of(MOTHER),), (said_by.client, said_by.clock), keyed=True),
    ]
    deletes = {letters.client: sorted([(start + 5, 3), (said_by.clock, 1)])}
    accepted = lane.gate.check(encode_update(Update({77: structs}, deletes)), Author(house.id_of(CHAIR), ALL))
    effects: list[Effect] = []
    place.room.writing._append(lane, None, house.id_of(CHAIR), accepted, effects)
    hub.rooms.carry_out(place, effects)
    await hub.rooms.quiet(place)


async def test_the_newest_moment_shows_what_changed_in_it(scene: Scene) -> None:
    page = plain((await scene.chair.get(scene.at())).text)
    assert "10:08, Margaret Osei" in page
    assert "Moment 2 of 2" in page
    assert "Noah [+is often][-was] late" in page
    assert "Recorded as said by Keeley Marsh, not Priya Nair any more." in page
    assert "Started by Priya Nair, 10:04." in page


async def test_earlier_moments_are_links_and_show_the_text_of_then(scene: Scene) -> None:
    newest = (await scene.chair.get(scene.at())).text
    earlier = re.search(r'href="([^"]+)"[^>]*>\s*Earlier', newest)
    assert earlier is not None
    page = plain((await scene.chair.get(earlier[1].replace("&amp;", "&"))).text)
    assert "10:04, Priya Nair" in page
    assert "[+Noah was late]" in page
    assert "New." in page
    assert "often" not in page
    assert "Earlier" not in page


async def test_a_points_words_say_from_whom_they_came_and_never_who_typed_them(scene: Scene) -> None:
    page = plain((await scene.chair.get(scene.at(point=scene.point))).text)
    assert "Noah Last put in by Priya Nair, 10:04, page 1." in page
    assert "is often Last put in by Margaret Osei, 10:08, page 2." in page
    assert "was Last put in by Priya Nair, 10:04, page 1. Taken out by Margaret Osei, 10:08." in page
    assert "not who thought of them or typed them first" in page
    assert "typed by" not in page.lower()
    assert "written by" not in page.lower()


async def test_the_minute_taker_may_read_it_and_the_summary_has_its_own(scene: Scene) -> None:
    typist = await scene.house.enter(TYPIST)
    assert "often" in (await typist.get(scene.at(TYPIST))).text
    assert "Nobody has written here yet" in (await typist.get(scene.at(TYPIST, lane="summary"))).text


async def test_for_everybody_else_there_is_no_such_page(scene: Scene) -> None:
    for name, browser in ((WORKER, scene.worker), (MOTHER, scene.mother)):
        refused = await browser.get(scene.at(name))
        missing = await browser.get(scene.at(name).replace(scene.part, "anothernone"))
        assert (refused.status_code, missing.status_code) == (404, 404)
        assert refused.text == missing.text


@pytest.mark.parametrize(
    "asked",
    [
        {"at": "0"},
        {"at": "3"},
        {"at": "-1"},
        {"at": "two"},
        {"at": "9" * 50},
        {"lane": "secret"},
        {"point": "p" + "0" * 21},
        {"part": "none"},
    ],
)
async def test_what_is_not_there_is_not_found(scene: Scene, asked: dict[str, str]) -> None:
    assert (await scene.chair.get(scene.at(**asked))).status_code == 404


async def test_looking_at_it_is_in_the_trail(scene: Scene) -> None:
    await scene.chair.get(scene.at())
    await scene.house.ctx.db.write(lambda session: None)
    rows = await scene.house.ctx.db.read(
        lambda session: list(audit_log.rows_of(session, scene.house.made.id))
    )
    seen = [row for row in rows if '"page":"history"' in row.what]
    assert [(row.who, row.deed) for row in seen][:1] == [(scene.house.id_of(CHAIR), "saw")]
    assert scene.lane in seen[0].what


async def test_the_desk_links_to_it(scene: Scene) -> None:
    page = (await scene.chair.get(f"{scene.house.base(CHAIR)}/?part={scene.part}")).text
    assert f'href="{scene.at()}"' in page


async def test_a_damaged_row_is_named_and_what_came_before_is_shown(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        chair = await house.chair()
        await conferences.change_phase(house.ctx, chair, Phase.OPEN)
        browser = await house.come(CHAIR)
        part = house.made.parts[0].id
        for words in ("One.", "Two.", "Three."):
            await points.add(house.ctx, chair, part, words)

        def damage(session: Session) -> None:
            session.connection().execute(text("UPDATE update_log SET participant_id = 'n0' WHERE seq = 2"))

        await house.ctx.db.write(damage)
        page = plain((await browser.get(f"{house.base(CHAIR)}/history?part={part}")).text)
        assert "row 2 does not hold" in page
        assert "One." in page
        assert "Two." not in page
