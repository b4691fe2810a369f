"""The network between a page and the server, which a test can cut, stall and mend, or make refuse WebSockets.

    with Network(server.port) as network:
        page.goto(f"{network.address}{meeting.base('chair')}/")
        network.cut()        # every connection breaks, and none comes through
        network.stall()      # nothing breaks, and nothing comes through: a half-open line
        network.mend()

It runs in a thread of its own, because Playwright's synchronous door holds up this one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from enum import StrEnum
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

_REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_PIECE = 64 * 1024
_PATIENCE = 60.0
"""Seconds for a turn of the thread, on a machine that stands still now and then."""


class Sockets(StrEnum):
    """What becomes of a WebSocket on the way."""

    PASS = "pass"
    REFUSED = "refused"  # a proxy that knows no upgrade
    SWALLOWED = "swallowed"  # one that takes the request and never answers


class Network:
    """A TCP proxy in front of `port` of this machine."""

    def __init__(self, port: int, sockets: Sockets = Sockets.PASS) -> None:
        self.sockets = sockets
        self.upgrades = 0
        self._port = port
        self._cut = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._flowing = asyncio.Event()  # of the loop of that thread, which takes it at its first wait
        self._flowing.set()
        self._listening = self._run(asyncio.start_server(self._carry, "127.0.0.1", 0))
        port = self._listening.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def cut(self) -> None:
        """Break every connection; new ones break at once."""
        self._run(self._break(cut=True))

    def stall(self) -> None:
        """Hold back everything both ways. Nobody is told."""
        self._run(self._flow(on=False))

    def mend(self) -> None:
        """Everything passes again, and what was held back arrives."""
        self._run(self._break(cut=False))
        self._run(self._flow(on=True))

    def hold_back_sockets(self, how: Sockets) -> None:
        """What becomes of WebSockets from now on."""
        self.sockets = how

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    async def _flow(self, *, on: bool) -> None:
        if on:
            self._flowing.set()
        else:
            self._flowing.clear()

    async def _break(self, *, cut: bool) -> None:
        self._cut = cut
        if cut:
            for writer in self._writers:
                writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a browser."""
        self._writers.add(writer)
        if self._cut:
            writer.transport.abort()
            await self._end(writer)
            return
        beyond: asyncio.StreamWriter | None = None
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"upgrade: websocket" in head.lower():
                self.upgrades += 1
                if self.sockets is Sockets.REFUSED:
                    writer.write(_REFUSAL)
                    return
                if self.sockets is Sockets.SWALLOWED:
                    await reader.read()
                    return
            await self._flowing.wait()
            answers, beyond = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers.add(beyond)
            beyond.write(head)
            await asyncio.gather(self._pass_on(reader, beyond), self._pass_on(answers, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            for end in (writer, beyond):
                if end is not None:
                    end.close()
                    await self._end(end)

    async def _end(self, writer: asyncio.StreamWriter) -> None:
        """Until nothing of it is open any more."""
        with suppress(ConnectionError):
            await writer.wait_closed()
        self._writers.discard(writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(_PIECE):
                await self._flowing.wait()
                writer.write(piece)
                await writer.drain()
        finally:
            # One side hung up: so does the other, after what is still to be written.
            writer.close()

    async def _close(self) -> None:
        self._listening.close()
        self._flowing.set()
        await self._break(cut=True)
        for _ in range(3):
            await asyncio.sleep(
                0
            )  # a connection that was accepted just now becomes a task in one of the next turns
        # Each finds its connection closed, and ends by itself; one that does not must not outlive its loop.
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        if carrying:
            _ended, still = await asyncio.wait(carrying, timeout=5)
            for one in still:
                one.cancel()
            await asyncio.gather(*still, return_exceptions=True)
