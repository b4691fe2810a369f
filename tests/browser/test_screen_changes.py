"""The shared screen shows what changes where nobody is looking, in a place of its own: the stream stays still."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.desk import TYPIST, fields, sit_down
from tests.browser.meeting import Meeting
from tests.browser.reading import WORRIES, say
from tests.browser.test_reader_screen import open_screen


def still(screen: Page, text: str) -> Page:
    """The screen, once its newest point stands and nothing is being typed."""
    expect(screen.locator("#screen-points li").last).to_contain_text(text)
    expect(screen.locator(".screen__pt--typing:visible")).to_have_count(0)
    return screen


def test_a_point_typed_further_up_than_the_screen_reaches_is_shown_on_top(worries: Meeting) -> None:
    for number in range(14):
        say(
            worries,
            f"This is point number {number}, and it is long enough to need two lines on the screen, or so.",
        )
    typist = sit_down(worries, TYPIST, WORRIES)
    screen = still(open_screen(worries), "number 13")
    last = screen.locator("#screen-points li").last
    place = last.bounding_box()
    first = fields(typist).first
    first.focus()
    typist.keyboard.press("End")
    typist.keyboard.press("Control+End")
    typist.keyboard.press("Enter")
    typist.keyboard.type("A new second point.")
    slot = screen.locator("#typed")
    expect(slot).to_be_visible()
    expect(slot).to_contain_text("A new second point.")
    expect(slot).to_contain_text("being typed now")
    expect(slot.locator(".caret")).to_be_visible()
    expect(slot).to_be_in_viewport(ratio=1)
    assert last.bounding_box() == place
    for item in screen.locator("#screen-points li:visible").all():
        expect(item).to_be_in_viewport(ratio=1)
    assert_accessible(screen)
    assert_no_sideways_scroll(screen)
    expect(slot).to_be_hidden()
    assert last.bounding_box() == place


def test_a_point_typed_where_everyone_sees_it_has_no_other_place(worries: Meeting) -> None:
    say(worries, "The first point.")
    say(worries, "The last point.")
    typist = sit_down(worries, TYPIST, WORRIES)
    screen = still(open_screen(worries), "The last point.")
    fields(typist).first.focus()
    typist.keyboard.press("End")
    typist.keyboard.press("Enter")
    typist.keyboard.type("In between.")
    typed = screen.locator("#screen-points .screen__pt--typing")
    expect(typed).to_contain_text("In between.")
    expect(typed).to_contain_text("being typed now")
    expect(screen.locator("#typed")).to_be_hidden()


def test_a_point_that_is_struck_out_is_seen_to_go(worries: Meeting) -> None:
    say(worries, "Keeley was out all night.")
    say(worries, "The last point.", who="Ruth Adeyemi")
    typist = sit_down(worries, TYPIST, WORRIES)
    screen = still(open_screen(worries), "The last point.")
    last = screen.locator("#screen-points li").last
    place = last.bounding_box()
    fields(typist).first.focus()
    typist.keyboard.press("Control+k")
    typist.keyboard.type("strike")
    typist.keyboard.press("Enter")
    fix = screen.locator("#fix")
    expect(fix.get_by_text("Struck out")).to_be_visible()
    expect(fix.get_by_text("Being put right")).to_be_hidden()
    expect(fix).to_contain_text("Priya Nair")
    expect(fix.locator("del")).to_have_text("Keeley was out all night.")
    expect(screen.locator("#screen-points li")).to_have_count(1)
    assert last.bounding_box() == place
    assert_accessible(screen)
    expect(fix).to_be_hidden()


def test_a_change_of_who_said_it_is_shown_as_what_is_put_right(worries: Meeting) -> None:
    say(worries, "I asked for help in March.")
    say(worries, "The last point.", who="Ruth Adeyemi")
    typist = sit_down(worries, TYPIST, WORRIES)
    screen = still(open_screen(worries), "The last point.")
    fields(typist).first.focus()
    typist.keyboard.press("F4")
    typist.keyboard.type("Keeley")
    typist.keyboard.press("Enter")
    fix = screen.locator("#fix")
    expect(fix.get_by_text("Being put right")).to_be_visible()
    expect(fix.get_by_text("Struck out")).to_be_hidden()
    expect(fix.locator(".by del")).to_have_text("Priya Nair")
    expect(fix.locator(".by ins")).to_have_text("Keeley Marsh")
    expect(fix.locator("[data-words]")).to_have_text("I asked for help in March.")
    assert_accessible(screen)
    expect(fix).to_be_hidden()
    expect(screen.locator("#screen-points li").first).to_contain_text("Keeley Marsh")
