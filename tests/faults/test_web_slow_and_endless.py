"""Requests that never come to an end: whoever sends them is hung up on, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from server.realtime.bounded_http import BODY_SECONDS, CONNECTIONS, HEAD_BYTES, HEAD_SECONDS, BoundedHttp
from server.realtime.serving import LiveConfig, config

BEGINNING = b"GET / HTTP/1.1\r\nHost: here\r\n"
PATIENCE = 120.0
# In what follows only the last piece is too much: what still was on its way when the line is closed would reset it.


class Impatient(BoundedHttp):
    head_seconds = 0.05
    body_seconds = 0.05


class Stepping(BoundedHttp):
    step_seconds = 0.05


async def answers(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole body and tells its length."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": str(length).encode()})


@asynccontextmanager
async def served(protocol: type[BoundedHttp], options: LiveConfig | None = None) -> AsyncIterator[int]:
    """The port on which the protocol is spoken."""
    options = options or config(answers, host="127.0.0.1", port=0)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(options, ServerState(), {}), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def said(port: int, *pieces: bytes) -> bytes:
    """Say this and no more; everything that comes back until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(BEGINNING, id="half its headers"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf", id="half its body"),
        pytest.param(BEGINNING + b"\r\n" + BEGINNING, id="one request, and half another"),
    ],
)
async def test_whoever_sends_half_a_request_is_hung_up_on(sent: bytes) -> None:
    async with served(Impatient) as port:
        assert b" 431 " not in await said(port, sent)


async def test_whoever_sends_no_more_of_a_body_is_hung_up_on_long_before_a_slow_line_is() -> None:
    async with served(Stepping) as port:
        head = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 99999\r\n\r\n"
        assert await said(port, head + b"x" * 1000) == b""
        whole = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nbody"
        assert b" 200 " in await said(port, whole)


UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def test_one_address_has_so_many_connections_and_others_are_let_in_when_they_go() -> None:
    options = config(answers, host="", port=0, network_connections=2, forwarded_allow_ips="192.0.2.1")
    connections = options.network_connections
    assert connections is not None
    async with served(BoundedHttp, options) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        for _, writer in held:
            writer.write(BEGINNING)
        assert (await said(port)).startswith(b"HTTP/1.1 503 ")
        for reader, writer in held:
            writer.write(b"\r\n")
            assert (await asyncio.wait_for(reader.read(), PATIENCE)).startswith(b"HTTP/1.1 200 ")
            writer.close()
        for _ in range(3):
            # One that becomes a live connection, which this app has none of, is counted once and goes once.
            assert b" 500 " in await said(port, UPGRADE)
        assert (await said(port, BEGINNING + b"\r\n")).startswith(b"HTTP/1.1 200 ")
    assert not connections._open["127.0.0.1"]


async def test_behind_a_proxy_that_is_trusted_everybody_is_let_in() -> None:
    options = config(answers, host="", port=0, network_connections=1, forwarded_allow_ips="127.0.0.1")
    async with served(BoundedHttp, options) as port:
        _, held = await asyncio.open_connection("127.0.0.1", port)
        assert (await said(port, BEGINNING + b"\r\n")).startswith(b"HTTP/1.1 200 ")
        held.close()


async def test_headers_without_end_are_refused_before_they_fill_the_memory() -> None:
    async with served(BoundedHttp) as port:
        header = b"X-More: " + b"x" * 1000 + b"\r\n"
        answer = await said(port, BEGINNING, *[header] * (HEAD_BYTES // len(header) + 1))
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_one_header_without_end_is_refused_too() -> None:
    async with served(BoundedHttp) as port:
        answer = await said(port, BEGINNING, b"X-More: ", *[b"x" * 4096] * (HEAD_BYTES // 4096))
    assert answer.startswith(b"HTTP/1.1 431 ")


async def test_an_address_without_end_is_refused() -> None:
    async with served(BoundedHttp) as port:
        assert (await said(port, b"GET /", *[b"a" * 4096] * (HEAD_BYTES // 4096))).startswith(
            b"HTTP/1.1 431 "
        )


async def test_an_ordinary_request_with_a_large_body_is_answered() -> None:
    body = b"x" * (4 * HEAD_BYTES)
    head = f"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with served(BoundedHttp) as port:
        assert str(len(body)).encode() in await said(port, head + body)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", id="two ways to say where it ends"
        ),
        pytest.param(b"Content-Length: 5\r\nContent-Length: 6\r\n", id="two lengths"),
        pytest.param(b"Content-Length: +5\r\n", id="a length that is no number"),
        pytest.param(b"Content-Length : 5\r\n", id="a name with a space"),
        pytest.param(b"Transfer-Encoding: xchunked\r\n", id="an unknown way"),
    ],
)
async def test_a_request_whose_end_can_be_read_in_two_ways_is_refused(head: bytes) -> None:
    async with served(BoundedHttp) as port:
        answer = await said(port, b"POST / HTTP/1.1\r\nHost: here\r\n" + head + b"\r\n0\r\n\r\nGET")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_the_server_is_run_with_these_limits() -> None:
    used = config(answers, host="127.0.0.1", port=0)
    assert used.http is BoundedHttp
    assert used.limit_concurrency == CONNECTIONS
    assert BoundedHttp.head_seconds == HEAD_SECONDS
    assert BoundedHttp.body_seconds == BODY_SECONDS
