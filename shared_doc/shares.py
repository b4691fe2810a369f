"""How much of a lane one person may take who writes in points of their own only.

A lane is bounded as a whole (`limits.UpdateLimits`). Without a share, one guest could fill it up, slowly and within
every other rule, until nobody could write in it any more. Those who edit everything have no share: it is their lane.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from shared_doc.gate import Gate, Size
from shared_doc.limits import UpdateLimits

SHARE: Final = Size(points=1_000, items=20_000, letters=200_000)
"""A fifth of the lane's points, where a long report pasted as it is has some 200; a tenth of its runs, as many as four
people leave behind in eight hours of typing; a fifth of its letters, as many as a point may have."""


class Shares:
    """What each person has taken of one lane. Deleting here and there counts as taking, because it cuts runs in
    pieces; letters that were deleted do not count."""

    __slots__ = ("_gate", "_taken")

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._taken: dict[str, Size] = {}

    def within(self, participant: str, limits: UpdateLimits) -> UpdateLimits:
        """The limits for this person's next update: the lane's, or what is left of their share."""
        taken = self._taken.get(participant)
        if taken is None:
            taken = self._taken[participant] = self._gate.taken_by(participant)
        held = self._gate.size
        return replace(
            limits,
            points=min(limits.points, held.points + SHARE.points - taken.points),
            items=min(limits.items, held.items + SHARE.items - taken.items),
            lane_letters=min(limits.lane_letters, held.letters + SHARE.letters - taken.letters),
        )

    def note(self, participant: str, before: Size) -> None:
        """An update of theirs was taken; `before` it the lane held so much."""
        taken, held = self._taken[participant], self._gate.size
        self._taken[participant] = Size(
            *(mine + now - then for mine, now, then in zip(taken, held, before, strict=True))
        )
