"""How much work one person may make the gates of a conference do.

An update is bounded by itself (`limits.UpdateLimits.steps`). But thousands that each take what is allowed can be ready
at once: those sent ahead of a Step2, or while a gate was made. Whoever has used up their share waits until it has come
back, and nobody else does. Nothing of theirs is refused for it: it may be honest typing in an unlucky place.
"""

from __future__ import annotations

from typing import Final

STEPS_AT_ONCE: Final = 400_000
"""Four of the dearest Step2s there may be, for a person who is back on several devices: some 0.3 seconds."""

STEPS_IN_A_SECOND: Final = 200_000
"""What comes back: a sixth of the processor. Typing takes some ten steps a letter, a report pasted as a whole 6,000."""


class Effort:
    """The steps that each person has left; below 0 after an update that took more than there was. Time is passed in, in
    seconds."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, participant: str, now: float) -> float:
        """Seconds until the next update of this person's may be judged: 0 for now."""
        missing = -self._now_left(participant, now)
        # Less than a step is what rounding left: waiting for it would never end.
        return missing / STEPS_IN_A_SECOND if missing >= 1 else 0.0

    def spend(self, participant: str, steps: int, now: float) -> None:
        """An update of theirs took so many steps, whatever came of it."""
        self._left[participant] = (self._now_left(participant, now) - steps, now)

    def _now_left(self, participant: str, now: float) -> float:
        left, since = self._left.get(participant, (float(STEPS_AT_ONCE), now))
        return min(STEPS_AT_ONCE, left + (now - since) * STEPS_IN_A_SECOND)
