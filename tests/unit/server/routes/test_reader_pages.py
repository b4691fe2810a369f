"""The pages of those who read, as a browser without scripts gets them: what is on them, and above all what is not."""

from __future__ import annotations

import re

import pytest

from server.actions import conferences, flags, points, read_through
from shared_doc.permissions import Phase
from tests.unit.server.actions.typist import change_point
from tests.unit.server.routes.begun import (
    CLOSED_WORDS,
    OPEN_WORDS,
    begin,
    first_point,
    only_point,
    page_of,
    tells_of_the_closed_part,
)
from tests.unit.server.routes.house import House


@pytest.mark.rule("R-9", "R-57")
async def test_a_parent_reads_the_points_and_is_asked_whether_they_are_right(house: House) -> None:
    await begin(house)
    _, html = await page_of(house, "Keeley Marsh")
    assert OPEN_WORDS in html
    assert "Not right? Say so" in html
    assert "Part 1 of 2." in html


@pytest.mark.parametrize("name", ["Keeley Marsh", "Dean Hollis", "Ellie Marsh"])
async def test_nothing_of_a_closed_part_is_on_a_family_s_page(house: House, name: str) -> None:
    await begin(house, closed=True)
    browser, html = await page_of(house, name)
    assert not tells_of_the_closed_part(house, html)
    closed = house.made.parts[1].id
    base = house.base(name)
    for address in (
        f"{base}/?part={closed}",
        f"{base}/fragments/points?part={closed}",
        f"{base}/fragments/flags?part={closed}",
        f"{base}/fragments/summary?part={closed}",
    ):
        answer = await browser.get(address)
        nowhere = await browser.get(address.replace(closed, "there-is-no-such-part"))
        assert (answer.status_code, answer.text) == (404, nowhere.text), address


async def test_a_closed_part_is_on_a_professional_s_page(house: House) -> None:
    await begin(house, closed=True)
    _, html = await page_of(house, "Priya Nair")
    assert CLOSED_WORDS in html
    assert "Professionals only." in html


@pytest.mark.rule("R-52")
async def test_a_supporter_s_page_is_empty_until_their_person_is_there(house: House) -> None:
    await begin(house)
    browser, html = await page_of(house, "Janine Marsh")
    assert OPEN_WORDS not in html
    await house.enter("Keeley Marsh")
    html = (await browser.get(f"{house.base('Janine Marsh')}/")).text
    assert OPEN_WORDS in html
    assert "Say so" not in html
    assert 'value="speak"' not in html


@pytest.mark.rule("R-50")
async def test_a_child_s_page_names_no_part_they_are_not_in(house: House) -> None:
    await begin(house)
    _, html = await page_of(house, "Ellie Marsh")
    assert "Introductions" not in html
    assert OPEN_WORDS not in html


async def test_one_parent_s_flag_is_not_on_the_other_parent_s_page(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    part, point = house.made.parts[0].id, await only_point(house)
    fields = {"part": part, "point": point, "kind": "not_right", "words": "It was three days."}
    answer = await keeley.send_form(
        f"{house.base('Keeley Marsh')}/", fields, f"{house.base('Keeley Marsh')}/flags"
    )
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"#pt-{point}")
    assert "It was three days." in (await keeley.get(f"{house.base('Keeley Marsh')}/")).text
    dean, html = await page_of(house, "Dean Hollis")
    assert "It was three days." not in html
    fragment = await dean.get(f"{house.base('Dean Hollis')}/fragments/flags?part={part}")
    assert "It was three days." not in fragment.text


@pytest.mark.rule("R-65")
async def test_the_read_through_asks_one_point_after_the_other(house: House) -> None:
    await begin(house)
    chair = await house.chair()
    part = house.made.parts[0].id
    await points.add(house.ctx, chair, part, "A second point.")
    await read_through.start(house.ctx, chair, part)
    keeley, html = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    assert "Is this right?" in html
    assert "Point 1 of 2." in html
    fields = {"point": await first_point(house), "answer": "right"}
    await keeley.send_form(f"{base}/", fields, f"{base}/read-through/{part}/answer")
    html = (await keeley.get(f"{base}/")).text
    assert "A second point." in html
    assert "Point 2 of 2." in html


@pytest.mark.rule("R-65")
async def test_a_point_changed_after_the_read_through_is_asked_about_again_on_one_s_own_page(
    house: House,
) -> None:
    await begin(house)
    chair, part = await house.chair(), house.made.parts[0].id
    point = await only_point(house)
    await read_through.start(house.ctx, chair, part)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    fields = {"point": point, "answer": "right"}
    await keeley.send_form(f"{base}/", fields, f"{base}/read-through/{part}/answer")
    await read_through.finish(house.ctx, chair, part)
    assert "changed after you answered" not in (await keeley.get(f"{base}/")).text
    assert await change_point(house.ctx, chair, part, point, "Noah has missed three nursery days.")
    html = (await keeley.get(f"{base}/")).text
    assert "A point in “Introductions” was changed after you answered." in html
    assert "Is this right?" not in html
    assert "Look again" in (await keeley.get(f"{base}/fragments/requests")).text
    html = (await keeley.get(f"{base}/?again={part}")).text
    assert "Is this right?" in html
    assert "Noah has missed three nursery days." in html
    assert "This point was changed after you answered" in html
    fields = {"point": point, "answer": "not_right", "again": part}
    answer = await keeley.send_form(f"{base}/?again={part}", fields, f"{base}/read-through/{part}/answer")
    assert answer.headers["location"] == f"{base}/?again={part}&question={point}"
    assert "What should it say?" in (await keeley.get(answer.headers["location"])).text
    answer = await keeley.send_form(
        f"{base}/?again={part}", fields | {"words": "Four."}, f"{base}/read-through/{part}/answer"
    )
    html = (await keeley.get(answer.headers["location"])).text
    assert "You have answered all the points" in html
    assert "Back to where the meeting is" in html
    assert "changed after you answered" not in (await keeley.get(f"{base}/")).text


