"""Texts that would be markup and code if any page believed them, in pages that draw them live."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import Meeting
from tests.browser.reading import act, flags, go, say

CODE = "\"'></textarea><img src=x onerror=window.zq=1 zq><script>window.zq=1</script>"
"""Drawn as markup it would leave an element that can be found, and the policy would tell of the code."""

DRAWN = "() => document.querySelectorAll('[zq], img[src=x], [onerror]').length + (window.zq === undefined ? 0 : 1)"


@pytest.fixture
def hostile(open_meeting: OpenMeeting) -> Meeting:
    """A conference in which every name and title is code."""
    meeting = open_meeting(
        title=f"Title {CODE}",
        parts=[{"title": f"Part {CODE}"}],
        children=[{"name": f"Ellie {CODE}"}],
        participants=[
            {"name": f"{role} {CODE}", "role": role, "agency": f"Agency {CODE}"}
            for role in ("chair", "minute_taker", "professional", "parent")
        ],
    )
    go(meeting, 0)
    return meeting


def test_code_in_names_titles_points_flags_and_answers_is_drawn_as_words(hostile: Meeting) -> None:
    chair, typist = hostile.enter("chair"), hostile.enter("minute_taker")
    phone, professional = hostile.enter("parent", phone=True), hostile.enter("professional")
    screen = chair.context.new_page()
    screen.goto(f"{hostile.server.address}/conferences/{hostile.id}/screen")

    typist.locator("#points textarea").last.click()
    typist.keyboard.insert_text(f"Typed {CODE}")
    professional.fill("#own-text", f"Added {CODE}")
    professional.get_by_role("button", name="Add to the minutes").click()
    chair.locator("#summary textarea").last.click()
    chair.keyboard.insert_text(f"Summed up {CODE}")
    for page, where in ((phone, "#points"), (professional, "#points"), (screen, "#screen-points")):
        for begins in ("Typed", "Added"):
            expect(page.locator(where)).to_contain_text(f"{begins} {CODE}")
    expect(phone.locator("#summary")).to_contain_text(f"Summed up {CODE}")

    say(hostile, f"Said {CODE}", who="professional", part=0)
    point = phone.locator("#points li", has_text=f"Typed {CODE}")
    point.get_by_text("Not right? Say so").tap()
    phone.locator("dialog [data-choice=not_right]").tap()
    phone.locator("dialog textarea").fill(f"Flagged {CODE}")
    phone.locator("dialog form[data-words] button:not([type=button])").last.tap()
    for desk in (chair, typist):
        expect(desk.locator("#queue")).to_contain_text(f"Flagged {CODE}")
        expect(desk.locator("#queue")).to_contain_text(f"parent {CODE}")
    (flag,) = flags(hostile)
    act(hostile, "chair", "POST", f"/flags/{flag['id']}/answer", outcome="left", words=f"Answered {CODE}")
    expect(phone.locator("#main")).to_contain_text(f"Answered {CODE}")
    for page in (chair, typist, phone, professional, screen):
        assert_only_words(page)


def assert_only_words(page: Page) -> None:
    """Nothing of a text became an element of the page, and no code of one ran."""
    assert page.evaluate(DRAWN) == 0, page.url
