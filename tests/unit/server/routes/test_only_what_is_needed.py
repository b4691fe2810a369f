"""What a program, and a page's script, is sent: these fields and no other."""

from __future__ import annotations

import json
import re

import pytest

from server.actions import conferences, parts
from shared_doc.permissions import Phase
from tests.unit.server.routes.api_conference import Conference
from tests.unit.server.routes.house import House

PERSON = "id name role role_label agency standing attending here dropped_at waiting_since"
NAME = "id name label"
CONFERENCE = {
    "": "id title kind phase starts_at started_at current without_you read_through signed",
    "children": "name date_of_birth",
    "me": PERSON,
    "people": PERSON,
    "parts": "id number title audience state damaged",
    "parts.lanes": "minutes summary",
    "parts.can": "read edit_any edit_own add_point add_statement write_summary flag agree",
    "parts.points": "id number text kind mine struck",
    "parts.points.said_by": NAME,
    "parts.points.started_by": NAME,
    "flags": "id part_id point_id point_number kind words on_behalf_of raised_at mine state outcome answer answered_by "
    "answered_at before after added",
    "flags.raised_by": NAME,
    "requests": "id kind at mine settled_at",
    "requests.by": NAME,
}
BOOT = {
    "": "schema socket token base csrf client events",
    "me": "id name role",
    "people": "id name label",
    "part": "id",
    "part.lanes": "minutes summary",
    "part.can": "edit_any edit_own",
}


def fields(of: object, at: str = "") -> set[str]:
    """The places in a JSON value: `people.name`."""
    if isinstance(of, dict):
        return {place for name, one in of.items() for place in fields(one, f"{at}.{name}".lstrip("."))}
    if isinstance(of, list):
        return {place for one in of for place in fields(one, at)}
    return {at}


def written_out(shape: dict[str, str]) -> set[str]:
    return {f"{at}.{name}".strip(".") for at, names in shape.items() for name in names.split() or [""]}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("role", ["parent", "professional", "chair"])
async def test_of_a_conference_a_program_is_told_no_more_than_is_described(
    conference: Conference, role: str
) -> None:
    await conference.flag("professional")
    await conference.flag("parent")
    held = {"part": conference.part(), "participant": conference.person("professional")["id"], "held": True}
    await conference.post("chair", "/pen", held)
    await conference.post(role if role != "chair" else "parent", "/requests", {"kind": "break"})
    # Who holds the pen is a matter of those who write.
    pen = {} if role == "parent" else {"parts.pen_held_by": ""}
    assert fields(await conference.see(role)) == written_out(CONFERENCE | pen)


@pytest.mark.parametrize("name", ["Margaret Osei", "Keeley Marsh", "Priya Nair"])
async def test_a_script_is_given_what_it_needs_and_no_more(house: House, name: str) -> None:
    chair = await house.chair()
    for phase in (Phase.OPEN, Phase.IN_SESSION):
        await conferences.change_phase(house.ctx, chair, phase)
    await parts.go_to(house.ctx, chair, house.made.parts[0].id)
    browser = await (house.come(name) if name == "Margaret Osei" else house.enter(name))
    page = await browser.get(f"{house.base(name)}/")
    found = re.search(r'id="boot">([^<]+)<', page.text)
    assert found is not None
    boot = json.loads(found[1])
    assert fields(boot) == written_out(BOOT)
