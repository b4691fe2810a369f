"""Files that anybody can hand in to be checked: bounded in size and number, and never kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.record import apart
from server.routes import record
from server.routes.record import UPLOADS, UPLOADS_OF_ONE
from tests.unit.server.routes.house import Browser, House, open_house

HEAD = {"Content-Type": "multipart/form-data; boundary=x"}
BEGINS = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
ENDS = b"\r\n--x--\r\n"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, upload_bytes=64 * 1024) as opened:
        yield opened


async def test_a_file_that_is_too_large_is_stopped_while_it_comes(house: House) -> None:
    sent = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal sent
        yield BEGINS
        while sent < 10_000:
            sent += 1
            yield b"x" * 1024

    answer = await house.browser().post("/verify", content=without_end(), headers=HEAD)
    assert answer.status_code == 413
    assert sent <= 65


async def test_no_more_files_are_held_than_there_is_memory_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert record._taking_in._value == UPLOADS
    monkeypatch.setattr(record, "_taking_in", asyncio.Semaphore(2))
    monkeypatch.setattr(record, "UPLOADS_OF_ONE", 10)
    goes_on = asyncio.Event()
    begun = asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield BEGINS
        begun.release()
        await goes_on.wait()
        yield b"no record" + ENDS

    browser = house.browser()
    waiting = [asyncio.create_task(browser.post("/verify", content=slow(), headers=HEAD)) for _ in range(2)]
    for _ in waiting:
        await begun.acquire()
    one_more = await browser.post("/verify", files={"file": ("a.pdf", b"no record")})
    assert one_more.status_code == 503
    assert "Try again in a minute" in one_more.text
    goes_on.set()
    assert {(await answer).status_code for answer in waiting} == {200}
    assert (await browser.post("/verify", files={"file": ("a.pdf", b"no record")})).status_code == 200


async def test_whoever_hands_in_a_file_on_a_busy_machine_is_asked_to_try_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.001)
    answer = await house.browser().post("/verify", files={"file": ("a.pdf", b"%PDF-1.7")})
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text
    assert "not a record" not in answer.text.lower()


async def test_nobody_keeps_everybody_else_from_having_a_file_checked(house: House) -> None:
    goes_on = asyncio.Event()
    begun = asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield BEGINS
        begun.release()
        await goes_on.wait()
        yield b"no record" + ENDS

    from_one, from_another = house.browser(), Browser(house.app, client=("198.51.100.9", 4000))
    file = {"file": ("a.pdf", b"no record")}
    waiting = [
        asyncio.create_task(from_one.post("/verify", content=slow(), headers=HEAD))
        for _ in range(UPLOADS_OF_ONE)
    ]
    for _ in waiting:
        await begun.acquire()
    assert (await from_one.post("/verify", files=file)).status_code == 503
    assert (await from_another.post("/verify", files=file)).status_code == 200
    goes_on.set()
    assert {(await answer).status_code for answer in waiting} == {200}
    assert record._from_one == {}
    await from_another.aclose()


async def test_a_file_that_comes_a_byte_a_minute_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "STEP_SECONDS", 0.05)
    gone = asyncio.Event()

    async def for_ever() -> AsyncIterator[bytes]:
        yield BEGINS
        await gone.wait()

    answer = await house.browser().post("/verify", content=for_ever(), headers=HEAD)
    assert answer.status_code == 408
    assert "came too slowly" in answer.text
    assert not record._from_one


@pytest.mark.parametrize("count", [2, 50])
async def test_more_fields_and_files_than_the_form_has_are_refused(house: House, count: int) -> None:
    files = [("file", (f"{n}.pdf", b"x")) for n in range(count)]
    answer = await house.browser().post("/verify", files=files, data={str(n): "x" for n in range(count)})
    assert answer.status_code == 422
