"""One person, or a stranger, asks for as much as they can, and in another conference somebody types on.

How much longer a keystroke takes meanwhile is measured, not tested (`python -m tests.bench --flood`): here it is that
what is typed goes on being stored, and that nobody is told it is not.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.faults.counting import begin
from tests.protocol.providers import OpenPage, Providers
from tests.server_process import NO_TLS, ServerProcess

REQUESTS = 600
AT_ONCE = 300
FILE = {"file": ("a.pdf", b"%PDF-1.7" + bytes(100_000))}
GUESS = {"email": "somebody@harrowdale.example", "password": "three quiet green words"}

FLOODS: dict[str, tuple[set[int], str, dict[str, Any]]] = {
    "GET /api/v1/conferences/{id}": ({200, 429}, "parent", {}),
    "POST /api/v1/conferences/{id}/requests": ({422, 429}, "parent", {"json": {"kind": "nothing like it"}}),
    "GET /help": ({200, 429}, "", {}),
    "GET /readyz": ({200}, "", {}),
    "POST /sign-in": ({422, 429}, "", {"data": GUESS}),
    "POST /verify": ({200, 429, 503}, "", {"files": FILE}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server that waits a while before it says that something is not stored: other tests' machines are busy."""
    with ServerProcess(tmp_path_factory.mktemp("server"), live_late=60) as running:
        yield running


async def flood(address: str, request: str, bearer: str, sent: dict[str, Any]) -> Counter[int]:
    """Ask `REQUESTS` times, `AT_ONCE` at one time; how often there was which answer."""
    method, _, path = request.partition(" ")
    answers: Counter[int] = Counter()
    left = iter(range(REQUESTS))
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}

    async def ask(client: httpx2.AsyncClient) -> None:
        for _ in left:
            answers[(await client.request(method, path, **sent)).status_code] += 1

    limits = httpx2.Limits(max_connections=AT_ONCE)
    async with httpx2.AsyncClient(
        base_url=address, headers=headers, limits=limits, trust_env=False, verify=NO_TLS, timeout=120
    ) as client:
        await asyncio.gather(*(ask(client) for _ in range(AT_ONCE)))
    return answers


async def told_of(page: OpenPage) -> list[str]:
    """What a page was told of words that are not stored."""
    kinds = [str(notice.get("type")) for notice in (await page.tell())["notices"]]
    return [kind for kind in kinds if kind.startswith("not_stored")]


@pytest.mark.parametrize("request_line", FLOODS)
async def test_while_somebody_asks_for_all_they_can_others_type_on_and_it_is_stored(
    server: ServerProcess, request_line: str
) -> None:
    expected, role, sent = FLOODS[request_line]
    elsewhere = server.create_conference()
    bearer = next((one["live_token"] for one in elsewhere["participants"] if one["role"] == role), "")
    async with Providers() as providers:
        typists = await begin(server, providers, 1)
        page = typists.one
        await page.until("stored", 20)
        before = (await typists.counted())[page.name]
        answers = await flood(server.address, request_line.format(id=elsewhere["id"]), bearer, sent)
        after = (await typists.counted())[page.name]
        assert answers.keys() <= expected
        assert answers.total() == REQUESTS
        # Of what was typed meanwhile most is stored: keystrokes have their turns between requests, not after them.
        typed, stored = after["typed"] - before["typed"], after["stored"] - before["stored"]
        assert stored * 2 >= typed, f"{stored} of {typed} words, during {dict(answers)}"
        assert not await told_of(page), "a typist was told that something is not stored"
        await typists.saved()


async def test_while_one_conference_is_typed_into_without_a_pause_another_types_on(
    server: ServerProcess,
) -> None:
    async with Providers() as providers:
        typists, flooding = await begin(server, providers, 1), await begin(server, providers, 1)
        page = typists.one
        await page.until("stored", 20)
        before = (await typists.counted())[page.name]
        await providers.order("count", page=flooding.one.name, pace=1)
        await flooding.one.until("typed", 2_000, patience=120)
        after = (await typists.counted())[page.name]
        typed, stored = after["typed"] - before["typed"], after["stored"] - before["stored"]
        assert stored * 2 >= typed
        assert not await told_of(page)
        await typists.saved()
