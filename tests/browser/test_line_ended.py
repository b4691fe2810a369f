"""What stays in a browser when a page ends early, or its time is over; and nothing does when the meeting, or somebody's
part in it, ends.
"""

from __future__ import annotations

import sqlite3

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.crashed_tab import CrashedTab
from tests.browser.desk import TYPIST, expect_texts, saved, sit_down, stored, write
from tests.browser.meeting import Meeting
from tests.browser.network import Network
from tests.browser.reading import CHANGES, WORRIES, act, flags, go, point, say, up_to_date

SECRET = "Harper hid under the stairs"

KEPT = """(async () => {
    const found = [...Object.entries(sessionStorage), ...Object.entries(localStorage)].flat();
    for (const base of await indexedDB.databases()) found.push(`database ${base.name}`);
    for (const name of await caches.keys()) found.push(`cache ${name}`);
    for (const one of await navigator.serviceWorker.getRegistrations()) found.push(`worker ${one.scope}`);
    return found.join('\\n');
})()"""
"""All that a tab and its browser keep for our pages."""


def through(network: Network, meeting: Meeting, who: str) -> Page:
    """Somebody's page, opened anew through the network."""
    page = meeting.pages[who]
    page.goto(f"{network.address}{meeting.base(who)}/")
    return page


def crashed(network: Network, meeting: Meeting) -> CrashedTab:
    """The typist's tab: it crashed with words in it that nobody else has."""
    sit_down(meeting)
    typist = through(network, meeting, TYPIST)
    saved(typist)
    write(typist, "Before.")
    saved(typist)
    network.stall()
    typist.keyboard.press("Enter")
    typist.keyboard.type(SECRET)
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    assert SECRET in typist.evaluate(KEPT)
    return CrashedTab(typist)


def test_after_a_crash_the_tab_offers_what_was_not_stored_once(meeting: Meeting, network: Network) -> None:
    tab = crashed(network, meeting)
    network.cut()  # what was on its way is lost
    network.mend()
    tab.load(f"{network.address}{meeting.base(TYPIST)}/")
    tab.until_it_says("#dock", "The page closed before these words were saved.")
    tab.until_it_says("#dock", SECRET)
    assert stored(meeting) == ["Before."]
    tab.press("Put them in as a point")
    tab.until("document.querySelector('#dock').hidden")
    tab.until_it_says("#saved", "All saved")
    assert stored(meeting) == ["Before.", SECRET]
    tab.load(f"{network.address}{meeting.base(TYPIST)}/")
    tab.until_it_says("#saved", "All saved")
    assert tab.look("document.querySelector('#dock').hidden")
    assert SECRET not in tab.look(KEPT)


def test_what_was_stored_though_the_page_crashed_before_it_knew_is_not_offered(
    meeting: Meeting, network: Network
) -> None:
    tab = crashed(network, meeting)
    network.mend()  # what was on its way arrives, and nobody is there to hear that it was stored
    expect_texts(sit_down(meeting, "chair"), "Before.", SECRET)
    tab.load(f"{network.address}{meeting.base(TYPIST)}/")
    tab.until_it_says("#saved", "All saved")
    assert tab.look("document.querySelector('#dock').hidden")
    assert stored(meeting) == ["Before.", SECRET]
    assert SECRET not in tab.look(KEPT)


def test_words_of_a_crashed_tab_are_gone_from_it_once_the_meeting_is_signed(
    meeting: Meeting, network: Network
) -> None:
    tab = crashed(network, meeting)
    network.cut()
    network.mend()
    meeting.phase("closed")
    act(meeting, "chair", "POST", "/sign")
    tab.load(f"{network.address}{meeting.base(TYPIST)}/")
    tab.until("document.querySelector('#minutes') !== null")
    tab.until(f"!JSON.stringify(sessionStorage).includes({SECRET!r})")
    assert SECRET not in tab.look(KEPT)
    assert SECRET not in tab.look("document.body.textContent")


def test_somebody_who_is_removed_while_their_tab_had_crashed_finds_nothing_kept(
    meeting: Meeting, network: Network
) -> None:
    tab = crashed(network, meeting)
    network.cut()
    network.mend()
    act(meeting, "chair", "DELETE", f"/participants/{meeting.person(TYPIST)['id']}")
    tab.load(f"{network.address}{meeting.base(TYPIST)}/")
    tab.until_it_says("main", "Nothing is kept on this device.")
    tab.until(f"!JSON.stringify(sessionStorage).includes({SECRET!r})")
    assert SECRET not in tab.look(KEPT)


