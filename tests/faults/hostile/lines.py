"""How much work something is, in lines of Python that were carried out: the same on every machine, however busy it is.

Seconds, even of processor time, tell as much of the machine and of what else runs on it. A second is some ten million.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Lines:
    """How many there were so far."""

    def __init__(self) -> None:
        self.count = 0

    def _called(self, _frame: FrameType, _event: str, _given: Any) -> Any:
        return self._went_on

    def _went_on(self, _frame: FrameType, event: str, _given: Any) -> Any:
        if event == "line":
            self.count += 1
        return self._went_on


@contextmanager
def counted() -> Iterator[Lines]:
    """Count the lines of everything that is called inside the block."""
    lines = Lines()
    before = sys.gettrace()
    sys.settrace(lines._called)
    try:
        yield lines
    finally:
        sys.settrace(before)
