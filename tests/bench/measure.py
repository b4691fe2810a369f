"""One peer under one load, from start to end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.flooding import KINDS, Flooding
from tests.bench.load_process import Load, LoadError
from tests.bench.peers import Peer, TrueRecord
from tests.bench.process_figures import cpu_seconds, memory_mib

RATE = 7
FLOODED = "a participant's keystrokes"
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


@dataclass(frozen=True)
class Flooded:
    """Typing while somebody floods, beside typing when nobody does, in one run. `answers` by their status."""

    kind: str
    stored: Times
    typist: Times
    quiet_stored: Times
    quiet_typist: Times
    answers: dict[int, int]
    faults: tuple[str, ...] = ()


def measure_floods(peer: TrueRecord, work: Work, kinds: list[str]) -> list[Flooded]:
    """Let the conferences type, quietly and then during each kind of flood from a conference of its own.

    Before each flood it is quiet again: a machine has better and worse minutes. Raises `LoadError` if the load cannot
    go on.
    """
    file = None if work.recording is None else str(work.recording)
    found: list[Flooded] = []
    peer.start()
    try:
        lanes = peer.lanes(work.conferences + len(kinds))
        meetings = [{"name": lane.name, "tokens": lane.tokens} for lane in lanes[: work.conferences]]
        with Load() as load:
            count = int((work.seconds * 2 + 10) * len(kinds) * RATE)
            load.order("open", server=peer.address(), meetings=meetings, count=count, file=file)
            load.answer()

            def type_() -> dict[str, Any]:
                load.order("type", seconds=work.seconds, rate=RATE, cursors=work.cursors)
                load.answer()
                return load.answer()

            for kind, lane in zip(kinds, lanes[work.conferences :], strict=True):
                quiet = type_()
                answers: dict[int, int] = {}
                if kind == FLOODED:
                    meeting = {"name": lane.name, "tokens": lane.tokens}
                    load.order(
                        "burst",
                        meeting=meeting,
                        count=work.burst,
                        file=file,
                        seconds=work.seconds,
                        rate=RATE,
                        cursors=work.cursors,
                    )
                    load.answer()
                    loud = load.answer()
                else:
                    with Flooding(peer, lane, KINDS[kind]) as flooding:
                        loud = type_()
                    answers = dict(flooding.answers)
                found.append(_beside(kind, quiet, loud, answers))
    finally:
        peer.stop()
    return found


def _beside(kind: str, quiet: dict[str, Any], loud: dict[str, Any], answers: dict[int, int]) -> Flooded:
    stored, typist = Times.of(loud["stored"]), Times.of(loud["typist"])
    quiet_stored, quiet_typist = Times.of(quiet["stored"]), Times.of(quiet["typist"])
    if stored is None or typist is None or quiet_stored is None or quiet_typist is None:
        raise LoadError(f"nobody typed during {kind}")
    return Flooded(kind, stored, typist, quiet_stored, quiet_typist, answers, tuple(loud["faults"]))
