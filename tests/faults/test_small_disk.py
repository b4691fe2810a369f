"""A real disk under a running server fills up, and one is read-only when it starts again: nothing is acknowledged that
is not stored, whoever types is told, and everything is stored by itself as soon as it can be.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.counting import LONG, Typists, begin, judge, words_on_disk
from tests.faults.operator import counter, log_lines, ready
from tests.faults.small_disk import ServerOnDisk, small_disk
from tests.faults.test_disk import told_and_typing_on
from tests.protocol.providers import Providers
from tests.server_process import ServerProcess

TOLD_WITHIN = 2.0
"""Seconds after which whoever types knows that it is not stored."""
ANSWERS = 20
"""On a busy machine everything takes longer: so many answers of a page may come in between as well."""


async def pace(typists: Typists) -> float:
    """How long this machine takes just now to ask a page something, in seconds."""
    began = time.monotonic()
    await typists.counted()
    return time.monotonic() - began


async def goes_on(typists: Typists, before: dict[str, Any], folder: Path) -> None:
    """Everything typed meanwhile is stored, and more; nobody has done anything."""
    await typists.one.until("stored", before["typed"] + 1, patience=LONG)
    await typists.saved()
    # SQLite does not find its way into another's mounts: what is on the disk is looked at in a copy.
    copy = ServerProcess(folder / "copy")
    await asyncio.to_thread(shutil.copytree, typists.conference.server.data, copy.data)
    stored = await asyncio.to_thread(words_on_disk, copy, typists.lanes)
    assert judge(await typists.counted(), stored) == sum(map(len, stored.values()))
    assert (await asyncio.to_thread(ready, typists.conference.server))[0] == 200


async def test_a_full_disk_is_told_within_two_seconds_and_everything_is_stored_when_there_is_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk") as disk, ServerOnDisk(disk, tmp_path) as server:
        async with Providers() as providers:
            typists = await begin(server, providers, 3)
            await typists.one.until("stored", 20)
            await asyncio.to_thread(disk.fill, server)
            full_since = time.monotonic()
            await typists.one.until("notice", "not_stored")
            took = time.monotonic() - full_since
            assert took < TOLD_WITHIN + ANSWERS * await pace(typists)
            before = await told_and_typing_on(typists, "not_stored")
            status, problems = await asyncio.to_thread(ready, server)
            assert (status, "database_cannot_write" in problems) == (503, True)
            # What was stored before can still be read by whoever comes now.
            reader = await typists.conference.page("parent")
            assert len("".join(await reader.texts()).split()) >= before["stored"]
            await asyncio.to_thread(disk.make_room, server)
            await goes_on(typists, before, tmp_path)
        assert await asyncio.to_thread(counter, server, "not_stored_total") > 0
        codes = {line["code"] for line in log_lines(server, "the database refused to store")}
        assert codes == {"SQLITE_FULL" if disk.way == "mounted" else "SQLITE_IOERR_WRITE"}
        server.command("check")


@pytest.mark.parametrize("mounted", [True, False])
async def test_on_a_read_only_disk_no_server_starts_and_what_was_typed_is_stored_when_one_can(
    tmp_path: Path, mounted: bool
) -> None:
    # A disk comes back read-only after a crash. Under a running server the system refuses: its files are open.
    with small_disk(tmp_path / "disk", mounted=mounted) as disk, ServerOnDisk(disk, tmp_path) as server:
        async with Providers() as providers:
            typists = await begin(server, providers, 3)
            await typists.one.until("stored", 20)
            await asyncio.to_thread(server.kill)
            disk.make_writable(writable=False)
            kept = files_of(server.data)
            with pytest.raises(
                AssertionError, match=r"data cannot be written to: [A-Z][a-z -]+\. Put that right"
            ):
                await asyncio.to_thread(server.command, "serve", "--port", str(server.port))
            assert files_of(server.data) == kept
            before = (await typists.counted())[typists.one.name]
            assert before["typed"] > before["stored"]
            disk.make_writable(writable=True)
            await asyncio.to_thread(server.start_again)
            await goes_on(typists, before, tmp_path)
        server.command("check")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and what is in it."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
