"""What a test does at the desk: the page of the chair and the minute-taker."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.meeting import Meeting
from tests.browser.reading import act, go

TYPIST = "minute_taker"


def sit_down(meeting: Meeting, who: str = TYPIST, part: int = 0, **context: Any) -> Page:
    """Somebody's page at the desk, following the meeting, in a part the meeting has come to."""
    go(meeting, part)
    if who in meeting.pages and not context:
        page = meeting.pages[who]
        page.goto(f"{meeting.server.address}{meeting.base(who)}/")
    else:
        page = meeting.enter(who, **context)
    saved(page)
    return page


def saved(page: Page) -> None:
    """Wait until the server has said that everything is stored. On a page just opened: until it can be typed in, and
    is told what changes.
    """
    # What the server drew to be read is there until the points have come, and with them the fields.
    expect(page.locator("#points p.pt__text, #points .nothing")).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("All saved")


def fields(page: Page) -> Locator:
    """The fields of the points of the minutes, the one for the next point left out."""
    return page.locator("#points .pt:not(.pt--next) textarea")


def texts(page: Page) -> list[str]:
    """What stands in them."""
    found: list[str] = fields(page).evaluate_all("all => all.map(one => one.value)")
    return found


def expect_texts(page: Page, *wanted: str) -> None:
    """Wait until the points of the minutes read so."""
    page.wait_for_function(
        """wanted => JSON.stringify([...document.querySelectorAll('#points .pt:not(.pt--next) textarea')]
            .map(one => one.value)) === JSON.stringify(wanted)""",
        arg=list(wanted),
    )


def next_point(page: Page) -> None:
    """Put the caret into the field for the next point."""
    page.locator("#points .pt--next textarea").focus()


def write(page: Page, *points: str) -> None:
    """Type points, one after the other."""
    next_point(page)
    for i, text in enumerate(points):
        if i:
            page.keyboard.press("Enter")
        page.keyboard.type(text)


def stored(meeting: Meeting, part: int = 0) -> list[str]:
    """The points of a part as they are on the server's disk."""
    parts = act(meeting, "chair", "GET", "")["parts"]
    wanted = next(one for one in parts if one["id"] == meeting.parts[part]["id"])
    return [point["text"] for point in wanted["points"]]


def flag(meeting: Meeting, point: str, kind: str = "not_right", words: str = "", who: str = "parent") -> str:
    """Somebody flags a point by API; the flag's id."""
    body = {"part": meeting.parts[0]["id"], "point": point, "kind": kind, "words": words}
    made: str = act(meeting, who, "POST", "/flags", **body)["id"]
    return made


def in_the_next(page: Page) -> None:
    """Wait until the caret stands in the field for the next point, where a page that was just opened puts it."""
    expect(page.locator("#points .pt--next textarea")).to_be_focused()


def caret(page: Page) -> tuple[str, int]:
    """The text of the field with the focus, and where the caret stands in it."""
    text, at = page.evaluate("() => [document.activeElement.value, document.activeElement.selectionStart]")
    return text, at
