"""uvicorn's HTTP protocol with a bound on what it takes before any of our code sees a request.

Without it a stranger may send header after header for ever, or one byte a minute: neither costs them anything, and each
keeps memory or a connection here. A request has to say what it wants within `HEAD_SECONDS` and `HEAD_BYTES`, to come
no slower than `STEP_BYTES` in `STEP_SECONDS`, and to be whole within `BODY_SECONDS`; how large its body may be is
`server.routes.headers.BodyLimit`'s. From one address there are so many connections and no more.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, MutableMapping
from typing import Any, Final, Protocol, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.auth.network import network_of

HEAD_BYTES: Final = 32 * 1024
"""Request line and headers together (431). A browser with the cookies of ten people sends 4 KB."""

HEAD_SECONDS: Final = 20.0
"""From the connection, or the first byte of a further request, until the headers are complete (hung up)."""

CONNECTIONS: Final = 5_000
"""Connections at one time, pages and live ones together (503): each keeps some 50 KB, and a file handle."""

STOPPING: Final = "truerecord.stopping"
"""Where a request that is held open leaves word, in its scope, of whom to call when the server stops."""

BODY_SECONDS: Final = 120.0
"""From the headers until the body is complete (hung up): 30 MB over a line of 2 Mbit/s."""

STEP_SECONDS: Final = 15.0
STEP_BYTES: Final = 8 * 1024
"""So much of a body comes in every so many seconds, or all of it (hung up): a phone in a tunnel gets that far. Whoever
sends half a form, and no more, is gone as soon."""

_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 56\r\nconnection: close\r\n\r\n"
    b"There are many connections from here. Wait ten seconds.\n"
)

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 23\r\nconnection: close\r\n\r\n"
    b"The request is too big."
)


class Hosts(Protocol):
    """Some network addresses."""

    def __contains__(self, host: str | None) -> bool:
        """Whether this is one of them."""


class Connections:
    """How many connections there are from where, those that became live ones too."""

    def __init__(self, most: int, proxies: Hosts) -> None:
        """`proxies` are those that are trusted to say who is behind them: that is everybody."""
        self._most = most
        self._proxies = proxies
        self._open: Counter[str] = Counter()

    def came(self, host: str) -> bool:
        """Whether one more may come from there. If not, it is not counted."""
        network = network_of(host)
        if host not in self._proxies and self._open[network] >= self._most:
            return False
        self._open[network] += 1
        return True

    def went(self, host: str) -> None:
        """One that came has gone."""
        network = network_of(host)
        self._open[network] -= 1
        if self._open[network] <= 0:
            del self._open[network]


class BoundedHttp(HttpToolsProtocol):
    """Hangs up on whoever takes too long, and refuses who says too much before coming to the point."""

    head_seconds = HEAD_SECONDS
    body_seconds = BODY_SECONDS
    step_seconds = STEP_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._step: asyncio.TimerHandle | None = None
        self._body = 0
        self._counted = False
        self._in_head = True
        self._head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected: they have to say something."""
        super().connection_made(cast("asyncio.Transport", transport))
        connections = connections_of(self.config)
        if connections is not None and self.client is not None:
            self._counted = connections.came(self.client[0])
            if not self._counted:
                self.transport.write(_TOO_MANY)
                self.transport.close()
                return
        self._within(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._disarm()
        if self._counted:
            uncount(self.config, self.client)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        super().data_received(data)
        # Afterwards, because only then it is known whether the headers are still unfinished.
        if self._in_head:
            self._head += len(data)
            if self._head > HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._within(self.head_seconds)

    def on_headers_complete(self) -> None:
        """It is known what is asked for; now the body."""
        self._in_head = False
        self._within(self.body_seconds)
        self._body = 0
        self._step = self.loop.call_later(self.step_seconds, self._next_step)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole. From here on it is our turn."""
        self._disarm()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """It becomes a live connection, which has limits of its own."""
        self._disarm()
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """The server stops: a request that is held open until there is news need not wait for any."""
        super().shutdown()
        held: MutableMapping[str, Any] = cast("Any", self.scope) or {}
        stop: Callable[[], None] | None = held.get(STOPPING)
        if stop is not None:
            stop()

    def _next_step(self) -> None:
        # What we did not read ourselves cannot have come.
        if self._body < STEP_BYTES and not self.flow.read_paused:
            self._too_late()
            return
        self._body = 0
        self._step = self.loop.call_later(self.step_seconds, self._next_step)

    def _within(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if self._step is not None:
            self._step.cancel()
            self._step = None

    def _too_late(self) -> None:
        self._disarm()
        self.transport.abort()


def connections_of(config: object) -> Connections | None:
    """Who counts for the server that is run so (`server.realtime.serving.config`)."""
    counting = getattr(config, "network_connections", None)
    return counting if isinstance(counting, Connections) else None


def uncount(config: object, client: tuple[str, int] | None) -> None:
    """A connection that was counted has gone."""
    connections = connections_of(config)
    if connections is not None and client is not None:
        connections.went(client[0])
