"""A batch of hostile frames, chosen by a seed or by a fuzzer's bytes, and judged at its end."""

from __future__ import annotations

from random import Random

from tests.faults.hostile.crowd import Crowd
from tests.faults.hostile.stage import Figures, Stage
from tests.protocol.gate.lane import Yjs

FRAMES = 600
"""In a batch. A lane that was attacked for longer is only larger, and slower to compare."""


class Chosen(Random):
    """Chance that somebody else chooses: each decision takes some of the bytes, and the last ones are all zero."""

    def __init__(self, data: bytes) -> None:
        super().__init__(0)
        self._data = data
        self._at = 0

    @property
    def spent(self) -> bool:
        """Whether all bytes were used."""
        return self._at >= len(self._data)

    def getrandbits(self, k: int, /) -> int:
        """`k` bits from the next bytes."""
        size = (k + 7) // 8
        piece = self._data[self._at : self._at + size]
        self._at += size
        return int.from_bytes(piece, "little") & ((1 << k) - 1)

    def random(self) -> float:
        """A number from the next two bytes."""
        return self.getrandbits(16) / (1 << 16)


def play(chance: Random, figures: Figures, yjs: Yjs | None, frames: int = FRAMES) -> None:
    """Attack a new conference with so many frames. Raises `AssertionError`, or whatever broke."""
    stage = Stage(chance, figures)
    try:
        crowd = Crowd(stage, chance)
        end = figures.frames + frames
        while figures.frames < end and not (isinstance(chance, Chosen) and chance.spent):
            crowd.step()
        stage.settle(yjs)
    finally:
        stage.end()
