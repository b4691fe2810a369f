"""Who may do what: the one place that decides.

`decide(person, act, place)` is a pure function. Every path asks it: pages, fragments, live documents, the
API, downloads. The table of cases beside it is `tests/unit/shared_doc/test_permissions.py`.

Two questions come before the table:

* *Is this person in the meeting?* Only someone the chair has let in (`Standing.ADMITTED`) may do anything.
* *May this person read this part?* What someone may not read, they may not act on either, and the refusal
  looks like absence (`Verdict.visible` is false): a closed part is not told to those outside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shared_doc.schema import LaneKind


class Role(StrEnum):
    """What a participant is in one conference (R-11 to R-17). `SCREEN` is the shared screen, not a person."""

    CHAIR = "chair"
    MINUTE_TAKER = "minute_taker"
    SOCIAL_WORKER = "social_worker"
    PROFESSIONAL = "professional"
    PARENT = "parent"
    CHILD = "child"
    SUPPORTER = "supporter"
    SOLICITOR = "solicitor"
    INTERPRETER = "interpreter"
    OBSERVER = "observer"
    SCREEN = "screen"


class Standing(StrEnum):
    """How far a participant has come. `LEFT` has gone home; `REMOVED` was sent out by the chair."""

    INVITED = "invited"
    WAITING = "waiting"
    ADMITTED = "admitted"
    LEFT = "left"
    REMOVED = "removed"


class Phase(StrEnum):
    """The life of a conference."""

    PREPARING = "preparing"
    OPEN = "open"
    IN_SESSION = "in_session"
    ADJOURNED = "adjourned"
    CLOSED = "closed"
    SIGNED = "signed"


class Audience(StrEnum):
    """Who a part of the meeting is for."""

    EVERYONE = "everyone"
    PROFESSIONALS = "professionals"


class Act(StrEnum):
    """Everything a participant can ask for."""

    READ = "read"
    EDIT_ANY_POINT = "edit_any_point"
    EDIT_OWN_POINT = "edit_own_point"
    ADD_POINT = "add_point"
    ADD_STATEMENT = "add_statement"
    RAISE_FLAG = "raise_flag"
    ANSWER_FLAG = "answer_flag"
    ASK_FOR_HELP = "ask_for_help"
    ASK_TO_SPEAK = "ask_to_speak"
    SETTLE_REQUEST = "settle_request"
    AGREE = "agree"
    LEAD_READ_THROUGH = "lead_read_through"
    LEAD_MEETING = "lead_meeting"
    ADMIT = "admit"
    REMOVE = "remove"
    HAND_PEN = "hand_pen"
    OPEN_SCREEN = "open_screen"
    SIGN = "sign"
    READ_RECORD = "read_record"
    READ_HISTORY = "read_history"


@dataclass(frozen=True, slots=True)
class Person:
    """What the table needs to know of a participant.

    `supports` is the person a supporter or solicitor came with. `pens`, `released` and `kept_out` hold part ids.
    """

    id: str
    role: Role
    standing: Standing
    supports: Person | None = None
    pens: frozenset[str] = field(default_factory=frozenset)
    released: frozenset[str] = field(default_factory=frozenset)
    kept_out: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act would happen. Without a part, the act concerns the whole conference."""

    phase: Phase
    part_id: str | None = None
    audience: Audience = Audience.EVERYONE
    lane: LaneKind = LaneKind.MINUTES


@dataclass(frozen=True, slots=True)
class Verdict:
    """`code` and `reason` tell a refusal; `visible` is false where even the refusal must look like
    absence."""

    allowed: bool
    code: str = ""
    reason: str = ""
    visible: bool = True

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)
ABSENT = Verdict(False, "not_found", "There is nothing here that you can open.", visible=False)

PROFESSIONALS = frozenset({Role.SOCIAL_WORKER, Role.PROFESSIONAL})
DESK = frozenset({Role.CHAIR, Role.MINUTE_TAKER})
FAMILY = frozenset({Role.PARENT, Role.CHILD})
COMPANIONS = frozenset({Role.SUPPORTER, Role.SOLICITOR})

