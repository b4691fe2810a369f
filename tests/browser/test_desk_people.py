"""The list of people at the desk: who is here without a page, and how everybody takes part."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.desk import sit_down
from tests.browser.meeting import Meeting


def row(page: Page, meeting: Meeting, who: str) -> Locator:
    """Somebody's line in the list of people."""
    return page.locator(f"#person-{meeting.person(who)['id']}")


@pytest.mark.rule("R-45", "R-47", "R-51")
@pytest.mark.parametrize("width", [320, 1280])
def test_the_chair_notes_by_keyboard_that_a_mother_is_on_the_telephone(meeting: Meeting, width: int) -> None:
    page = sit_down(meeting, "chair", viewport={"width": width, "height": 800})
    mother = row(page, meeting, "parent")
    expect(mother).to_contain_text("not here yet")
    mother.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(mother.get_by_label("Here without a page. How?")).to_be_focused()
    page.keyboard.type("By phone")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(mother.get_by_role("button", name="is here")).to_be_focused()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.keyboard.press("Enter")
    expect(mother.locator("em")).to_have_text("phone")
    expect(mother.get_by_label("Takes part", exact=True)).to_have_value("phone")


def test_what_is_being_chosen_stays_when_somebody_else_comes(meeting: Meeting) -> None:
    page = sit_down(meeting, "chair")
    mother = row(page, meeting, "parent")
    mother.locator("summary").click()
    mother.get_by_label("Here without a page. How?").select_option("phone")
    mother.get_by_label("Has promised you").check()
    meeting.knock("social_worker")
    expect(row(page, meeting, "social_worker")).to_contain_text("Waiting")
    expect(mother.get_by_label("Here without a page. How?")).to_have_value("phone")
    expect(mother.get_by_label("Has promised you")).to_be_checked()


def test_the_list_of_people_works_without_scripts(meeting: Meeting) -> None:
    page = meeting.enter("chair", javascript=False)
    mother = row(page, meeting, "parent")
    mother.locator("summary").click()
    mother.get_by_label("Here without a page. How?").select_option("room")
    mother.get_by_label("Has promised you").check()
    mother.get_by_role("button", name="is here").click()
    expect(mother.locator("em")).to_have_text("here")
    mother.locator("summary").click()
    mother.get_by_label("Takes part", exact=True).select_option("voice_only")
    mother.get_by_role("button", name="Change how").click()
    expect(mother.locator("em")).to_have_text("voice only")
