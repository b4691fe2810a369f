"""A verdict in plain words, for the terminal and for the page that checks a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.record.keys import KeyTrouble, public_keys_in
from server.record.verdict import Claim, Outcome, Verdict
from server.record.verify import verify
from server.record.words import clock, full_day, grouped, runs

HEADS = {
    Outcome.GENUINE: ("Genuine", "This copy is exactly what was signed. Not one letter has been changed."),
    Outcome.ALTERED: ("Altered", "This file is not what was signed. Do not rely on it."),
    Outcome.NOT_A_RECORD: ("Not a record", "This is not a record from True Record."),
    Outcome.WHOLE: (
        "Whole, but nobody here knows whose it is",
        "Nothing in this file was changed since somebody signed it. Anybody can sign a file with a key of their own: "
        "compare the key first.",
    ),
    Outcome.FOREIGN: (
        "Not this council’s",
        "This file was signed with another key than this council’s. Do not rely on it as this council’s record.",
    ),
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
    if claim is not None and verdict.outcome is Outcome.GENUINE:
        facts += _genuine(claim)
    elif claim is not None:
        if verdict.outcome is Outcome.ALTERED and verdict.fitting:
            facts.append(Fact("What fits", _parts(verdict.fitting)))
        facts += _claimed(claim)
        if verdict.outcome is not Outcome.ALTERED:
            facts += _key_to_compare(claim)
    if verdict.around:
        facts.append(Fact("Not signed", f"These words of the page, and how it looks: {verdict.around}"))
    return Report(verdict.outcome, word, sentence, tuple(facts))


def verify_command(path: Path, keys: Path | None, *, most: int, strict: bool = False) -> int:
    """Check a file and print what was found. Returns the exit code: 0 genuine, 1 altered or of another signer, 2 not a
    record or no such file. A whole file is 0 too where no key is known, unless the check is `strict`.

    `keys` is the file of the council's public keys (PEM), if it is at hand, `most` the largest file that is read.
    """
    try:
        known = public_keys_in(keys) if keys is not None else frozenset[str]()
        with path.open("rb") as file:
            data = file.read(most + 1)
    except KeyTrouble as trouble:
        print(trouble)
        return NO_SUCH_FILE
    except OSError as error:
        print(f"The file {path} cannot be read: {error.strerror or type(error).__name__}.")
        return NO_SUCH_FILE
    if len(data) > most:
        print(f"The file {path} was not checked: it is larger than {most:,} bytes (TRUERECORD_UPLOAD_BYTES).")
        return NO_SUCH_FILE
    verdict = verify(data, known)
    told = report(verdict)
    print(f"{told.word}. {told.sentence}")
    compared = (Fact("Compared with", f"The keys in {keys}"),) if keys is not None and verdict.claim else ()
    for fact in (*told.facts, *compared):
        print(f"  {fact.label}: {fact.text}" + (f". {fact.why}" if fact.why else ""))
    return verdict.outcome.exit_code(strict)


def _genuine(claim: Claim) -> list[Fact]:
    return [
        Fact("Signed by", f"{claim.signed_by}, for {claim.council}"),
        Fact("Signed on", f"{full_day(claim.signed_at)}, {clock(claim.signed_at)}"),
        Fact("This copy was made for", _made_for(claim)),
        Fact("Parts in it", _in_it(claim)),
        Fact("Key", "Signed with this council’s own key."),
        Fact("Fingerprint", grouped(claim.root)),
    ]


def _claimed(claim: Claim) -> list[Fact]:
    signed = f"signed by {claim.signed_by}, for {claim.council}, on {full_day(claim.signed_at)}"
    return [Fact("It claims to be", f"Record {claim.conference}, {signed}")]


def _key_to_compare(claim: Claim) -> list[Fact]:
    how = (
        "Compare this fingerprint of the key with the one that the council publishes on its page “Check a record”, "
        "or name the council’s key file: truerecord verify --key KEY FILE"
    )
    return [
        Fact("It says it was made for", _made_for(claim)),
        Fact("Parts in it", _in_it(claim)),
        Fact("Signed with the key", grouped(claim.key_fingerprint), how),
    ]


def _made_for(claim: Claim) -> str:
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
