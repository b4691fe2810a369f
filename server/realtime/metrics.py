"""What an operator may want to count. Plain numbers, no text of a conference and nobody's name."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)


@dataclass(slots=True)
class Seconds:
    """How long something took: how often, by the smallest bucket it fits in, and the sum."""

    by_bucket: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    count: int = 0
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.count += 1
        self.total += seconds
        self.by_bucket[bisect_left(BUCKETS, seconds)] += 1

    @property
    def at_most(self) -> list[int]:
        """How often it was at most as long as each bucket says."""
        return list(accumulate(self.by_bucket[:-1]))


@dataclass(slots=True)
class LiveMetrics:
    """Counters only go up; gauges are asked of the hub."""

    frames: int = 0
    changes: int = 0
    commits: int = 0
    not_stored: int = 0
    broadcasts: int = 0
    sent: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    closes: Counter[int] = field(default_factory=Counter)
    commit_seconds: Seconds = field(default_factory=Seconds)
    stored_seconds: Seconds = field(default_factory=Seconds)
    late: int = 0
    corrupt_lanes: int = 0

    def counters(self) -> Iterator[tuple[str, int]]:
        """The plain counters by name."""
        yield "frames", self.frames
        yield "changes", self.changes
        yield "commits", self.commits
        yield "not_stored", self.not_stored
        yield "late", self.late
        yield "broadcasts", self.broadcasts
        yield "sent", self.sent
        yield "corrupt_lanes", self.corrupt_lanes
