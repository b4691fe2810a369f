"""The whole job once, by the people who do it: three browsers, from the first point typed to the checked record."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import assert_accessible
from tests.browser.conftest import OpenMeeting
from tests.browser.desk import saved
from tests.browser.meeting import Meeting
from tests.server_process import ROOT, TRUERECORD

WRONG = "Keeley first asked for help in May."
RIGHT = "Keeley first asked for help in March."
OWN = "I will ring the clinic today and ask for a later appointment."
SUMMARY = "Keeley has been asking for help. It was slow to come."


@pytest.mark.rule("R-56", "R-57", "R-65")
def test_three_browsers_type_flag_put_right_read_through_sign_and_check(
    open_meeting: OpenMeeting, tmp_path: Path
) -> None:
    meeting = open_meeting(
        parts=[{"title": "What we are worried about"}],
        participants=[
            {"name": "Margaret Osei", "role": "chair"},
            {"name": "Ruth Adeyemi", "role": "professional", "agency": "health visitor"},
            {"name": "Keeley Marsh", "role": "parent"},
        ],
    )
    chair = meeting.enter("chair")
    phone = meeting.enter("parent", phone=True)
    health_visitor = meeting.enter("professional")
    saved(chair)
    _begin_the_part(chair)

    _type_a_point(chair, WRONG)
    expect(_point(phone, WRONG)).to_be_visible()
    expect(_point(health_visitor, WRONG)).to_be_visible()

    health_visitor.fill("#own-text", OWN)
    health_visitor.get_by_role("button", name="Add to the minutes").click()
    expect(_point(phone, OWN)).to_be_visible()

    chair.locator("#summary textarea").last.click()
    chair.keyboard.type(SUMMARY)
    expect(phone.locator("#summary")).to_contain_text(SUMMARY)

    _say_it_is_not_right(phone, WRONG, "I asked in March, not May.")
    expect(chair.locator("#queue")).to_contain_text("I asked in March, not May.")
    _put_right(chair, "March.")
    expect(_point(phone, "March.")).to_contain_text("Put right")
    expect(_point(phone, "March.").locator("ins")).to_have_text("March.")
    expect(_point(phone, "March.").locator("del")).to_have_text("May.")

    chair.locator("#to-reading").click()
    for page in (phone, health_visitor):
        _say_every_point_is_right(page)
    expect(chair.locator("#reading .answers")).to_contain_text("Right")
    expect(chair.locator("#reading .answers")).not_to_contain_text("Not answered yet")

    file = _sign_and_download(chair, meeting.base("chair"), tmp_path)
    genuine = _verify(meeting, file)
    assert genuine.returncode == 0, genuine.stdout
    for page in (phone, health_visitor):
        expect(page.locator("body")).to_contain_text("Nothing can be changed after signing")
        assert_accessible(page)

    record = file.read_text(encoding="utf-8")
    assert RIGHT in record
    assert SUMMARY in record
    file.write_text(record.replace(RIGHT, RIGHT.replace("March", "April"), 1), encoding="utf-8")
    altered = _verify(meeting, file)
    assert altered.returncode == 1, altered.stdout
    assert "What we are worried about" in altered.stdout


def _begin_the_part(chair: Page) -> None:
    begin = chair.get_by_role("button", name="Begin this part")
    if begin.is_visible():
        begin.click()
        expect(begin).to_have_count(0)
    saved(chair)


def _point(page: Page, text: str) -> Locator:
    return page.locator("#points li", has_text=text)


def _type_a_point(chair: Page, text: str) -> None:
    chair.locator("#points textarea").last.click()
    chair.keyboard.type(text)
    saved(chair)


def _say_it_is_not_right(phone: Page, point: str, words: str) -> None:
    _point(phone, point).get_by_text("Not right? Say so").tap()
    phone.locator("dialog [data-choice=not_right]").tap()
    phone.locator("dialog textarea").fill(words)
    phone.locator("dialog form[data-words] button:not([type=button])").last.tap()
    expect(_point(phone, point)).to_contain_text("Sent to the chair")


def _put_right(chair: Page, word: str) -> None:
    """The chair goes to the flag by its key, changes the last word of the point it is about, and says so."""
    chair.locator("#points textarea").last.click()
    chair.keyboard.press("F2")
    chair.keyboard.press("p")
    expect(chair.locator("#points textarea").first).to_be_focused()
    chair.keyboard.press("End")
    chair.keyboard.press("Control+Shift+ArrowLeft")
    chair.keyboard.press("Control+Shift+ArrowLeft")
    chair.keyboard.type(word)
    expect(chair.locator("#points textarea").first).to_have_value(RIGHT)
    saved(chair)
    chair.keyboard.press("F2")
    chair.keyboard.press("p")
    expect(chair.locator("#queue")).to_contain_text("Put right,")


def _say_every_point_is_right(page: Page) -> None:
    """After each answer the page goes on to the next point that waits for one."""
    for step in ("1", "2"):
        expect(page.get_by_label(f"Point {step} of 2")).to_be_visible()
        page.get_by_role("button", name="Right", exact=True).click()
    expect(page.locator("#main")).to_contain_text("You have answered all the points")


def _sign_and_download(chair: Page, base: str, folder: Path) -> Path:
    chair.goto(f"{base}/?sign=1")
    chair.get_by_role("button", name="Sign the record").click()
    chair.wait_for_url(f"**{base}/record")
    assert_accessible(chair)
    with chair.expect_download() as download:
        chair.locator("a[href$='record.json']").first.click()
    file = folder / "record.json"
    download.value.save_as(file)
    return file


def _verify(meeting: Meeting, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TRUERECORD), "--data", str(meeting.server.data), "verify", "--strict", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
