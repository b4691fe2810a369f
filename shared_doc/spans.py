"""A set of one client's clocks, kept as spans: which of its letters and values are deleted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from shared_doc.structs import Span, joined

_MANY: Final = 512


class Spans:
    """Disjoint spans in order, neighbours joined."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """The spans as (start, end), the end not included."""
        return iter(zip(self._starts, self._ends, strict=True))

    def __contains__(self, clock: int) -> bool:
        at = bisect_right(self._starts, clock) - 1
        return at >= 0 and clock < self._ends[at]

    def add(self, start: int, end: int) -> None:
        """Add the clocks from `start` up to `end`."""
        starts, ends = self._starts, self._ends
        if not starts or start > ends[-1]:
            starts.append(start)
            ends.append(end)
            return
        first = bisect_left(ends, start)
        last = bisect_right(starts, end)
        if first < last:
            start = min(start, starts[first])
            end = max(end, ends[last - 1])
        starts[first:last] = [start]
        ends[first:last] = [end]

    def cost_of_adding(self, count: int) -> int:
        """Steps, of about a microsecond, that `add_all` takes for so many spans."""
        return count + min(count * (len(self._starts) >> 11), len(self._starts) >> 2)

    def add_all(self, spans: Sequence[Span]) -> None:
        """Add (clock, length) spans, which are in order. Many of them are added in one pass: each that goes in by
        itself moves all that lie behind it."""
        if len(spans) < _MANY:
            for clock, length in spans:
                self.add(clock, clock + length)
            return
        held = [(start, end - start) for start, end in self]
        self.replace((clock, clock + length) for clock, length in joined([*held, *spans]))

    def replace(self, spans: Iterable[tuple[int, int]]) -> None:
        """Hold exactly these (start, end), which are disjoint and in order."""
        self._starts = []
        self._ends = []
        for start, end in spans:
            self._starts.append(start)
            self._ends.append(end)

    def missing(self, start: int, end: int) -> list[tuple[int, int]]:
        """The pieces of `start` up to `end` that are not in the set."""
        starts, ends = self._starts, self._ends
        at = bisect_right(starts, start) - 1
        if at >= 0 and ends[at] > start:
            start = ends[at]
        pieces: list[tuple[int, int]] = []
        while start < end:
            at += 1
            if at == len(starts) or starts[at] >= end:
                pieces.append((start, end))
                break
            if starts[at] > start:
                pieces.append((start, starts[at]))
            start = ends[at]
        return pieces

    def cut(self, clock: int) -> None:
        """Forget everything from `clock` on."""
        starts, ends = self._starts, self._ends
        while starts and starts[-1] >= clock:
            starts.pop()
            ends.pop()
        if ends and ends[-1] > clock:
            ends[-1] = clock
