"""What a client has demonstrably seen of the others.

A client that names a letter (types after it, before it, or into a point) has seen it, and with it everything
the letter's own author had seen when typing it. So each client has a vector: other client → the first clock
it may not know. The vector only grows, and its past states matter, because others may name an old letter.
What a client *deletes* does not count: a stored document does not tell who deleted something, and the index
must be the same after a reload.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator


class Seen:
    """One client's vector. `upto` is the present one: other client → first clock it may not know."""

    __slots__ = ("_steps", "upto")

    def __init__(self) -> None:
        self.upto: dict[int, int] = {}
        # For each other client: the own clocks at which the vector grew, and what it grew to.
        self._steps: dict[int, tuple[array[int], array[int]]] = {}

    def extend(self, at: int, client: int, upto: int) -> None:
        """At its own clock `at`, the client shows that it knows `client` up to (not including) `upto`."""
        if self.upto.get(client, 0) >= upto:
            return
        self.upto[client] = upto
        steps = self._steps.get(client)
        if steps is None:
            steps = self._steps[client] = (array("Q"), array("Q"))
        clocks, uptos = steps
        if clocks and clocks[-1] == at:
            uptos[-1] = upto
        else:
            clocks.append(at)
            uptos.append(upto)

    def when_typing(self, clock: int) -> Iterator[tuple[int, int]]:
        """The vector as it was for the client's own `clock`."""
        for client, (clocks, uptos) in self._steps.items():
            at = bisect_right(clocks, clock)
            if at:
                yield client, uptos[at - 1]

    def cut(self, clock: int) -> None:
        """Forget what was learned from the own `clock` on."""
        for client, (clocks, uptos) in list(self._steps.items()):
            while clocks and clocks[-1] >= clock:
                clocks.pop()
                uptos.pop()
            if uptos:
                self.upto[client] = uptos[-1]
            else:
                del self._steps[client]
                self.upto.pop(client, None)
