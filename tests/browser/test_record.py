"""The record and the page that checks a file, in a real browser: readable by everyone, usable without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.checks import assert_accessible, assert_no_sideways_scroll
from tests.browser.meeting import PHONE, Meeting, NewContext
from tests.server_process import ServerProcess

CLINIC = "Noah missed his last two hearing appointments. میں وقت پر نہیں آ سکی۔ 😀"


def signed_record(meeting: Meeting, who: str, **options: bool) -> Page:
    """Somebody's record: they are in the meeting when one point is said and the chair signs."""
    page = meeting.enter(who, **options)
    # Signing would lead the page on by itself, at the same time.
    page.goto("about:blank")
    with meeting.server.http(meeting.person("chair")["live_token"]) as api:
        point = {"part": meeting.parts[0]["id"], "text": CLINIC}
        api.post(f"/conferences/{meeting.id}/points", json=point).raise_for_status()
        api.post(f"/conferences/{meeting.id}/sign").raise_for_status()
    page.goto(f"{meeting.server.address}{meeting.base(who)}/record")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_the_record_on_any_screen(meeting: Meeting, scheme: str) -> None:
    page = signed_record(meeting, "parent", phone=True)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert CLINIC in page.locator(".record").inner_text()
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_a_parent_without_scripts_fetches_the_pdf_and_anybody_checks_it(
    meeting: Meeting, new_context: NewContext, server: ServerProcess, tmp_path: Path
) -> None:
    page = signed_record(meeting, "parent", phone=True, javascript=False)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    stranger = new_context(java_script_enabled=False, **PHONE).new_page()
    assert _checked(stranger, server, file) == "Genuine"
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 2] ^= 1
    file.write_bytes(changed)
    assert _checked(stranger, server, file) == "Altered"


def test_every_page_of_the_check_is_readable_by_everyone(
    new_context: NewContext, server: ServerProcess, tmp_path: Path
) -> None:
    page = new_context().new_page()
    page.goto(f"{server.address}/verify")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    (tmp_path / "holiday.txt").write_text("Not a record at all.")
    assert _checked(page, server, tmp_path / "holiday.txt") == "Not a record"
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.goto(f"{server.address}/verify")
    page.get_by_label("Fingerprint").fill("9f2c " * 16)
    page.get_by_role("button", name="Check the fingerprint").click()
    assert page.locator(".verdict h2").inner_text() == "Not known"
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def _checked(page: Page, server: ServerProcess, file: Path) -> str:
    page.goto(f"{server.address}/verify")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Check this file").click()
    return page.locator(".verdict h2").inner_text()


@pytest.mark.parametrize("kind", ["html", "mhtml"])
def test_a_page_that_a_browser_saved_is_checked_and_an_altered_point_is_named(
    meeting: Meeting, new_context: NewContext, server: ServerProcess, tmp_path: Path, kind: str
) -> None:
    page = signed_record(meeting, "parent", phone=kind == "mhtml")
    stranger = new_context(**PHONE).new_page()
    assert _checked(stranger, server, _saved(page, tmp_path / f"record.{kind}")) == "Genuine"
    assert_accessible(stranger)
    assert_no_sideways_scroll(stranger)
    page.locator(".rp p[dir=auto]").first.evaluate("point => { point.textContent = 'He missed ten.'; }")
    assert _checked(stranger, server, _saved(page, tmp_path / f"changed.{kind}")) == "Altered"
    assert "point 1, on the page" in stranger.locator("#main").inner_text()
    assert_accessible(stranger)


def _saved(page: Page, file: Path) -> Path:
    """What a browser writes when somebody saves a page: as it stands on a desktop, in an envelope on a phone."""
    if file.suffix == ".mhtml":
        snapshot = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
        file.write_text(snapshot["data"], encoding="utf-8", newline="")
    else:
        file.write_text(page.content(), encoding="utf-8")
    return file
