"""The seeds that attacks begin with, and every failure of the past: `corpus/<aim>/*.hex`.

The first line of a file says what it is, after `# `; the rest is its bytes in hex.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).resolve().parent / "corpus"


class Seed(NamedTuple):
    """Some bytes, and why they are kept."""

    name: str
    meaning: str
    data: bytes


def seeds(aim: str) -> list[Seed]:
    """Everything that is kept for one aim, in the order of the files' names. Raises FileNotFoundError for no aim."""
    found = []
    for path in sorted((FOLDER / aim).iterdir()):
        meaning, data = path.read_text().split("\n", 1)
        found.append(Seed(path.stem, meaning.removeprefix("# "), bytes.fromhex(data)))
    return found
