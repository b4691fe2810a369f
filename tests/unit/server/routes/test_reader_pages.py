"""The pages of those who read, as a browser without scripts gets them: what is on them, and above all what is not."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from server.actions import conferences, flags, parts, points, read_through
from server.db.models import Flag
from shared_doc.permissions import Phase
from tests.unit.server.actions.typist import change_point
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


async def test_the_same_key_twice_says_it_once(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    fields = {
        "part": house.made.parts[0].id,
        "point": await only_point(house),
        "kind": "question",
        "key": "a" * 32,
    }
    for _ in range(2):
        assert (await keeley.send_form(f"{base}/", fields, f"{base}/flags")).status_code == 303
    assert (await keeley.get(f"{base}/")).text.count("data-said=") == 1


async def test_words_that_are_too_many_stay_in_the_form_with_the_reason(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    words = "word " * 900
    fields = {
        "part": house.made.parts[0].id,
        "point": await only_point(house),
        "kind": "not_right",
        "words": words,
    }
    answer = await keeley.send_form(f"{base}/", fields, f"{base}/flags")
    assert answer.status_code == 422
    assert words.strip() in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_form_without_the_page_s_own_value_is_refused(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    for path in (
        "flags",
        "points",
        "requests",
        "left",
        "flags/f/withdraw",
        "requests/r/withdraw",
        "read-through/p/answer",
    ):
        answer = await keeley.post(f"{base}/{path}", data={"csrf": "guessed", "kind": "speak"})
        assert answer.status_code == 403, path
    assert await house.ctx.db.read(lambda session: session.exec(select(Flag)).all()) == []


async def test_somebody_else_s_cookie_opens_nothing_of_mine(house: House) -> None:
    await begin(house)
    dean, _ = await page_of(house, "Dean Hollis")
    for path in ("", "fragments/requests", f"fragments/points?part={house.made.parts[0].id}"):
        answer = await dean.get(f"{house.base('Keeley Marsh')}/{path}")
        assert answer.status_code in {303, 401}, path
        assert OPEN_WORDS not in answer.text


@pytest.mark.rule("R-52")
async def test_a_supporter_who_sends_what_the_page_does_not_offer_is_refused(house: House) -> None:
    await begin(house)
    await house.enter("Keeley Marsh")
    janine, _ = await page_of(house, "Janine Marsh")
    base = house.base("Janine Marsh")
    part, point = house.made.parts[0].id, await only_point(house)
    flag = await janine.send_form(
        f"{base}/?leaving=1", {"part": part, "point": point, "kind": "not_right"}, f"{base}/flags"
    )
    speak = await janine.send_form(f"{base}/?leaving=1", {"kind": "speak"}, f"{base}/requests")
    own = await janine.send_form(
        f"{base}/?leaving=1", {"part": part, "text": "I think so."}, f"{base}/points"
    )
    assert [flag.status_code, speak.status_code, own.status_code] == [403, 403, 403]


async def test_a_script_that_asks_for_json_is_answered_in_json(house: House) -> None:
    await begin(house)
    keeley, html = await page_of(house, "Keeley Marsh")
    token = re.search(r'"csrf": ?"([^"]+)"', html)
    assert token is not None
    headers = {"Accept": "application/json", "X-CSRF": token[1]}
    base = house.base("Keeley Marsh")
    assert (await keeley.post(f"{base}/requests", data={"kind": "break"}, headers=headers)).json() == {
        "done": True
    }
    refused = await keeley.post(f"{base}/requests", data={"kind": "dance"}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["detail"]


async def test_a_request_can_be_taken_back_and_then_is_not_on_the_page(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    await keeley.send_form(f"{base}/", {"kind": "break"}, f"{base}/requests")
    asked = (await keeley.get(f"{base}/fragments/requests")).text
    assert "You asked for a break." in asked
    there = re.search(r'action="[^"]*(requests/[^"]+/withdraw)"', asked)
    assert there is not None
    await keeley.send_form(f"{base}/", {}, f"{base}/{there[1]}")
    assert "You asked for a break." not in (await keeley.get(f"{base}/fragments/requests")).text


async def test_it_is_not_safe_is_not_written_on_the_page_and_leads_to_a_blank_one(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    answer = await keeley.send_form(f"{base}/", {"kind": "not_safe"}, f"{base}/requests")
    assert answer.headers["location"] == "/hidden"
    asked = (await keeley.get(f"{base}/fragments/requests")).text
    assert "The chair has your message." in asked
    assert "safe" not in asked


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


async def first_point(house: House) -> str:
    found = await house.ctx.lanes.points(f"{house.made.id}/{house.made.parts[0].id}/minutes")
    return found[0].id


@pytest.mark.rule("R-5")
async def test_a_parent_says_something_of_their_own_without_scripts(house: House) -> None:
    await begin(house)
    keeley, html = await page_of(house, "Keeley Marsh")
    base, part = house.base("Keeley Marsh"), house.made.parts[0].id
    assert "Say something of your own" in html
    page = f"{base}/?part={part}&own=1"
    assert "It is written down in your words, with your name." in (await keeley.get(page)).text
    empty = await keeley.send_form(page, {"part": part, "text": " "}, f"{base}/points")
    assert (empty.status_code, "Write the point first." in empty.text) == (422, True)
    words = "word " * 5000
    long = await keeley.send_form(page, {"part": part, "text": words}, f"{base}/points")
    assert (long.status_code, words.strip() in long.text) == (422, True)
    said = await keeley.send_form(page, {"part": part, "text": "I rang the clinic."}, f"{base}/points")
    assert said.status_code == 303
    assert "I rang the clinic." in (await keeley.get(said.headers["location"])).text
    _, dean = await page_of(house, "Dean Hollis")
    assert "I rang the clinic." in dean


async def test_a_supporter_and_a_professional_have_no_page_for_a_statement(house: House) -> None:
    await begin(house)
    await house.enter("Keeley Marsh")
    for name in ("Janine Marsh", "Priya Nair"):
        browser, html = await page_of(house, name)
        assert "Say something of your own" not in html
        answer = await browser.get(f"{house.base(name)}/?part={house.made.parts[0].id}&own=1")
        assert answer.status_code == 404


async def test_nobody_says_anything_of_their_own_once_the_meeting_is_over(house: House) -> None:
    await begin(house)
    await conferences.change_phase(house.ctx, await house.chair(), Phase.CLOSED)
    _, html = await page_of(house, "Keeley Marsh", f"?part={house.made.parts[0].id}")
    assert "Say something of your own" not in html
    assert "Not right? Say so" in html


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


async def test_a_professional_s_point_that_has_no_words_is_asked_for_again(house: House) -> None:
    await begin(house)
    priya, _ = await page_of(house, "Priya Nair")
    base = house.base("Priya Nair")
    part = house.made.parts[0].id
    empty = await priya.send_form(f"{base}/", {"part": part, "text": " ", "kind": "worry"}, f"{base}/points")
    assert empty.status_code == 422
    assert "Write the point first." in empty.text
    added = await priya.send_form(
        f"{base}/", {"part": part, "text": "I visited.", "kind": "worry"}, f"{base}/points"
    )
    assert added.status_code == 303
    assert "I visited." in (await priya.get(f"{base}/")).text


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


async def test_somebody_who_leaves_sees_nothing_more(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    await keeley.send_form(f"{base}/?leaving=1", {}, f"{base}/left")
    answer = await keeley.get(f"{base}/")
    assert OPEN_WORDS not in answer.text
    assert (await keeley.get(f"{base}/fragments/points?part={house.made.parts[0].id}")).status_code == 404


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
