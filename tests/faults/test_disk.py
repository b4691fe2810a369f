"""The disk refuses, waits or lies under a running server: writers are told, nothing acknowledged is lost, and it goes
on by itself.

That they are told in time is shown where the clock is the test's own: `tests/unit/server/realtime/test_journal.py`.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.counting import LONG, Typists, begin, judge, words_on_disk
from tests.faults.operator import GLANCE, counter, log_lines, ready, until_ready
from tests.protocol.providers import Providers
from tests.server_process import ServerProcess

PAGE = 4096
"""Bytes of a page of the database; each is in the journal with a head of 24."""


def database(server: ServerProcess) -> Path:
    return server.data / "truerecord.sqlite3"


async def journal_beyond(server: ServerProcess, size: int) -> None:
    """Wait until the database's journal is written to beyond its first `size` bytes.

    It may be longer already, and be written to from the beginning: SQLite's index of it says where.
    """
    index = database(server).with_name("truerecord.sqlite3-shm")
    limit = time.monotonic() + LONG
    while int.from_bytes(index.read_bytes()[16:20], sys.byteorder) * (PAGE + 24) <= size:
        assert time.monotonic() < limit, "the journal does not grow"
        await asyncio.sleep(GLANCE)  # the pace of looking


async def told_and_typing_on(typists: Typists, notice: str) -> dict[str, Any]:
    """The typist is told, types on, and is told of nothing more that is stored."""
    page = typists.one
    await page.until("notice", notice)
    told = (await typists.counted())[page.name]
    await page.until("typed", told["typed"] + 20)
    later = (await typists.counted())[page.name]
    assert later["stored"] == told["stored"]
    return later


async def goes_on(typists: Typists, before: dict[str, Any]) -> None:
    """Everything typed meanwhile is stored, and more; nobody has done anything."""
    await typists.one.until("stored", before["typed"] + 1, patience=LONG)
    await typists.saved()
    server = typists.conference.server
    stored = await asyncio.to_thread(words_on_disk, server, typists.lanes)
    assert judge(await typists.counted(), stored) == sum(map(len, stored.values()))
    await until_ready(server)


async def test_a_disk_that_takes_nothing_is_told_and_everything_typed_meanwhile_is_stored_when_it_does(
    server: ServerProcess,
) -> None:
    async with Providers() as providers:
        typists = await begin(server, providers, 1)
        await typists.one.until("stored", 20)
        begin_of_log = server.log.stat().st_size
        _soft, most = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        # To the process it is a full disk: the database's journal is beyond that already, and the log has some room.
        full = begin_of_log + 64 * 1024
        await journal_beyond(server, full)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (full, most))
        try:
            before = await told_and_typing_on(typists, "not_stored")
            await until_ready(server, "database_cannot_write")
            reader = await typists.conference.page("parent")
            assert len("".join(await reader.texts()).split()) >= before["stored"]
        finally:
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (most, most))
        await goes_on(typists, before)
    assert await asyncio.to_thread(counter, server, "not_stored_total") > 0
    refused = log_lines(server, "the database refused to store", begin_of_log)
    assert {line["code"] for line in refused} == {"SQLITE_IOERR_WRITE"}


async def test_while_another_process_holds_the_database_writers_are_told_and_it_goes_on_after_it(
    server: ServerProcess,
) -> None:
    async with Providers() as providers:
        typists = await begin(server, providers, 1)
        await typists.one.until("stored", 20)
        other = sqlite3.connect(database(server), isolation_level=None, timeout=LONG)
        other.execute("BEGIN IMMEDIATE")
        try:
            before = await told_and_typing_on(typists, "not_stored_yet")
            await typists.one.until("notice", "not_stored")
            # Whichever comes first, the database's patience or that of who asks.
            assert (await asyncio.to_thread(ready, server))[0] == 503
            await typists.one.until("typed", before["typed"] + 50)
        finally:
            other.execute("ROLLBACK")
            other.close()
        await goes_on(typists, before)
    assert await asyncio.to_thread(counter, server, "late_total") > 0


def cut_row(database: Path, lane: str, seq: int) -> None:
    """Take the last byte off one row of the log, and everything that spares the reading of it."""
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE update_log SET body = substr(body, 1, length(body) - 1) WHERE lane = ? AND seq = ?",
            (lane, seq),
        )
        connection.execute("DELETE FROM snapshot WHERE lane = ?", (lane,))
    connection.close()


def cut_snapshots(database: Path, lane: str) -> int:
    """Take the last byte off every snapshot of a lane; how many there were."""
    with sqlite3.connect(database) as connection:
        cut = connection.execute(
            "UPDATE snapshot SET body = substr(body, 1, length(body) - 1) WHERE lane = ?", (lane,)
        ).rowcount
    connection.close()
    return cut


async def test_damage_is_named_by_lane_and_row_and_everything_else_stays_usable(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        async with Providers() as providers:
            typists = await begin(server, providers, 3)
            for page in typists.pages.values():
                await page.until("stored", 60)
            await typists.saved()
            row_cut, snapshot_cut, whole = typists.lanes.values()
            before = [await page.texts() for page in typists.pages.values()]
            await asyncio.to_thread(server.stop)
            cut_row(database(server), row_cut, 7)
            assert cut_snapshots(database(server), snapshot_cut) > 0
            await asyncio.to_thread(server.start_again)
            conference = typists.conference
            await providers.socket("chair", server.live_address)
            refused = await providers.open("refused", "chair", row_cut, conference.token("chair"))
            await refused.until("closed")
            assert (await refused.tell())["notices"][0]["code"] == "damaged"
            # On the same socket, everything else: the log stands in for a damaged snapshot.
            for lane, texts in ((snapshot_cut, before[1]), (whole, before[2])):
                page = await conference.page("chair", lane, page=lane, socket="chair")
                assert await page.texts() == texts
                await page.edit("add", text="More.")
                await page.until("saved")
            assert await asyncio.to_thread(counter, server, "corrupt_lanes_total") >= 1
        named = log_lines(server, "a row of the log is damaged")
        assert {(line["lane"], line["seq"]) for line in named} == {(row_cut, 7)}
        passed = {line["lane"] for line in log_lines(server, "a snapshot is damaged")}
        assert passed == {snapshot_cut}
        with pytest.raises(AssertionError, match=f"{row_cut}.*7"):
            server.command("check")


async def test_a_backup_made_while_people_type_brings_back_all_that_was_acknowledged_before_it_began(
    server: ServerProcess, tmp_path: Path
) -> None:
    async with Providers() as providers:
        typists = await begin(server, providers, 3)
        for page in typists.pages.values():
            await page.until("stored", 30)
        before = await typists.counted()
        await asyncio.to_thread(server.command, "backup", str(tmp_path / "copy"))
        await typists.saved()
    restored = ServerProcess(tmp_path / "new machine")
    restored.command("restore", str(tmp_path / "copy"))
    restored.command("check")
    assert judge(before, words_on_disk(restored, typists.lanes)) >= 90


async def test_a_server_that_is_told_to_stop_loses_nothing_and_tells_its_pages(server: ServerProcess) -> None:
    async with Providers() as providers:
        typists = await begin(server, providers, 3)
        for page in typists.pages.values():
            await page.until("stored", 20)
        await asyncio.to_thread(server.stop)
        for page in typists.pages.values():
            await page.until("hung up", 1012)
        counted = await typists.counted()
        assert judge(counted, await asyncio.to_thread(words_on_disk, server, typists.lanes)) >= 60
        await asyncio.to_thread(server.start_again)
        await goes_on(typists, counted[typists.one.name])
    server.command("check")
