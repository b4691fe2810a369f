"""A piece of network between a page and the server that can go silent without either of them being told."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self


class Proxy:
    """Passes bytes on to a port of this machine. What was open when it fell silent stays silent for ever, as after a
    lost route; what was asked for during the silence is turned away when it ends."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._silent = False
        self._asking: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._silences = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._came, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def live_address(self) -> str:
        """Where a page finds the server's live side."""
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/ws"

    def fall_silent(self) -> None:
        """Pass nothing on, and say nothing of it."""
        self._silent = True
        self._silences += 1

    def speak(self) -> None:
        """Pass on what is opened from now on."""
        self._silent = False
        for writer in self._asking:
            writer.transport.abort()
        self._asking.clear()

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened_in = self._silences
        self._writers.add(writer)
        if self._silent:
            self._asking.append(writer)
            return
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.add(to_writer)
        for source, target in ((reader, to_writer), (to_reader, writer)):
            task = asyncio.create_task(self._pass_on(source, target, opened_in))
            self._tasks.add(task)

    async def _pass_on(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, opened_in: int
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65_536):
                if self._silences != opened_in:
                    return
                target.write(data)
                await target.drain()
            if self._silences == opened_in:
                target.close()
