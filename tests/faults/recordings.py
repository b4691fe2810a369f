"""Recordings of real typing, where they are to be had; otherwise one that is made up in the same form."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "traces"

WORDS = (
    "Harper settled in well at school and likes his teacher. Zoë said that mornings are hard; the health visitor "
    "will come every week until Easter. Kelly asked for help with the rent. Nobody has seen his father since May. "
)


def recording(name: str) -> str | None:
    """The path of a recording, or None if there is none on this machine (`TRUERECORD_TRACES` names the folder)."""
    path = Path(os.environ.get("TRUERECORD_TRACES", BESIDE)) / name
    return str(path) if path.is_file() else None


def made_up(seed: int, keystrokes: int) -> dict[str, Any]:
    chance = random.Random(seed)
    length, at = 0, 0
    txns: list[dict[str, Any]] = []
    for _ in range(keystrokes):
        what = chance.random()
        if what < 0.02:
            at = chance.randint(0, length)
        if what < 0.12 and at > 0:
            patch = [at - 1, 1, ""]
            at, length = at - 1, length - 1
        else:
            letter = "\n" if what > 0.985 else chance.choice(WORDS)
            patch = [at, 0, letter]
            at, length = at + 1, length + 1
        txns.append({"patches": [patch]})
    return {"txns": txns}


def text_of(made: dict[str, Any], most: int | None = None) -> str:
    """The text that a recording in one order leaves."""
    text = ""
    for txn in made["txns"][:most]:
        for at, deleted, inserted in txn["patches"]:
            text = text[:at] + inserted + text[at + deleted :]
    return text
