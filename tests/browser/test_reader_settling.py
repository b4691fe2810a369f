"""What is still settled once a part or the whole meeting is over: asked again, put right, and shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_page
from tests.browser.desk import TYPIST, fields, saved, sit_down
from tests.browser.meeting import Meeting
from tests.browser.reading import VIEWS, WORRIES, act, go, point, say, up_to_date


def part(meeting: Meeting, number: int = WORRIES) -> str:
    found: str = meeting.parts[number]["id"]
    return found


def agreed(meeting: Meeting, *points: str) -> None:
    """The part about the worries was read through; the parent answered, and the meeting went on."""
    act(meeting, "chair", "POST", f"/read-through/{part(meeting)}/start")
    for one in points:
        act(meeting, "parent", "POST", f"/read-through/{part(meeting)}/answer", point=one, answer="right")
    act(meeting, "chair", "POST", f"/read-through/{part(meeting)}/finish")


def type_into(meeting: Meeting, number: int, words: str) -> Page:
    """The minute-taker adds words to a point of the part about the worries, wherever the meeting is."""
    page = meeting.pages.get(TYPIST) or sit_down(meeting, part=WORRIES)
    page.goto(f"{meeting.server.address}{meeting.base(TYPIST)}/?part={part(meeting)}")
    saved(page)
    field = fields(page).nth(number)
    field.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("End")
    page.keyboard.type(words)
    saved(page)
    return page


@pytest.mark.rule("R-65")
def test_a_point_changed_after_its_part_was_read_through_is_offered_and_moves_nobody(
    worries: Meeting,
) -> None:
    first = say(worries, "Noah has missed six nursery days.")
    second = say(worries, "Keeley asked for help.")
    agreed(worries, first, second)
    typist = sit_down(worries, part=WORRIES)
    go(worries, VIEWS)
    say(worries, "Ellie likes taking Noah to nursery.", part=VIEWS)
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    expect(phone.locator("#again .strip")).to_have_count(0)
    phone.locator(".pp__act").first.click()
    phone.locator("#sheet [data-choice=question]").click()
    phone.locator("#sheet textarea").fill("Who says")
    type_into(worries, 0, " It was nine.")
    expect(phone.locator("#again")).to_contain_text(
        "A point in “What we are worried about” was changed after you answered."
    )
    expect(phone.locator("#sheet textarea")).to_have_value("Who says")
    phone.get_by_role("link", name="Go back").click()
    phone.locator("#sheet [data-close]").click()
    expect(phone.locator("h1")).to_have_text("Ellie’s views")
    check_page(phone)
    expect(typist.locator("#parts")).to_contain_text("1 point changed since")
    check_page(typist)

    phone.get_by_role("link", name="Look again").click()
    expect(phone.locator("h1")).to_have_text("Is this right?")
    expect(phone.locator("#askpoint")).to_have_text("Noah has missed six nursery days. It was nine.")
    expect(phone.locator("main")).to_contain_text("This point was changed after you answered")
    up_to_date(phone)
    check_page(phone)
    phone.get_by_role("button", name="Not right").click()
    expect(phone.locator("main")).to_contain_text("You said: not right")
    phone.fill("#say", "It was eight.")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.locator("main")).to_contain_text("You have answered all the points")
    check_page(phone)
    phone.get_by_role("link", name="Back to where the meeting is").click()
    expect(phone.locator("h1")).to_have_text("Ellie’s views")
    expect(phone.locator("#again .strip")).to_have_count(0)
    expect(typist.locator("#parts")).to_contain_text("1 not agreed")


@pytest.mark.rule("R-65")
def test_before_signing_the_chair_sees_what_the_read_throughs_left_open(worries: Meeting) -> None:
    agreed(worries, say(worries, "Noah has missed six nursery days."))
    type_into(worries, 0, " It was nine.")
    chair = worries.pages["chair"]
    chair.goto(f"{worries.server.address}{worries.base('chair')}/?sign=1")
    expect(chair.locator("h1")).to_have_text("Sign the record?")
    looks = chair.locator("section", has=chair.get_by_role("heading", name="Look at this first"))
    expect(looks).to_contain_text(
        "Part 2: 1 point was changed after somebody answered. They are asked again."
    )
    check_page(chair)


@pytest.mark.rule("R-58", "R-79")
def test_what_is_changed_after_the_meeting_is_on_the_last_page(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    nurse = worries.enter("Ruth Adeyemi")
    worries.phase("closed")
    for page in (phone, nurse):
        expect(page.locator("h1")).to_have_text("After the meeting")
        expect(page.locator("#changed")).to_contain_text("Nothing has been changed.")
    type_into(worries, 0, " It was nine.")
    for page in (phone, nurse):
        page.locator("#changed").get_by_role("link", name="Look again").click()
        expect(page.locator("#changed ins")).to_have_text("It was nine.")
        check_page(page)


@pytest.mark.rule("R-65")
def test_whoever_reads_what_happens_next_is_asked_and_not_taken_away_from_it(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    worries.phase("closed")
    expect(phone.locator("h1")).to_have_text("After the meeting")
    up_to_date(phone)
    act(worries, "chair", "POST", f"/read-through/{part(worries)}/start")
    expect(phone.locator("#moved")).to_contain_text("You are asked whether a point is right.")
    expect(phone.locator("h1")).to_have_text("After the meeting")
    check_page(phone)
    phone.get_by_role("link", name="Go there").click()
    expect(phone.locator("#askpoint")).to_have_text("Noah has missed six nursery days.")
    check_page(phone)
    phone.get_by_role("button", name="Right", exact=True).click()
    expect(phone.locator("main")).to_contain_text("You have answered all the points")
    phone.get_by_role("link", name="What happens after the meeting").click()
    expect(phone.locator("main")).to_contain_text("If you want to ask")


@pytest.mark.rule("R-5")
def test_a_parent_says_something_of_their_own_and_everyone_reads_it(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    nurse = worries.enter("Ruth Adeyemi")
    up_to_date(phone)
    phone.get_by_role("link", name="Say something of your own").click()
    expect(phone.locator("#sheet-title")).to_be_focused()
    expect(phone.locator("#sheet")).to_contain_text("It is written down in your words, with your name.")
    check_page(phone)
    phone.context.set_offline(True)
    phone.locator("#own-words").fill("I rang the clinic three times.")
    phone.get_by_role("button", name="Say it", exact=True).click()
    expect(phone.locator("#said-of-part")).to_contain_text("Not sent yet")
    expect(phone.locator("#said-of-part")).to_contain_text("I rang the clinic three times.")
    phone.context.set_offline(False)
    expect(point(phone, "I rang the clinic three times.")).to_contain_text("You")
    expect(phone.locator("#said-of-part")).not_to_contain_text("Not sent yet")
    expect(point(nurse, "I rang the clinic three times.")).to_contain_text("Keeley Marsh")
    check_page(phone)


@pytest.mark.rule("R-5", "R-50")
def test_a_child_says_something_of_their_own_and_finds_it_first(worries: Meeting) -> None:
    act(
        worries,
        "chair",
        "POST",
        "/releases",
        part=part(worries, VIEWS),
        participant=worries.person("child")["id"],
        released=True,
    )
    go(worries, VIEWS)
    phone = worries.enter("child", phone=True)
    up_to_date(phone)
    phone.get_by_role("link", name="Say something of your own").click()
    phone.locator("#own-words").fill("I want to be on time for school.")
    phone.get_by_role("button", name="Say it", exact=True).click()
    expect(phone.locator("#own-points")).to_contain_text("I want to be on time for school.")
    check_page(phone)


@pytest.mark.rule("R-53")
def test_a_solicitor_puts_down_what_their_person_says(worries: Meeting) -> None:
    phone = worries.enter("parent", phone=True)
    page = worries.enter("solicitor")
    up_to_date(page)
    page.get_by_role("link", name="Say something of your own").click()
    expect(page.locator("#sheet")).to_contain_text("It is written down as said by Keeley Marsh.")
    page.locator("#own-words").fill("I rang the clinic three times.")
    page.get_by_role("button", name="Say it", exact=True).click()
    expect(point(page, "I rang the clinic three times.")).to_contain_text("Keeley Marsh")
    expect(point(phone, "I rang the clinic three times.")).to_contain_text("You")
    check_page(page)


@pytest.mark.rule("R-57")
def test_what_was_missing_is_shown_to_whoever_missed_it(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.locator("[data-missing]").click()
    phone.locator("#sheet textarea").fill("I told school why.")
    phone.get_by_role("button", name="Send to the chair").click()
    expect(phone.locator("#said-of-part")).to_contain_text("Sent to the chair")
    chair = worries.pages["chair"]
    chair.goto(f"{worries.server.address}{worries.base('chair')}/")
    saved(chair)
    chair.get_by_role("button", name="Put it right").click()
    expect(chair.locator("#queue")).to_contain_text(
        "Write what is missing first, then say that it is put right."
    )
    say(worries, "Keeley told school why.", who="minute_taker")
    chair.get_by_role("button", name="Put it right").click()
    expect(chair.locator("#queue")).to_contain_text("Put right,")
    expect(phone.locator("#said-of-part")).to_contain_text("Added: Keeley told school why.")
    check_page(phone)
