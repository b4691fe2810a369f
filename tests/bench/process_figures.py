"""What a running process costs: its CPU time and its memory, as Linux counts them."""

from __future__ import annotations

import time
from pathlib import Path

_SCHEDULED = 2


def cpu_seconds(pid: int) -> float:
    """User and system time of the process so far, all its threads together, in seconds."""
    # The clock that `clock_getcpuclockid` names. `/proc` tells it in hundredths of a second: little work would be none.
    return time.clock_gettime(~pid << 3 | _SCHEDULED)


def memory_mib(pid: int) -> float:
    """Resident memory of the process, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"the process {pid} has no memory to speak of")
