"""The value that shows that a form came from a page of ours: bound to the web session, kept nowhere."""

from __future__ import annotations

import hashlib
import hmac


def csrf_token(secret: bytes, session: str) -> str:
    """The value for one web session (given by its hash)."""
    return hmac.new(secret, f"form\0{session}".encode(), hashlib.sha256).hexdigest()


def csrf_matches(secret: bytes, session: str, given: str) -> bool:
    """Whether a form's value belongs to this web session."""
    return session != "" and hmac.compare_digest(csrf_token(secret, session).encode(), given.encode())
