"""Networks that let no WebSocket through: the pages go over plain HTTP, and back to a socket when one gets through."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenMeeting
from tests.browser.desk import TYPIST, expect_texts, saved, sit_down, stored, write
from tests.browser.meeting import Meeting
from tests.browser.network import Network, Sockets
from tests.browser.patience import patient, record, said, until
from tests.browser.reading import CHANGES, WORRIES, act, all_saved, go, point, say, up_to_date

SIDE_MS = 20_000
"""A page that goes over HTTP tries a socket on the side after so long."""
SILENT = 13_000
"""A socket that has said nothing for so long, in milliseconds, is given up."""


def through(network: Network, meeting: Meeting, who: str) -> Page:
    """Somebody's page, opened anew through the network."""
    page = meeting.pages[who]
    page.goto(f"{network.address}{meeting.base(who)}/")
    return page


def test_where_websockets_are_refused_the_chair_types_and_a_parent_reads(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting, "chair")
    meeting.enter("parent", phone=True)
    network.sockets = Sockets.REFUSED
    chair = through(network, meeting, "chair")
    parent = through(network, meeting, "parent")
    saved(chair)
    up_to_date(parent)
    write(chair, "Noah has missed six nursery days.", "Keeley rang the clinic.")
    saved(chair)
    assert stored(meeting) == ["Noah has missed six nursery days.", "Keeley rang the clinic."]
    expect(point(parent, "Keeley rang the clinic.")).to_be_visible()
    up_to_date(parent)
    # Whoever found that out need not find it out again at every page.
    # (A socket is tried on the side after a while: here the page waits longer for that than any machine needs.)
    patient(chair, SIDE_MS)
    opened: list[str] = []
    chair.on("websocket", lambda socket: opened.append(socket.url))
    chair.reload()
    saved(chair)
    expect_texts(chair, "Noah has missed six nursery days.", "Keeley rang the clinic.")
    assert opened == []


def test_where_websockets_are_refused_a_professional_changes_their_own_point_and_hears_of_their_removal(
    open_meeting: OpenMeeting, network: Network
) -> None:
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    say(meeting, "Noah has missed six nursery days.")
    meeting.enter("Priya Nair")
    network.sockets = Sockets.REFUSED
    page = through(network, meeting, "Priya Nair")
    all_saved(page)
    own = page.locator("#mine-editor textarea")
    own.fill("Noah has missed three nursery days.")
    all_saved(page)
    parts = act(meeting, "chair", "GET", "")["parts"]
    assert [one["text"] for one in parts[WORRIES]["points"]] == ["Noah has missed three nursery days."]
    act(meeting, "chair", "DELETE", f"/participants/{meeting.person('Priya Nair')['id']}")
    expect(page.locator("main")).to_contain_text("The chair has ended your part in the meeting")
    expect(page.locator("main")).not_to_contain_text("nursery days")
    page.wait_for_load_state()
    assert "nursery" not in page.evaluate("() => JSON.stringify(sessionStorage)")


def test_where_websockets_get_no_answer_the_page_goes_on_without_them(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting, "chair")
    network.sockets = Sockets.SWALLOWED
    meeting.pages["chair"].clock.install()
    chair = through(network, meeting, "chair")
    # Each is given up in its time, and the next one made a moment later.
    until(chair, lambda: network.upgrades >= 1, "a socket was asked for")
    chair.clock.fast_forward(SILENT)
    until(chair, lambda: network.upgrades >= 2, "another socket was asked for")
    chair.clock.fast_forward(SILENT)
    chair.clock.run_for(5_000)
    saved(chair)
    write(chair, "Keeley rang the clinic.")
    saved(chair)
    assert stored(meeting) == ["Keeley rang the clinic."]


def test_a_page_changes_to_a_socket_when_one_gets_through_and_nobody_notices(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting)
    network.sockets = Sockets.REFUSED
    meeting.pages[TYPIST].clock.install()
    typist = through(network, meeting, TYPIST)
    saved(typist)
    # Before anything else, lest the first try on the side be refused like those before it.
    refused = network.upgrades
    opened: list[str] = []
    typist.on("websocket", lambda socket: opened.append(socket.url))
    network.sockets = Sockets.PASS
    record(typist, "#where")
    write(typist, "Keeley rang the clinic.")
    saved(typist)
    # In steps, with a word of the server's in each: a line that is silent for long counts as lost.
    while not opened:
        typist.keyboard.type(".")
        saved(typist)
        typist.clock.fast_forward(4_000)
    # One on the side, and when that has spoken (within ten seconds) the page's own.
    typist.wait_for_function("() => sessionStorage.getItem('true-record-way') === null")
    assert len(opened) == 2
    assert network.upgrades == refused + 2
    typist.keyboard.type(" Twice.")
    saved(typist)
    (text,) = stored(meeting)
    assert re.fullmatch(r"Keeley rang the clinic\.+ Twice\.", text)
    assert not any(re.search("offline|connection", words) for words in said(typist, "#where"))


def test_a_cut_while_the_page_goes_over_http_loses_nothing_and_doubles_nothing(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting)
    network.sockets = Sockets.REFUSED
    typist = through(network, meeting, TYPIST)
    saved(typist)
    write(typist, "Before.")
    saved(typist)
    network.cut()
    typist.keyboard.type(" During.")
    expect(typist.locator("#where")).to_contain_text("You are offline")
    expect(typist.locator("#where")).to_contain_text("1 change is kept on this computer")
    network.mend()
    saved(typist)
    typist.keyboard.type(" After.")
    saved(typist)
    assert stored(meeting) == ["Before. During. After."]
