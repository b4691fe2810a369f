"""What each kind of reader sees, and what they do not: a child, companions, an observer, professionals."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import assert_accessible, check_page
from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import Meeting
from tests.browser.reading import (
    CHANGES,
    CLOSED,
    VIEWS,
    WORRIES,
    act,
    all_saved,
    flags,
    go,
    point,
    say,
    up_to_date,
)


@pytest.fixture
def worries(open_meeting: OpenMeeting) -> Meeting:
    """A conference in session, at the part about the worries, with one point."""
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    say(meeting, "Noah has missed six nursery days.")
    return meeting


@pytest.mark.rule("R-50")
def test_a_child_reads_the_parts_they_are_in_and_learns_of_no_other(worries: Meeting) -> None:
    page = worries.enter("child", phone=True)
    up_to_date(page)
    expect(page.locator("main")).to_contain_text("The grown-ups are talking about something else")
    html = page.request.get(page.url).text()
    for secret in ("Noah has missed", "What we are worried about", "Police information", "Introductions"):
        assert secret not in html, secret
    check_page(page)

    child = worries.person("child")["id"]
    act(
        worries,
        "chair",
        "POST",
        "/releases",
        part=worries.parts[VIEWS]["id"],
        participant=child,
        released=True,
    )
    go(worries, VIEWS)
    say(worries, "Thank you for coming, Ellie.", part=VIEWS)
    expect(page.locator("h1")).to_have_text("Hello Ellie")
    expect(point(page, "Thank you for coming, Ellie.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("You can stop at any time. Nobody will be cross.")
    html = page.request.get(page.url).text()
    for secret in ("Noah has missed", "What we are worried about", "Police information", "Introductions"):
        assert secret not in html, secret
    check_page(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#asked")).to_contain_text("You asked to stop for a bit.")


@pytest.mark.rule("R-52", "R-51")
def test_a_supporter_reads_what_their_person_reads_and_only_while_they_are_there(worries: Meeting) -> None:
    parent = worries.enter("parent", phone=True)
    page = worries.enter("supporter", phone=True)
    up_to_date(page)
    expect(point(page, "Noah has missed six nursery days.")).to_be_visible()
    expect(page.locator("main")).to_contain_text(
        "You are here to support Keeley Marsh. You read what Keeley reads."
    )
    expect(page.locator(".pp__act")).to_have_count(0)
    expect(page.locator("form.bar button[value=speak]")).to_have_count(0)
    check_page(page)
    parent.goto(f"{worries.server.address}{worries.base('parent')}/?leaving=1")
    parent.get_by_role("button", name="Leave the meeting").click()
    expect(page.locator("main")).to_contain_text("There is nothing to read here just now")
    page.wait_for_load_state()
    assert "Noah has missed" not in page.content()
    assert "Noah has missed" not in page.request.get(page.url).text()
    check_page(page)


@pytest.mark.rule("R-53")
def test_a_solicitor_says_it_for_the_person_they_help(worries: Meeting) -> None:
    parent = worries.enter("parent", phone=True)
    page = worries.enter("solicitor", phone=True)
    up_to_date(page)
    point(page, "Noah has missed").locator(".pp__act").click()
    page.locator("#sheet [data-choice=not_right]").click()
    expect(page.locator("#sheet")).to_contain_text("You are saying this for Keeley Marsh.")
    check_page(page)
    page.locator("#sheet textarea").fill("My client says three days.")
    page.get_by_role("button", name="Send to the chair").click()
    expect(point(page, "Noah has missed")).to_contain_text("Sent to the chair")
    assert flags(worries)[0]["words"] == "My client says three days."
    expect(point(parent, "Noah has missed")).to_contain_text("My client says three days.")


def test_an_observer_reads_along_and_is_offered_nothing_to_change(worries: Meeting) -> None:
    page = worries.enter("observer")
    up_to_date(page)
    expect(page.locator("main")).to_contain_text("You can read along. Nothing can be changed from this page.")
    expect(page.locator("form, .pp__act, [data-missing]")).to_have_count(0)
    check_page(page)


@pytest.mark.rule("R-60", "R-61")
def test_a_professional_adds_a_point_and_changes_it_as_everyone_reads(worries: Meeting) -> None:
    parent = worries.enter("parent", phone=True)
    page = worries.enter("Ruth Adeyemi")
    all_saved(page)
    check_page(page)
    page.fill("#own-text", "Keeley came to every baby clinic until last winter.")
    expect(page.locator("#own-private")).to_contain_text("Only you can see this until you add it")
    assert "baby clinic" not in parent.content()
    page.select_option("#own-kind", "strength")
    page.get_by_role("button", name="Add to the minutes").click()
    expect(point(parent, "Keeley came to every baby clinic until last winter.")).to_be_visible()
    expect(page.locator("#own-text")).to_have_value("")
    own = page.locator("#mine-editor textarea")
    expect(own).to_have_count(1)
    check_page(page)
    own.click()
    page.keyboard.press("End")
    page.keyboard.press("ControlOrMeta+ArrowRight")
    own.press_sequentially(" She asks good questions.")
    expect(point(parent, "until last winter. She asks good questions.")).to_be_visible()
    expect(page.locator("#points")).to_contain_text("She asks good questions.")
    # nobody else's point is theirs to change
    expect(page.locator("#mine-editor")).not_to_contain_text("Noah has missed")
    # and what they added is theirs on a newly loaded page too
    page.reload()
    expect(page.locator("#mine-editor textarea")).to_have_value(re.compile("She asks good questions"))


@pytest.mark.rule("R-57")
def test_a_point_put_right_is_shown_with_its_old_and_new_words_to_whoever_asked(worries: Meeting) -> None:
    parent = worries.enter("parent", phone=True)
    up_to_date(parent)
    point(parent, "Noah has missed").locator(".pp__act").click()
    parent.locator("#sheet [data-choice=not_right]").click()
    parent.locator("#sheet textarea").fill("It was three.")
    parent.get_by_role("button", name="Send to the chair").click()
    expect(point(parent, "Noah has missed")).to_contain_text("Sent to the chair")
    page = worries.enter("Priya Nair")
    own = page.locator("#mine-editor textarea")
    own.fill("Noah has missed three nursery days.")
    expect(point(parent, "three nursery days")).to_be_visible()
    (raised,) = flags(worries)
    act(worries, "chair", "POST", f"/flags/{raised['id']}/answer", outcome="corrected")
    changed = point(parent, "nursery days")
    expect(changed.locator("del")).to_have_text("six")
    expect(changed.locator("ins")).to_have_text("three")
    expect(changed).to_contain_text("The change is marked above.")
    assert_accessible(parent)


def test_a_professional_without_signal_keeps_their_words(worries: Meeting) -> None:
    page = worries.enter("Ruth Adeyemi")
    all_saved(page)
    page.context.set_offline(True)
    expect(page.locator("#state")).to_have_text("No signal")
    page.fill("#own-text", "I will ring the clinic today.")
    page.get_by_role("button", name="Add to the minutes").click()
    expect(page.locator("#mine-waiting")).to_contain_text("Sent, not saved yet")
    check_page(page)
    page.context.set_offline(False)
    expect(point(page, "I will ring the clinic today.")).to_be_visible()
    expect(page.locator("#mine-waiting li")).to_have_count(0)
    expect(page.locator("#mine-editor textarea")).to_have_value("I will ring the clinic today.")


def test_a_professional_can_hold_the_pen_and_give_it_back(worries: Meeting) -> None:
    page = worries.enter("Ruth Adeyemi")
    all_saved(page)
    pen = {"part": worries.parts[WORRIES]["id"], "participant": worries.person("Ruth Adeyemi")["id"]}
    act(worries, "chair", "POST", "/pen", **pen, held=True)
    expect(page.locator("main")).to_contain_text("You hold the pen of this part.")
    field = page.locator("#pen-editor textarea").first
    expect(field).to_have_value("Noah has missed six nursery days.")
    field.fill("Noah has missed three nursery days.")
    all_saved(page)
    act(worries, "chair", "POST", "/pen", **pen, held=False)
    expect(page.locator("#pen-editor textarea")).to_have_count(0)
    expect(point(page, "Noah has missed three nursery days.")).to_be_visible()


def test_a_professional_can_do_everything_without_scripts(worries: Meeting) -> None:
    page = worries.enter("Ruth Adeyemi", javascript=False)
    page.fill("#own-text", "I will ring the clinic today.")
    page.select_option("#own-kind", "answer")
    page.get_by_role("button", name="Add to the minutes").click()
    expect(point(page, "I will ring the clinic today.")).to_be_visible()
    expect(page.locator("#mine")).to_contain_text("I will ring the clinic today.")
    page.get_by_role("button", name="Add to the minutes").click()
    expect(page.locator("#own-error")).to_be_visible()
    page.get_by_role("button", name="Ask to speak").click()
    expect(page.locator("#asked")).to_contain_text("You asked to speak.")
    point(page, "Noah has missed").locator(".pp__act").click()
    page.click("text=I have a question")
    page.wait_for_url("**kind=question**")
    page.fill("textarea", "Since when?")
    page.click("text=Send to the chair")
    expect(point(page, "Noah has missed")).to_contain_text("Since when?")


def test_a_closed_part_is_the_professionals_own(worries: Meeting) -> None:
    page = worries.enter("Priya Nair")
    all_saved(page)
    go(worries, CLOSED)
    expect(page.locator(".top__where")).to_contain_text("Professionals only.")
    check_page(page)