# The table of design §5, act by act. Reading and the pen are decided below, because they depend on more than
# the role.
_BY_ROLE: dict[Act, frozenset[Role]] = {
    Act.ADD_POINT: PROFESSIONALS | DESK,
    Act.EDIT_OWN_POINT: PROFESSIONALS | DESK,
    Act.ADD_STATEMENT: FAMILY | {Role.SOLICITOR},
    Act.RAISE_FLAG: PROFESSIONALS | FAMILY | {Role.SOLICITOR},
    Act.ANSWER_FLAG: DESK,
    Act.ASK_FOR_HELP: PROFESSIONALS | FAMILY | COMPANIONS | {Role.INTERPRETER},
    Act.ASK_TO_SPEAK: PROFESSIONALS | FAMILY | {Role.SOLICITOR},
    Act.SETTLE_REQUEST: DESK,
    Act.AGREE: PROFESSIONALS | FAMILY,
    Act.LEAD_READ_THROUGH: frozenset({Role.CHAIR}),
    Act.LEAD_MEETING: DESK,
    Act.ADMIT: frozenset({Role.CHAIR}),
    Act.REMOVE: frozenset({Role.CHAIR}),
    Act.HAND_PEN: frozenset({Role.CHAIR}),
    Act.OPEN_SCREEN: DESK,
    Act.SIGN: frozenset({Role.CHAIR}),
}

_WRITES_TO_A_LANE = frozenset({Act.ADD_POINT, Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT})
_NEEDS_A_MEETING = frozenset({Act.ADD_STATEMENT, Act.LEAD_READ_THROUGH, Act.SIGN})
_CHANGES_THE_MEETING = _WRITES_TO_A_LANE | {
    Act.ADD_STATEMENT,
    Act.RAISE_FLAG,
    Act.ANSWER_FLAG,
    Act.AGREE,
    Act.LEAD_READ_THROUGH,
    Act.LEAD_MEETING,
    Act.ADMIT,
    Act.REMOVE,
    Act.HAND_PEN,
    Act.SIGN,
}


def may_be_sent_out(role: Role) -> bool:
    """Whether somebody of this role can be removed at all: without its chair there is no meeting."""
    return role is not Role.CHAIR


def may_be_kept_out(role: Role) -> bool:
    """Whether somebody of this role can be kept out of one part. A child's parts are chosen one by one anyway."""
    return role not in DESK | {Role.CHILD, Role.SCREEN}


def decide(person: Person, act: Act, place: Place) -> Verdict:
    """Say whether `person` may do `act` at `place`, and if not, why not in one plain sentence."""
    if person.standing is not Standing.ADMITTED and not _fetches_a_copy(person, act, place):
        return _not_in_the_meeting(person)
    if place.part_id is not None and not _may_read(person, place):
        return ABSENT
    if act is Act.READ:
        return ALLOWED
    if act is Act.READ_HISTORY:
        # Nobody else is told that there is one: what was typed and taken back was never said to them.
        return ALLOWED if person.role in DESK else ABSENT
    if act is Act.READ_RECORD:
        return _read_record(person, place)
    if place.phase is Phase.SIGNED and act in _CHANGES_THE_MEETING:
        return Verdict(False, "signed", "The record is signed. Nothing in it can be changed now.")
    if place.phase is Phase.ADJOURNED and act in _WRITES_TO_A_LANE | _NEEDS_A_MEETING:
        reason = "The meeting has been stopped for now. Nothing can be added until it goes on."
        return Verdict(False, "adjourned", reason)
    if place.phase is Phase.CLOSED and _ended(person, act):
        reason = "The meeting is over. The chair and the minute-taker put right what is left."
        return Verdict(False, "closed", reason)
    if place.phase in {Phase.PREPARING, Phase.OPEN} and act in _NEEDS_A_MEETING:
        return Verdict(False, "not_in_session", "The meeting has not started.")
    if act in _WRITES_TO_A_LANE:
        return _write(person, act, place)
    if person.role in _BY_ROLE.get(act, frozenset()):
        return ALLOWED
    return Verdict(False, "not_your_part", _REASONS.get(act, "This is for the chair to do."))


