"""A second look at a test that failed while others ran beside it.

Browsers, servers and clocks share two cores in a whole run, and a test may fail for what its neighbour did. So the few
that failed are run once more, alone, by `check.py`, which prints both runs: a test that passes only then is called
unsteady there, and is a fault to mend. What shows that nothing acknowledged is lost is never asked twice: what is lost
once in a hundred times is lost.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

# The variable that names the file to note the failed tests into; set when every test is run.
NOTE_IN = "TRUERECORD_TESTS_FAILED"
FEW = 3
"""More at once is no neighbour's doing."""

NEVER = ("tests/faults/", "tests/protocol/")


class FailedNames:
    """The plugin: notes the names of the tests that failed, a line each; nothing if some could not be collected."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}
        self.all_collected = True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.names[report.nodeid] = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            # What could not even be collected is no neighbour's doing, and would not be among what is run again.
            self.all_collected = False

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        note_in = os.environ.get(NOTE_IN)
        if note_in and self.all_collected and not hasattr(session.config, "workerinput"):
            Path(note_in).write_text("\n".join(self.names), encoding="utf-8")


def worth_asking(failed: Sequence[str]) -> bool:
    """Whether these failures may be their neighbours' doing."""
    return 0 < len(failed) <= FEW and not any(name.startswith(NEVER) for name in failed)
