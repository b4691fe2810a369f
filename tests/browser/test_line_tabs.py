"""One person in two tabs, and on two devices: each page has a line of its own, and one's words are the other's news."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import TYPIST, expect_texts, next_point, saved, sit_down, stored, write
from tests.browser.meeting import PHONE, Meeting, NewContext
from tests.browser.network import Network
from tests.browser.reading import go, point, say, up_to_date


def test_two_tabs_of_one_person_write_into_each_other_s_points_and_nothing_is_doubled(
    meeting: Meeting, network: Network
) -> None:
    one = sit_down(meeting)
    other = one.context.new_page()
    other.goto(f"{network.address}{meeting.base(TYPIST)}/")
    saved(other)
    write(one, "From the first.")
    expect_texts(other, "From the first.")
    network.cut()
    other.bring_to_front()
    other.locator("#points textarea").first.focus()
    other.keyboard.press("End")
    other.keyboard.type(" From the second, without a line.")
    next_point(one)
    one.keyboard.type("Again from the first.")
    saved(one)
    network.mend()
    saved(other)
    both = ["From the first. From the second, without a line.", "Again from the first."]
    expect_texts(one, *both)
    expect_texts(other, *both)
    assert stored(meeting) == both


def test_a_tab_that_was_copied_offers_the_words_of_the_other_only_until_that_has_stored_them(
    meeting: Meeting, network: Network
) -> None:
    sit_down(meeting)
    typist = meeting.pages[TYPIST]
    typist.goto(f"{network.address}{meeting.base(TYPIST)}/")
    saved(typist)
    network.cut()
    write(typist, "Typed without a line.")
    expect(typist.locator("#saved")).to_contain_text("1 change not saved yet")
    # A copied tab has a copy of what the first one keeps; this one goes past the broken network.
    copy = typist.context.new_page()
    keep = typist.evaluate("() => Object.entries(sessionStorage)")
    copy.goto(f"{meeting.server.address}/healthz")
    copy.evaluate("all => all.forEach(([name, words]) => sessionStorage.setItem(name, words))", keep)
    copy.goto(f"{meeting.server.address}{meeting.base(TYPIST)}/")
    expect(copy.locator("#dock")).to_contain_text("Typed without a line.")
    network.mend()
    saved(typist)
    expect_texts(copy, "Typed without a line.")
    expect(copy.locator("#dock")).to_be_hidden()
    assert stored(meeting) == ["Typed without a line."]


def test_the_same_person_on_two_devices_reads_on_both_and_is_here_until_both_are_gone(
    meeting: Meeting, new_context: NewContext
) -> None:
    laptop = meeting.enter("parent")
    up_to_date(laptop)
    phone = new_context(**PHONE).new_page()
    phone.goto(meeting.person("parent")["join_url"])
    phone.fill("[name=code]", meeting.person("parent")["join_code"])
    phone.click("main button[type=submit], main form .govuk-button")
    up_to_date(phone)
    go(meeting, 0)
    say(meeting, "Noah has missed six nursery days.", who="Nadia Rahman", part=0)
    for page in (laptop, phone):
        expect(point(page, "Noah has missed")).to_be_visible()
    laptop.close()
    say(meeting, "Keeley rang the clinic.", who="Nadia Rahman", part=0)
    expect(point(phone, "Keeley rang the clinic.")).to_be_visible()
    assert meeting.here("parent")
    phone.close()
    dropped = meeting.pages["chair"].locator("#present li", has_text="Kelly Marsh")
    expect(dropped).to_contain_text("dropped off")
    assert not meeting.here("parent")
