"""The live protocol over plain HTTP, spoken to a real server: `PROTOCOL.md`, §11."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.realtime.http_line import POST_BYTES
from shared_doc.encoding import Reader, write_bytes
from shared_doc.messages import (
    PING,
    Authenticated,
    ClientMessage,
    CloseCode,
    Denied,
    ServerMessage,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
    Token,
    decode_server,
)
from tests.server_process import NO_TLS, SECONDS_TO_ANSWER, ServerProcess

NOTHING_NEW = b"\x00\x00"


class Line:
    """One line, held by a program."""

    def __init__(self, http: httpx2.AsyncClient, line_id: str) -> None:
        self.http = http
        self.id = line_id
        self.sent = 0
        self.fetched = 0
        self.goodbye = ""
        self.unread: list[ServerMessage] = []

    async def ask(self, what: str, number: object, body: bytes = b"") -> httpx2.Response:
        headers = {"Line": self.id, "Line-Number": str(number)}
        return await self.http.post(f"/live/{what}", headers=headers, content=body)

    async def send(self, *messages: ClientMessage) -> None:
        self.sent += 1
        body = bytearray()
        for message in messages:
            write_bytes(body, message.encode())
        assert (await self.ask("send", self.sent, bytes(body))).status_code == 204

    async def fetch(self) -> list[ServerMessage]:
        """The frames of one fetch, pings left out."""
        self.fetched += 1
        answer = await self.ask("wait", self.fetched)
        assert answer.status_code == 200
        self.goodbye = answer.headers.get("line-close", "")
        reader = Reader(answer.content)
        frames = []
        while not reader.at_end:
            frames.append(reader.var_bytes())
        return [decode_server(frame) for frame in frames if frame != PING]

    async def until(self, kind: type[ServerMessage]) -> list[ServerMessage]:
        """What comes, up to and with the first of this kind. What one fetch brings beyond it is for the next time."""
        met: list[ServerMessage] = []
        while not met or not isinstance(met[-1], kind):
            while not self.unread:
                self.unread = await self.fetch()
            met.append(self.unread.pop(0))
        return met


@asynccontextmanager
async def http_to(server: ServerProcess) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        base_url=server.address, trust_env=False, verify=NO_TLS, timeout=SECONDS_TO_ANSWER
    ) as client:
        yield client


@pytest.fixture
async def http(server: ServerProcess) -> AsyncIterator[httpx2.AsyncClient]:
    async with http_to(server) as client:
        yield client


@pytest.fixture
def made(server: ServerProcess) -> dict[str, Any]:
    """A conference in session."""
    one = server.create_conference()
    server.change_phase(one, "open", "in_session")
    return one


def person(made: dict[str, Any], role: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in made["participants"] if one["role"] == role)
    return found


async def opened(http: httpx2.AsyncClient, token: str) -> Line:
    answer = await http.post("/live/open", content=token.encode())
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return Line(http, answer.text)


async def greeted(http: httpx2.AsyncClient, made: dict[str, Any], role: str) -> Line:
    """A line on which somebody opened the notices."""
    token = person(made, role)["live_token"]
    line = await opened(http, token)
    name = f"{made['id']}/events"
    await line.send(Token(name, token), Step1(name, b"\x00"))
    met = [type(one) for one in await line.until(Step2)]
    assert met == [Authenticated, Step1, Step2]
    return line


async def test_a_post_that_comes_twice_is_taken_once(http: httpx2.AsyncClient, made: dict[str, Any]) -> None:
    line = await greeted(http, made, "chair")
    name = f"{made['id']}/events"
    body = bytearray()
    write_bytes(body, Step2(name, NOTHING_NEW).encode())
    assert (await line.ask("send", 2, bytes(body))).status_code == 204
    assert (await line.ask("send", 2, bytes(body))).status_code == 204
    line.sent = 2
    await line.send(Step1(name, b"\x00"))
    met = await line.until(Step2)
    assert [one for one in met if isinstance(one, SyncStatus)] == [SyncStatus(name, stored=True)]


@pytest.mark.parametrize("number", ["", "-1", "1.5", "9" * 10, "٣"])
async def test_a_number_that_is_none_finds_no_line(
    http: httpx2.AsyncClient, made: dict[str, Any], number: str
) -> None:
    line = await greeted(http, made, "chair")
    headers = {b"Line": line.id.encode(), b"Line-Number": number.encode()}
    for what in ("send", "wait"):
        answer = await http.post(f"/live/{what}", headers=headers)
        assert answer.status_code == 404


async def test_a_post_after_one_that_is_missing_is_refused(
    http: httpx2.AsyncClient, made: dict[str, Any]
) -> None:
    line = await greeted(http, made, "chair")
    assert (await line.ask("send", 3)).status_code == 409


async def test_without_its_id_nobody_finds_a_line(http: httpx2.AsyncClient) -> None:
    line = Line(http, "guessed")
    assert (await line.ask("send", 1)).status_code == 404
    assert (await line.ask("wait", 1)).status_code == 404


async def test_a_token_that_does_not_count_is_told_as_on_a_socket(
    http: httpx2.AsyncClient, made: dict[str, Any]
) -> None:
    line = await opened(http, "no such token")
    name = f"{made['id']}/events"
    await line.send(Token(name, "no such token"), Step1(name, b"\x00"))
    assert isinstance((await line.until(Denied))[-1], Denied)


async def test_a_page_of_another_site_is_refused(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/live/open", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_more_than_the_largest_frame_is_not_read(
    http: httpx2.AsyncClient, made: dict[str, Any]
) -> None:
    line = await greeted(http, made, "chair")
    assert (await line.ask("send", 2, b"x" * (POST_BYTES + 1))).status_code == 413


async def test_somebody_who_is_removed_hears_it_and_their_line_ends(
    http: httpx2.AsyncClient, made: dict[str, Any], server: ServerProcess
) -> None:
    line = await greeted(http, made, "professional")
    answer = await http.delete(
        f"/api/v1/conferences/{made['id']}/participants/{person(made, 'professional')['id']}",
        headers={"Authorization": f"Bearer {person(made, 'chair')['live_token']}"},
    )
    assert answer.is_success
    while not line.goodbye:
        await line.fetch()
    assert line.goodbye == f"{int(CloseCode.REMOVED)} removed"


async def test_a_page_that_waits_does_not_hold_up_a_server_that_stops(tmp_path: Path) -> None:
    # No ping ends the waiting: the server does when it stops, or it gives its page up, which then gets no answer.
    with ServerProcess(tmp_path, live_ping=3600) as server:
        made = server.create_conference()
        server.change_phase(made, "open", "in_session")
        async with http_to(server) as http:
            line = await greeted(http, made, "chair")
            await line.until(Stateless)  # that the chair has come; nothing more is going to be said
            assert line.unread == []
            line.fetched += 1
            asked = {asyncio.create_task(line.ask("wait", line.fetched)) for _ in range(2)}
            # The later takes the earlier's turn, and so has reached the server when that is told.
            told, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            assert [task.result().status_code for task in told] == [409]
            await asyncio.to_thread(server.stop)
            (answer,) = [await task for task in waiting]
    assert answer.status_code == 200
    assert answer.headers["line-close"] == f"{int(CloseCode.GOING_AWAY)} restarting"
