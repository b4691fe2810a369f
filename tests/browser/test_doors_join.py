"""The way into a meeting, in a real browser: what people see, hear and can press, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import DESKTOP, PHONE, Meeting, NewContext
from tests.browser.patience import patient
from tests.browser.reading import up_to_date
from tests.server_process import ServerProcess

CONTINUE = "main form .govuk-button"
READY_TEST_MS = 6_000
"""After so long the ready test takes a connection for blocked."""


def steps(page: Page, person: dict[str, Any]) -> Iterator[str]:
    """Walk through the doors, stopping at each page and at each page with something to put right."""
    page.goto(person["join_url"])
    yield "code"
    page.fill("[name=code]", "AAAAAA")
    page.click(CONTINUE)
    expect(page.locator("[role=alert]")).to_be_visible()
    yield "wrong code"
    page.fill("[name=code]", person["join_code"])
    page.click(CONTINUE)
    page.wait_for_url("**/private")
    yield "private"
    page.click(CONTINUE)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    yield "private, with nothing ticked"
    page.check("[name=who][value=me]")
    page.check("[name=keep]")
    page.check("[name=safe][value=overheard]")
    page.click(CONTINUE)
    page.wait_for_url("**/ready")
    yield "ready"
    page.check("[name=attending][value=voice_only]")
    page.click(CONTINUE)
    expect(page.locator("h1")).to_have_text("The chair knows you are here")
    yield "waiting"


def in_the_waiting_room(page: Page) -> None:
    """Wait until somebody's page waits to be let in: it has asked how they stand, and will see that changed."""
    expect(page.locator("h1")).to_have_text("The chair knows you are here")
    with page.expect_response("**/standing"):
        pass


def calm(page: Page) -> None:
    """What holds of every page of the doors."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert "Marsh" not in page.title()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_of_the_doors_can_be_used_by_everybody(
    open_meeting: OpenMeeting, new_context: NewContext, look: str
) -> None:
    meeting = open_meeting(phases=("open",))
    page = new_context(**PHONE, color_scheme=look).new_page()
    patient(page, READY_TEST_MS)
    seen = []
    for step in steps(page, meeting.person("parent")):
        if step == "ready":
            page.wait_for_selector("[data-outcome=ready]:visible")
        calm(page)
        seen.append(step)
    assert len(seen) == 6


def test_text_twice_as_large_still_fits_a_narrow_phone(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    meeting = open_meeting(phases=("open",))
    page = new_context(**PHONE).new_page()
    for step in steps(page, meeting.person("parent")):
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert_no_sideways_scroll(page)
        assert page.locator("h1, h2").first.is_visible(), step


def test_the_way_in_needs_no_script(open_meeting: OpenMeeting) -> None:
    meeting = open_meeting(phases=("open",))
    page = meeting.knock("parent", phone=True, javascript=False)
    expect(page.locator("h1")).to_have_text("The chair knows you are here")
    assert_no_sideways_scroll(page)
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    meeting.let_in("parent")
    # The page is loaded again now and then, also if nobody presses anything.
    expect(page.locator("h1")).not_to_have_text("The chair knows you are here")


def test_the_way_in_needs_no_mouse(open_meeting: OpenMeeting, new_context: NewContext) -> None:
    meeting = open_meeting(phases=("open",))
    person = meeting.person("parent")
    page = new_context(**DESKTOP).new_page()

    def tab_to(selector: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached with the Tab key on {page.url}")

    page.goto(person["join_url"])
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    tab_to("[name=code]")
    page.keyboard.type(person["join_code"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/private")
    tab_to("[name=who]")
    page.keyboard.press("Space")
    tab_to("[name=keep]")
    page.keyboard.press("Space")
    tab_to("[name=safe]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ready")
    tab_to("[name=attending]")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The chair knows you are here")


def test_a_wrong_code_is_where_a_screen_reader_goes_on_reading(
    meeting: Meeting, new_context: NewContext
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(meeting.person("parent")["join_url"])
    page.fill("[name=code]", "AAAAAA")
    page.click(CONTINUE)
    expect(page.locator("[role=alert]")).to_be_focused()
    expect(page.locator("#code")).to_have_value("AAAAAA")
    expect(page.locator("#code-error")).to_contain_text("There is never a letter O or I in it")


def test_the_waiting_room_opens_by_itself(open_meeting: OpenMeeting) -> None:
    meeting = open_meeting(phases=("open",))
    page = meeting.knock("parent", phone=True)
    in_the_waiting_room(page)
    meeting.let_in("parent")
    expect(page.locator("h1")).not_to_have_text("The chair knows you are here")


def test_whoever_is_let_in_before_the_page_first_asks_does_not_stay_in_the_waiting_room(
    open_meeting: OpenMeeting,
) -> None:
    meeting = open_meeting(phases=("open",))
    page = meeting.knock("parent", phone=True)
    held: list[Route] = []
    page.route("**/standing", lambda route: held.append(route))
    with page.expect_request("**/standing"):
        page.reload()
    expect(page.locator("h1")).to_have_text("The chair knows you are here")
    meeting.let_in("parent")
    for asked in held:
        asked.continue_()
    expect(page.locator("h1")).not_to_have_text("The chair knows you are here")


@pytest.mark.rule("R-33")
def test_the_ready_test_finds_that_all_is_well(open_meeting: OpenMeeting, new_context: NewContext) -> None:
    page = at_ready_test(open_meeting(phases=("open",)), new_context(**PHONE))
    expect(page.locator("[data-outcome=ready]")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="You are ready")).to_have_count(1)
    expect(page.get_by_text("This page can show the minutes live")).to_be_visible()
    expect(page.get_by_text("You can send words", exact=True)).to_be_visible()


@pytest.mark.rule("R-33")
def test_the_ready_test_says_when_a_network_keeps_the_minutes_from_coming_live(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    context = new_context(**PHONE)
    # As a network does that lets no such connection through.
    context.add_init_script(
        """window.WebSocket = class extends EventTarget {
            constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("error"))); }
            close() {}
        };"""
    )
    page = at_ready_test(open_meeting(phases=("open",)), context)
    expect(page.locator("[data-outcome=slow]")).to_be_visible()
    calm(page)


def test_the_ready_test_says_what_to_do_without_signal_and_can_be_done_again(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    context = new_context(**PHONE)
    page = at_ready_test(open_meeting(phases=("open",)), context)
    expect(page.locator("[data-outcome=ready]")).to_be_visible()
    context.set_offline(True)
    page.get_by_role("button", name="Test again").click()
    expect(page.locator("[data-outcome=no]")).to_be_visible()
    calm(page)
    context.set_offline(False)
    page.get_by_role("button", name="Test again").click()
    expect(page.locator("[data-outcome=ready]")).to_be_visible()


def at_ready_test(meeting: Meeting, context: BrowserContext) -> Page:
    """A parent's page of the ready test."""
    page = context.new_page()
    patient(page, READY_TEST_MS)
    for step in steps(page, meeting.person("parent")):
        if step == "ready":
            return page
    raise AssertionError("there was no ready test")


