"""What a server that is killed while people type still has of what it had acknowledged."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.bench.load_process import Load
from tests.bench.peers import Peer

RATE = 7


@dataclass(frozen=True)
class Kept:
    """Keystrokes that put a letter in, over all conferences."""

    peer: str
    seconds: float
    acknowledged: int
    kept: int


def kill_while_typing(peer: Peer, conferences: int, seconds: float) -> Kept:
    """Kill `peer` after `seconds` of typing without a pause, start it again and ask every lane what is there."""
    peer.start()
    try:
        lanes = peer.lanes(conferences)
        with Load() as load:
            meetings = [{"name": lane.name, "tokens": lane.tokens} for lane in lanes]
            strokes = int((seconds + 30) * RATE)
            load.order("open", server=peer.address(), meetings=meetings, count=strokes, file=None)
            load.answer()
            load.order("until_killed", rate=RATE)
            load.answer()
            time.sleep(seconds)
            peer.kill()
            load.answer()
            peer.start()
            load.order("kept")
            found = load.answer()
    finally:
        peer.stop()
    return Kept(peer.name, seconds, found["acknowledged"], found["kept"])
