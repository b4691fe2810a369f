"""One peer under one load, from start to end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.load_process import Load
from tests.bench.peers import Peer
from tests.bench.process_figures import cpu_seconds, memory_mib

RATE = 7
BURST_SECONDS = 15
NEWCOMERS = 20


@dataclass(frozen=True)
class Times:
    """Milliseconds, of so many measured."""

    p50: float
    p99: float
    max: float
    count: int

    @classmethod
    def of(cls, said: dict[str, Any] | None) -> Times | None:
        """As the load tells them; None if there was nothing to time."""
        return None if said is None else cls(said["p50"], said["p99"], said["max"], said["count"])


@dataclass(frozen=True)
class Figures:
    """What came of it. Memory in MiB, CPU in milliseconds per 1,000 keystrokes delivered to somebody's socket."""

    peer: str
    conferences: int
    cursors: bool
    reader: Times | None
    typist: Times | None
    stored: Times | None
    cpu: float
    server_busy: float
    load_busy: float
    memory: float
    newcomer: Times | None = None
    burst_reader: Times | None = None
    burst_stored: Times | None = None
    burst: dict[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """What the load does. `burst`: keystrokes of one client at once, 0 for none. `cursors`: whether every keystroke is
    followed by the place of the cursor, as the usual editor bindings send it.
    """

    conferences: int
    seconds: float
    recording: Path | None = None
    burst: int = 0
    cursors: bool = False


def measure(peer: Peer, work: Work) -> Figures:
    """Start `peer`, let the conferences type, then one client bursts and newcomers come to its lane.

    Raises `LoadError` if the load cannot go on.
    """
    file = None if work.recording is None else str(work.recording)
    conferences, burst = work.conferences, work.burst
    peer.start()
    try:
        lanes = peer.lanes(conferences + 1)
        with Load() as load:
            before = memory_mib(peer.pid)
            meetings = [{"name": lane.name, "tokens": lane.tokens} for lane in lanes[:-1]]
            strokes = int((work.seconds + (BURST_SECONDS if burst else 0) + 5) * RATE)
            load.order("open", server=peer.address(), meetings=meetings, count=strokes, file=file)
            load.answer()
            memory = (memory_mib(peer.pid) - before) / conferences
            cpu = cpu_seconds(peer.pid)
            load.order("type", seconds=work.seconds, rate=RATE, cursors=work.cursors)
            load.answer()
            cpu = cpu_seconds(peer.pid) - cpu
            typed = load.answer()
            bursting: dict[str, Any] = {}
            newcomer: dict[str, Any] = {}
            if burst and peer.has_document:
                last = {"name": lanes[-1].name, "tokens": lanes[-1].tokens}
                seconds, cursors = BURST_SECONDS, work.cursors
                load.order(
                    "burst", meeting=last, count=burst, file=file, seconds=seconds, rate=RATE, cursors=cursors
                )
                load.answer()
                bursting = load.answer()
                load.order("newcomers", count=NEWCOMERS)
                newcomer = load.answer()
    finally:
        peer.stop()
    return Figures(
        peer=peer.name,
        conferences=conferences,
        cursors=work.cursors,
        reader=Times.of(typed["reader"]),
        typist=Times.of(typed["typist"]),
        stored=Times.of(typed["stored"]) if peer.stores else None,
        cpu=cpu * 1e6 / typed["delivered"],
        server_busy=cpu * 1000 / typed["elapsed"],
        load_busy=typed["busy"],
        memory=memory,
        newcomer=Times.of(newcomer.get("newcomer")),
        burst_reader=Times.of(bursting.get("reader")),
        burst_stored=Times.of(bursting.get("stored")) if peer.stores else None,
        burst=bursting.get("burst", {}),
        faults=(*typed["faults"], *bursting.get("faults", ())),
    )
