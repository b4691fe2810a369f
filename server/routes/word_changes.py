"""What changed between two wordings, word by word: a correction shown as old words struck and new words marked.

The live pages do the same as it happens (`web/editor/src/reading/word_changes.ts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\S+\s*")
_MOST_WORDS = 400
"""Beyond this the change is shown as one whole: comparing takes time with the square of the words."""

Kind = Literal["same", "out", "in"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that stayed, went out or came in. `gap` is the space that follows them."""

    kind: Kind
    text: str
    gap: str = ""


def word_changes(before: str, after: str) -> tuple[Stretch, ...]:
    """The wording `after` with what it replaced, in reading order; old words stand before new ones."""
    found = list(_stretches(_WORD.findall(before), _WORD.findall(after)))
    # The last word of either text has no space behind it; what stands after it here must not run into it.
    apart = [replace(one, gap=one.gap or " ") for one in found[:-1]]
    return (*apart, *found[-1:])


def _stretches(old: list[str], new: list[str]) -> Iterator[Stretch]:
    if max(len(old), len(new)) > _MOST_WORDS:
        yield _stretch("out", old)
        yield _stretch("in", new)
        return
    matcher = SequenceMatcher(
        None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield _stretch("same", new[j1:j2])
            continue
        if i2 > i1:
            yield _stretch("out", old[i1:i2])
        if j2 > j1:
            yield _stretch("in", new[j1:j2])


def _stretch(kind: Kind, words: list[str]) -> Stretch:
    text = "".join(words)
    kept = text.rstrip()
    return Stretch(kind, kept, text[len(kept) :])
