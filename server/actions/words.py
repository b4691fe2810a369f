"""What people typed, made safe to keep and show: checked once, where it comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.errors import BadInput

NAME_LETTERS = 120
KEY_LETTERS = 64

# Control characters and halves of characters mean nothing and break exports. The direction overrides can make a line
# read as something else than was sent; marks that join letters (needed for Urdu and emoji) stay.
_NEVER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_BREAKS = re.compile("[\t\r\n\u2028\u2029]+")


def one_paragraph(field: str, text: str, most: int, *, needed: str = "") -> str:
    """The text as one paragraph, trimmed. `needed` is the sentence to say if it is empty; without it, it
    may be.

    Raises:
        BadInput: empty though needed, or longer than `most` letters.
    """
    clean = _BREAKS.sub(" ", _NEVER.sub("", text)).strip()
    if not clean and needed:
        raise BadInput(field, needed, "words_needed")
    if len(clean) > most:
        raise BadInput(field, f"That is too long. Use at most {most} letters.", "too_long")
    return clean


def one_of(field: str, value: str, choices: Iterable[str]) -> str:
    """The value, if it is one of the choices. Raises BadInput."""
    known = list(choices)
    if value not in known:
        raise BadInput(field, f"Choose one of these: {', '.join(known)}.", "not_a_choice")
    return value


def retry_key(key: str | None) -> str | None:
    """The page's own id for a retry, if it can be one. Raises BadInput."""
    if key is None or key == "":
        return None
    if len(key) > KEY_LETTERS or not key.isascii() or not key.isprintable():
        raise BadInput("key", "This page sent something that cannot be used. Load it again.")
    return key
