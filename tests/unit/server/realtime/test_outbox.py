"""The ways out: framed once for all, and message by message through any server."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from server.realtime.outbox import QueueOutbox, framed
from shared_doc.messages import CloseCode


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "82 00"),
        (125, "82 7d"),
        (126, "82 7e 00 7e"),
        (65_535, "82 7e ff ff"),
        (65_536, "82 7f 00 00 00 00 00 01 00 00"),
    ],
)
def test_a_message_is_one_unmasked_frame(size: int, head: str) -> None:
    payload = b"x" * size
    assert framed(payload) == bytes.fromhex(head.replace(" ", "")) + payload


class Server:
    """What an ASGI server is sent."""

    def __init__(self) -> None:
        self.messages: list[MutableMapping[str, Any]] = []
        self.gate = asyncio.Event()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.gate.wait()
        self.messages.append(message)


async def test_messages_go_out_in_order_and_the_goodbye_last() -> None:
    server = Server()
    outbox = QueueOutbox(server.send)
    assert outbox.send(b"one", b"") == 3
    assert outbox.send(b"two!", b"") == 7
    outbox.close(CloseCode.REMOVED, "removed")
    outbox.close(CloseCode.SILENT, "later")
    server.gate.set()
    await asyncio.wait_for(outbox.run(), 60)
    assert [message.get("bytes") for message in server.messages] == [b"one", b"two!", None]
    assert server.messages[-1] == {"type": "websocket.close", "code": 4403, "reason": "removed"}


async def test_hanging_up_leaves_out_what_waits() -> None:
    server = Server()
    outbox = QueueOutbox(server.send)
    outbox.send(b"one", b"")
    outbox.abort()
    server.gate.set()
    await asyncio.wait_for(outbox.run(), 60)
    assert [message["type"] for message in server.messages] == ["websocket.close"]


async def test_reading_stops_and_goes_on() -> None:
    outbox = QueueOutbox(Server().send)
    assert outbox.readable.is_set()
    outbox.pause()
    assert not outbox.readable.is_set()
    outbox.resume()
    assert outbox.readable.is_set()
