"""A parent on a phone: follows, reads back, answers, goes home."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, WebSocketRoute, expect

from tests.browser.checks import assert_no_sideways_scroll, check_page
from tests.browser.conftest import OpenMeeting
from tests.browser.meeting import Meeting
from tests.browser.patience import hold, patient, until
from tests.browser.reading import CHANGES, CLOSED, WORRIES, act, flags, go, point, say, up_to_date

MOST_BYTES = 80_000
TYPED_MS = 5_000
"""A point that has not changed for so long is not being typed any more."""
BLOCKED_MS = 3_000
"""A page that is not connected by then asks for its points over HTTP."""
LONG = "Noah has missed six of his last ten nursery days, and nursery rang home each time without an answer"


@pytest.mark.rule("R-56", "R-44")
def test_a_parent_follows_the_points_as_they_come(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    html = phone.request.get(phone.url).text()
    assert "Noah has missed six nursery days." in html, "the first readable minutes come with the page"
    phone.clock.install()
    phone.reload()
    up_to_date(phone)
    now = hold(phone)
    say(worries, "I will ring the clinic today.", who="Ruth Adeyemi", kind="answer")
    new = point(phone, "I will ring the clinic today.")
    expect(new.locator("b")).to_have_text("Ruth Adeyemi")
    expect(new).to_be_in_viewport()
    expect(new.locator("[data-typing]")).to_be_visible()
    expect(new.locator("[data-new]")).to_be_hidden()
    phone.clock.set_fixed_time(now + TYPED_MS)
    expect(new.locator("[data-new]")).to_be_visible()
    expect(new.locator("[data-typing]")).to_be_hidden()
    expect(phone.locator("#spoken")).to_contain_text("I will ring the clinic today.")
    expect(phone.locator("#spoken")).not_to_contain_text("Noah has missed")
    check_page(phone)


def test_whoever_reads_back_is_not_moved_and_finds_the_way_back(worries: Meeting) -> None:
    for number in range(10):
        say(worries, f"{number}. {LONG}.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    expect(point(phone, "9. Noah")).to_be_in_viewport()
    point(phone, "3. Noah").evaluate("(item) => item.scrollIntoView({block: 'center'})")
    before = point(phone, "3. Noah").bounding_box()
    say(worries, "The first that came meanwhile.")
    say(worries, "The second that came meanwhile.")
    expect(phone.locator("#jump")).to_have_text(re.compile("2 new points below"))
    assert point(phone, "3. Noah").bounding_box() == before
    check_page(phone)
    phone.click("#jump")
    expect(point(phone, "The second that came meanwhile.")).to_be_in_viewport()
    expect(phone.locator("#jump")).to_be_hidden()


def test_where_websockets_are_blocked_the_page_asks_for_the_points_instead(
    worries: Meeting,
) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)

    def blocked(route: WebSocketRoute) -> None:
        route.close()

    phone.route_web_socket(re.compile("/ws$"), blocked)
    phone.reload()
    say(worries, "I will ring the clinic today.")
    expect(point(phone, "I will ring the clinic today.")).to_be_visible()
    up_to_date(phone)
    expect(phone.locator("#no-signal")).to_be_hidden()


def test_hide_blanks_the_page_at_once_and_a_tap_brings_it_back(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.click("[data-hide]")
    expect(point(phone, "Noah has missed")).not_to_be_visible()
    expect(phone.get_by_role("button", name="Tap to come back")).to_be_focused()
    check_page(phone)
    phone.keyboard.press("Enter")
    expect(point(phone, "Noah has missed")).to_be_visible()


def test_it_is_not_safe_tells_the_desk_and_blanks_the_page(worries: Meeting) -> None:
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.click("[data-more]")
    check_page(phone)
    phone.locator("#sheet button[value=not_safe]").click()
    expect(phone.get_by_role("button", name="Tap to come back")).to_be_visible()
    phone.get_by_role("button", name="Tap to come back").click()
    expect(phone.locator("#asked")).to_contain_text("The chair has your message.")
    expect(phone.locator("#asked")).not_to_contain_text("safe")
    assert [asked["kind"] for asked in act(worries, "chair", "GET", "")["requests"]] == ["not_safe"]


@pytest.mark.rule("R-65")
def test_a_parent_goes_over_the_points_one_by_one(worries: Meeting) -> None:
    for text in ("The first.", "The second.", "The third."):
        say(worries, text)
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    act(worries, "chair", "POST", f"/read-through/{worries.parts[WORRIES]['id']}/start")
    expect(phone.locator("h1")).to_have_text("Is this right?")
    expect(phone.locator("#askpoint")).to_have_text("The first.")
    up_to_date(phone)
    check_page(phone)
    phone.get_by_role("button", name="Right", exact=True).click()
    expect(phone.locator("#askpoint")).to_have_text("The second.")
    phone.get_by_role("button", name="Not right").click()
    expect(phone.locator("main")).to_contain_text("You said: not right")
    expect(phone.locator("#askpoint")).to_have_text("The second.")
    check_page(phone)
    phone.fill("#say", "It was nine.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#askpoint")).to_have_text("The third.")
    phone.get_by_role("link", name="Point before").click()
    expect(phone.locator("#askpoint")).to_have_text("The second.")
    expect(phone.locator("#say")).to_have_value("It was nine.")
    phone.get_by_role("link", name="Next point").click()
    expect(phone.locator("#askpoint")).to_have_text("The third.")
    phone.get_by_role("button", name="Right", exact=True).click()
    expect(phone.locator("main")).to_contain_text("You have answered all the points")
    check_page(phone)
    act(worries, "chair", "POST", f"/read-through/{worries.parts[WORRIES]['id']}/finish")
    expect(phone.locator("h1")).to_have_text("What we are worried about")


def test_a_closed_part_says_you_have_not_been_cut_off_and_tells_nothing_of_it(worries: Meeting) -> None:
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    go(worries, CLOSED)
    say(worries, "The police were called twice.", part=CLOSED)
    expect(phone.locator("main")).to_contain_text("You have not been cut off")
    check_page(phone)
    html = phone.request.get(phone.url).text()
    assert "Police information" not in html
    assert "The police were called" not in html
    assert worries.parts[CLOSED]["id"] not in html
    closed = phone.request.get(f"{phone.url}fragments/points?part={worries.parts[CLOSED]['id']}")
    assert closed.status == 404
    go(worries, WORRIES)
    expect(phone.locator("h1")).to_have_text("What we are worried about")


def test_whoever_is_reading_further_up_is_told_that_the_meeting_has_gone_on(worries: Meeting) -> None:
    for number in range(10):
        say(worries, f"{number}. {LONG}.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    point(phone, "0. Noah").evaluate("(item) => item.scrollIntoView({block: 'center'})")
    go(worries, CLOSED + 1)
    expect(phone.locator("#moved")).to_contain_text("The meeting has gone on.")
    expect(point(phone, "0. Noah")).to_be_in_viewport()
    check_page(phone)
    phone.click("[data-go]")
    expect(phone.locator("h1")).to_have_text("Ellie’s views")


@pytest.mark.rule("R-88", "R-89", "R-91")
def test_after_the_meeting_the_page_says_what_happens_next_and_keeps_nothing(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.context.set_offline(True)
    expect(phone.locator("#state")).to_have_text("No signal")
    point(phone, "Noah has missed").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=question]").click()
    phone.get_by_role("button", name="Send to the chair").click()
    expect(point(phone, "Noah has missed")).to_contain_text("Not sent yet")
    worries.phase("closed")
    on_their_way: set[Request] = set()
    phone.on("request", lambda request: on_their_way.add(request) if request.method == "POST" else None)
    phone.on("requestfinished", lambda request: on_their_way.discard(request))
    phone.on("requestfailed", lambda request: on_their_way.discard(request))
    phone.context.set_offline(False)
    expect(phone.locator("h1")).to_have_text("After the meeting")
    expect(phone.locator("main")).to_contain_text("What happens next")
    expect(phone.locator("main")).to_contain_text("Margaret Osei")
    expect(phone.locator("main")).to_contain_text("If you are not happy")
    assert phone.evaluate("Object.keys(sessionStorage).length") == 0
    check_page(phone)
    # The question may have gone out at the last moment, and has its answer then, before the chair signs.
    until(phone, lambda: not on_their_way, "what the phone sent was answered")
    for flag in flags(worries):
        act(worries, "chair", "POST", f"/flags/{flag['id']}/answer", outcome="answered", words="In May.")
    act(worries, "chair", "POST", "/sign")
    expect(phone.locator("main")).to_contain_text("Your copy is ready")
    check_page(phone)
    phone.get_by_role("link", name="Read the record").click()
    expect(phone.locator("main")).to_contain_text("Noah has missed six nursery days.")


def test_whoever_is_removed_reads_nothing_more_and_nothing_is_kept(worries: Meeting) -> None:
    say(worries, "Noah has missed six nursery days.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.evaluate("sessionStorage.setItem(document.getElementById('page').dataset.store + 'draft', 'words')")
    with worries.server.http() as client:
        answer = client.delete(f"/conferences/{worries.id}/participants/{worries.person('parent')['id']}")
        assert answer.is_success, answer.text
    expect(phone.locator("main")).to_contain_text("The chair has ended your part in the meeting")
    phone.wait_for_load_state()
    assert "Noah has missed" not in phone.content()
    assert phone.evaluate("Object.keys(sessionStorage).length") == 0
    assert phone.request.get(f"{phone.url}fragments/points?part={worries.parts[WORRIES]['id']}").status == 401


def test_everything_can_be_read_and_sent_without_scripts(worries: Meeting) -> None:
    first = say(worries, "The first.")
    say(worries, "The second.")
    phone = worries.enter("parent", phone=True, javascript=False)
    expect(point(phone, "The first.")).to_be_visible()
    check_without_scripts(phone)
    # say that a point is not right
    point(phone, "The first.").locator(".pp__act").click()
    phone.click("text=That’s not right")
    phone.fill("textarea", "It was nine.")
    phone.click("text=Send to the chair")
    expect(phone).to_have_url(re.compile(f"#pt-{first}$"))
    expect(point(phone, "The first.")).to_contain_text("Sent to the chair")
    # take it back
    point(phone, "The first.").get_by_role("button", name="Take it back").click()
    expect(point(phone, "The first.")).to_contain_text("You took it back")
    # something is missing
    phone.click("text=Something missing here?")
    phone.fill("textarea", "I said more.")
    phone.click("text=Send to the chair")
    expect(phone.locator("#said-of-part")).to_contain_text("I said more.")
    # ask for something, and take that back
    phone.click("form.bar button[value=break]")
    expect(phone.locator("#asked")).to_contain_text("You asked for a break.")
    phone.locator("#asked").get_by_role("button").click()
    expect(phone.locator("#asked")).not_to_contain_text("You asked for a break.")
    phone.click("form.bar [data-more]")
    phone.click("button[value=say_it]")
    expect(phone.locator("#asked")).to_contain_text("You asked the chair to help you say it.")
    # the read-through
    act(worries, "chair", "POST", f"/read-through/{worries.parts[WORRIES]['id']}/start")
    phone.goto(f"{worries.server.address}{worries.base('parent')}/")
    phone.get_by_role("button", name="Not right").click()
    phone.fill("textarea", "It was nine.")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator("#askpoint")).to_have_text("The second.")
    phone.get_by_role("button", name="Right", exact=True).click()
    expect(phone.locator("main")).to_contain_text("You have answered all the points")
    # "it is not safe" leaves a page with nothing on it
    phone.goto(f"{worries.server.address}{worries.base('parent')}/?more=1")
    phone.click("button[value=not_safe]")
    phone.wait_for_url("**/hidden")
    # leave
    phone.goto(f"{worries.server.address}{worries.base('parent')}/?leaving=1")
    phone.click("text=Leave the meeting")
    expect(phone.locator("main")).to_contain_text("You left")
    phone.wait_for_load_state()
    assert "The first." not in phone.content()


def check_without_scripts(page: Page) -> None:
    """axe needs scripts; what can be asked without them: one heading of the first order, and names on every field."""
    assert page.locator("h1").count() == 1
    expect(page.locator(".nojs")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_both_have_contrast_enough(worries: Meeting, scheme: str) -> None:
    first = say(worries, "The first.")
    say(worries, "The second.")
    act(
        worries,
        "parent",
        "POST",
        "/flags",
        part=worries.parts[WORRIES]["id"],
        point=first,
        kind="not_right",
        words="No.",
    )
    phone = worries.enter("parent", phone=True, color_scheme=scheme)
    up_to_date(phone)
    check_page(phone)
    phone.click("form.bar button[value=speak]")
    expect(phone.locator("#asked")).to_contain_text("You asked to speak.")
    check_page(phone)


def test_the_whole_page_weighs_less_than_80_kilobytes(worries: Meeting) -> None:
    for number in range(12):
        say(worries, f"{number}. {LONG}.")
    phone = worries.enter("parent", phone=True)
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    asked: list[str] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    phone.on("request", lambda request: asked.append(request.url))
    patient(phone, BLOCKED_MS)
    phone.reload()
    up_to_date(phone)
    assert any("reader.js" in address for address in asked)
    assert not any("desk" in address or "govuk" in address for address in asked), asked
    assert MOST_BYTES / 4 < sum(sizes) < MOST_BYTES, f"{sum(sizes)} bytes on the wire: {sizes}"


def test_a_page_at_twice_the_text_size_still_shows_its_words(worries: Meeting) -> None:
    say(worries, LONG)
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert_no_sideways_scroll(phone)
    expect(point(phone, LONG)).to_be_visible()


def test_every_other_page_of_a_parent_is_accessible_too(open_meeting: OpenMeeting) -> None:
    meeting = open_meeting(phases=("open",), **CHANGES)
    phone = meeting.enter("parent", phone=True)
    expect(phone.locator("main")).to_contain_text("The meeting has not started yet")
    check_page(phone)
    meeting.phase("in_session")
    go(meeting, WORRIES)
    first = say(meeting, LONG)
    expect(phone.locator("h1")).to_have_text("What we are worried about")
    address = phone.url
    part = meeting.parts[WORRIES]["id"]
    for query in (
        f"?part={part}&point={first}",
        f"?part={part}&point={first}&kind=question",
        "?more=1",
        "?leaving=1",
    ):
        phone.goto(f"{address}{query}")
        check_page(phone)
    phone.goto(address)
    up_to_date(phone)
    meeting.phase("adjourned")
    expect(phone.locator(".ptop")).to_contain_text("Stopped for now.")
    check_page(phone)
