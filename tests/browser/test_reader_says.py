"""A parent on a phone says what is not right, missing or misspelt, with and without signal; what becomes of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.checks import check_page
from tests.browser.meeting import Meeting
from tests.browser.reading import act, flags, point, say, up_to_date


@pytest.mark.rule("R-57")
def test_a_parent_says_what_is_not_right_and_sees_the_answer(worries: Meeting) -> None:
    say(worries, "Keeley first asked for help in May.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    opener = point(phone, "in May").locator(".pp__act")
    opener.click()
    sheet = phone.locator("#sheet")
    expect(sheet).to_contain_text("“Keeley first asked for help in May.”")
    check_page(phone)
    phone.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    sheet.locator("[data-choice=not_right]").click()
    expect(sheet).to_contain_text("What should it say?")
    expect(sheet).to_contain_text("with your name")
    check_page(phone)
    sheet.locator("textarea").fill("I asked in March.")
    sheet.get_by_role("button", name="Send to the chair").click()
    said = point(phone, "in May").locator(".said")
    expect(said).to_contain_text("Sent to the chair")
    expect(said).to_contain_text("Margaret will come to it.")
    expect(opener).to_be_hidden()
    check_page(phone)

    (raised,) = flags(worries)
    assert raised["words"] == "I asked in March."
    act(
        worries,
        "chair",
        "POST",
        f"/flags/{raised['id']}/answer",
        outcome="left",
        words="This is how the file says it.",
    )
    expect(said).to_contain_text("Left as it is")
    expect(said).to_contain_text("Margaret: “This is how the file says it.”")
    expect(said).to_contain_text("“I asked in March.”")
    expect(opener).to_have_text(re.compile("Still not right"))
    check_page(phone)


@pytest.mark.rule("R-58")
def test_spelling_is_thanked_for_and_can_be_taken_back(worries: Meeting) -> None:
    say(worries, "Noah likes the nurserie.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    point(phone, "nurserie").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=spelling]").click()
    phone.get_by_role("button", name="Send to the chair").click()
    said = point(phone, "nurserie").locator(".said")
    expect(said).to_contain_text("Thank you. Put right after the meeting")
    said.get_by_role("button", name="Take it back").click()
    expect(said).to_contain_text("You took it back")


def test_what_is_missing_can_be_said_of_the_whole_part(worries: Meeting) -> None:
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.click("[data-missing]")
    sheet = phone.locator("#sheet")
    expect(sheet).to_contain_text("What is missing?")
    check_page(phone)
    sheet.locator("textarea").fill("I said that my sister helps.")
    phone.get_by_role("button", name="Send to the chair").click()
    expect(phone.locator("#said-of-part")).to_contain_text("“I said that my sister helps.”")
    assert flags(worries)[0]["kind"] == "missing"


def test_without_signal_words_are_kept_and_go_by_themselves_later(worries: Meeting) -> None:
    say(worries, "Keeley first asked for help in May.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    phone.context.set_offline(True)
    expect(phone.locator("#state")).to_have_text("No signal")
    expect(phone.locator("#no-signal")).to_contain_text("You can read everything up to")
    point(phone, "in May").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=not_right]").click()
    phone.locator("#sheet textarea").fill("I asked in March.")
    phone.get_by_role("button", name="Send to the chair").click()
    said = point(phone, "in May").locator(".said")
    expect(said).to_contain_text("Not sent yet")
    expect(said).to_contain_text("Kept on this phone.")
    phone.click("form.bar button[value=speak]")
    expect(phone.locator("#asked")).to_contain_text("Not sent yet.")
    check_page(phone)
    assert flags(worries) == []
    assert phone.evaluate("Object.values(sessionStorage).some((kept) => kept.includes('I asked in March.'))")

    phone.context.set_offline(False)
    expect(said).to_contain_text("Sent to the chair")
    expect(phone.locator("#asked")).to_contain_text("You asked to speak.")
    assert [flag["words"] for flag in flags(worries)] == ["I asked in March."]
    expect(phone.locator("#state")).to_have_text(re.compile("Back again|Up to date"))
    assert not phone.evaluate(
        "Object.values(sessionStorage).some((kept) => kept.includes('I asked in March.'))"
    )


def test_words_that_cannot_be_added_are_told_and_stay(worries: Meeting) -> None:
    say(worries, "The first.")
    phone = worries.enter("parent", phone=True)
    up_to_date(phone)
    point(phone, "The first.").locator(".pp__act").click()
    phone.locator("#sheet [data-choice=not_right]").click()
    phone.locator("#sheet textarea").evaluate("(field) => field.removeAttribute('maxlength')")
    phone.locator("#sheet textarea").fill("It was nine. " * 400)
    phone.get_by_role("button", name="Send to the chair").click()
    said = point(phone, "The first.").locator(".said")
    expect(said).to_contain_text("This could not be added")
    expect(said).to_contain_text("Your words are still here.")
    expect(said).to_contain_text("It was nine.")
    check_page(phone)
    said.get_by_role("button", name="Let it go").click()
    expect(point(phone, "The first.").locator(".said")).to_have_count(0)
    expect(point(phone, "The first.").locator(".pp__act")).to_be_visible()
