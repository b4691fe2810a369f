"""The contexts of the readers' pages: what a template may name, and nothing else.

A field of a context is on the page or in its scripts' data: nothing may be put here "for later".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.routes.reader_words import Ask, Choice
from server.routes.word_changes import Stretch

Boot = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class By:
    """Who said a point, as its reader sees them: oneself is "You"."""

    id: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something said of a point and what became of it.

    `own`: in this person's own words. `mine`: theirs to take back while it waits, also if it was said for them.

    `state`: sent, spelling, corrected, left, answered, withdrawn. `marked`: the point shows the change itself.
    `added`: the changes are a point that was added.
    """

    id: str
    state: str
    at: datetime
    words: str
    said: str
    answer: str
    answered_by: str
    own: bool
    mine: bool
    changes: tuple[Stretch, ...]
    marked: bool
    added: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One point. `own`: said by this person. `changes` marks the correction they asked for. `open`: already said so."""

    id: str
    number: int
    by: By
    text: str
    kind: str
    struck: bool
    own: bool
    newest: bool
    said: tuple[Said, ...]
    changes: tuple[Stretch, ...]
    open: bool
    act: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part in the list of parts."""

    id: str
    number: int
    title: str
    now: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request the chair has not settled yet."""

    id: str
    done: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A part in which points were changed after this person answered about them."""

    part_id: str
    title: str
    points: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a reader has.

    `place` names what this page shows and `there` what the meeting is at for this person, so that a page knows
    whether it is where the meeting is, and when to move on. `store` begins the names of what the page keeps in
    its tab, and so says what is to be erased.
    """

    base: str
    csrf: str
    key: str
    place: str
    there: str
    heading: str
    under: str
    now: datetime
    kid: bool
    numbers: bool
    bar: tuple[Ask, ...]
    more: tuple[Ask, ...]
    may_leave: bool
    asked: tuple[Asked, ...]
    again: tuple[AskedAgain, ...]
    chair: str
    helps: str
    letters: int
    ended: bool
    store: str
    script: str
    boot: Boot | None


@dataclass(frozen=True, slots=True)
class PointsPage:
    """The points of one part. `own` is a child's own words, which stand first on their page."""

    frame: Frame
    part_id: str
    parts: tuple[PartLine, ...]
    hint: str
    about: str
    summary: tuple[str, ...]
    own: tuple[Shown, ...]
    points: tuple[Shown, ...]
    damaged: bool
    said_of_part: tuple[Said, ...]
    can_flag: bool
    can_say: bool
    choices: tuple[Choice, ...]
    blank: Shown


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a professional's own points, in the list beside the minutes."""

    id: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ProfessionalPage:
    """A professional's page: the minutes, and their own points beside them."""

    frame: Frame
    part_id: str
    parts: tuple[PartLine, ...]
    about: str
    summary: tuple[str, ...]
    points: tuple[Shown, ...]
    damaged: bool
    said_of_part: tuple[Said, ...]
    can_flag: bool
    can_add: bool
    can_edit: bool
    pen: bool
    kinds: tuple[tuple[str, str], ...]
    mine: tuple[Mine, ...]
    draft: str
    draft_kind: str
    error: str
    choices: tuple[Choice, ...]
    blank: Shown


@dataclass(frozen=True, slots=True)
class SayPage:
    """Without scripts: the four things that can be said of a point, then the words for one of them."""

    frame: Frame
    part_id: str
    point_id: str
    quote: Shown
    choices: tuple[Choice, ...]
    choice: Choice | None
    words: str
    error: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Without scripts: something of one's own, as said by a parent or a child."""

    frame: Frame
    part_id: str
    words: str
    error: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """Read-through: one point at a time. `step` is 1 to `steps`; `answered` marks those this person has answered.

    `again`: only what was changed after they answered, outside a read-through.
    """

    frame: Frame
    part_id: str
    again: bool
    point: Shown | None
    step: int
    steps: int
    answered: tuple[bool, ...]
    answer: str
    answered_at: datetime | None
    words: str
    by_voice: bool
    stale: bool
    next_id: str
    before_id: str
    listen: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page that says one thing calmly: not started, closed part, stopped for now, on one's own."""

    frame: Frame
    tone: str
    icon_name: str
    title: str
    text: str
    bullets: tuple[str, ...]
    parts: tuple[PartLine, ...]


@dataclass(frozen=True, slots=True)
class AskingPage:
    """Without scripts: the other things to ask for; or the question before leaving."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ask after the meeting."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A point that reads differently since the meeting ended: which one, what came of it, and the words."""

    where: str
    told: tuple[str, ...]
    changes: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What was changed in one part since the meeting ended, or in the chair's summary of it."""

    title: str
    lines: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class EndPage:
    """After the meeting: what happens next, the record once it is signed, whom to ask, how to complain."""

    frame: Frame
    ended_at: datetime | None
    signed_at: datetime | None
    signed_by: str
    record: bool
    changed: tuple[ChangedSince, ...]
    parts: tuple[PartLine, ...]
    ask: tuple[Contact, ...]
    family: bool


@dataclass(frozen=True, slots=True)
class SaidGroup:
    """What was said of one point ("" for the part as a whole). `text` is the wording `changes` belongs to."""

    point_id: str
    said: tuple[Said, ...]
    changes: tuple[Stretch, ...]
    text: str
    act: str
    open: bool


@dataclass(frozen=True, slots=True)
class Saids:
    """The fragment of what became of what this person said."""

    frame: Frame
    groups: tuple[SaidGroup, ...]


@dataclass(frozen=True, slots=True)
class SummaryLines:
    """The fragment of the chair's summary."""

    summary: tuple[str, ...]
