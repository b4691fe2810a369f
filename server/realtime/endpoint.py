"""`GET /ws`: check where the page is from, accept, and pump bytes between the socket and the hub."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Receive, Scope, Send

from server.realtime.connection import Connection
from server.realtime.hub import Hub
from server.realtime.outbox import QueueOutbox
from server.realtime.serving import EXTENSION, DirectOutbox, LiveProtocol
from shared_doc.messages import CloseCode


class LiveEndpoint:
    """The WebSocket endpoint, as plain ASGI: a framework's work per message would cost more than our own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it closes."""
        hub: Hub = scope["app"].state.hub
        await receive()
        if not same_origin(scope):
            await send({"type": "websocket.close", "code": 1008, "reason": "origin"})
            return
        await send({"type": "websocket.accept"})
        protocol = scope.get("extensions", {}).get(EXTENSION)
        if isinstance(protocol, LiveProtocol):
            await _serve_directly(hub, protocol, receive)
        else:
            await _serve(hub, receive, send)


async def _serve_directly(hub: Hub, protocol: LiveProtocol, receive: Receive) -> None:
    connection = hub.came(DirectOutbox(protocol))
    try:
        protocol.listen(lambda frame: hub.arrived(connection, frame))
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            # What came before the listener was there.
            _hand_on(hub, connection, message.get("bytes"))
    finally:
        hub.gone(connection)


async def _serve(hub: Hub, receive: Receive, send: Send) -> None:
    outbox = QueueOutbox(send)
    connection = hub.came(outbox)
    sending = asyncio.create_task(outbox.run())
    try:
        while True:
            await outbox.readable.wait()
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            _hand_on(hub, connection, message.get("bytes"))
    finally:
        hub.gone(connection)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


def _hand_on(hub: Hub, connection: Connection, frame: bytes | None) -> None:
    if frame is None:
        hub.hang_up(connection, CloseCode.MALFORMED, "text")
    else:
        hub.arrived(connection, frame)


def same_origin(scope: Scope) -> bool:
    """Whether a page of another site is behind this: browsers say where a page is from, programs say nothing.

    Trust boundary: a page elsewhere must not ride on what somebody's browser is allowed here.
    """
    headers: dict[bytes, bytes] = dict(scope["headers"])
    origin = headers.get(b"origin")
    if origin is None:
        return True
    try:
        from_host = urlsplit(origin.decode("ascii")).netloc
    except (UnicodeDecodeError, ValueError):
        return False
    allowed = {headers.get(b"host", b"").decode("latin-1")}
    settings = getattr(scope["app"].state, "settings", None)
    if settings is not None:
        allowed.add(urlsplit(settings.base_url).netloc)
    return from_host != "" and from_host in allowed


routes: list[BaseRoute] = [WebSocketRoute("/ws", LiveEndpoint(), name="live")]
