"""A verdict in plain words, for the terminal and for the page that checks a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.record.keys import KeyTrouble, public_keys_in
from server.record.verdict import Claim, Outcome, Verdict
from server.record.verify import LARGEST_FILE, verify
from server.record.words import clock, full_day, grouped, runs

HEADS = {
    Outcome.GENUINE: ("Genuine", "This copy is exactly what was signed. Not one letter has been changed."),
    Outcome.ALTERED: ("Altered", "This file is not what was signed. Do not rely on it."),
    Outcome.NOT_A_RECORD: ("Not a record", "This is not a record from True Record."),
}
NO_SUCH_FILE = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a report: what it is about, what was found, and why."""

    label: str
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One word, one sentence, then the facts."""

    outcome: Outcome
    word: str
    sentence: str
    facts: tuple[Fact, ...]


def report(verdict: Verdict) -> Report:
    """Put a verdict into words."""
    word, sentence = HEADS[verdict.outcome]
    facts = [Fact("What does not fit", misfit.what, misfit.why) for misfit in verdict.misfits]
    claim = verdict.claim
    if claim is not None and verdict.outcome is Outcome.ALTERED:
        if verdict.fitting:
            facts.append(Fact("What fits", _parts(verdict.fitting)))
        facts.append(
            Fact(
                "It claims to be",
                f"Record {claim.conference}, signed by {claim.signed_by} on {full_day(claim.signed_at)}",
            )
        )
    elif claim is not None:
        facts += _genuine(claim, verdict.key_is_known)
    return Report(verdict.outcome, word, sentence, tuple(facts))


def verify_command(path: str | Path, published_key: str | Path | None = None) -> int:
    """Check a file and print what was found. Returns the exit code: 0 genuine, 1 altered, 2 not a record or
    no such file.

    `published_key` is the file of the council's public key (PEM), if it is at hand.
    """
    try:
        known = public_keys_in(Path(published_key)) if published_key is not None else frozenset[str]()
        # One byte more than is ever read as a record: enough to know that it is too large.
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except KeyTrouble as trouble:
        print(trouble)
        return NO_SUCH_FILE
    except OSError as error:
        print(f"The file {path} cannot be read: {error.strerror or type(error).__name__}.")
        return NO_SUCH_FILE
    told = report(verify(data, known))
    print(f"{told.word}. {told.sentence}")
    for fact in told.facts:
        print(f"  {fact.label}: {fact.text}" + (f". {fact.why}" if fact.why else ""))
    return int(told.outcome)


def _genuine(claim: Claim, key_is_known: bool) -> list[Fact]:
    facts = [
        Fact("Signed by", f"{claim.signed_by}, for {claim.council}"),
        Fact("Signed on", f"{full_day(claim.signed_at)}, {clock(claim.signed_at)}"),
        Fact("This copy was made for", _made_for(claim)),
        Fact("Parts in it", _in_it(claim)),
    ]
    if key_is_known:
        facts.append(Fact("Key", "Signed with this council’s own key."))
    else:
        told = (
            f"{grouped(claim.key_fingerprint)}. Compare it with the fingerprint that the council publishes."
        )
        facts.append(Fact("Key", f"Signed with the key {told}"))
    facts.append(Fact("Fingerprint", grouped(claim.root)))
    return facts


def _made_for(claim: Claim) -> str:
    if not claim.made_for:
        return "the council’s own file"
    return f"{claim.made_for}, {claim.copy_number} of {claim.copies}" if claim.copy_number else claim.made_for


def _in_it(claim: Claim) -> str:
    missing = [number for number in range(1, claim.parts + 1) if number not in claim.parts_in_it]
    told = f"{len(claim.parts_in_it)} of {claim.parts}."
    if missing:
        were = "was" if len(missing) == 1 else "were"
        told += (
            f" {_parts(missing)} {were} left out of this copy on purpose. That is part of what was signed."
        )
    return told


def _parts(numbers: tuple[int, ...] | list[int]) -> str:
    return f"Part {numbers[0]}" if len(numbers) == 1 else f"Parts {runs(numbers)}"
