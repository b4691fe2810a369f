"""What can go wrong in an action, and how it is told.

    ActionError
    ├── NotFound       404  not there, or not for this person to see: the two look alike
    ├── NotSignedIn    401  nobody we know, or a session that has ended
    ├── NotAllowed     403  seen, but not this person's to do
    ├── BadInput       422  what was typed or sent cannot be used; names the field
    ├── Conflict       409  not now: the state does not allow it; may list what is missing
    ├── TooLarge       413  more than we take at once
    ├── Throttled      429  too many wrong attempts; says how long to wait
    │   └── TooOften        more asked for at once than one person's pages do
    ├── NotStored      503  the disk takes nothing just now
    └── Damaged        500  what is stored cannot be trusted any more

`reason` is one plain sentence for a person, `code` a word for a program. Neither ever holds anything of
a conference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is missing. `target` is where it can be put right, as an id within the chair's page."""

    code: str
    text: str
    target: str = ""


class ActionError(Exception):
    """Something a person or program asked for did not happen, and nothing was changed."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    title: ClassVar[str] = "This could not be done"

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


class NotFound(ActionError):
    """Missing, or not for this person to see. There is one wording, so that neither can be told from the
    other.
    """

    status = HTTPStatus.NOT_FOUND
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("not_found", "There is nothing here that you can open.")


class NotSignedIn(ActionError):
    """No valid session or token came with the request."""

    status = HTTPStatus.UNAUTHORIZED
    title = "Not signed in"

    def __init__(
        self, code: str = "not_signed_in", reason: str = "Open your link again to come back in."
    ) -> None:
        super().__init__(code, reason)


class NotAllowed(ActionError):
    """This person can see it, but not do it."""

    status = HTTPStatus.FORBIDDEN
    title = "Not allowed"


class BadInput(ActionError):
    """`field` is the name of the form field or JSON key."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Something needs to be put right"

    def __init__(self, field: str, reason: str, code: str = "bad_input") -> None:
        super().__init__(code, reason)
        self.field = field


class Conflict(ActionError):
    """The state of the conference does not allow it now. `missing` lists what has to happen first."""

    status = HTTPStatus.CONFLICT
    title = "Not possible now"

    def __init__(self, code: str, reason: str, missing: Sequence[Reason] = ()) -> None:
        super().__init__(code, reason)
        self.missing = tuple(missing)


class TooLarge(ActionError):
    """More than we take at once."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "Too large"

    def __init__(self) -> None:
        super().__init__("too_large", "That is more than can be sent at once.")


class Throttled(ActionError):
    """Too many wrong attempts. `wait` is the time until the next try, in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Please wait"

    def __init__(self, wait: int) -> None:
        minutes = max(1, round(wait / 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(
            "throttled", f"There were too many tries. Please wait {minutes} {unit} and try again."
        )
        self.wait = wait


class TooOften(Throttled):
    """One person asks for more than pages ever do. `wait` is the time until the next request, in seconds."""

    def __init__(self, wait: int) -> None:
        super(Throttled, self).__init__("too_often", "This page asks too often. Wait a moment and try again.")
        self.wait = wait


class NotStored(ActionError):
    """The database could not write: the disk is full or read-only, or another process holds it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Not saved"

    def __init__(self) -> None:
        super().__init__("not_stored", "This could not be saved just now. Wait a moment and try again.")


class Damaged(ActionError):
    """What is stored was changed or cut off, and nothing is made of it."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Damaged"

    def __init__(self) -> None:
        super().__init__(
            "damaged",
            "These points cannot be opened: what is stored of them was damaged. Tell whoever looks after this service.",
        )


def problem(error: ActionError) -> dict[str, object]:
    """The error as an RFC 9457 problem document."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title,
        "status": int(error.status),
        "detail": error.reason,
        "code": error.code,
    }
    if isinstance(error, BadInput):
        body["field"] = error.field
    if isinstance(error, Conflict) and error.missing:
        body["missing"] = [
            {"code": reason.code, "text": reason.text, "target": reason.target} for reason in error.missing
        ]
    if isinstance(error, Throttled):
        body["wait"] = error.wait
    return body
