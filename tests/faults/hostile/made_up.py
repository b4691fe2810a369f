"""Bytes like those of the corpus, cut, doubled and changed by chance: for machines that have no fuzzer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from random import Random

LONGEST = 4_096


def made_up(aim: Callable[[bytes], None], seeds: Sequence[bytes], options: Sequence[str]) -> int:
    """Aim every seed and then bytes like them; `options` are libFuzzer's -runs, -max_total_time and -seed. How many."""
    given = dict(one.lstrip("-").split("=", 1) for one in options if "=" in one)
    runs, seconds = int(given.get("runs", -1)), float(given.get("max_total_time", 0))
    chance, end, done = Random(int(given.get("seed", 1))), time.monotonic() + seconds, 0
    while (runs < 0 or done < runs) and (seconds == 0 or time.monotonic() < end or done < len(seeds)):
        aim(seeds[done] if done < len(seeds) else changed(seeds, chance))
        done += 1
    return done


def changed(seeds: Sequence[bytes], chance: Random) -> bytes:
    """A seed, or the beginning of one and the end of another, with a few changes."""
    data = bytearray(chance.choice(seeds))
    if chance.random() < 0.3:
        other = chance.choice(seeds)
        data[_at(data, chance) :] = other[_at(other, chance) :]
    for _ in range(chance.randint(1, 4)):
        at, length = _at(data, chance), chance.randint(1, 8)
        what = chance.randrange(4)
        if what == 0:
            data[at : at + length] = chance.randbytes(length)
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = data[at : at + length]
        elif at < len(data):
            data[at] ^= 1 << chance.randrange(8)
    return bytes(data[:LONGEST])


def _at(data: bytes | bytearray, chance: Random) -> int:
    return chance.randint(0, len(data))