def test_a_parent_who_is_removed_while_their_phone_has_no_signal_keeps_nothing_and_cannot_go_back(
    open_meeting: OpenMeeting, network: Network
) -> None:
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    say(meeting, "Keeley first asked for help in May.")
    meeting.enter("parent", phone=True)
    phone = through(network, meeting, "parent")
    up_to_date(phone)
    network.cut()
    point(phone, "in May").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=not_right]").click()
    phone.locator("#sheet textarea").fill(SECRET)
    phone.get_by_role("button", name="Send to the chair").click()
    expect(point(phone, "in May")).to_contain_text("Not sent yet")
    assert SECRET in phone.evaluate(KEPT)
    act(meeting, "chair", "DELETE", f"/participants/{meeting.person('parent')['id']}")
    network.mend()
    expect(phone.locator("main")).to_contain_text("Nothing is kept on this device.")
    phone.wait_for_load_state()
    assert SECRET not in phone.evaluate(KEPT)
    phone.go_back()
    expect(phone.locator("main")).not_to_contain_text("asked for help")
    expect(phone.locator("main")).not_to_contain_text(SECRET)


def run_out(meeting: Meeting, who: str) -> None:
    """The time of everything somebody has opened is over."""
    with sqlite3.connect(meeting.server.data / "truerecord.sqlite3", timeout=20) as database:
        person = meeting.person(who)["id"]
        database.execute("UPDATE websession SET expires_at = created_at WHERE participant_id = ?", (person,))
    database.close()


def come_back(page: Page, network: Network, meeting: Meeting, who: str) -> None:
    """Somebody opens their link again in the same tab and types their code."""
    person = meeting.person(who)
    page.goto(f"{network.address}/join/{person['join_url'].rpartition('/')[2]}")
    page.fill("[name=code]", person["join_code"])
    page.click("main button[type=submit], main form .govuk-button")


def told_that_it_is_over(page: Page) -> None:
    main = page.locator("main")
    expect(main).to_contain_text("This page has been open for a long time, so it has closed")
    expect(main).to_contain_text("open the link you were sent again")
    expect(main).not_to_contain_text(SECRET)
    assert SECRET in page.evaluate(KEPT)


def test_words_that_were_not_saved_when_the_time_was_over_are_offered_to_whoever_comes_in_again(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting)
    typist = through(network, meeting, TYPIST)
    saved(typist)
    write(typist, "Before.")
    saved(typist)
    network.stall()
    typist.keyboard.press("Enter")
    typist.keyboard.type(SECRET)
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    run_out(meeting, TYPIST)
    network.cut()  # what was on its way is lost
    network.mend()
    told_that_it_is_over(typist)
    come_back(typist, network, meeting, TYPIST)
    expect(typist.locator("#dock")).to_contain_text(SECRET)
    typist.get_by_role("button", name="Put them in as a point").click()
    saved(typist)
    assert stored(meeting) == ["Before.", SECRET]
    assert SECRET not in typist.evaluate(KEPT)


def test_what_a_parent_had_not_sent_when_her_time_was_over_goes_when_she_comes_in_again(
    open_meeting: OpenMeeting, network: Network
) -> None:
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    say(meeting, "Keeley first asked for help in May.")
    meeting.enter("parent", phone=True)
    phone = through(network, meeting, "parent")
    up_to_date(phone)
    network.cut()
    point(phone, "in May").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=not_right]").click()
    phone.locator("#sheet textarea").fill(SECRET)
    phone.get_by_role("button", name="Send to the chair").click()
    expect(point(phone, "in May")).to_contain_text("Not sent yet")
    run_out(meeting, "parent")
    network.mend()
    told_that_it_is_over(phone)
    come_back(phone, network, meeting, "parent")
    up_to_date(phone)
    phone.wait_for_function(f"() => !JSON.stringify(sessionStorage).includes({SECRET!r})")
    assert [one["words"] for one in flags(meeting)] == [SECRET]


def test_the_record_page_leaves_nothing_of_the_meeting_before_it_in_the_tab(meeting: Meeting) -> None:
    chair = sit_down(meeting, "chair")
    write(chair, "She rang.")
    saved(chair)
    store = f"true-record/{meeting.id}/{meeting.person('chair')['id']}/kept"
    chair.evaluate("([name, words]) => sessionStorage.setItem(name, words)", [store, SECRET])
    chair.goto("about:blank")
    meeting.phase("closed")
    act(meeting, "chair", "POST", "/sign")
    chair.goto(f"{meeting.server.address}{meeting.base('chair')}/record")
    chair.wait_for_function(f"() => !JSON.stringify(sessionStorage).includes({SECRET!r})")
    assert SECRET not in chair.evaluate(KEPT)
