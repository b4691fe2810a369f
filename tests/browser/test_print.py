"""What comes out of a printer: all that must be on paper, nothing to press, black on white from a dark screen too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import Meeting
from tests.browser.reading import CHANGES, CLOSED, WORRIES, act, go, say

WORDS = "Noah has missed six nursery days."
SECRET = "The police were called twice."

DARK = """() => [...document.querySelectorAll("html, body, body *")].filter((one) => {
    const [red, green, blue, seen = 1] = getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number);
    return one.getClientRects().length > 0 && seen > 0 && Math.min(red, green, blue) < 230;
}).map((one) => one.outerHTML.slice(0, 120))"""
PALE = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const words = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const ink = getComputedStyle(one).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
    return words && one.getClientRects().length > 0 && Math.max(...ink) > 90;
}).map((one) => one.outerHTML.slice(0, 120))"""
PRESSED = "button, form, input, select, textarea, summary, .btn, .skip, .top, .bar, .pfoot, .foot"


@pytest.fixture
def signed(open_meeting: OpenMeeting) -> Meeting:
    """A conference whose record is signed, with a point for everyone and one for the professionals."""
    meeting = open_meeting(**CHANGES)
    for part, words in ((WORRIES, WORDS), (CLOSED, SECRET)):
        go(meeting, part)
        say(meeting, words, part=part)
    meeting.enter("chair")
    meeting.enter("parent", phone=True, color_scheme="dark")
    meeting.phase("closed")
    act(meeting, "chair", "POST", "/sign")
    return meeting


def on_paper(meeting: Meeting, who: str, path: str) -> Page:
    """A page as it is printed: A4 with margins, from a browser that may be dark."""
    page = meeting.pages[who].context.new_page()
    page.goto(f"{meeting.server.address}{meeting.base(who)}/{path}")
    page.set_viewport_size({"width": 680, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    return page


def assert_printable(page: Page) -> None:
    """Nothing to press, black on white, nothing cut off at the side."""
    expect(page.locator(PRESSED).locator("visible=true")).to_have_count(0)
    assert page.evaluate(DARK) == []
    assert page.evaluate(PALE) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    cut: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((one) => one.scrollWidth > one.clientWidth + 1
            && !["visible", "clip"].includes(getComputedStyle(one).overflowX))
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []


@pytest.mark.parametrize("who", ["parent", "chair"])
def test_the_record_is_printed_whole_and_without_what_belongs_to_the_screen(
    signed: Meeting, who: str
) -> None:
    page = on_paper(signed, who, "record")
    assert_printable(page)
    printed = page.inner_text("body")
    for words in (
        WORDS,
        "Signed",
        "Who was there",
        "Keeley Marsh",
        "If you want to ask or complain",
        "Fingerprint",
    ):
        assert words in printed, words
    assert (SECRET in printed) is (who == "chair")
    assert "Back to the meeting" not in printed
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_family_prints_what_happens_next_whom_to_ask_and_how_to_complain(signed: Meeting) -> None:
    page = on_paper(signed, "parent", "")
    expect(page.locator("main")).to_contain_text("Your copy is ready")
    assert_printable(page)
    printed = page.inner_text("body")
    for words in ("Your copy is ready", "What was written", "If you want to ask", "If you are not happy"):
        assert words in printed, words
    assert "Hide" not in printed
    phones = page.locator("main a[href^='tel:']")
    assert phones.count() == 2
    for phone in phones.all():
        expect(phone).to_be_visible()