async def test_nobody_is_asked_about_a_part_they_may_not_read(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    answer = await keeley.get(f"{base}/?again={house.made.parts[1].id}")
    assert answer.status_code == 404


@pytest.mark.rule("R-65")
async def test_after_the_meeting_a_read_through_still_asks_and_what_happens_next_can_be_read(
    house: House,
) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    chair, base = await house.chair(), house.base("Keeley Marsh")
    await conferences.change_phase(house.ctx, chair, Phase.CLOSED)
    assert "After the meeting" in (await keeley.get(f"{base}/")).text
    await read_through.start(house.ctx, chair, house.made.parts[0].id)
    html = (await keeley.get(f"{base}/")).text
    assert "Is this right?" in html
    assert "data-ended" not in html, "what is written here must not be erased from the tab"
    assert "If you want to ask" in (await keeley.get(f"{base}/?after=1")).text


@pytest.mark.rule("R-58", "R-79")
async def test_what_was_changed_after_the_meeting_is_on_the_last_page_of_whoever_may_read_it(
    house: House,
) -> None:
    await begin(house)
    chair, part = await house.chair(), house.made.parts[0]
    await conferences.change_phase(house.ctx, chair, Phase.CLOSED)
    keeley, html = await page_of(house, "Keeley Marsh")
    assert "Nothing has been changed." in html
    await change_point(house.ctx, chair, part.id, await only_point(house), "Noah has missed six days.")
    (closed,) = await house.ctx.lanes.points(f"{house.made.id}/{house.made.parts[1].id}/minutes")
    await change_point(house.ctx, chair, house.made.parts[1].id, closed.id, "The police were called once.")
    html = (await keeley.get(f"{house.base('Keeley Marsh')}/")).text
    assert "Changed since the meeting ended" in html
    assert "<del>nursery</del>" in html
    assert not tells_of_the_closed_part(house, html)
    assert "once." not in html
    _, priya = await page_of(house, "Priya Nair")
    assert "<del>nursery</del>" in priya
    assert "<ins>once.</ins>" in priya


async def test_before_the_meeting_a_page_says_when_it_opens_and_what_cannot_be_decided(house: House) -> None:
    await conferences.change_phase(house.ctx, await house.chair(), Phase.OPEN)
    _, html = await page_of(house, "Keeley Marsh")
    assert "The meeting has not started yet" in html
    assert "cannot decide to take a child away" in html


@pytest.mark.rule("R-88", "R-89")
async def test_after_the_meeting_a_page_says_whom_to_ask_and_how_to_complain(house: House) -> None:
    await begin(house)
    await conferences.change_phase(house.ctx, await house.chair(), Phase.CLOSED)
    await house.enter("Priya Nair")
    _, html = await page_of(house, "Keeley Marsh")
    for words in (
        "What happens next",
        "Priya Nair",
        "Margaret Osei",
        "If you are not happy",
        "01632 960 125",
    ):
        assert words in html, words


async def test_a_page_s_title_and_scripts_data_name_nobody_they_need_not(house: House) -> None:
    await begin(house)
    _, html = await page_of(house, "Keeley Marsh")
    title = re.search(r"<title>(.*?)</title>", html)
    assert title is not None
    assert title[1] == "Meeting – True Record"
    assert "Janine" not in html, "somebody who has not come yet is not told of"


async def test_what_was_put_right_is_told_to_whoever_asked(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    part = house.made.parts[0].id
    raised = await flags.raise_flag(
        house.ctx, house.actor("Keeley Marsh"), part, await only_point(house), "not_right", "It was three."
    )
    await flags.answer(
        house.ctx, house.actor("Margaret Osei"), raised.id, "left", "This is what the file says."
    )
    html = (await keeley.get(f"{house.base('Keeley Marsh')}/")).text
    assert "Left as it is" in html
    assert "Margaret: “This is what the file says.”" in html
    assert "“It was three.”" in html


async def test_a_part_looked_up_again_leads_back_to_where_the_meeting_is(house: House) -> None:
    await begin(house, closed=True)
    browser, html = await page_of(house, "Priya Nair")
    assert "Back to where the meeting is" not in html
    earlier = (await browser.get(f"{house.base('Priya Nair')}/?part={house.made.parts[0].id}")).text
    assert "Back to where the meeting is" in earlier
    assert OPEN_WORDS in earlier
