"""Words that are not in the minutes yet belong to the part they were begun in: another part has other readers."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.conftest import OpenMeeting
from tests.browser.desk import saved, sit_down, stored, texts
from tests.browser.meeting import Meeting
from tests.browser.reading import CHANGES, CLOSED, WORRIES, act, go

SECRET = "The police were called twice."


@pytest.fixture
def closed_part(open_meeting: OpenMeeting) -> Meeting:
    """A conference in session, at the part that is the professionals' own."""
    meeting = open_meeting(**CHANGES)
    go(meeting, CLOSED)
    return meeting


def keep_words(page: Page, meeting: Meeting, stream: str) -> None:
    """As if an earlier page of this tab had closed before words of the closed part were saved."""
    offer = {
        "point": "p" + "0" * 21,
        "text": SECRET,
        "key": stream,
        "lane": meeting.parts[CLOSED]["lanes"][stream],
        "why": "The page closed before these words were saved.",
        "at": 1,
        "refused": False,
    }
    page.evaluate(
        "([name, kept]) => sessionStorage.setItem(name, kept)",
        [
            f"true-record/{meeting.id}/{meeting.person('chair')['id']}/kept",
            json.dumps({"offers": [offer], "open": {}}),
        ],
    )


def test_words_begun_in_a_closed_part_do_not_come_into_the_composer_of_the_next(closed_part: Meeting) -> None:
    page = closed_part.enter("Ruth Adeyemi")
    expect(page.locator("#state")).to_have_text("All saved")
    expect(page.locator("#own-elsewhere")).to_have_count(0)
    page.fill("#own-text", SECRET)
    page.locator("#own-text").blur()
    go(closed_part, WORRIES)
    expect(page.locator(".top__where")).to_contain_text("What we are worried about")
    expect(page.locator("#own-text")).to_have_value("")
    elsewhere = page.locator("#own-elsewhere")
    expect(elsewhere).to_have_text(
        "You have words that may not be in the minutes yet, in Police information."
    )
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.fill("#own-text", "I will ring the clinic today.")
    page.get_by_role("button", name="Add to the minutes").click()
    expect(page.locator("#points")).to_contain_text("I will ring the clinic today.")
    page.reload()
    expect(page.locator("#own-text")).to_have_value("")

    elsewhere.get_by_role("link", name="Police information").click()
    expect(page.locator("#own-text")).to_have_value(SECRET)
    expect(elsewhere).to_have_count(0)
    page.get_by_role("button", name="Add to the minutes").click()
    expect(page.locator("#points")).to_contain_text(SECRET)
    assert stored(closed_part, WORRIES) == ["I will ring the clinic today."]
    assert stored(closed_part, CLOSED) == [SECRET]


def test_words_begun_in_several_parts_are_all_erased_when_the_meeting_is_signed(closed_part: Meeting) -> None:
    page = closed_part.enter("Ruth Adeyemi")
    for part in (CLOSED, WORRIES):
        page.goto(
            f"{closed_part.server.address}{closed_part.base('Ruth Adeyemi')}/?part={closed_part.parts[part]['id']}"
        )
        page.fill("#own-text", SECRET)
    assert page.evaluate("() => JSON.stringify(sessionStorage)").count(SECRET) == 2
    closed_part.phase("closed")
    act(closed_part, "chair", "POST", "/sign")
    page.wait_for_function("words => !JSON.stringify(sessionStorage).includes(words)", arg=SECRET)


@pytest.mark.parametrize(
    ("stream", "whose"),
    [("minutes", "These were for part 3."), ("summary", "These were for the chair’s summary of part 3.")],
)
def test_words_kept_from_a_closed_part_are_not_put_into_another(
    closed_part: Meeting, stream: str, whose: str
) -> None:
    chair = sit_down(closed_part, "chair", CLOSED)
    keep_words(chair, closed_part, stream)
    go(closed_part, WORRIES)
    chair.goto(
        f"{closed_part.server.address}{closed_part.base('chair')}/?part={closed_part.parts[WORRIES]['id']}"
    )
    saved(chair)
    dock = chair.locator("#dock")
    expect(dock).to_contain_text(SECRET)
    expect(dock).to_contain_text(whose)
    expect(dock.get_by_role("button", name="Put them in")).to_have_count(0)
    expect(dock.get_by_role("button", name="Copy the words")).to_be_visible()
    assert_accessible(chair)

    dock.get_by_role("link", name="part 3").click()
    chair.wait_for_url(f"**/?part={closed_part.parts[CLOSED]['id']}")
    saved(chair)
    dock.get_by_role("button", name="Put them in as a point").click()
    expect(dock).to_be_hidden()
    saved(chair)
    lists = {"minutes": "#points", "summary": "#summary"}
    written = chair.locator(f"{lists[stream]} .pt:not(.pt--next) textarea")
    assert written.evaluate_all("all => all.map(one => one.value)") == [SECRET]
    assert stored(closed_part, WORRIES) == []
    assert texts(chair) == ([SECRET] if stream == "minutes" else [])


def test_the_desk_says_in_which_other_part_an_earlier_page_may_not_have_saved_words(
    closed_part: Meeting,
) -> None:
    chair = sit_down(closed_part, "chair", CLOSED)
    lane = closed_part.parts[CLOSED]["lanes"]["minutes"]
    chair.evaluate(
        "([name, kept]) => sessionStorage.setItem(name, kept)",
        [
            f"true-record/{closed_part.id}/{closed_part.person('chair')['id']}/kept",
            json.dumps({"offers": [], "open": {lane: [{"point": "p" + "0" * 21, "text": SECRET}]}}),
        ],
    )
    go(closed_part, WORRIES)
    chair.goto(
        f"{closed_part.server.address}{closed_part.base('chair')}/?part={closed_part.parts[WORRIES]['id']}"
    )
    saved(chair)
    dock = chair.locator("#dock")
    expect(dock).to_contain_text("Some words may not be saved")
    expect(dock).not_to_contain_text(SECRET)
    assert_accessible(chair)
    dock.get_by_role("link", name="part 3").click()
    chair.wait_for_url(f"**/?part={closed_part.parts[CLOSED]['id']}")
    saved(chair)
    expect(dock).to_contain_text("The page closed before these words were saved.")
    expect(dock).to_contain_text(SECRET)
