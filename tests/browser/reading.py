"""A meeting in which somebody reads: what the others do meanwhile, done by API, and what a reader's page shows."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.meeting import Meeting

CHANGES: dict[str, Any] = {
    "parts": [
        {"title": "Introductions"},
        {"title": "What we are worried about"},
        {"title": "Police information", "audience": "professionals"},
        {"title": "Ellie’s views"},
    ],
    "participants": [
        {"name": "Margaret Osei", "role": "chair", "agency": "Harrowdale Council"},
        {"name": "Tom Whitcombe", "role": "minute_taker", "agency": "Harrowdale Council"},
        {"name": "Priya Nair", "role": "social_worker", "agency": "Harrowdale Council"},
        {"name": "Ruth Adeyemi", "role": "professional", "agency": "health visitor"},
        {"name": "Keeley Marsh", "role": "parent"},
        {"name": "Ellie Marsh", "role": "child"},
        {"name": "Janine Marsh", "role": "supporter", "supports": 4},
        {"name": "Anna Bell", "role": "solicitor", "supports": 4},
        {"name": "Lee Grant", "role": "observer"},
    ],
}
WORRIES = 1
CLOSED = 2
VIEWS = 3


def act(meeting: Meeting, who: str, method: str, path: str, **body: object) -> Any:
    """Something done by API as one of the meeting's people; what was answered."""
    with meeting.server.http(meeting.person(who)["live_token"]) as client:
        answer = client.request(method, f"/conferences/{meeting.id}{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


def go(meeting: Meeting, part: int) -> None:
    """The chair goes to a part."""
    act(meeting, "chair", "POST", f"/parts/{meeting.parts[part]['id']}/go")


def say(
    meeting: Meeting, text: str, *, who: str = "Priya Nair", part: int = WORRIES, kind: str = "point"
) -> str:
    """A point comes into the minutes; its id."""
    added = act(meeting, who, "POST", "/points", part=meeting.parts[part]["id"], text=text, kind=kind)
    point: str = added["id"]
    return point


def point(page: Page, text: str) -> Any:
    """The point on the page with these words."""
    return page.locator("li[data-point]", has_text=text)


def up_to_date(page: Page) -> None:
    """Wait until the page follows the meeting live."""
    expect(page.locator("#state")).to_have_text("Up to date")


def all_saved(page: Page) -> None:
    """Wait until a professional's page follows the meeting live, and the server has said that everything is stored."""
    expect(page.locator("#state")).to_have_text("All saved")


def flags(meeting: Meeting) -> list[dict[str, Any]]:
    """The flags as the chair sees them."""
    seen: list[dict[str, Any]] = act(meeting, "chair", "GET", "")["flags"]
    return seen
