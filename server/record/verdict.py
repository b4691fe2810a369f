"""What a check found, in values. `report` puts it into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Outcome(IntEnum):
    """The one word that comes first.

    A file is `GENUINE` only where its key is known to be the council's. `WHOLE` is one that nobody changed since it was
    signed, checked where no key is known; `FOREIGN` the same, where the keys that are known are others.
    """

    GENUINE = 0
    ALTERED = 1
    NOT_A_RECORD = 2
    WHOLE = 3
    FOREIGN = 4

    def exit_code(self, strict: bool = False) -> int:
        """What `truerecord verify` exits with. A whole file of an unknown signer is altered in nothing that can be
        seen, so it passes unless the check is `strict`.
        """
        return {Outcome.WHOLE: int(strict), Outcome.FOREIGN: 1}.get(self, self.value)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the file says of itself. Of an altered file this is only a claim.

    `made_for` is empty where that was taken out; `copy_number` is 0 for somebody entitled only later.
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
    """`fitting` holds the numbers of the parts whose words are the ones that were signed. `around` are the words that
    a saved page shows besides the record, which nobody signed.
    """

    outcome: Outcome
    misfits: tuple[Misfit, ...] = ()
    fitting: tuple[int, ...] = ()
    claim: Claim | None = None
    key_is_known: bool = False
    around: str = ""


NOT_A_RECORD = Verdict(Outcome.NOT_A_RECORD)
