"""What must not be felt goes after everything else."""

from __future__ import annotations

import os
import subprocess
import sys

from server.behind import NICE, threads_behind

CHILD = "import os; print(os.nice(0))"


def test_its_threads_and_their_programs_step_back_and_nothing_else_does() -> None:
    before = os.nice(0)
    behind = min(19, before + NICE) if sys.platform == "linux" else before
    with threads_behind(1, "test") as threads:
        assert threads.submit(os.nice, 0).result() == behind
        told = threads.submit(subprocess.run, [sys.executable, "-c", CHILD], capture_output=True, check=True)
        assert int(told.result().stdout) == behind
    assert os.nice(0) == before