def act_of_adding(role: Role) -> Act:
    """Which of the two acts it is when somebody of this role adds a point: parents and children, and who helps them
    with their words, make a statement.
    """
    return Act.ADD_STATEMENT if role in _BY_ROLE[Act.ADD_STATEMENT] else Act.ADD_POINT


def _ended(person: Person, act: Act) -> bool:
    """Once the meeting is over only those at the desk write, to put right what was said to be wrong (design §6)."""
    if act in _WRITES_TO_A_LANE:
        return person.role not in DESK
    return act in {Act.ADD_STATEMENT, Act.HAND_PEN}


def _fetches_a_copy(person: Person, act: Act, place: Place) -> bool:
    """Whoever was not there at the end still has a copy of their own (R-49); a companion's goes with their person."""
    return (
        act is Act.READ_RECORD
        and place.phase is Phase.SIGNED
        and person.standing is Standing.LEFT
        and person.role not in COMPANIONS
    )


def _not_in_the_meeting(person: Person) -> Verdict:
    if person.standing is Standing.REMOVED:
        return Verdict(False, "removed", "The chair has ended your part in the meeting.", visible=False)
    if person.standing is Standing.LEFT:
        return Verdict(
            False, "left", "You have left the meeting. Ask the chair to let you in again.", visible=False
        )
    return Verdict(False, "not_let_in", "The chair has not let you in yet.", visible=False)


def _may_read(person: Person, place: Place) -> bool:
    """Reading, by audience; a child reads what is released to them (R-50), a companion what their person
    reads (R-52), and whoever is kept out of a part nothing of it (R-34, R-40)."""
    role = person.role
    if role in DESK:
        return True
    if place.part_id in person.kept_out:
        return False
    if role in COMPANIONS:
        supported = person.supports
        # "while that person is there": a supporter alone reads nothing.
        return (
            supported is not None and supported.standing is Standing.ADMITTED and _may_read(supported, place)
        )
    if role is Role.CHILD:
        return place.audience is Audience.EVERYONE and place.part_id in person.released
    if place.audience is Audience.EVERYONE:
        return True
    return role in PROFESSIONALS


def _write(person: Person, act: Act, place: Place) -> Verdict:
    if place.lane is LaneKind.SUMMARY:
        if person.role is Role.CHAIR:
            return ALLOWED
        return Verdict(False, "summary_is_the_chairs", "Only the chair writes the summary.")
    if person.role in DESK or place.part_id in person.pens:
        return ALLOWED
    if act is Act.EDIT_ANY_POINT:
        return Verdict(False, "not_your_point", "Only the chair and the minute-taker can change this point.")
    if person.role in _BY_ROLE[act]:
        return ALLOWED
    return Verdict(False, "read_only", "You can read these points. To change one, say what is not right.")


def _read_record(person: Person, place: Place) -> Verdict:
    if place.phase is not Phase.SIGNED:
        return Verdict(False, "not_signed", "The record is not signed yet.")
    if person.role in {Role.INTERPRETER, Role.OBSERVER, Role.SCREEN}:
        return ABSENT
    return ALLOWED


_REASONS = {
    Act.ADD_STATEMENT: "Parents and children say something of their own in this way.",
    Act.RAISE_FLAG: "You can read these points, but not flag them.",
    Act.ASK_TO_SPEAK: "You are here to support someone. They can ask to speak.",
    Act.AGREE: "You are not asked whether the points are right.",
    Act.ANSWER_FLAG: "The chair and the minute-taker answer this.",
    Act.SETTLE_REQUEST: "The chair and the minute-taker see to this.",
}
