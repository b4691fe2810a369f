"""A whole conference without a mouse: the chair and a parent, from their links to the record, by keys alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.desk import expect_texts, saved
from tests.browser.meeting import DESKTOP, Meeting, NewContext
from tests.browser.patience import until

WRONG, RIGHT = "Kelly asked in May.", "Kelly asked in March."
OTHER = "The health visitor will ring the clinic."

_REACHED = """([names, near]) => {
    const focus = document.activeElement;
    if (near && !focus.closest(near)) return false;
    if (focus === document.body || focus.getClientRects().length === 0) return false;
    const said = focus.getAttribute("aria-label") ?? focus.labels?.[0]?.textContent ?? focus.textContent ?? "";
    return names.some(name => said.replace(/\\s+/g, " ").trim().startsWith(name));
}"""


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def go_to(self, *names: str, within: str = "") -> None:
        """Walk with the Tab key to what is called one of `names`, or begins so. Fails if it is nowhere on the way."""
        for _ in range(150):
            if self.page.evaluate(_REACHED, [list(names), within]):
                return
            self.press("Tab")
        raise AssertionError(f"the Tab key does not come to {names} on {self.page.url}")

    def walk_to(self, place: str, key: str) -> None:
        """Press a key until the focus is in a place, a CSS selector. Fails if it never comes there."""
        for _ in range(150):
            if self.page.evaluate("place => document.activeElement.matches(place)", place):
                return
            self.press(key)
        raise AssertionError(f"{key} does not lead to {place} on {self.page.url}")

    def push(self, *names: str, within: str = "") -> None:
        """Walk to a button or a link, and use it."""
        self.go_to(*names, within=within)
        self.press("Enter")

    def come(self, meeting: Meeting, who: str) -> None:
        """Through one's own door, as far as it leads."""
        person = meeting.person(who)
        page = self.page
        page.goto(person["join_url"])
        self.go_to("Code", "Your code", "The code")
        self.type(person["join_code"])
        self.press("Enter")
        page.wait_for_url("**/private")
        self.go_to("Yes, this is me")
        self.press("Space")
        self.go_to("I will keep")
        self.press("Space")
        if page.locator("[name=safe]").count():
            self.go_to("Yes", within="fieldset:has([name=safe])")
            self.press("Space")
        self.press("Enter")
        page.wait_for_url("**/ready")
        self.walk_to("[name=attending]", "Tab")
        self.press("Space", "Enter")
        page.wait_for_url(f"**{meeting.base(who)}/")


