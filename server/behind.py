"""Threads for what is slow and must not be felt: whatever else the server has to do goes before it.

Only for work that leaves the interpreter alone, such as hashing a password or waiting for a program. A thread that runs
Python code holds everybody up while it is the last in line for the processor.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

NICE: Final = 15
"""Next to live connections it gets a thirtieth of a processor that both want, and all of one that nobody else does."""


def threads_behind(most: int, name: str) -> ThreadPoolExecutor:
    """So many threads that everything else goes before, and so do the programs they start."""
    return ThreadPoolExecutor(most, thread_name_prefix=name, initializer=_step_back)


def _step_back() -> None:
    # Linux counts it by thread; elsewhere the whole server would step back.
    if sys.platform == "linux":
        os.nice(NICE)
