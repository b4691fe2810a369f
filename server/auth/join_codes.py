"""The personal link and the short code that lets somebody in. They travel by two different ways.

The link is the secret (130 random bits, stored hashed). The code only has to stop whoever finds the link
alone: six letters and digits that are not mistaken for each other, and few tries
(`server.auth.throttle`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 6

_LINK_LETTERS = "abcdefghijkmnopqrstuvwxyz23456789"
_LINK_LENGTH = 26


def new_link_token() -> str:
    """The secret part of a personal link: short enough for a text message, safe to read out."""
    return "".join(secrets.choice(_LINK_LETTERS) for _ in range(_LINK_LENGTH))


def new_code() -> str:
    """Six letters and digits, none of which looks like another."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """A code as it is shown to people: "K4P-7TR"."""
    return f"{code[:3]}-{code[3:]}"


def code_hash(secret: bytes, participant_id: str, code: str) -> str:
    """What is stored of a code. Small letters, spaces and dashes make no difference.

    Keyed with the server's secret, because a code is short enough to be tried out by whoever holds the table.
    """
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(secret, f"join code\0{participant_id}\0{plain}".encode(), hashlib.sha256).hexdigest()


def code_matches(secret: bytes, participant_id: str, code: str, stored: str | None) -> bool:
    """Whether a typed code is the stored one, in a time that does not tell how nearly."""
    return stored is not None and hmac.compare_digest(code_hash(secret, participant_id, code), stored)
