"""A network that goes silent: neither side is told, both find out, and nothing is lost or there twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.faults.counting import LONG, begin, judge, words_on_disk
from tests.faults.operator import counter, until_counted
from tests.faults.proxy import Proxy
from tests.protocol.providers import Providers
from tests.server_process import ServerProcess

SILENT = 'closes_total{code="4408"}'


async def test_a_line_that_died_without_a_word_is_noticed_by_both_ends_and_typing_goes_on(
    tmp_path: Path,
) -> None:
    # Both ends notice a silent line soon. While the machine is busy with something else they may find one that is not:
    # its page is back at once, and nothing here depends on its never having been away.
    with ServerProcess(tmp_path, live_ping=0.5, live_silence=2.5) as server:
        await a_line_dies(server)


async def a_line_dies(server: ServerProcess) -> None:
    """Two type, their line falls silent, they type on, and it comes back."""
    async with Proxy(server.port) as network, Providers() as providers:
        typists = await begin(
            server, providers, 2, address=network.live_address, messageReconnectTimeout=2500
        )
        conference = typists.conference
        await typists.one.edit("cursor", state=1)
        chair = await conference.page("chair", next(iter(typists.lanes.values())))
        await chair.until("people", [conference.person("minute_taker")["id"]])
        for page in typists.pages.values():
            await page.until("stored", 20)
        silent_before = await asyncio.to_thread(counter, server, SILENT)
        network.fall_silent()
        for page in typists.pages.values():
            await page.until("offline")
        silenced = await typists.counted()
        for name, page in typists.pages.items():
            await page.until("typed", silenced[name]["typed"] + 20)
        later = await typists.counted()
        assert [count["stored"] for count in later.values()] == [
            count["stored"] for count in silenced.values()
        ]
        await chair.until("people", [])
        await until_counted(server, SILENT, silent_before + 1)
        network.speak()
        for name, page in typists.pages.items():
            await page.until("stored", later[name]["typed"], patience=LONG)
        await typists.saved()
        stored = await asyncio.to_thread(words_on_disk, server, typists.lanes)
        assert judge(await typists.counted(), stored) == sum(map(len, stored.values()))
