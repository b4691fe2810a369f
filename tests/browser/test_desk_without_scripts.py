"""The desk without scripts: every form of it is sent once, and does what it says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import Meeting
from tests.browser.reading import CHANGES, VIEWS, WORRIES, act, flags, go, say

WORDS = "Noah has missed six nursery days."
REASON = "It is what was said."


@pytest.fixture
def desk(open_meeting: OpenMeeting) -> tuple[Meeting, Page]:
    """A conference at the part about the worries, and its chair, whose browser runs no scripts."""
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    return meeting, meeting.enter("chair", javascript=False)


def more(chair: Page, name: str) -> None:
    """Open the menu, and press what is called so."""
    chair.locator("#more > summary").click()
    chair.locator("#more").get_by_text(name, exact=True).click()


def person(chair: Page, meeting: Meeting, who: str) -> Locator:
    """Somebody's line in the list of people, opened."""
    line = chair.locator(f"#person-{meeting.person(who)['id']}")
    line.locator("summary").click()
    return line


def readable(meeting: Meeting, who: str) -> list[str]:
    """The titles of the parts somebody may read."""
    return [part["title"] for part in act(meeting, who, "GET", "")["parts"]]


def test_whoever_comes_goes_comes_back_and_is_sent_out_by_forms_alone(desk: tuple[Meeting, Page]) -> None:
    meeting, chair = desk
    parent = meeting.knock("parent", phone=True, javascript=False)
    expect(parent.locator("h1")).to_have_text("The chair knows you are here")
    chair.reload()
    chair.get_by_role("button", name="Let in Keeley Marsh").click()
    expect(chair.get_by_role("button", name="Let in Keeley Marsh")).to_have_count(0)
    parent.goto(f"{meeting.server.address}{meeting.base('parent')}/")
    expect(parent.locator("h1")).to_have_text("What we are worried about")

    person(chair, meeting, "parent").get_by_role("button", name="Keeley Marsh has left").click()
    expect(person(chair, meeting, "parent")).to_contain_text("left")
    parent.reload()
    expect(parent.locator("h1")).not_to_have_text("What we are worried about")
    chair.get_by_role("button", name="Keeley Marsh is back").click()
    expect(chair.get_by_role("button", name="Keeley Marsh is back")).to_have_count(0)
    parent.goto(f"{meeting.server.address}{meeting.base('parent')}/")
    expect(parent.locator("h1")).to_have_text("What we are worried about")

    line = person(chair, meeting, "parent")
    line.get_by_label("Why?").fill("She was threatened in the room.")
    line.get_by_role("button", name="Send out Keeley Marsh").click()
    expect(chair.locator(f"#person-{meeting.person('parent')['id']}")).to_contain_text("removed")
    parent.reload()
    expect(parent.locator("h1")).not_to_have_text("What we are worried about")
    assert WORDS not in parent.content()


def test_parts_are_begun_opened_to_a_child_and_written_in_by_forms_alone(desk: tuple[Meeting, Page]) -> None:
    meeting, chair = desk
    about = chair.locator("#about")
    chair.get_by_role("button", name="Begin the next part: Police information").click()
    expect(about).to_contain_text("Part 3 of 4.")
    chair.get_by_role("link", name="Ellie’s views").click()
    chair.get_by_role("button", name="Begin this part").click()
    expect(about).to_contain_text("Part 4 of 4.")
    expect(chair.locator("#parts [aria-current]")).to_contain_text("Now")
    expect(chair.get_by_role("button", name="Begin")).to_have_count(0)

    assert readable(meeting, "child") == []
    more(chair, "Let Ellie Marsh read this part")
    assert readable(meeting, "child") == [meeting.parts[VIEWS]["title"]]
    more(chair, "Close this part to Ellie Marsh")
    assert readable(meeting, "child") == []

    page = meeting.enter("Ruth Adeyemi", javascript=False)
    more(chair, "Hand the pen to Ruth Adeyemi")
    page.reload()
    expect(page.locator("main")).to_contain_text("You hold the pen of this part.")
    more(chair, "Take the pen back from Ruth Adeyemi")
    page.reload()
    expect(page.locator("main")).not_to_contain_text("You hold the pen of this part.")


def test_flags_are_left_points_read_through_and_the_record_signed_by_forms_alone(
    desk: tuple[Meeting, Page],
) -> None:
    meeting, chair = desk
    point = say(meeting, WORDS)
    body = {
        "part": meeting.parts[WORRIES]["id"],
        "point": point,
        "kind": "not_right",
        "words": "It was three.",
    }
    act(meeting, "parent", "POST", "/flags", **body)
    chair.reload()
    queue = chair.locator("#queue")
    queue.get_by_text("Leave as it is").click()
    queue.get_by_label("Why it is left as it is").fill(REASON)
    queue.get_by_role("button", name="Leave it, with this reason").click()
    expect(queue).to_contain_text("Nothing is waiting")
    (left,) = flags(meeting)
    assert (left["outcome"], left["answer"]) == ("left", REASON)

    chair.get_by_role("button", name="Read through").click()
    answer = chair.locator(f"#answer-{meeting.person('parent')['id']}")
    answer.get_by_text("By voice", exact=True).click()
    answer.get_by_role("button", name="Right, by voice: Keeley Marsh", exact=True).click()
    expect(answer).to_contain_text("Right, by voice")
    expect(answer.locator(".state")).not_to_contain_text("Not answered yet")
    chair.get_by_role("button", name="End the read-through").click()

    more(chair, "Sign the record")
    expect(chair.locator("h1")).to_have_text("Sign the record?")
    chair.get_by_role("button", name="Sign the record").click()
    expect(chair.locator("main article")).to_contain_text(WORDS)
    expect(chair.locator("main article")).to_contain_text(REASON)
    assert act(meeting, "chair", "GET", "/record")
