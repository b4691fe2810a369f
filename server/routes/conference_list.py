"""The list of conferences in words: which tab each is in, how it stands, and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.actions.duties import Facts, next_duty
from server.actions.listing import ConferenceRow
from server.actions.names import CONFERENCE_KINDS
from server.authority import AuthorityProfile
from server.templating import BRITAIN, clock, count, full_day, hour, short_day
from shared_doc.permissions import Phase

TABS = {"week": "Now and this week", "to_sign": "To sign", "later": "Later", "signed": "Signed"}
EMPTY = {
    "week": "No conference this week.",
    "to_sign": "No conference waits to be signed.",
    "later": "No conference is planned after this week.",
    "signed": "No record is signed yet.",
}

_STATES = {
    Phase.PREPARING: ("wait", "clock", "Preparing"),
    Phase.OPEN: ("info", "room", "Waiting room open"),
    Phase.IN_SESSION: ("info", "pen", "In session"),
    Phase.ADJOURNED: ("wait", "stop", "Stopped for now"),
    Phase.CLOSED: ("info", "note", "Closed"),
    Phase.SIGNED: ("ok", "seal", "Signed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One conference of the list, in words. `join` is the reader's own page of it, if they have a place there."""

    href: str
    title: str
    when: str
    kind: str
    tone: str
    shape: str
    state: str
    since: str
    next: str
    urgent: bool
    join: str


def tab_of(row: ConferenceRow, today: date) -> str:
    """The one tab a conference is in. What should have been held and was not stays in sight."""
    if row.phase is Phase.SIGNED:
        return "signed"
    if row.phase is Phase.CLOSED:
        return "to_sign"
    end_of_week = today + timedelta(days=6 - today.weekday())
    return "later" if row.phase is Phase.PREPARING and day_of(row.starts_at) > end_of_week else "week"


def line(row: ConferenceRow, council: AuthorityProfile, today: date) -> Line:
    """A conference in words."""
    facts = Facts(
        phase=row.phase,
        planned=day_of(row.starts_at),
        started=day_of(row.started_at) if row.started_at else None,
        agencies=row.agencies,
        not_invited=row.not_invited,
        # Spelling waits until after the meeting, and has to be answered before the signature.
        waiting_flags=row.flags_waiting + row.spelling_waiting,
    )
    duty = next_duty(facts, council, today)
    tone, shape, state = _STATES[row.phase]
    return Line(
        href=f"/conferences/{row.id}/invitations",
        title=row.title,
        when=_when(row.starts_at, today),
        kind=CONFERENCE_KINDS[row.kind],
        tone=tone,
        shape=shape,
        state=state,
        since=_since(row),
        next=duty.words,
        urgent=duty.urgent,
        join=f"/conferences/{row.id}" if row.has_place else "",
    )


def day_of(at: datetime) -> date:
    """The day it is then by the calendar in Britain."""
    return at.astimezone(BRITAIN).date()


def _when(at: datetime, today: date) -> str:
    names = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    return f"{names.get(day_of(at), short_day(at))} {hour(at)}"


def _since(row: ConferenceRow) -> str:
    if row.phase is Phase.PREPARING:
        return f"{row.ready} of {row.invited} have tested or come in"
    if row.phase is Phase.OPEN:
        return f"{row.waiting} waiting"
    if row.phase is Phase.IN_SESSION and row.started_at:
        return f"since {clock(row.started_at)}"
    if row.phase is Phase.CLOSED and row.spelling_waiting:
        return f"{count(row.spelling_waiting, 'spelling flag')} left"
    if row.phase is Phase.SIGNED and row.signed_at:
        return full_day(row.signed_at)
    return ""
