"""What one person, or a stranger, asks for as fast as they can while conferences type: each kind of it by its name."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx2

from tests.bench.peers import LOAD_CORE, Lane, TrueRecord, on_core
from tests.server_process import NO_TLS

AT_ONCE: Final = 64
"""Requests that are under way at one time."""


@dataclass(frozen=True)
class Flood:
    """One kind: what is asked for, and by whom (`participant`, or a stranger)."""

    method: str
    path: str
    participant: bool = False
    file: bool = False


KINDS: Final = {
    "a participant's pages": Flood("GET", "/api/v1/conferences/{id}", participant=True),
    "a participant's printed copies": Flood(
        "GET", "/api/v1/conferences/{id}/record?form=pdf", participant=True
    ),
    "a participant's posts": Flood("POST", "/api/v1/conferences/{id}/requests", participant=True),
    "a stranger's pages": Flood("GET", "/help"),
    "a stranger's probes": Flood("GET", "/readyz"),
    "a stranger's guesses": Flood("POST", "/sign-in"),
    "a stranger's files": Flood("POST", "/verify", file=True),
}


class Flooding:
    """Goes on from `with` to its end, on the load's core, and counts the answers by their status."""

    def __init__(self, peer: TrueRecord, lane: Lane, flood: Flood) -> None:
        self.answers: Counter[int] = Counter()
        self._address = peer.server.address
        self._path = flood.path.format(id=lane.name.partition("/")[0])
        self._flood = flood
        self._bearer = lane.tokens[1] if flood.participant else ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        # On Linux this is the thread's own: what is typed, and timed, on the same core comes first.
        os.nice(15)
        with on_core(LOAD_CORE):
            asyncio.run(self._ask_on_and_on())

    async def _ask_on_and_on(self) -> None:
        headers = {"Authorization": f"Bearer {self._bearer}"} if self._bearer else {}
        limits = httpx2.Limits(max_connections=AT_ONCE)
        async with httpx2.AsyncClient(
            base_url=self._address, headers=headers, limits=limits, trust_env=False, verify=NO_TLS, timeout=60
        ) as client:
            await asyncio.gather(*(self._ask(client) for _ in range(AT_ONCE)))

    async def _ask(self, client: httpx2.AsyncClient) -> None:
        flood = self._flood
        while not self._over.is_set():
            if flood.file:
                answer = await client.post(
                    self._path, files={"file": ("a.pdf", b"%PDF-1.7" + bytes(100_000))}
                )
            elif flood.method == "POST" and not flood.participant:
                answer = await client.post(self._path, data={"email": "a@b.example", "password": "guess"})
            else:
                answer = await client.request(flood.method, self._path)
            self.answers[answer.status_code] += 1
