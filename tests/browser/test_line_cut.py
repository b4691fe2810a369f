"""No network for a minute, a half-open line, a frozen tab, a phone that slept: no word is lost, and none is doubled."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.desk import TYPIST, caret, expect_texts, flag, saved, sit_down, stored, write
from tests.browser.meeting import Meeting
from tests.browser.network import Network
from tests.browser.reading import CHANGES, WORRIES, go, point, say, up_to_date

MINUTE = 60_000
SILENCE = 26_000
"""A line that is silent for so long, in milliseconds, counts as dead."""

HIDDEN = """hidden => {
    Object.defineProperty(document, 'visibilityState', {value: hidden ? 'hidden' : 'visible', configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def through(network: Network, meeting: Meeting, who: str) -> Page:
    """Somebody's page, opened anew through the network, with a clock that a test can put forward."""
    page = meeting.pages[who]
    page.clock.install()
    page.goto(f"{network.address}{meeting.base(who)}/")
    return page


def at_the_desk(network: Network, meeting: Meeting, *before: str) -> Page:
    """The typist, who has written some points already."""
    sit_down(meeting)
    typist = through(network, meeting, TYPIST)
    saved(typist)
    write(typist, *before)
    saved(typist)
    return typist


def test_a_minute_without_a_network_while_both_sides_type_loses_and_doubles_nothing(
    meeting: Meeting, network: Network
) -> None:
    chair = sit_down(meeting, "chair")
    typist = at_the_desk(network, meeting, "Before.")
    network.cut()
    expect(typist.locator("#where")).to_contain_text("You are offline. Keep typing.")
    typist.keyboard.press("Enter")
    typist.keyboard.type("The typist, meanwhile.")
    write(chair, "The chair, meanwhile.")
    saved(chair)
    typist.clock.fast_forward(MINUTE)
    typist.keyboard.type(" And a minute later.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    expect(typist.locator("#where")).to_contain_text("Nobody else can see it yet.")
    network.mend()
    typist.clock.fast_forward(10_000)
    saved(typist)
    found = stored(meeting)
    assert sorted(found) == [
        "Before.",
        "The chair, meanwhile.",
        "The typist, meanwhile. And a minute later.",
    ]
    expect_texts(typist, *found)
    expect_texts(chair, *found)


def test_a_flag_raised_while_the_line_was_cut_is_there_when_it_is_back_and_the_caret_stays(
    meeting: Meeting, network: Network
) -> None:
    flagged = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    typist = at_the_desk(network, meeting, "In the middle of a sentence")
    for _ in range(8):
        typist.keyboard.press("ArrowLeft")
    network.cut()
    expect(typist.locator("#where")).to_contain_text("You are offline")
    flag(meeting, flagged, words="I asked in March.")
    network.mend()
    typist.clock.fast_forward(10_000)
    saved(typist)
    expect(typist.locator("#queue .count")).to_have_text("1")
    assert caret(typist) == ("In the middle of a sentence", 19)


def test_a_half_open_line_is_noticed_and_what_was_on_it_comes_once(
    meeting: Meeting, network: Network
) -> None:
    typist = at_the_desk(network, meeting, "Before.")
    network.stall()
    typist.keyboard.type(" During.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    # Nobody has told the page; it finds out by itself that nothing is heard any more.
    for _ in range(4):
        typist.clock.fast_forward(SILENCE // 3)
    expect(typist.locator("#where")).to_contain_text("You are offline")
    typist.keyboard.type(" Still.")
    network.mend()
    typist.clock.fast_forward(15_000)
    saved(typist)
    assert stored(meeting) == ["Before. During. Still."]


def test_a_frozen_tab_comes_back_with_what_was_typed_in_it_and_what_came_meanwhile(
    meeting: Meeting, network: Network
) -> None:
    chair = sit_down(meeting, "chair")
    typist = at_the_desk(network, meeting, "Before.")
    network.stall()
    typist.keyboard.press("Enter")
    typist.keyboard.type("Typed just before.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    tool = typist.context.new_cdp_session(typist)
    tool.send("Page.setWebLifecycleState", {"state": "frozen"})
    network.cut()
    write(chair, "Typed meanwhile.")
    saved(chair)
    network.mend()
    tool.send("Page.setWebLifecycleState", {"state": "active"})
    saved(typist)
    assert sorted(stored(meeting)) == ["Before.", "Typed just before.", "Typed meanwhile."]
    expect_texts(typist, *stored(meeting))


def look_until_it_is_back(phone: Page) -> None:
    """Look at the page; once more, if what it then tried went into a connection that the browser still had from before:
    its own next try is a timer's, and none rings.
    """
    for last in (False, False, True):
        phone.evaluate(HIDDEN, True)
        phone.evaluate(HIDDEN, False)
        try:
            expect(phone.locator("#state")).to_have_text(re.compile("Back again|Up to date"))
        except AssertionError:
            if last:
                raise
        else:
            return


def test_a_phone_that_slept_catches_up_as_soon_as_it_is_looked_at(
    open_meeting: OpenMeeting, network: Network
) -> None:
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    meeting.enter("parent", phone=True)
    phone = through(network, meeting, "parent")
    up_to_date(phone)
    phone.evaluate(HIDDEN, True)
    network.cut()
    expect(phone.locator("#state")).to_have_text("No signal")
    say(meeting, "Noah has missed six nursery days.")
    for _ in range(10):
        phone.clock.fast_forward(MINUTE)
    # No timer of the page's own rings from here on. (A minute, for time goes by until this has been said.)
    phone.clock.pause_at(phone.evaluate("Date.now()") + MINUTE)
    network.mend()
    look_until_it_is_back(phone)
    phone.clock.resume()
    expect(point(phone, "Noah has missed six nursery days.")).to_be_visible()
