"""How the app is served: one place for uvicorn's options, and the WebSocket protocol that live connections
use.

`LiveProtocol` adds four things to uvicorn's, each for a figure that was measured: keystrokes are read the short
way (`short_messages`), messages are handed on without a queue and a task switch each, frames are written that
were encoded once for everybody, and what arrives in one piece is taken in slices, so that one client's flood
does not hold up everybody else's keystrokes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from server.realtime.bounded_http import CONNECTIONS, BoundedHttp, Connections, uncount
from server.realtime.limits import FRAME_BYTES
from server.realtime.short_messages import between_messages, short_messages
from shared_doc.messages import CloseCode

EXTENSION = "truerecord.live"
"""Where an endpoint finds the protocol object in its scope."""

SLICE = 4 * 1024
"""Bytes taken in at once: some 80 keystrokes, or a millisecond."""


YOUNG_OBJECTS = 10_000
"""Objects made before Python looks for cycles among the young: frames make many, and nearly all go by themselves."""


class LiveConfig(uvicorn.Config):
    """uvicorn's configuration, with what counts the connections from each address."""

    network_connections: Connections | None = None


def config(
    app: Any, *, host: str, port: int, network_connections: int = CONNECTIONS, **more: Any
) -> LiveConfig:
    """The configuration for serving `app`. No compression: it would cost more than all other work
    together."""
    used = LiveConfig(
        app,
        host=host,
        port=port,
        ws=LiveProtocol,
        ws_max_size=FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the live protocol has its own, which the provider counts
        ws_ping_timeout=None,
        loop="uvloop",
        http=BoundedHttp,
        limit_concurrency=CONNECTIONS,
        access_log=False,  # addresses say who met whom
        server_header=False,
        **{"log_config": None, "timeout_graceful_shutdown": 10, **more},
    )
    proxies = ProxyHeadersMiddleware(app, trusted_hosts=used.forwarded_allow_ips).trusted_hosts
    used.network_connections = Connections(network_connections, proxies)
    return used


class LiveProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol with a short way in and out for live connections."""

    listener: Callable[[bytes], None] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._slices: deque[memoryview] = deque()
        self._feeding = False
        self._paused = False

    def handle_connect(self, event: Any) -> None:
        """Put this object where the endpoint finds it."""
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone. They came as a request, and were counted then."""
        uncount(self.config, self.client)
        super().connection_lost(exc)

    # In

    def listen(self, listener: Callable[[bytes], None]) -> None:
        """Hand every binary message to `listener` from now on, instead of queueing it for `receive`."""
        self.listener = listener
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Take in what came, a slice at a time."""
        if len(data) <= SLICE and not self._slices:
            self._take_in(data)
            return
        whole = memoryview(data)
        self._slices.extend(whole[at : at + SLICE] for at in range(0, len(data), SLICE))
        self.transport.pause_reading()
        self._feed_soon()

    def _take_in(self, data: bytes) -> None:
        if self._hears() and between_messages(self.conn):
            messages = short_messages(data)
            if messages is not None:
                for message in messages:
                    # What an earlier one said may have closed the connection.
                    if self.listener is not None and self._hears():
                        self.listener(message)
                return
        super().data_received(data)

    def _hears(self) -> bool:
        return self.listener is not None and not self.close_sent

    def _feed_soon(self) -> None:
        if not self._feeding and not self._paused:
            self._feeding = True
            self.loop.call_soon(self._feed)

    def _feed(self) -> None:
        self._feeding = False
        if self.disconnected or self._paused:
            return
        if self._slices:
            self._take_in(bytes(self._slices.popleft()))
        if self._slices:
            self._feed_soon()
        elif self._may_read():
            self.transport.resume_reading()

    def _may_read(self) -> bool:
        return not self._paused and not self.read_paused and not self.transport.is_closing()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on: straight to the listener if there is one."""
        if self.listener is None:
            super().send_receive_event_to_app()
            return
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            self.close(CloseCode.MALFORMED, "text")
            return
        self.listener(bytes(data))

    def pause(self) -> None:
        """Read nothing more from the socket."""
        if not self._paused:
            self._paused = True
            if not self.transport.is_closing():
                self.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._paused:
            self._paused = False
            self._feed_soon()

    # Out

    def send_framed(self, framed: bytes) -> int:
        """Write a WebSocket message that is framed already; how many bytes wait to be sent."""
        transport = self.transport
        if self.close_sent or self.disconnected or transport.is_closing():
            return 0
        transport.write(framed)
        return transport.get_write_buffer_size()

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin the closing handshake after what was written before."""
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        self._slices.clear()
        try:
            self.conn.send_close(int(code), reason)
        except InvalidState:
            self.transport.close()
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": int(code), "reason": reason})
        self._paused = False
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)

    def abort(self) -> None:
        """Hang up at once."""
        self._slices.clear()
        self.transport.abort()


class DirectOutbox:
    """The way out through `LiveProtocol`."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: LiveProtocol) -> None:
        self._protocol = protocol

    def send(self, payload: bytes, framed: bytes) -> int:
        """Write the frame."""
        return self._protocol.send_framed(framed)

    def close(self, code: CloseCode, reason: str) -> None:
        """Close after what was written before."""
        self._protocol.close(code, reason)

    def abort(self) -> None:
        """Hang up at once."""
        self._protocol.abort()

    def pause(self) -> None:
        """Read nothing more from the socket."""
        self._protocol.pause()

    def resume(self) -> None:
        """Read on."""
        self._protocol.resume()
