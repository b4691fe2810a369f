"""The kinds of actor an action can have. An actor says who asks; what they may do is looked up each time."""

from __future__ import annotations

from dataclasses import dataclass

from server.db.rights import SCREEN

__all__ = ["SCREEN", "Actor", "Leader", "Organiser", "ProgramActor", "ProgramIn", "StaffActor"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A participant of one conference. `session` is the hash of their web session, empty for a program."""

    participant_id: str
    conference_id: str
    session: str = ""


@dataclass(frozen=True, slots=True)
class StaffActor:
    """Someone signed in with a password. Only an administrator makes conferences and sees all of them."""

    staff_id: str
    name: str
    administrator: bool
    session: str = ""


@dataclass(frozen=True, slots=True)
class ProgramActor:
    """A program with an API token. It sets conferences up; it does not read what is said in them."""

    token_id: str


@dataclass(frozen=True, slots=True)
class ProgramIn:
    """A program acting on one conference: its phase, its pen, who is in it."""

    token_id: str
    conference_id: str


Organiser = StaffActor | ProgramActor
"""Who sets conferences up."""

Leader = Actor | ProgramIn
"""Who leads one: a participant as far as the permission table lets them, or a program for its council."""
