"""The server is killed while ten lanes are typed into: what it acknowledged is stored, and the editors carry on. So do
readers: a page of each lane stays open through all of it.

TRUERECORD_KILLS=300 python -m pytest tests/faults/test_kill.py -s      # some 20 minutes
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.faults.counting import LONG, SOON, Typists, begin, judge, words_on_disk
from tests.protocol.providers import OpenPage, Providers
from tests.server_process import ServerProcess

KILLS = int(os.environ.get("TRUERECORD_KILLS", "3"))
SEED = int(os.environ.get("TRUERECORD_KILL_SEED", "11"))
LANES = 10
BARE = 3


@pytest.mark.timeout(600 + 60 * KILLS)
async def test_what_was_acknowledged_is_stored_and_editors_carry_on(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with ServerProcess(tmp_path) as server:
        async with Providers() as providers:
            typists = await begin(server, providers, LANES, bare=BARE)
            watchers = {name: await watched(server, typists, name) for name in typists.pages}
            told = [page for name, page in typists.pages.items() if name not in typists.bare]
            for kill in range(1, KILLS + 1):
                # Some time after everybody is back, or, one time in five, while they still come back.
                before = await typists.counted()
                page = chance.choice(told)
                what = "typed" if chance.random() < 0.2 else "stored"
                await page.until(what, before[page.name][what] + chance.randint(1, 40), patience=LONG)
                await asyncio.to_thread(server.kill)
                counted = await typists.counted()
                stored = await asyncio.to_thread(words_on_disk, server, typists.lanes)
                assert all(len(words) <= counted[name]["typed"] for name, words in stored.items())
                print(
                    f"kill {kill}: {judge(counted, stored)} words acknowledged, none lost, none twice",
                    flush=True,
                )
                await asyncio.to_thread(server.start_again)
            await typists.saved()
            counted = await typists.counted()
            stored = await asyncio.to_thread(words_on_disk, server, typists.lanes)
            for name, watcher in watchers.items():
                # By itself, and nobody has touched it: all that is stored, each word once and in its place.
                await watcher.until("held", (await typists.pages[name].tell())["held"], patience=LONG)
                seen = [int(word) for text in await watcher.texts() for word in text.split()]
                assert seen == stored[name] == list(range(counted[name]["typed"]))
        server.command("check")


async def watched(server: ServerProcess, typists: Typists, name: str) -> OpenPage:
    """A page that reads a lane on a socket of its own."""
    conference = typists.conference
    socket = f"socket of the watcher of {name}"
    await conference.providers.socket(socket, server.live_address, **SOON)
    return await conference.page("parent", typists.lanes[name], page=f"watcher of {name}", socket=socket)
