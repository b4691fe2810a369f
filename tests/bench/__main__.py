"""Measures the live server beside others on the same work, and prints a Markdown table.

    .venv/bin/python -m tests.bench --conferences 20 100 --seconds 30
    .venv/bin/python -m tests.bench --peers true-record hocuspocus --recording automerge-paper.json.gz
    .venv/bin/python -m tests.bench --kill 25           # what is left of what was acknowledged before a power cut
    .venv/bin/python -m tests.bench --flood            # typing beside each kind of flood, and how much longer it takes
    .venv/bin/python -m tests.bench --limit 100        # the most conferences that are typed into within 100 ms (p99)

Conferences of 15 people: one typing in half of them, two in the other half, seven keystrokes a second each. The server
has one core to itself and the load the other. Run it on a quiet machine: both shares of the core are in the table.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.flooding import KINDS
from tests.bench.killing import Kept, kill_while_typing
from tests.bench.load_process import LoadError
from tests.bench.measure import FLOODED, Figures, Flooded, Work, measure, measure_floods
from tests.bench.peers import PEERS, TrueRecord
from tests.bench.table import flood_table, kept_table, table

# Milliseconds (p99) within which a reader must have a keystroke; where updates are merged, most of it is that.
READERS = 250
STEPS = (20, 50, 80, 110, 140, 170, 200, 250, 300, 350, 400)


def run(peer: str, conferences: int, options: argparse.Namespace, burst: int) -> Figures | None:
    """One measurement in a folder of its own; None, with the reason told, if the load could not go on."""
    print(f"{peer}: {conferences} conferences …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            work = Work(conferences, options.seconds, options.recording, burst, options.cursors)
            return measure(PEERS[peer](Path(folder)), work)
        except LoadError as error:
            print(f"{peer}, {conferences} conferences: {error}", file=sys.stderr, flush=True)
            return None


def killed(peer: str, options: argparse.Namespace) -> Kept:
    """Kill one peer while ten conferences type."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return kill_while_typing(PEERS[peer](Path(folder)), 10, options.kill)


def flooded(options: argparse.Namespace) -> list[Flooded]:
    """Typing in this project's server while somebody elsewhere floods it, beside quiet typing."""
    kinds = options.flood or [FLOODED, *KINDS]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        work = Work(
            options.conferences[0], options.seconds, options.recording, options.burst, options.cursors
        )
        return measure_floods(TrueRecord(Path(folder)), work, kinds)


def within(figures: Figures, limit: float) -> bool:
    """Whether the other typist's p99 is below `limit` ms, the readers' below `READERS`, and nothing was lost."""
    typist, reader = figures.typist, figures.reader
    if typist is None or reader is None or figures.faults:
        return False
    return typist.p99 < limit and reader.p99 < READERS


def most_conferences(peer: str, options: argparse.Namespace) -> Figures | None:
    """The last step at which everything stayed within the limit."""
    best = None
    for conferences in STEPS:
        figures = run(peer, conferences, options, burst=0)
        if figures is None or not within(figures, options.limit):
            return best
        best = figures
    return best


def main() -> int:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--conferences", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--burst", type=int, default=20_000, help="keystrokes of one client at once; 0: none")
    parser.add_argument(
        "--cursors", action="store_true", help="every keystroke is followed by the cursor's place"
    )
    parser.add_argument("--recording", type=Path, help="keystrokes to play: JSON with `txns`, gzipped")
    parser.add_argument(
        "--limit",
        type=float,
        help="milliseconds: the most conferences whose typists see each other within it (p99), readers within 250",
    )
    parser.add_argument(
        "--kill", type=float, metavar="SECONDS", help="kill each that stores after so much typing"
    )
    parser.add_argument(
        "--flood",
        nargs="*",
        choices=[FLOODED, *KINDS],
        metavar="KIND",
        help="which floods; all, if none is named",
    )
    options = parser.parse_args()
    if options.flood is not None:
        print(flood_table(flooded(options)))
        return 0
    if options.kill:
        print(kept_table([killed(peer, options) for peer in options.peers if PEERS[peer].stores]))
        return 0
    if options.limit:
        results = [most_conferences(peer, options) for peer in options.peers]
    else:
        results = [
            run(peer, conferences, options, options.burst)
            for conferences in options.conferences
            for peer in options.peers
        ]
    print(table([figures for figures in results if figures is not None]))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
