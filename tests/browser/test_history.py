"""The history of a lane in a real browser: readable by everyone, on any screen, without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.meeting import Meeting

FIRST = "Noah missed his last two hearing appointments."
LONG = "Keeley said that the letters go to her mother’s address " + "x" * 60


def test_the_chair_walks_from_moment_to_moment_without_scripts(meeting: Meeting) -> None:
    walk(meeting, meeting.enter("chair", phone=True, javascript=False), look=assert_no_sideways_scroll)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_moment_can_be_read_by_everyone(meeting: Meeting, scheme: Literal["light", "dark"]) -> None:
    page = meeting.enter("chair", phone=True)
    page.emulate_media(color_scheme=scheme)
    walk(meeting, page, look=assert_accessible)


def walk(meeting: Meeting, page: Page, *, look: Callable[[Page], None]) -> None:
    """Two points, seen at each of their moments; `look` is at every page on the way."""
    part = meeting.parts[0]["id"]
    for role, words in (("social_worker", FIRST), ("minute_taker", LONG)):
        with meeting.server.http(meeting.person(role)["live_token"]) as api:
            api.post(
                f"/conferences/{meeting.id}/points", json={"part": part, "text": words}
            ).raise_for_status()
    page.goto(f"{meeting.server.address}{meeting.base('chair')}/?part={part}")
    page.locator("#more > summary").click()
    # With scripts "More" is a list of commands; without, a list of links.
    name = "How these points came about"
    page.get_by_role("link", name=name).or_(page.get_by_role("option", name=name)).click()
    expect(page.locator(".then ins")).to_have_text([LONG])
    look(page)
    page.get_by_role("link", name="Who put these words in in point 2").click()
    expect(page.locator(".then .card")).to_contain_text("Last put in by")
    look(page)
    page.get_by_role("link", name="Earlier").click()
    expect(page.locator(".then ins")).to_have_text([FIRST])
    assert LONG not in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Earlier").count() == 0
    page.get_by_role("link", name="Summary").click()
    expect(page.locator("main")).to_contain_text("Nobody has written here yet")
    look(page)
