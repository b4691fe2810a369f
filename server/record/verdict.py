"""What a check found, in values. `report` puts it into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Outcome(IntEnum):
    """The one word that comes first. The numbers are the exit codes of `truerecord verify`."""

    GENUINE = 0
    ALTERED = 1
    NOT_A_RECORD = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """What the file says of itself. Of an altered file this is only a claim.

    `made_for` is empty for the council's own file; `copy_number` is 0 where copies were not counted.
    """

    conference: str
    council: str
    signed_by: str
    signed_at: datetime
    made_for: str
    copy_number: int
    copies: int
    parts_in_it: tuple[int, ...]
    parts: int
    root: str
    key_fingerprint: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit: what it is, as a reader knows it, and why in one sentence."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fitting` holds the numbers of the parts whose words are the ones that were signed."""

    outcome: Outcome
    misfits: tuple[Misfit, ...] = ()
    fitting: tuple[int, ...] = ()
    claim: Claim | None = None
    key_is_known: bool = False


NOT_A_RECORD = Verdict(Outcome.NOT_A_RECORD)
