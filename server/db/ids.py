"""Opaque ids and random tokens. Ids are not secrets; tokens are, and only their hashes are stored."""

from __future__ import annotations

import hashlib
import secrets

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LETTERS = 20


def new_id(prefix: str) -> str:
    """A random id of 100 bits behind one letter, such as `c4x…` for a conference. Lower case letters and
    digits only.
    """
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(_ID_LETTERS))


def new_token() -> str:
    """A random secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. Plain SHA-256 is enough for 256 random bits; codes and
    passwords need more.
    """
    return hashlib.sha256(token.encode()).hexdigest()
