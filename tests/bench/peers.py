"""The servers that are measured, each started on a core of its own and given the same conferences."""

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import node_runtime
from tests.server_process import ServerProcess, free_port

OTHERS = Path(__file__).resolve().parent / "others"
SERVER_CORE, LOAD_CORE = 0, 1
PEOPLE = 15


@dataclass(frozen=True)
class Lane:
    """One conference's lane as the load needs it: the document's name, and a token for each of its people."""

    name: str
    tokens: tuple[str, ...]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started inside runs on this core and no other (on a machine with one core, on that)."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[core % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Peer(ABC):
    """One server under measurement. `start`, `lanes`, `stop`, in that order."""

    name: str
    dialect = "hocuspocus"
    path = "/"
    stores = True
    has_document = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    @property
    @abstractmethod
    def pid(self) -> int:
        """The process whose CPU and memory count."""

    @abstractmethod
    def start(self) -> None:
        """Start it and return when it takes connections."""

    @abstractmethod
    def stop(self) -> None:
        """End it."""

    @abstractmethod
    def kill(self) -> None:
        """End it without warning; `start` brings it back on the same data."""

    def lanes(self, count: int) -> list[Lane]:
        """`count` conferences of `PEOPLE`; the first two tokens may write."""
        return [Lane(f"conference-{number}", ("anyone",) * PEOPLE) for number in range(count)]

    def address(self) -> dict[str, Any]:
        """What the load is told about the server."""
        origin = f"http://127.0.0.1:{self.port}"
        return {
            "dialect": self.dialect,
            "host": "127.0.0.1",
            "port": self.port,
            "path": self.path,
            "origin": origin,
        }


class Program(Peer):
    """A peer that is one command and says "ready" when it is."""

    _process: subprocess.Popen[str]

    @abstractmethod
    def command(self) -> list[str]:
        """How it is started."""

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        with on_core(SERVER_CORE):
            self._process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{self.name} did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._gone()

    def kill(self) -> None:
        self._process.kill()
        self._gone()

    def _gone(self) -> None:
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


class TrueRecord(Peer):
    """This project: two who write (minute-taker and chair) and thirteen who read, of every kind."""

    name = "True Record"
    path = "/ws"
    ROLES = (
        "minute_taker",
        "chair",
        *["social_worker"] * 2,
        *["professional"] * 6,
        *["parent"] * 2,
        "solicitor",
        "interpreter",
        "observer",
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = ServerProcess(folder)
        self.port = self.server.port

    @property
    def pid(self) -> int:
        return self.server.pid

    def start(self) -> None:
        with on_core(SERVER_CORE):
            self.server.start()

    def stop(self) -> None:
        self.server.stop()

    def kill(self) -> None:
        self.server.kill()

    def lanes(self, count: int) -> list[Lane]:
        people = [
            {"name": f"Person {number}", "role": role, **({"supports": 10} if role == "solicitor" else {})}
            for number, role in enumerate(self.ROLES)
        ]
        made: list[Lane] = []
        for _ in range(count):
            conference = self.server.create_conference(participants=people, parts=[{"title": "Reports"}])
            self.server.change_phase(conference, "open", "in_session")
            tokens = tuple(person["live_token"] for person in conference["participants"])
            made.append(Lane(conference["parts"][0]["lanes"]["minutes"], tokens))
        return made


class Hocuspocus(Program):
    """`@hocuspocus/server` with its SQLite extension."""

    name = "Hocuspocus + SQLite"

    def command(self) -> list[str]:
        database = self.folder / "hocuspocus.sqlite"
        return node_runtime.command(OTHERS / "hocuspocus.mjs", str(self.port), str(database))


class PlainYjs(Program):
    """A y-websocket server: a document in memory, nothing stored."""

    name = "plain y-websocket"
    dialect = "plain"
    stores = False

    def command(self) -> list[str]:
        return node_runtime.command(OTHERS / "plain_yjs.mjs", str(self.port))


class FanOut(Program):
    """Starlette sending frames on, with no document at all."""

    name = "bare Starlette fan-out"
    stores = False
    has_document = False

    def command(self) -> list[str]:
        return [sys.executable, str(OTHERS / "fan_out.py"), str(self.port)]


PEERS: dict[str, type[Peer]] = {
    "true-record": TrueRecord,
    "hocuspocus": Hocuspocus,
    "y-websocket": PlainYjs,
    "fan-out": FanOut,
}