@pytest.mark.rule("R-33")
def test_somebody_who_tries_the_link_days_before_is_told_when_to_come_back(open_meeting: OpenMeeting) -> None:
    page = open_meeting(phases=(), starts_at="2099-11-26T09:00:00+00:00").knock("parent", phone=True)
    expect(page.locator("h1")).to_have_text("That is all for today")
    expect(page.get_by_role("status")).to_contain_text("Come back on Thursday 26 November")
    calm(page)


def test_hide_blanks_the_page_at_once_and_a_tap_brings_it_back(open_meeting: OpenMeeting) -> None:
    page = open_meeting(phases=("open",)).knock("parent", phone=True)
    page.click("[data-hide]")
    expect(page.locator("h1")).to_be_hidden()
    expect(page.get_by_text("Tap to come back")).to_be_focused()
    assert_accessible(page)
    page.click("text=Tap to come back")
    expect(page.locator("h1")).to_be_visible()


def test_hide_without_scripts_leads_to_a_page_with_nothing_on_it(open_meeting: OpenMeeting) -> None:
    page = open_meeting(phases=("open",)).knock("parent", phone=True, javascript=False)
    page.click("[data-hide]")
    page.wait_for_url("**/hidden")
    assert "meeting" not in page.inner_text("body").lower()
    page.go_back()
    expect(page.locator("h1")).to_have_text("The chair knows you are here")


@pytest.mark.rule("R-100", "R-101")
def test_two_people_in_one_browser_stay_two_people(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    meeting = open_meeting(phases=("open",))
    context = new_context(**PHONE)
    pages = {}
    for role in ("parent", "social_worker"):
        pages[role] = context.new_page()
        assert [*steps(pages[role], meeting.person(role))][-1] == "waiting"
    in_the_waiting_room(pages["social_worker"])
    meeting.let_in("social_worker")
    expect(pages["social_worker"].locator("h1")).not_to_have_text("The chair knows you are here")
    pages["parent"].reload()
    expect(pages["parent"].locator("h1")).to_have_text("The chair knows you are here")
    assert meeting.person("parent")["id"] in pages["parent"].url


def test_too_many_wrong_codes_are_told_calmly(
    server: ServerProcess, open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(open_meeting(phases=("open",)).person("child")["join_url"])
    for _ in range(9):
        page.fill("[name=code]", "AAAAAA")
        # The next page looks like this one: it has to be waited for, or the code is typed into the old one.
        with page.expect_navigation():
            page.click(CONTINUE)
    expect(page.locator("[role=alert]")).to_contain_text("Please wait")
    calm(page)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_somebody_who_is_sent_out_reads_it_on_a_calm_page(
    open_meeting: OpenMeeting, server: ServerProcess, look: str
) -> None:
    meeting = open_meeting()
    page = meeting.enter("parent", phone=True, color_scheme=look)
    up_to_date(page)
    chair = meeting.person("chair")["live_token"]
    with server.http(chair) as client:
        removed = client.delete(f"/conferences/{meeting.id}/participants/{meeting.person('parent')['id']}")
        assert removed.is_success, removed.text
    # The page goes there by itself, at once.
    expect(page.locator("h2").first).to_have_text("The chair has ended your part in the meeting")
    calm(page)


@pytest.mark.parametrize(
    "address",
    ["/help", "/complaints", "/privacy", "/accessibility", "/hidden", "/nothing-here", "/join/nothing-here"],
)
def test_pages_for_anybody_can_be_used_by_everybody(new_context: NewContext, address: str) -> None:
    for look in ("light", "dark"):
        page = new_context(**DESKTOP, color_scheme=look).new_page()
        page.goto(address)
        calm(page)
