"""What each page on the way into a meeting is given, and what it says to somebody who is not in yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.routes.conference_check import Problem
from shared_doc.permissions import Phase


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody is not in yet.

    `field` stands beside the code; without it the code is not what is wrong. `link` is false where no code would help.
    """

    title: str
    next: str
    field: str = ""
    may_try: bool = False
    link: bool = True


@dataclass(frozen=True, slots=True)
class CodePage:
    """Step 1: the code."""

    refused: Refused | None
    typed: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What was ticked on the page before going in."""

    who: str = ""
    keep: bool = False
    safe: str = ""


@dataclass(frozen=True, slots=True)
class PrivatePage:
    """Step 2: is this you, will you keep it private, can you talk where you are."""

    errors: tuple[Problem, ...]
    first_name: str
    name: str
    label: str
    about: str
    family: bool
    typed: Promise
    csrf: str


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """Step 3: the test of the connection, and how they will be there (R-33, R-45)."""

    errors: tuple[Problem, ...]
    socket: str
    base: str
    csrf: str
    come_back: str
    inside: bool
    typed: str


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Step 4: the waiting room; `early` for somebody who only tries their link on a day before."""

    base: str
    phase: Phase
    chair: str
    early: bool
    today: bool
    starts_at: datetime
    waiting_since: datetime | None
    family: bool
    companion: bool
    whom: str
    from_whom: str


@dataclass(frozen=True, slots=True)
class SomebodyElsePage:
    """For whoever opened a link that is not theirs."""


NO_LINK = Refused(
    "This link does not open a meeting",
    "It may be an old one, or a letter of it is missing. If you were sent a newer link, open that one.",
    link=False,
)
WRONG_CODE = Refused(
    "That code does not fit this link",
    "After a few wrong tries the link waits for some minutes.",
    "This code is not right. There is never a letter O or I in it.",
    may_try=True,
)
NO_CODE = Refused("Your code is missing", "It came in a different message than the link.", "Type your code.")
