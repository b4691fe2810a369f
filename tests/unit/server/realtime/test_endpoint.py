"""`GET /ws` through any ASGI server: where a page is from, and the pumping of bytes both ways."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from types import SimpleNamespace
from typing import Any

import pytest

from server.realtime.endpoint import LiveEndpoint, same_origin
from shared_doc.messages import Authenticated, CloseCode, Step1, Step2, Token, decode_server
from tests.unit.server.realtime.meeting import MINUTES, Meeting


class Browser:
    """The other end of one ASGI connection."""

    def __init__(self, meeting: Meeting, **headers: str) -> None:
        settings = SimpleNamespace(base_url="https://minutes.example.org")
        app = SimpleNamespace(state=SimpleNamespace(hub=meeting.hub, settings=settings))
        self.scope: dict[str, Any] = {
            "type": "websocket",
            "app": app,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self._to_server: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._to_browser: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.say({"type": "websocket.connect"})
        self.serving = asyncio.create_task(
            LiveEndpoint()(self.scope, self._to_server.get, self._to_browser.put)
        )

    def say(self, message: MutableMapping[str, Any]) -> None:
        self._to_server.put_nowait(message)

    def send(self, frame: bytes) -> None:
        self.say({"type": "websocket.receive", "bytes": frame})

    async def hear(self) -> MutableMapping[str, Any]:
        return await asyncio.wait_for(self._to_browser.get(), 60)

    async def leave(self) -> None:
        self.say({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.serving, 60)


async def test_bytes_are_pumped_both_ways(meeting: Meeting) -> None:
    browser = Browser(meeting, host="minutes.example.org", origin="https://minutes.example.org")
    assert (await browser.hear())["type"] == "websocket.accept"
    browser.send(Token(MINUTES, "token of kelly").encode())
    browser.send(Step1(MINUTES, b"\x00").encode())
    kinds = [type(decode_server((await browser.hear())["bytes"])) for _ in range(3)]
    assert kinds == [Authenticated, Step1, Step2]
    await browser.leave()
    assert meeting.hub.connections == {}


async def test_a_page_of_another_site_is_refused_before_the_socket_opens(meeting: Meeting) -> None:
    browser = Browser(meeting, host="minutes.example.org", origin="https://elsewhere.example.com")
    assert (await browser.hear())["type"] == "websocket.close"
    await asyncio.wait_for(browser.serving, 60)
    assert meeting.hub.connections == {}


async def test_a_text_message_ends_the_connection(meeting: Meeting) -> None:
    browser = Browser(meeting)
    await browser.hear()
    browser.say({"type": "websocket.receive", "text": "hello"})
    assert await browser.hear() == {
        "type": "websocket.close",
        "code": int(CloseCode.MALFORMED),
        "reason": "text",
    }
    await browser.leave()


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://minutes.example.org", True),
        ("http://127.0.0.1:8000", True),
        ("https://minutes.example.org.evil.example", False),
        ("https://evil.example/?minutes.example.org", False),
        ("null", False),
        ("", False),
        ("file://", False),
        ("https://[", False),
    ],
)
async def test_where_a_page_is_from(meeting: Meeting, origin: str, allowed: bool) -> None:
    browser = Browser(meeting, host="127.0.0.1:8000", origin=origin)
    assert same_origin(browser.scope) is allowed
    await browser.hear()
    if allowed:
        await browser.leave()


async def test_a_program_says_nothing_of_where_it_is_from(meeting: Meeting) -> None:
    browser = Browser(meeting, host="127.0.0.1:8000")
    assert same_origin(browser.scope)
    await browser.hear()
    await browser.leave()
