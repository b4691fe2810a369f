"""What a professional typed into points of the list, and was not stored, when their page crashed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import OpenMeeting
from tests.browser.crashed_tab import CrashedTab
from tests.browser.desk import stored
from tests.browser.meeting import Meeting
from tests.browser.network import Network
from tests.browser.reading import CHANGES, CLOSED, WORRIES, act, all_saved, go, say

WRITER = "Ruth Adeyemi"
BEFORE = "Keeley came to every baby clinic."
ADDED = " She asks good questions."
AFTER = BEFORE + ADDED
TAB = "JSON.stringify(sessionStorage)"


@pytest.fixture
def worries(open_meeting: OpenMeeting) -> Meeting:
    """A conference at a part with a point of the professional's own."""
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    say(meeting, BEFORE, who=WRITER)
    return meeting


def page_through(network: Network, meeting: Meeting) -> Page:
    page = meeting.enter(WRITER)
    page.goto(f"{network.address}{meeting.base(WRITER)}/")
    all_saved(page)
    return page


def type_unheard(page: Page, network: Network, editor: str) -> None:
    """Type into the point, while nothing comes through."""
    field = page.locator(f"{editor} textarea").first
    expect(field).to_have_value(BEFORE)
    field.click()
    page.keyboard.press("ControlOrMeta+End")
    network.stall()
    page.keyboard.type(ADDED)
    expect(page.locator("#state")).to_have_text("Saving …")
    assert AFTER in page.evaluate(TAB)


def keep(page: Page, meeting: Meeting, **more: object) -> None:
    """As if an earlier page of this tab had left words behind, and had offered them."""
    left = {"point": "p" + "0" * 21, "text": AFTER, "key": "1", "why": "The page closed.", "at": 1} | more
    left |= {"lane": meeting.parts[WORRIES]["lanes"]["minutes"], "refused": False}
    page.evaluate(
        "([name, offer]) => sessionStorage.setItem(name, JSON.stringify({offers: [offer], open: {}}))",
        [f"true-record/{meeting.id}/{meeting.person(WRITER)['id']}/kept", left],
    )


def test_after_a_crash_a_professional_is_offered_what_was_not_stored_and_writes_it_again(
    worries: Meeting, network: Network
) -> None:
    page = page_through(network, worries)
    type_unheard(page, network, "#mine-editor")
    tab = CrashedTab(page)
    network.cut()  # what was on its way is lost
    network.mend()
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until_it_says("#mine-waiting", "The page closed before these words were saved.")
    tab.until_it_says("#mine-waiting", AFTER)
    assert stored(worries, WORRIES) == [BEFORE]
    tab.press("Write them again")
    tab.until("document.querySelectorAll('#mine-waiting li').length === 0")
    assert tab.look("document.querySelector('#own-text').value") == AFTER
    tab.press("Add to the minutes")
    tab.until_it_says("#points", AFTER)
    assert stored(worries, WORRIES) == [BEFORE, AFTER]
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until_it_says("#state", "All saved")
    assert tab.look("document.querySelectorAll('#mine-waiting li').length") == 0


def test_who_holds_the_pen_is_offered_it_too(worries: Meeting, network: Network) -> None:
    pen = {"part": worries.parts[WORRIES]["id"], "participant": worries.person(WRITER)["id"]}
    act(worries, "chair", "POST", "/pen", **pen, held=True)
    page = page_through(network, worries)
    type_unheard(page, network, "#pen-editor")
    tab = CrashedTab(page)
    network.cut()
    network.mend()
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until_it_says("#mine-waiting", AFTER)
    tab.press("Let them go")
    tab.until(f"!{TAB}.includes({AFTER!r})")


def test_what_was_stored_though_the_page_never_heard_of_it_is_not_offered(
    worries: Meeting, network: Network
) -> None:
    page = page_through(network, worries)
    type_unheard(page, network, "#mine-editor")
    tab = CrashedTab(page)
    network.mend()  # what was on its way arrives
    parent = worries.enter("parent", phone=True)
    expect(parent.locator("#points")).to_contain_text(AFTER)
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until_it_says("#state", "All saved")
    tab.until(f"!{TAB}.includes({AFTER!r})")
    assert tab.look("document.querySelectorAll('#mine-waiting li').length") == 0


def test_another_part_says_where_the_words_were(worries: Meeting, network: Network) -> None:
    page = page_through(network, worries)
    type_unheard(page, network, "#mine-editor")
    tab = CrashedTab(page)
    network.cut()
    network.mend()
    go(worries, CLOSED)
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until_it_says("#own-elsewhere", "may not be in the minutes yet, in What we are worried about")
    assert AFTER not in tab.look("document.body.textContent")


def test_words_that_are_offered_in_their_part_are_not_put_into_the_composer_of_another(
    worries: Meeting,
) -> None:
    page = worries.enter(WRITER)
    all_saved(page)
    keep(page, worries, saidBy=worries.person(WRITER)["id"])
    page.reload()
    all_saved(page)
    expect(page.get_by_role("button", name="Write them again")).to_be_visible()
    go(worries, CLOSED)
    expect(page.locator(".top__where")).to_contain_text("Police information")
    expect(page.locator("#mine-waiting li")).to_have_count(0)
    expect(page.locator("#own-elsewhere")).to_contain_text("What we are worried about")
    assert AFTER not in page.content()


def test_what_somebody_else_said_is_not_begun_anew_under_ones_own_name(worries: Meeting) -> None:
    page = worries.enter(WRITER)
    all_saved(page)
    keep(page, worries, saidBy=worries.person("parent")["id"])
    page.reload()
    expect(page.locator("#mine-waiting")).to_contain_text(AFTER)
    expect(page.get_by_role("button", name="Copy the words")).to_be_visible()
    expect(page.get_by_role("button", name="Write them again")).to_have_count(0)


def test_once_the_meeting_is_signed_nothing_of_it_is_in_the_tab(worries: Meeting, network: Network) -> None:
    page = page_through(network, worries)
    type_unheard(page, network, "#mine-editor")
    tab = CrashedTab(page)
    network.cut()
    network.mend()
    worries.phase("closed")
    act(worries, "chair", "POST", "/sign")
    tab.load(f"{network.address}{worries.base(WRITER)}/")
    tab.until(f"!{TAB}.includes({AFTER!r})")
    assert AFTER not in tab.look("document.body.textContent")


def test_words_that_were_left_can_be_read_and_let_go_by_everybody(worries: Meeting) -> None:
    page = worries.enter(WRITER)
    all_saved(page)
    keep(page, worries)
    page.reload()
    all_saved(page)
    expect(page.locator("#mine-waiting")).to_contain_text(AFTER)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Let them go").click()
    expect(page.locator("#mine-waiting li")).to_have_count(0)
