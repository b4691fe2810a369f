"""Files that anybody can hand in to be checked: bounded in size and number, and never kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.routes import record
from server.routes.record import UPLOADS
from tests.unit.server.routes.house import House, open_house

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


@pytest.mark.parametrize("count", [2, 50])
async def test_more_fields_and_files_than_the_form_has_are_refused(house: House, count: int) -> None:
    files = [("file", (f"{n}.pdf", b"x")) for n in range(count)]
    answer = await house.browser().post("/verify", files=files, data={str(n): "x" for n in range(count)})
    assert answer.status_code == 422
