"""A network that goes silent: neither side is told, both find out, and nothing is lost or there twice."""

from __future__ import annotations

import asyncio

from tests.faults.counting import LONG, begin, judge, words_on_disk
from tests.faults.operator import counter
from tests.faults.proxy import Proxy
from tests.protocol.providers import Providers
from tests.server_process import ServerProcess

SILENT = 'closes_total{code="4408"}'


async def test_a_line_that_died_without_a_word_is_noticed_by_both_ends_and_typing_goes_on(
    server: ServerProcess,
) -> None:
    silent_before = await asyncio.to_thread(counter, server, SILENT)
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
        assert await asyncio.to_thread(counter, server, SILENT) > silent_before
        network.speak()
        for name, page in typists.pages.items():
            await page.until("stored", later[name]["typed"], patience=LONG)
        await typists.saved()
        stored = await asyncio.to_thread(words_on_disk, server, typists.lanes)
        assert judge(await typists.counted(), stored) == sum(map(len, stored.values()))