def test_a_chair_and_a_parent_without_a_mouse_hold_a_whole_conference(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    meeting = open_meeting(
        phases=("open",),
        parts=[{"title": "What we are worried about"}],
        participants=[
            {"name": "Margaret Osei", "role": "chair"},
            {"name": "Kelly Marsh", "role": "parent", "agency": "mother"},
        ],
    )
    chair, parent = (Keys(new_context(**DESKTOP).new_page()) for _ in range(2))
    chair.come(meeting, "chair")
    saved(chair.page)
    parent.come(meeting, "parent")
    expect(parent.page.locator("h1")).to_have_text("The chair knows you are here")
    expect(chair.page.get_by_role("button", name="Let in")).to_be_visible()
    chair.push("Let in")
    expect(chair.page.locator("#present .wants")).to_have_count(0)
    expect(parent.page.locator("main")).to_contain_text("The meeting has not started yet")
    until(parent.page, lambda: meeting.here("parent"), "the parent's page was connected")
    chair.push("Start the meeting")
    expect(chair.page.get_by_role("button", name="Start the meeting")).to_have_count(0)
    saved(chair.page)
    expect(parent.page.locator("#state")).to_contain_text("Up to date")

    _write(chair)
    expect(parent.page.locator("#points")).to_contain_text(OTHER)
    _flag(parent)
    _put_right(chair)
    expect(parent.page.locator("#points")).to_contain_text("Put right")

    chair.press("F9")
    _answer(parent)
    expect(chair.page.locator("#reading .answers")).to_contain_text("Right")
    chair.push("End the read-through")
    expect_texts(chair.page, RIGHT, OTHER)
    _sign(chair)

    expect(parent.page.locator("main")).to_contain_text("Your copy is ready")
    parent.push("Read the record")
    expect(parent.page.locator("main")).to_contain_text(RIGHT)
    expect(parent.page.locator("main")).to_contain_text(OTHER)


def _write(chair: Keys) -> None:
    page = chair.page
    if page.get_by_role("button", name="Begin this part").count():
        chair.push("Begin this part")
        expect(page.get_by_role("button", name="Begin this part")).to_have_count(0)
        saved(page)
    chair.walk_to("#points .pt--next textarea", "F6")
    chair.type(WRONG)
    chair.press("Enter")
    chair.type(OTHER)
    saved(page)


def _flag(parent: Keys) -> None:
    parent.push("Point 1: Not right? Say so", "Not right? Say so")
    parent.push("That’s not right")
    parent.go_to("What should it say?")
    parent.type("I asked in March.")
    parent.push("Send to the chair")
    expect(parent.page.locator("#points")).to_contain_text("Sent to the chair")


def _put_right(chair: Keys) -> None:
    expect(chair.page.locator("#queue")).to_contain_text("I asked in March.")
    chair.press("F2", "p", "End", *["Backspace"] * len("May."))
    chair.type("March.")
    expect_texts(chair.page, RIGHT, OTHER)
    saved(chair.page)
    chair.press("F2", "p")
    expect(chair.page.locator("#queue")).to_contain_text("Put right,")


def _answer(parent: Keys) -> None:
    for step in (1, 2):
        expect(parent.page.get_by_label(f"Point {step} of 2")).to_be_visible()
        parent.push("Right")
    expect(parent.page.locator("main")).to_contain_text("You have answered all the points")


def _sign(chair: Keys) -> None:
    chair.press("Control+k")
    chair.type("sign")
    chair.press("Enter")
    expect(chair.page.get_by_role("button", name="Sign the record")).to_be_visible()
    chair.push("Sign the record", within="main")
    expect(chair.page.locator("main article")).to_contain_text(RIGHT)


def test_a_chair_without_a_mouse_lets_somebody_in_and_goes_on_to_the_next_part(
    open_meeting: OpenMeeting, new_context: NewContext
) -> None:
    meeting = open_meeting(
        parts=[{"title": "Introductions"}, {"title": "What we are worried about"}],
        participants=[
            {"name": "Margaret Osei", "role": "chair"},
            {"name": "Kelly Marsh", "role": "parent", "agency": "mother"},
        ],
    )
    chair, parent = (Keys(new_context(**DESKTOP).new_page()) for _ in range(2))
    chair.come(meeting, "chair")
    saved(chair.page)
    where = chair.page.locator("#parts [aria-current]")
    parent.come(meeting, "parent")
    expect(chair.page.get_by_role("button", name="Let in Kelly Marsh")).to_be_visible()
    chair.press("Control+k")
    chair.type("let in")
    _offered(chair, "Let in Kelly Marsh")
    chair.press("Enter")
    expect(parent.page.locator("h1")).to_contain_text("Introductions")

    chair.press("F8")
    _offered(chair, "Begin the next part: What we are worried about F8")
    chair.press("Escape")
    expect(where).to_contain_text("Introductions")
    chair.press("F8", "Enter")
    expect(where).to_contain_text("What we are worried about")
    expect(parent.page.locator("h1")).to_contain_text("What we are worried about")
    saved(chair.page)
    _write_the_first(chair, OTHER)
    expect(parent.page.locator("#points")).to_contain_text(OTHER)
    chair.press("F8")
    expect(chair.page.locator("#told")).to_have_text("There is no next part to begin now.")
    expect(chair.page.locator("dialog.commands")).to_be_hidden()


def _offered(chair: Keys, *commands: str) -> None:
    """The list of commands offers these, and no others."""
    expect(chair.page.locator("dialog.commands [role=option]")).to_have_text(list(commands))


def _write_the_first(chair: Keys, words: str) -> None:
    expect(chair.page.locator("#points .pt--next textarea")).to_be_visible()
    for _ in range(10):
        if chair.page.evaluate("() => document.activeElement.matches('#points .pt--next textarea')"):
            break
        chair.press("F6")
    chair.type(words)
    saved(chair.page)
