"""Typing at the desk, against the real server: what is saved, who else writes, and what happens offline."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import OpenMeeting
from tests.browser.desk import (
    TYPIST,
    caret,
    expect_texts,
    fields,
    in_the_next,
    next_point,
    saved,
    sit_down,
    stored,
    write,
)
from tests.browser.meeting import Meeting
from tests.browser.network import Network
from tests.browser.patience import record, said
from tests.browser.reading import act, say

CUT = "() => window.dispatchEvent(new Event('offline'))"
MENDED = "() => window.dispatchEvent(new Event('online'))"


def cut(page: Page) -> None:
    """Pull the plug of one person's browser."""
    page.context.set_offline(True)
    page.evaluate(CUT)
    expect(page.locator("#where")).to_contain_text("You are offline")


def mend(page: Page) -> None:
    page.context.set_offline(False)
    page.evaluate(MENDED)


def test_what_the_typist_types_is_stored_and_stands_on_the_chair_s_page(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    write(typist, "Noah has missed six nursery days.", "Keeley rang the clinic.")
    expect_texts(chair, "Noah has missed six nursery days.", "Keeley rang the clinic.")
    saved(typist)
    assert stored(meeting) == ["Noah has missed six nursery days.", "Keeley rang the clinic."]


def test_both_write_and_each_sees_where_the_other_is(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    write(typist, "First.")
    expect_texts(chair, "First.")
    expect(chair.locator("#points .pt--other")).to_contain_text("Tom is writing here")
    fields(chair).first.focus()
    chair.keyboard.press("End")
    chair.keyboard.type(" Second.")
    expect_texts(typist, "First. Second.")
    assert caret(typist) == ("First. Second.", 6)


def test_the_chair_s_summary_is_typed_as_points_and_read_as_text(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    chair.locator("#summary textarea").last.focus()
    chair.keyboard.type("Keeley has been asking for help.")
    expect(typist.locator("#summary li")).to_have_text(["Keeley has been asking for help."])
    assert typist.locator("#summary textarea").count() == 0


def test_words_typed_without_a_connection_go_by_themselves_when_it_is_back(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    write(typist, "Before.")
    saved(typist)
    cut(typist)
    typist.keyboard.press("Enter")
    typist.keyboard.type("Meanwhile one.")
    typist.keyboard.press("Enter")
    typist.keyboard.type("Meanwhile two.")
    expect(typist.locator("#saved")).to_contain_text("2 changes not saved yet")
    expect(typist.locator("#where")).to_contain_text("Nobody else can see them yet.")
    assert stored(meeting) == ["Before."]
    assert_accessible(typist)
    record(typist, "#saved")
    mend(typist)
    saved(typist)
    assert stored(meeting) == ["Before.", "Meanwhile one.", "Meanwhile two."]
    expect(typist.locator("#where")).to_contain_text("First conference")
    expect(typist.locator("#saved")).to_have_text(re.compile(r"^\s*All saved$"))
    # For some seconds it said more than that.
    assert "Back online. All saved." in said(typist, "#saved")


def test_going_offline_moves_nothing_on_the_page(meeting: Meeting) -> None:
    typist = sit_down(meeting, viewport={"width": 1440, "height": 900})
    write(typist, "Before.")
    saved(typist)
    place = "() => document.activeElement.getBoundingClientRect().top"
    before = typist.evaluate(place)
    cut(typist)
    typist.keyboard.type(" More.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    assert abs(typist.evaluate(place) - before) <= 1


def test_two_who_type_while_apart_keep_every_word_of_both(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    write(typist, "Point.")
    expect_texts(chair, "Point.")
    cut(typist)
    typist.keyboard.press("Enter")
    typist.keyboard.type("Typist one.")
    typist.keyboard.press("Enter")
    typist.keyboard.type("Typist two.")
    write(chair, "Chair one.", "Chair two.")
    saved(chair)
    mend(typist)
    saved(typist)
    found = stored(meeting)
    assert sorted(found) == sorted(["Point.", "Typist one.", "Typist two.", "Chair one.", "Chair two."])
    # Neither's points were mixed into the other's.
    assert found.index("Typist two.") - found.index("Typist one.") == 1
    assert found.index("Chair two.") - found.index("Chair one.") == 1


def test_a_page_left_without_a_connection_offers_the_words_again(meeting: Meeting, network: Network) -> None:
    typist = sit_down(meeting)
    typist.goto(f"{network.address}{meeting.base(TYPIST)}/")
    saved(typist)
    write(typist, "Before.")
    saved(typist)
    network.cut()
    typist.keyboard.press("Enter")
    typist.keyboard.type("Not stored anywhere else.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    typist.on("dialog", lambda dialog: dialog.accept())
    address = typist.url
    typist.goto("about:blank")
    network.mend()
    typist.goto(address)
    dock = typist.locator("#dock")
    expect(dock).to_contain_text("The page closed before these words were saved.")
    expect(dock).to_contain_text("Not stored anywhere else.")
    assert_accessible(typist)
    dock.get_by_role("button", name="Put them in as a point").click()
    expect(dock).to_be_hidden()
    saved(typist)
    assert stored(meeting) == ["Before.", "Not stored anywhere else."]


def test_words_for_a_meeting_that_was_stopped_meanwhile_are_handed_back(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    write(typist, "Before.")
    saved(typist)
    cut(typist)
    typist.keyboard.type(" Typed too late.")
    meeting.phase("adjourned")
    mend(typist)
    dock = typist.locator("#dock")
    expect(dock).to_contain_text("One change was not accepted")
    expect(dock).to_contain_text("Before. Typed too late.")
    expect_texts(typist, "Before.")
    assert stored(meeting) == ["Before."]
    assert_accessible(typist)
    dock.get_by_role("button", name="Let them go").click()
    expect(dock).to_be_hidden()
    expect(fields(typist).first).to_have_attribute("readonly", "")
    meeting.phase("in_session")
    expect(fields(typist).first).not_to_have_attribute("readonly", "")
    write(typist, "After.")
    saved(typist)
    assert stored(meeting) == ["Before.", "After."]


def test_a_professional_s_point_arrives_and_moves_nothing(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    write(typist, "I am in the middle of a sen")
    saved(typist)
    say(meeting, "A point of my own.", who="Nadia Rahman", part=0)
    expect_texts(typist, "I am in the middle of a sen", "A point of my own.")
    assert caret(typist) == ("I am in the middle of a sen", 27)
    typist.keyboard.type("tence.")
    saved(typist)
    assert stored(meeting)[0] == "I am in the middle of a sentence."


def test_the_restarted_server_finds_the_typist_still_typing(open_meeting: OpenMeeting) -> None:
    meeting = open_meeting()
    typist = sit_down(meeting)
    write(typist, "Before.")
    saved(typist)
    meeting.server.kill()
    typist.keyboard.type(" During.")
    meeting.server.start()
    saved(typist)
    assert stored(meeting) == ["Before. During."]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_is_accessible_at_work(meeting: Meeting, scheme: str) -> None:
    typist = sit_down(meeting, color_scheme=scheme)
    assert_accessible(typist)
    write(typist, "One.", "Two.")
    saved(typist)
    assert_accessible(typist)
    typist.keyboard.press("F4")
    expect(typist.get_by_role("combobox")).to_be_focused()
    assert_accessible(typist)
    typist.keyboard.press("Escape")
    typist.keyboard.press("Control+k")
    expect(typist.get_by_role("dialog")).to_be_visible()
    assert_accessible(typist)


def test_the_desk_fits_the_narrowest_phone_and_folds_its_parts(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    write(typist, "Averyveryverylongwordwithoutaspaceinitthatwouldnotfitintotheline and more.")
    assert_no_sideways_scroll(typist)
    typist.set_viewport_size({"width": 360, "height": 640})
    parts = typist.locator("#parts-list > li")
    expect(parts).to_have_count(4)
    for number in range(4):
        expect(parts.nth(number)).to_be_visible(visible=number == 0)
    fold = typist.get_by_role("button", name="All 4 parts")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    for number in range(4):
        expect(parts.nth(number)).to_be_visible()
    assert_accessible(typist)


def test_the_keys_can_be_switched_off(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    typist.keyboard.press("Control+k")
    typist.keyboard.type("switch")
    typist.keyboard.press("Enter")
    next_point(typist)
    typist.keyboard.type("@work / home")
    saved(typist)
    assert stored(meeting) == ["@work / home"]
    typist.keyboard.press("Control+k")
    expect(typist.get_by_role("dialog")).to_be_hidden()
    typist.reload()
    saved(typist)
    in_the_next(typist)
    typist.keyboard.press("F6")
    assert typist.evaluate("() => document.activeElement.tagName") == "TEXTAREA"


def test_what_was_typed_by_keys_alone_has_its_person_and_its_kind(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    next_point(typist)
    typist.keyboard.type("@kel")
    typist.keyboard.press("Enter")
    typist.keyboard.type("/v")
    typist.keyboard.type("I did ring to say.")
    saved(typist)
    parts = act(meeting, "chair", "GET", "")["parts"]
    (point,) = next(one for one in parts if one["id"] == meeting.parts[0]["id"])["points"]
    assert (point["said_by"]["name"], point["kind"]) == ("Kelly Marsh", "view")
