"""What one participant may see of a conference, as values. Pages, fragments and the API are drawn from these.

What someone may not see is not in them at all: there is no field to forget to hide.
`server.actions.viewing` fills them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared_doc.permissions import Audience, Phase, Role, Standing


class PartState(StrEnum):
    """Where a part of the agenda stands. What came of the read-through is told at the desk only; others see `SAID`."""

    NOT_YET = "not_yet"
    NOW = "now"
    SAID = "said"
    READING = "reading"
    AGREED = "agreed"
    NOT_ALL_AGREED = "not_all_agreed"
    NOT_ALL_ANSWERED = "not_all_answered"
    CHANGED_SINCE = "changed_since"


class FlagState(StrEnum):
    """A flag waits, was answered, or was taken back by whoever raised it."""

    WAITING = "waiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ChildView:
    """A child the conference is about. `date_of_birth` is told at the desk only."""

    name: str
    date_of_birth: date | None


@dataclass(frozen=True, slots=True)
class NameView:
    """A person as named beside a point or an answer: "Keeley Marsh, mother"."""

    id: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class AwayView:
    """A span off the line; `until` is None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person of the meeting.

    `here` is whether a page or program of theirs is connected, or the chair has noted that they are here without one;
    `dropped_at` since when it no longer is. `safe` ("yes", "overheard", "no", "") and `removed_reason` are for the
    chair alone, `waiting_since`, `promised` (whether they have said that they keep it private) and `away` (spans off
    the line while admitted) for the desk: elsewhere they are empty.
    """

    id: str
    name: str
    role: Role
    role_label: str
    agency: str
    standing: Standing
    attending: str
    here: bool
    dropped_at: datetime | None
    waiting_since: datetime | None
    admitted_at: datetime | None
    left_at: datetime | None
    supports: str | None
    safe: str
    removed_reason: str
    promised: bool
    away: tuple[AwayView, ...]

    @property
    def dropped(self) -> bool:
        """Whether they are off the line. Somebody let into the room is here whether or not their phone is."""
        return self.dropped_at is not None and not self.here and not self._in_room

    @property
    def present(self) -> bool:
        """Whether they are in the meeting now. A program's person counts as let in, and is here once connected."""
        if self.standing is not Standing.ADMITTED or self.dropped:
            return False
        return self.here or self.admitted_at is not None

    @property
    def _in_room(self) -> bool:
        return self.attending == "room" and self.admitted_at is not None


@dataclass(frozen=True, slots=True)
class LanesView:
    """The document names of a part's lanes. `summary` is None for somebody who may not read it."""

    minutes: str
    summary: str | None


@dataclass(frozen=True, slots=True)
class PartCan:
    """What this person may do in one part, straight from the permission table.

    `add_statement` is for a part that has begun.
    """

    read: bool
    edit_any: bool
    edit_own: bool
    add_point: bool
    add_statement: bool
    write_summary: bool
    flag: bool
    agree: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """One part this person may read. Parts they may not read are absent; `number` is the agenda's own, as the chair
    says it and the record prints it. So a gap tells that there is such a part, as the closed page and the copy do; how
    long it is, and how many points it has, nothing tells.

    How many points, once the part was read through, somebody says are not right (`not_agreed`), were changed after
    somebody answered (`changed_since`) or not everyone has answered (`unanswered`), and `pen_held_by` and `released_to`
    (participant ids), are told at the desk; to others they are 0 and empty, except that whoever holds the pen is told
    of their own.
    """

    id: str
    number: int
    title: str
    audience: Audience
    state: PartState
    lanes: LanesView
    can: PartCan
    pen_held_by: tuple[str, ...]
    released_to: tuple[str, ...]
    kept_out: tuple[str, ...]
    not_agreed: int
    changed_since: int
    unanswered: int
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConferenceCan:
    """What this person may do in the conference as a whole."""

    ask_to_speak: bool
    ask_for_help: bool
    answer_flags: bool
    lead: bool
    admit: bool
    remove: bool
    hand_pen: bool
    lead_read_through: bool
    open_screen: bool
    sign: bool
    read_record: bool


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag, to the desk and to its raiser (or whom it was raised for, or their companion).

    `before` and `after` are the point's text when it was raised and when it was answered; `added` is the text of the
    point in which something missing was added.
    """

    id: str
    part_id: str
    point_id: str | None
    point_number: int | None
    kind: str
    words: str
    raised_by: NameView
    on_behalf_of: NameView | None
    raised_at: datetime
    mine: bool
    state: FlagState
    outcome: str | None
    answer: str
    answered_by: NameView | None
    answered_at: datetime | None
    before: str
    after: str
    added: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """Something asked of the chair: to the desk and to whoever asked."""

    id: str
    kind: str
    by: NameView
    at: datetime
    mine: bool
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One person's answer about one point; `answer` is None while they have not given one.

    `stale` means that the point was changed since, so they are asked again (R-65).
    """

    person: NameView
    answer: str | None
    words: str
    by_voice: bool
    at: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class PointAnswers:
    """The answers about one point: everyone's at the desk, one's own elsewhere."""

    point_id: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class ReadThroughView:
    """The read-through of one part, running or finished."""

    part_id: str
    running: bool
    points: tuple[PointAnswers, ...]


@dataclass(frozen=True, slots=True)
class SignedView:
    """That the record is signed."""

    at: datetime
    by: NameView


@dataclass(frozen=True, slots=True)
class ConferenceView:
    """Everything one participant may see, points excepted (`PartPoints`).

    `parts_in_all` counts the agenda. `current` is the part being talked about, None where this person may not
    read it; `without_you` tells that the meeting is in such a part, `kept_apart` that it is one which this
    person is kept out of. `read_through` is of the part being read through if this person may read it;
    `asked_again` has this person's answers in the other parts where a point was changed after they answered.
    Before somebody is let in, and after they have left, only `me`, the times, the phase and the chair's name
    are filled.
    """

    id: str
    title: str
    kind: str
    phase: Phase
    starts_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    children: tuple[ChildView, ...]
    me: PersonView
    chair: NameView | None
    can: ConferenceCan
    people: tuple[PersonView, ...]
    parts: tuple[PartView, ...]
    parts_in_all: int
    current: str | None
    without_you: bool
    kept_apart: bool
    flags: tuple[FlagView, ...]
    requests: tuple[RequestView, ...]
    read_through: ReadThroughView | None
    asked_again: tuple[ReadThroughView, ...]
    signed: SignedView | None

    def part(self, part_id: str) -> PartView | None:
        """The part of that id, if this person may read it."""
        return next((part for part in self.parts if part.id == part_id), None)


@dataclass(frozen=True, slots=True)
class PointView:
    """One point as shown. `number` counts the points shown in the lane, struck ones included, from 1.

    `mine` is whether this person started it; `said_by` whom it is recorded as said by.
    """

    id: str
    number: int
    text: str
    kind: str
    kind_label: str
    said_by: NameView | None
    started_by: NameView | None
    mine: bool
    struck: bool


@dataclass(frozen=True, slots=True)
class PartPoints:
    """The points of one part. `summary` is empty for somebody who may not read it; `damaged` says that there is
    more, and that it cannot be read."""

    minutes: tuple[PointView, ...]
    summary: tuple[PointView, ...]
    damaged: bool = False
