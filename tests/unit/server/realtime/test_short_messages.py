"""The short way in for keystrokes: it hears what `websockets` would, whatever the pieces are in which it comes."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from server.realtime.serving import EXTENSION, LiveProtocol, config
from server.realtime.short_messages import between_messages, short_messages

HANDSHAKE = (
    "GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n\r\n"
).encode()


def framed(payload: bytes, opcode: Opcode = Opcode.BINARY, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin=fin).serialize(mask=True)


def test_whole_short_messages_are_read_one_after_the_other() -> None:
    assert short_messages(framed(b"one") + framed(b"") + framed(b"x" * 125)) == [b"one", b"", b"x" * 125]


OTHERS = {
    "a longer one": framed(b"a" * 126),
    "text": framed(b"text", Opcode.TEXT),
    "the first of several frames": framed(b"begun", fin=False),
    "a ping": framed(b"", Opcode.PING),
    "a goodbye": framed(b"\x03\xe8", Opcode.CLOSE),
    "one cut off": framed(b"cut off")[:-1],
    "one, and the beginning of another": framed(b"whole") + framed(b"not")[:3],
    "one without a mask": Frame(Opcode.BINARY, b"not masked at all").serialize(mask=False),
    "one that claims an extension": b"\xc2" + framed(b"compressed")[1:],
    "a single byte": b"\x82",
}


@pytest.mark.parametrize("name", OTHERS)
def test_everything_else_is_left_to_the_library(name: str) -> None:
    assert short_messages(OTHERS[name]) is None


def test_only_an_open_connection_that_waits_for_a_message_is_between_messages() -> None:
    connection = opened()
    connection.receive_data(framed(b"the first, which the library reads with the handshake's end"))
    assert between_messages(connection)
    begun = framed(b"a longer message")
    connection.receive_data(begun[:9])
    assert not between_messages(connection)
    connection.receive_data(begun[9:])
    assert between_messages(connection)
    connection.receive_data(framed(b"first half", fin=False))
    assert not between_messages(connection)
    connection.receive_data(framed(b"second half", Opcode.CONT))
    assert between_messages(connection)
    connection.send_close(CloseCode.NORMAL_CLOSURE)
    assert not between_messages(connection)


def test_bytes_inside_a_longer_message_are_never_taken_for_a_message() -> None:
    inner = framed(b"a message of its own")
    long = framed(bytes(200) + inner)
    at = len(long) - len(inner)
    assert heard([long[:at], long[at:]]) == [bytes(200) + inner]


MESSAGES = st.lists(
    st.one_of(
        st.binary(max_size=140).map(framed),
        st.binary(max_size=30).map(lambda payload: framed(payload, Opcode.PING)),
        st.tuples(st.binary(max_size=20), st.binary(max_size=20)).map(
            lambda halves: (
                framed(halves[0], fin=False) + framed(b"", Opcode.PING) + framed(halves[1], Opcode.CONT)
            )
        ),
    ),
    max_size=8,
)


@given(messages=MESSAGES, cuts=st.lists(st.integers(0, 1200), max_size=12))
@settings(max_examples=60, deadline=None)
def test_what_is_heard_does_not_depend_on_the_pieces_it_came_in(
    messages: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(messages)
    places = sorted({cut for cut in cuts if cut < len(stream)} | {0, len(stream)})
    pieces = [stream[a:b] for a, b in pairwise(places)]
    assert heard(pieces) == heard_by_the_library(stream)


def opened() -> ServerProtocol:
    connection = ServerProtocol()
    connection.receive_data(HANDSHAKE)
    (request,) = connection.events_received()
    assert isinstance(request, Request)
    connection.send_response(connection.accept(request))
    return connection


def heard_by_the_library(stream: bytes) -> list[bytes]:
    connection = opened()
    connection.receive_data(stream)
    found: list[bytes] = []
    for event in connection.events_received():
        assert isinstance(event, Frame)
        if event.opcode is Opcode.BINARY:
            found.append(bytes(event.data))
        elif event.opcode is Opcode.CONT:
            found[-1] += bytes(event.data)
    return found


def heard(pieces: list[bytes]) -> list[bytes]:
    """What a listener hears of data that comes in these pieces."""
    return asyncio.run(_heard(pieces))


async def _heard(pieces: list[bytes]) -> list[bytes]:
    found: list[bytes] = []
    listening = asyncio.Event()

    async def app(
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        scope["extensions"][EXTENSION].listen(found.append)
        listening.set()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    state = ServerState()
    protocol = LiveProtocol(config(app, host="here", port=0), state, {})
    protocol.connection_made(Wire())
    protocol.data_received(HANDSHAKE)
    await listening.wait()
    for piece in pieces:
        protocol.data_received(piece)
    protocol.connection_lost(None)
    await asyncio.gather(*state.tasks)
    return found


class Wire(asyncio.Transport):
    """A transport that leads nowhere."""

    def write(self, data: object) -> None:
        """Nobody reads the answers."""

    def is_closing(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """There is nothing to close."""

    def pause_reading(self) -> None:
        """What comes next is handed over by hand."""

    def resume_reading(self) -> None:
        """As above."""

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0
