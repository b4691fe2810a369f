"""A bound on the memory of this process, for programs that are attacked: what wants gigabytes ends, nothing else."""

from __future__ import annotations

import resource
from pathlib import Path


def allow(more: int) -> None:
    """Let this process reserve so many bytes more than it has now, and no others.

    What an idle process has reserved is some hundred megabytes that it never uses, or several, as the machine will.
    """
    sizes = Path("/proc/self/statm")
    reserved = int(sizes.read_text().split()[0]) * resource.getpagesize() if sizes.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (reserved + more, reserved + more))
