"""Check a stranger's file in a process of its own.

A PDF can be built to take a reader's memory or time. A meeting in progress on the same server must not feel it, so
the check runs apart, with limits on both, and a file that runs into them is not a record of ours.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from server.record.canonical import canonical
from server.record.plain import from_plain, to_plain
from server.record.verdict import NOT_A_RECORD, Verdict
from server.record.verify import verify

MEMORY_BYTES = 512 * 1024 * 1024
PROCESSOR_SECONDS = 10
PATIENCE_SECONDS = 30
_NICE = 15
_FIRST_TO_GO = Path("/proc/self/oom_score_adj")
_ROOT = Path(__file__).resolve().parents[2]


class NotCheckedError(Exception):
    """The machine was too busy to look at the file. Of the file it says nothing."""


def verify_apart(data: bytes, known_keys: frozenset[str]) -> Verdict:
    """As `verify`, safe for a file from anyone. Takes half a second and waits for it: call it on a thread.

    Raises:
        NotCheckedError: it was not looked at in time.
    """
    head = json.dumps(sorted(known_keys)).encode() + b"\n"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server.record.apart"],
            input=head + data,
            capture_output=True,
            cwd=_ROOT,
            timeout=PATIENCE_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        # One that takes long in itself has run into its limit on the processor's time before that.
        raise NotCheckedError from None
    except subprocess.CalledProcessError:
        return NOT_A_RECORD
    return from_plain(Verdict, json.loads(done.stdout))


def hold_back() -> None:
    """Bound what this process may take, for good."""
    # Meetings come first: at the processor, and if the machine runs out of memory it is this that ends.
    os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    with contextlib.suppress(OSError):
        _FIRST_TO_GO.write_text("1000")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def main() -> None:
    """Read keys and file from standard input, write the verdict to standard output."""
    hold_back()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    verdict = verify(data, frozenset(json.loads(head)))
    sys.stdout.buffer.write(canonical(to_plain(verdict)))


if __name__ == "__main__":
    main()
