"""The record's page and files, and the page that checks a file, as a browser without scripts sees them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from server.actions import conferences, participants, parts, points, signing
from server.record.copy import copy_statement
from server.record.keys import CERTIFICATE_FILE, KEY_FILE, PUBLIC_FILE, load_or_make, public_keys_in
from server.record.seal import read_record, seal_statement
from server.record.verdict import Outcome
from server.record.verify import verify
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import Browser, House, open_house

CLINIC = "Noah missed his last two hearing appointments."
SECRET = "The police hold something about another person."


@dataclass(frozen=True)
class Signed:
    """A signed conference with a closed part, and the parent's browser."""

    house: House
    chair: Browser
    parent: Browser
    base: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def meeting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Signed]:
    """Not signed yet. One house for all of these tests: opening one and bringing people in takes a while."""
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        chair_browser = await house.promise("Margaret Osei")
        parent = await house.promise("Keeley Marsh")
        chair = house.actor("Margaret Osei")
        await participants.admit(house.ctx, chair, house.id_of("Keeley Marsh"))
        await conferences.change_phase(house.ctx, chair, Phase.OPEN)
        await conferences.change_phase(house.ctx, chair, Phase.IN_SESSION)
        for part, text in zip(house.made.parts, (CLINIC, SECRET), strict=True):
            await parts.go_to(house.ctx, chair, part.id)
            await points.add(house.ctx, chair, part.id, text, "worry")
        yield Signed(house, chair_browser, parent, house.base("Keeley Marsh"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def signed(meeting: Signed) -> Signed:
    await signing.sign(meeting.house.ctx, meeting.house.actor("Margaret Osei"))
    return meeting


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_before_signing_there_is_no_record(meeting: Signed) -> None:
    for file in ("record", "record.json", "record.pdf"):
        answer = await meeting.parent.get(f"{meeting.base}/{file}")
        assert answer.status_code == 409
        assert CLINIC not in answer.text


async def test_the_page_shows_the_copy_of_whoever_opens_it(signed: Signed) -> None:
    page = await signed.parent.get(f"{signed.base}/record")
    assert page.status_code == 200
    assert "Copy for Keeley Marsh" in page.text
    assert CLINIC in page.text
    assert SECRET not in page.text
    assert "Closed part" not in page.text
    assert "Part 2 is not in this copy, on purpose." in page.text
    own = await signed.chair.get(f"{signed.house.base('Margaret Osei')}/record")
    assert SECRET in own.text


async def test_the_title_of_the_page_and_the_names_of_files_name_nobody(signed: Signed) -> None:
    page = await signed.parent.get(f"{signed.base}/record")
    assert "<title>Record – True Record</title>" in page.text
    file = await signed.parent.get(f"{signed.base}/record.pdf")
    assert file.headers["content-disposition"] == (
        f'attachment; filename="true-record-{signed.house.made.id}.pdf"'
    )


@pytest.mark.parametrize(("form", "kind"), [("json", "application/json"), ("pdf", "application/pdf")])
async def test_a_copy_is_downloaded_never_kept_on_the_way_and_genuine(
    signed: Signed, form: str, kind: str
) -> None:
    file = await signed.parent.get(f"{signed.base}/record.{form}")
    assert file.headers["content-type"].split(";")[0] == kind
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["cache-control"] == "no-store"
    assert SECRET.encode() not in file.content
    assert verify(file.content, known_to(signed)).outcome is Outcome.GENUINE


def known_to(signed: Signed) -> frozenset[str]:
    """The keys that the council has published."""
    return public_keys_in(signed.house.ctx.settings.data / PUBLIC_FILE)


async def test_a_page_saved_from_the_browser_is_genuine_and_its_data_holds_nothing_more(
    signed: Signed,
) -> None:
    page = await signed.parent.get(f"{signed.base}/record")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    answer = await signed.house.browser().post("/verify", files={"file": ("Record.html", page.content)})
    assert "<h2>Genuine</h2>" in answer.text
    assert "<dt>Not signed</dt>" in answer.text
    # Its words, not the data in it.
    changed = b"last ten".join(page.content.rsplit(b"last two", 1))
    answer = await signed.house.browser().post("/verify", files={"file": ("Record.html", changed)})
    assert "<h2>Altered</h2>" in answer.text
    assert "Part 1, “Introductions”, point 1, on the page</span>" in answer.text


async def test_a_file_that_somebody_else_signed_is_not_genuine_here(signed: Signed, tmp_path: Path) -> None:
    file = json.loads((await signed.parent.get(f"{signed.base}/record.json")).content)
    forger = load_or_make(tmp_path, "Harrowdale")
    copy = read_record(file)
    sealed = replace(copy.seal, public_key=forger.public_key)
    statement = seal_statement(copy.conference, [sheet.hash for sheet in copy.sheets], sealed)
    sealed = replace(sealed, root=hashlib.sha256(statement).hexdigest(), signature=forger.sign(statement))
    assert copy.copy is not None
    own = replace(copy.copy, signature=forger.sign(copy_statement(sealed.root, copy.copy)))
    forged = replace(copy, seal=sealed, copy=own).to_bytes()
    assert verify(forged).outcome is Outcome.WHOLE
    answer = await signed.house.browser().post("/verify", files={"file": ("copy.json", forged)})
    assert "<h2>Not this council’s</h2>" in answer.text
    assert "enuine</h2>" not in answer.text
    assert "It was not made with this council’s key." in answer.text
    assert 'role="alert"' in answer.text


async def test_a_file_is_checked_up_to_the_size_that_the_setting_says(signed: Signed) -> None:
    file = (await signed.parent.get(f"{signed.base}/record.json")).content
    larger = file + b" " * (signed.house.ctx.settings.upload_bytes - len(file) - 1000)
    answer = await signed.house.browser().post("/verify", files={"file": ("copy.json", larger)})
    assert "<h2>Genuine</h2>" in answer.text
    answer = await signed.house.browser().post("/verify", files={"file": ("copy.json", larger + b" " * 2000)})
    assert answer.status_code == 413


async def test_nobody_reads_anothers_copy_by_its_address(signed: Signed) -> None:
    for file in ("record", "record.json", "record.pdf"):
        answer = await signed.parent.get(f"{signed.house.base('Margaret Osei')}/{file}")
        assert answer.status_code == 401
        assert CLINIC not in answer.text


async def test_anybody_can_check_a_copy_without_signing_in(signed: Signed) -> None:
    file = (await signed.parent.get(f"{signed.base}/record.pdf")).content
    stranger = signed.house.browser()
    assert "You do not need to sign in." in (await stranger.get("/verify")).text
    answer = await stranger.post("/verify", files={"file": ("copy.pdf", file)})
    assert answer.status_code == 200
    assert "<h2>Genuine</h2>" in answer.text
    assert "Keeley Marsh, 2 of 2" in answer.text
    assert "Signed with this council’s own key." in answer.text


async def test_after_a_change_of_key_old_copies_are_still_this_councils(signed: Signed) -> None:
    files = [(await signed.parent.get(f"{signed.base}/record.{form}")).content for form in ("json", "pdf")]
    data = signed.house.ctx.settings.data
    old = {name: (data / name).read_bytes() for name in (KEY_FILE, CERTIFICATE_FILE)}
    (data / KEY_FILE).unlink()
    load_or_make(data, "Harrowdale")
    stranger = signed.house.browser()
    for file in files:
        answer = await stranger.post("/verify", files={"file": ("copy", file)})
        assert "Signed with this council’s own key." in answer.text
    assert (await stranger.get("/verify/key.pem")).text.count("BEGIN PUBLIC KEY") == 2
    # With the old key back, copies are made again as before.
    for name, content in old.items():
        (data / name).write_bytes(content)
    assert (await signed.parent.get(f"{signed.base}/record.json")).content == files[0]


async def test_a_changed_word_is_found_and_its_point_named(signed: Signed) -> None:
    file = (await signed.parent.get(f"{signed.base}/record.json")).content
    changed = file.replace(b"last two", b"last ten")
    answer = await signed.house.browser().post("/verify", files={"file": ("copy.json", changed)})
    assert "<h2>Altered</h2>" in answer.text
    assert "Part 1, “Introductions”, point 1</span>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_any_other_file_is_not_a_record(meeting: Signed) -> None:
    answer = await meeting.house.browser().post(
        "/verify", files={"file": ("holiday.txt", b"<script>alert(1)</script>")}
    )
    assert "<h2>Not a record</h2>" in answer.text
    assert "alert(1)" not in answer.text


@pytest.mark.parametrize("content", ["nothing", "words", "broken"])
async def test_a_form_without_a_file_says_what_to_do(meeting: Signed, content: str) -> None:
    browser = meeting.house.browser()
    if content == "nothing":
        answer = await browser.post("/verify", files={"other": ("a", b"b")})
    elif content == "words":
        answer = await browser.post("/verify", data={"file": "words"})
    else:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await browser.post("/verify", content=b"--y\r\nnot a form", headers=kind)
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


async def test_a_file_is_not_put_on_the_disk_while_it_is_checked(
    meeting: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spooled(*_args: object) -> None:
        raise AssertionError("the file went to the disk")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", spooled)
    answer = await meeting.house.browser().post("/verify", files={"file": ("large", b"x" * 3_000_000)})
    assert "Not a record" in answer.text


async def test_a_fingerprint_typed_from_paper_is_known_or_not(signed: Signed) -> None:
    page = (await signed.parent.get(f"{signed.base}/record")).text
    printed = page.partition("Fingerprint ")[2][:79]
    stranger = signed.house.browser()
    known = await stranger.post("/verify/fingerprint", data={"fingerprint": f" {printed.upper()} "})
    assert "<h2>Known</h2>" in known.text
    assert "Keeley" not in known.text
    other = await stranger.post("/verify/fingerprint", data={"fingerprint": "0" * 64})
    assert "<h2>Not known</h2>" in other.text


@pytest.mark.parametrize("typed", ["", "9f2c", "z" * 64, "0" * 65, "<b>" * 100])
async def test_what_cannot_be_a_fingerprint_is_told_with_what_it_looks_like(
    signed: Signed, typed: str
) -> None:
    answer = await signed.house.browser().post("/verify/fingerprint", data={"fingerprint": typed})
    assert answer.status_code == 422
    assert "A fingerprint is 64 letters and digits" in answer.text
    assert "<b>" not in answer.text


async def test_the_councils_key_is_published(signed: Signed) -> None:
    stranger = signed.house.browser()
    key = await stranger.get("/verify/key.pem")
    assert key.text.startswith("-----BEGIN PUBLIC KEY-----")
    assert "The key as a file" in (await stranger.get("/verify")).text
