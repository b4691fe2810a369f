"""The pages of the council's staff, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.meeting import DESKTOP, PHONE, NewContext
from tests.server_process import ServerProcess

EMAIL = "a.hart@harrowdale.example"
PASSWORD = "three quiet green words"
SAVE = "Save and see the invitations"

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def administrator(server: ServerProcess) -> str:
    """The email address of an administrator."""
    server.command(
        "user", "add", "--email", EMAIL, "--name", "Alex Hart", "--administrator", stdin=f"{PASSWORD}\n"
    )
    return EMAIL


@pytest.fixture
def sign_in(administrator: str, new_context: NewContext) -> SignIn:
    """The page of an administrator who has signed in."""

    def opened(**options: Any) -> Page:
        page = new_context(**(DESKTOP | options)).new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", administrator)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("h1")).to_have_text("Conferences")
        return page

    return opened


def fill_in(page: Page, title: str) -> None:
    """A conference of two children and five people, as an administrator types it."""
    page.goto("/conferences/new")
    page.get_by_label("What is it called in lists?").fill(title)
    page.get_by_label("Before birth").check()
    page.fill("#day", "1")
    page.fill("#month", "12")
    page.fill("#year", "2026")
    page.get_by_label("When does it start?").fill("9.30am")
    page.fill("#child-0-name", "Ivy Bell")
    for number, name in enumerate(("Margaret Osei", "Tom Whitcombe", "Priya Nair", "Sara Bell")):
        page.fill(f"#person-{number}-name", name)
    page.fill("#person-3-agency", "mother")
    page.select_option("#person-3-send_by", "By hand")
    page.fill("#person-3-send_with_care", "No voicemail")


def calm(page: Page) -> None:
    """What holds of every page."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    assert "Bell" not in page.title()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_page_of_staff_can_be_used_by_everybody(
    new_context: NewContext, sign_in: SignIn, look: str
) -> None:
    stranger = new_context(**PHONE, color_scheme=look).new_page()
    stranger.goto("/sign-in")
    calm(stranger)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.locator(".govuk-error-summary")).to_be_focused()
    calm(stranger)

    page = sign_in(color_scheme=look)
    for tab in ("week", "to_sign", "later", "signed"):
        page.goto(f"/?show={tab}")
        calm(page)
    page.goto("/password")
    calm(page)
    page.get_by_role("button", name="Change the password").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    calm(page)
    page.goto("/conferences/new")
    calm(page)
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    calm(page)
    fill_in(page, f"Bell, {look}")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator("h1")).to_have_text("Invitations")
    calm(page)
    page.get_by_role("button", name="Make a link for Sara Bell").click()
    expect(page.locator("#fresh")).to_be_visible()
    calm(page)
    page.get_by_role("button", name="Make and print").click()
    expect(page.locator("h1")).to_have_text("Three sheets to print")
    calm(page)


def test_a_conference_is_set_up_without_scripts_and_without_losing_a_word(sign_in: SignIn) -> None:
    page = sign_in(java_script_enabled=False)
    fill_in(page, "Bell, without scripts")
    page.get_by_role("button", name="Add a person").click()
    expect(page.locator("#person-4-name")).to_be_focused()
    page.fill("#person-4-name", "Rita Bell")
    page.select_option("#person-4-role", "supporter")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator("#person-4-supports-error")).to_contain_text("Choose the parent or child")
    expect(page.locator("#person-3-send_with_care")).to_have_value("No voicemail")
    page.select_option("#person-4-supports", label="Person 4: Sara Bell")
    page.get_by_role("button", name="Add a child").click()
    page.fill("#child-1-name", "Baby Bell")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator("h1")).to_have_text("Invitations")
    expect(page.get_by_role("row", name=re.compile("Rita Bell"))).to_contain_text("with Sara")
    expect(page.get_by_role("row", name=re.compile("Sara Bell"))).to_contain_text("By hand. No voicemail")


def test_somebody_more_is_invited_and_a_name_is_put_right(sign_in: SignIn) -> None:
    page = sign_in(**PHONE)
    fill_in(page, "Bell, one more")
    page.get_by_role("button", name=SAVE).click()
    page.get_by_role("link", name="Invite one more person").click()
    expect(page.locator("#person-0-name")).to_be_focused()
    calm(page)
    page.fill("#person-0-name", "Rita Bell")
    page.select_option("#person-0-role", "supporter")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#person-0-supports-error")).to_contain_text("Choose the parent or child")
    calm(page)
    page.select_option("#person-0-supports", label="Sara Bell")
    page.press("#person-0-name", "Enter")
    expect(page.get_by_role("row", name=re.compile("Rita Bell"))).to_contain_text("with Sara")
    calm(page)
    page.get_by_role("link", name="Put right what stands of Sara Bell").click()
    calm(page)
    page.fill("#person-0-name", "Sarah Bell")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("Sarah Bell"))).to_contain_text("mother")


def test_enter_in_a_field_saves_and_removes_no_row(sign_in: SignIn) -> None:
    page = sign_in()
    fill_in(page, "Bell, by the Enter key")
    page.press("#child-0-name", "Enter")
    expect(page.locator("h1")).to_have_text("Invitations")


def test_a_link_and_a_code_are_copied_apart_from_each_other(sign_in: SignIn) -> None:
    page = sign_in(permissions=["clipboard-read", "clipboard-write"])
    fill_in(page, "Bell, to copy")
    page.get_by_role("button", name=SAVE).click()
    page.get_by_role("button", name="Make a link for Sara Bell").click()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator("#fresh-link-copied")).to_have_text("Copied")
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == page.inner_text("#fresh-link")
    page.get_by_role("button", name="Copy the code").click()
    expect(page.locator("#fresh-code-copied")).to_have_text("Copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.inner_text("#fresh-code")


def test_what_is_printed_is_the_invitation_and_nothing_else(sign_in: SignIn) -> None:
    page = sign_in()
    fill_in(page, "Bell, on paper")
    page.get_by_role("button", name=SAVE).click()
    page.get_by_role("button", name="Make a link for Sara Bell").click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="You are invited to a meeting")).to_be_visible()
    for elsewhere in (".top", "table", "#fresh", ".foot", "h1"):
        expect(page.locator(elsewhere)).to_be_hidden()
    printed = page.inner_text("body")
    assert "Tom Whitcombe" not in printed
    assert "cannot decide to take a child away" in printed


def test_a_password_can_be_looked_at_while_it_is_typed(new_context: NewContext) -> None:
    page = new_context(**PHONE).new_page()
    page.goto("/sign-in")
    page.fill("[name=password]", PASSWORD)
    page.get_by_label("Show password").check()
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    page.get_by_label("Show password").uncheck()
    expect(page.locator("[name=password]")).to_have_attribute("type", "password")


def test_signing_out_leaves_nothing_behind(sign_in: SignIn) -> None:
    page = sign_in()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.go_back()
    page.reload()
    expect(page.locator("h1")).to_have_text("Sign in")
