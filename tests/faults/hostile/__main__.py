"""The long attack: as many hostile frames as asked for, in processes of their own that may use only so much memory.

    python -m tests.faults.hostile --frames 1000000 --jobs 2      about ten minutes
    python -m tests.faults.hostile --seed 4711 --frames 1         one batch again, as a failure names it

It prints what was sent, taken and refused, and the time and memory of each process, and ends with 1 if anything broke,
or if a process holds more memory at the end than after half of its frames.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random

from tests import memory_limit
from tests.faults.hostile.playing import FRAMES, play
from tests.faults.hostile.stage import Figures
from tests.protocol.gate.lane import yjs

MEMORY = 3 << 29
"""Bytes of address space that an attacking process may take beside what its libraries have reserved."""
GROWTH = 8 << 20
"""Bytes by which a process may have grown since the first half of its frames: it is 4 MB, and then none."""
ROOT = Path(__file__).resolve().parents[3]


def attack(seed: int, frames: int) -> Figures:
    """Play batches until so many frames were sent. Says which seed a failure belongs to."""
    figures = Figures()
    # The engine's panics in attackers' own copies are no news, and to tell where they were takes it 50 MB.
    os.environ["RUST_BACKTRACE"] = "0"
    with yjs() as judge:
        # Only now: Node reserves far more address space than it uses.
        memory_limit.allow(MEMORY)
        warm = None
        while figures.frames < frames:
            if warm is None and figures.frames >= frames // 2:
                warm = resident()
            try:
                play(Random(seed), figures, judge)
            except BaseException:
                print(f"seed {seed} broke it", file=sys.stderr, flush=True)
                raise
            seed += 1
        grown = resident() - (warm or 0)
        assert warm is None or grown < GROWTH, f"{grown >> 20} MB more than after the first half"
    return figures


def resident() -> int:
    """Bytes of memory that this process holds, once it has let go of what it can; where that is not known, the most it
    ever held.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)  # or what the last batch left free would be counted
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        return int(sizes.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(arguments: list[str]) -> int:
    """Divide the frames among processes; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.hostile", description=__doc__)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        figures = attack(given.seed, given.frames)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(
            json.dumps(
                asdict(figures) | {"cpu": used.ru_utime + used.ru_stime, "rss": used.ru_maxrss // 1024}
            )
        )
        return 0
    began = time.monotonic()
    share = -(-given.frames // given.jobs)
    # Seeds of two processes never meet: each batch takes one.
    workers = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.hostile", "--worker", "--frames", str(share)),
                *("--seed", str(given.seed + job * (share // FRAMES + 10))),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for job in range(given.jobs)
    ]
    results = [(worker.communicate()[0], worker.returncode) for worker in workers]
    report([json.loads(said) for said, code in results if code == 0], time.monotonic() - began)
    broken = [code for _said, code in results if code != 0]
    if broken:
        print(f"{len(broken)} of {len(results)} processes broke: {broken}", file=sys.stderr)
    return 1 if broken else 0


def report(results: list[dict[str, object]], seconds: float) -> None:
    """Print the figures of all processes together."""

    def total(key: str) -> int:
        return sum(value for result in results if isinstance(value := result[key], int))

    def counted(key: str) -> str:
        counts: Counter[str] = Counter()
        for result in results:
            if isinstance(value := result[key], dict):
                counts.update(value)
        return ", ".join(f"{name} {count:,}" for name, count in counts.most_common())

    print(
        f"{total('frames'):,} frames of {total('bytes'):,} bytes in {total('batches'):,} batches, {seconds:.0f} s"
    )
    print(f"taken: {total('accepted'):,}; lines ended for nonsense: {total('malformed'):,}")
    print(f"refused: {counted('refused')}")
    print(f"acts: {counted('acts')}")
    for result in results:
        used = f"{result['cpu']:.0f} s of processor, {result['rss']} MB"
        print(f"a process: {used}; dearest frame {result['dearest']:,} lines of Python")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
