"""A recording of typing that is made up in the form of the real ones, for where those are not to be had."""

from __future__ import annotations

import random
from typing import Any

WORDS = (
    "Harper settled in well at school and likes his teacher. Zoë said that mornings are hard; the health visitor "
    "will come every week until Easter. Kelly asked for help with the rent. Nobody has seen his father since May. "
)


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
