"""Unmodified `@hocuspocus/provider` clients in Node, driven from Python. `node/providers.mjs` lists the orders."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests import node_runtime

SCRIPT = Path(__file__).resolve().parent / "node" / "providers.mjs"
PATIENCE = 120.0
"""Seconds after which what does not come is told; a busy machine may take some."""
GLANCE = 0.02


class Providers:
    """One Node program with any number of sockets and pages. Use it with `async with`."""

    def __init__(self) -> None:
        self._orders = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def __aenter__(self) -> Self:
        self._process = await node_runtime.start(SCRIPT)
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.stdin.wait_closed()
        await asyncio.wait_for(self._process.wait(), PATIENCE)
        await self._reading

    async def order(self, do: str, /, *, patience: float = PATIENCE, **given: Any) -> Any:
        """Give an order, and wait for its answer."""
        self._orders += 1
        order = self._orders
        answer = self._waiting[order] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": order, "do": do, **given}).encode() + b"\n")
        await self._process.stdin.drain()
        return await asyncio.wait_for(answer, patience)

    async def socket(self, name: str, url: str, **options: Any) -> None:
        """Connect a socket; `options` are the provider's own, in milliseconds."""
        await self.order("socket", socket=name, url=url, **options)

    async def open(self, page: str, socket: str, name: str, token: str) -> OpenPage:
        """Open a document on a socket."""
        client = await self.order("open", page=page, socket=socket, name=name, token=token)
        return OpenPage(self, page, client)

    async def agree(self, *pages: OpenPage, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait until these pages, on which nobody types any more, hold the same, to the last value; what that is.

        What each of them typed the others have from the server only: then it has all of it. A bare provider that says
        that everything is saved may say so too early after it came back.
        """
        try:
            async with asyncio.timeout(patience):
                while True:
                    held: list[dict[str, Any]] = [(await page.tell())["held"] for page in pages]
                    if all(one == held[0] for one in held):
                        return held[0]
                    await asyncio.sleep(GLANCE)  # the pace of asking
        except TimeoutError:
            raise AssertionError(f"{', '.join(page.name for page in pages)} never held the same") from None

    async def _read(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            waiting = self._waiting.pop(said["id"])
            if waiting.done():
                continue
            if "failed" in said:
                waiting.set_exception(AssertionError(said["failed"]))
            else:
                waiting.set_result(said["answer"])
        complaint = (await self._process.stderr.read()).decode()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(AssertionError(f"the providers ended:\n{complaint}"))


class OpenPage:
    """One document on one socket."""

    def __init__(self, providers: Providers, name: str, client: int) -> None:
        self.providers = providers
        self.name = name
        self.client = client

    async def edit(self, act: str, **given: Any) -> Any:
        """Do something in the editor's own way."""
        return await self.providers.order("edit", page=self.name, act=act, **given)

    async def until(self, what: str, value: object = None, *, patience: float = PATIENCE) -> None:
        """Wait until the page is so. Raises AssertionError with what it knows if that does not come."""
        try:
            await self.providers.order("until", page=self.name, what=what, value=value, patience=patience)
        except TimeoutError:
            told = {key: known for key, known in (await self.tell()).items() if key not in {"texts", "held"}}
            raise AssertionError(f"{self.name} never got {what}: {told}") from None

    async def tell(self) -> dict[str, Any]:
        """What the page knows."""
        told: dict[str, Any] = await self.providers.order("tell", page=self.name)
        return told

    async def texts(self) -> list[str]:
        """The texts of the points, in their order."""
        texts: list[str] = (await self.tell())["texts"]
        return texts

    async def close(self) -> None:
        """The page lets go of the document."""
        await self.providers.order("close", page=self.name)
