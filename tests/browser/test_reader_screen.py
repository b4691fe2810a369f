"""The shared screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.meeting import Meeting
from tests.browser.patience import hold, until
from tests.browser.reading import CLOSED, WORRIES, go, say

SYNC_STEP_2 = b"\x00\x01"
"""Behind the name of a document: all of it comes."""
READ_MS = 10_000
"""What the screen shows for a while only is gone after so long."""


def open_screen(meeting: Meeting) -> Page:
    """The chair opens the shared screen in a tab of their browser."""
    chair = meeting.pages.get("chair") or meeting.enter("chair")
    screen = chair.context.new_page()
    screen.clock.install()
    screen.set_viewport_size({"width": 1280, "height": 720})
    heard = listen(screen)
    screen.goto(f"{meeting.server.address}/conferences/{meeting.id}/screen")
    until_it_follows(screen, heard, meeting)
    return screen


def listen(screen: Page) -> list[bytes]:
    """All that comes over the screen's sockets from now on, frame by frame."""
    frames: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        frames.append(frame.encode() if isinstance(frame, str) else frame)

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", keep)

    screen.on("websocket", opened)
    return frames


def until_it_follows(screen: Page, heard: list[bytes], meeting: Meeting) -> None:
    """Wait until the points of the part about the worries have come live. Nothing to be seen tells of that: the same
    points came with the page.
    """
    lane = meeting.parts[WORRIES]["lanes"]["minutes"].encode()
    name_and_text = bytes([len(lane)]) + lane + SYNC_STEP_2
    until(
        screen, lambda: any(frame.startswith(name_and_text) for frame in heard), "the screen had the points"
    )


@pytest.mark.rule("R-56")
def test_everyone_sees_what_is_typed_on_the_wall(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    screen = open_screen(worries)
    expect(screen.locator("h1")).to_have_text("What we are worried about")
    expect(screen.locator("#screen-points")).to_contain_text("Noah has missed six nursery days.")
    now = hold(screen)
    say(worries, "I will ring the clinic today.", who="Ruth Adeyemi", kind="answer")
    typed = screen.locator(".screen__pt--typing")
    expect(typed).to_contain_text("I will ring the clinic today.")
    expect(typed).to_contain_text("being typed now")
    expect(typed.locator(".caret")).to_be_visible()
    assert_accessible(screen)
    screen.clock.set_fixed_time(now + READ_MS)
    expect(typed).to_have_count(0)
    expect(screen.locator("button, a, input, form")).to_have_count(0)
    assert_accessible(screen)
    assert_no_sideways_scroll(screen)


def test_a_correction_has_a_place_of_its_own_and_the_stream_stays_still(worries: Meeting) -> None:
    say(worries, "Keeley first asked for help in May.")
    say(worries, "The last point.", who="Ruth Adeyemi")
    screen = open_screen(worries)
    last = screen.locator("#screen-points li", has_text="The last point.")
    expect(last).to_be_visible()
    expect(screen.locator(".screen__pt--typing")).to_have_count(0)
    place = last.bounding_box()
    now = hold(screen)
    page = worries.enter("Priya Nair")
    page.locator("#mine-editor textarea").fill("Keeley first asked for help in March.")
    fix = screen.locator("#fix")
    expect(fix).to_contain_text("Being put right")
    expect(fix.locator("del")).to_have_text("May.")
    expect(fix.locator("ins")).to_have_text("March.")
    assert last.bounding_box() == place
    assert_accessible(screen)
    screen.clock.set_fixed_time(now + READ_MS)
    expect(fix).to_be_hidden()
    expect(screen.locator("#screen-points")).to_contain_text("in March.")


def test_more_points_than_there_is_room_for_leave_the_newest_at_the_bottom(worries: Meeting) -> None:
    for number in range(14):
        say(
            worries,
            f"This is point number {number}, which is long enough to need two lines on the screen, or nearly so.",
        )
    screen = open_screen(worries)
    expect(screen.locator("#screen-points li").last).to_be_in_viewport(ratio=1)
    expect(screen.locator("#screen-points li").first).to_be_hidden()
    for item in screen.locator("#screen-points li:visible").all():
        expect(item).to_be_in_viewport(ratio=1)


def test_nothing_of_a_closed_part_comes_to_the_screen(worries: Meeting) -> None:
    screen = open_screen(worries)
    frames = listen(screen)
    screen.reload()
    until_it_follows(screen, frames, worries)
    expect(screen.locator("h1")).to_have_text("What we are worried about")
    go(worries, CLOSED)
    say(worries, "The police were called twice.", part=CLOSED)
    expect(screen.locator("h1")).to_have_text("This part is closed")
    assert_accessible(screen)
    html = screen.request.get(screen.url).text()
    for secret in ("Police information", "The police were called", worries.parts[CLOSED]["id"]):
        assert secret not in html, secret
        assert not any(secret.encode() in frame for frame in frames), secret
    go(worries, WORRIES)
    expect(screen.locator("h1")).to_have_text("What we are worried about")


def test_where_websockets_are_blocked_the_screen_asks_instead(worries: Meeting) -> None:
    screen = open_screen(worries)
    screen.route_web_socket(re.compile("/ws$"), lambda route: route.close())
    screen.reload()
    say(worries, "Noah has missed six nursery days.")
    expect(screen.locator("#screen-points")).to_contain_text("Noah has missed six nursery days.")
    go(worries, CLOSED)
    expect(screen.locator("h1")).to_have_text("This part is closed")


def test_only_the_desk_opens_the_screen(worries: Meeting) -> None:
    parent = worries.enter("parent", phone=True)
    answer = parent.request.get(f"{worries.server.address}/conferences/{worries.id}/screen")
    assert answer.status == 404
    assert "What we are worried about" not in answer.text()


def test_the_first_words_come_with_the_page(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    html = (
        worries.enter("chair").request.get(f"{worries.server.address}/conferences/{worries.id}/screen").text()
    )
    assert "Noah has missed six nursery days." in html
