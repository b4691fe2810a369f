"""Passwords of staff: argon2id, checked on threads of its own because it is slow on purpose."""

from __future__ import annotations

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.behind import threads_behind
from server.errors import BadInput

SHORTEST = 12
LONGEST = 200

NONE = ""
"""Stored of a closed account: no password fits it."""

GUESSED_FIRST = (
    *(
        "truerecord",
        "password",
        "passphrase",
        "conference",
        "childprotection",
        "council",
        "minutes",
        "welcome",
    ),
    *(
        "1234567890",
        "123456789",
        "12345678",
        "1234567",
        "123456",
        "12345",
        "1234",
        "123",
        "qwertyuiop",
        "qwerty",
    ),
)
"""What whoever guesses tries first here. A password that holds hardly anything else is refused."""

FEWEST_DIFFERENT = 5

AT_ONCE = 2
"""Passwords that are hashed at one time; others wait. Each takes a processor and 64 MB, and anybody can send them."""

_hasher = PasswordHasher()
_threads = threads_behind(AT_ONCE, "passwords")


async def hashed(password: str) -> str:
    """The argon2id hash of a new password. Raises BadInput if it is too short, too long or too easily guessed."""
    if len(password) < SHORTEST:
        raise BadInput(
            "password", f"A password has at least {SHORTEST} letters. Three or four words are good."
        )
    if len(password) > LONGEST:
        raise BadInput("password", f"A password has at most {LONGEST} letters.")
    if _is_guessed_first(password):
        raise BadInput("password", "That is what somebody would try first. Take three or four other words.")
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


def _is_guessed_first(password: str) -> bool:
    """Whether hardly anything is left of it without what is tried first."""
    left = "".join(letter for letter in password.casefold() if letter.isalnum())
    for words in GUESSED_FIRST:
        left = left.replace(words, "")
    return len(set(left)) < FEWEST_DIFFERENT


async def matches(password: str, stored: str | None) -> bool:
    """Whether a password is the stored one. Without a stored one it takes as long, and is wrong."""
    # An unknown account must not be told apart by the time the answer takes.
    # One that is too long to be anybody's costs no more than another, and is no more right for how it begins.
    right = await asyncio.get_running_loop().run_in_executor(_threads, _verify, password[:LONGEST], stored)
    return right and bool(stored) and len(password) <= LONGEST


def _verify(password: str, stored: str | None) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
