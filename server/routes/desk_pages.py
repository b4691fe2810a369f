"""What the templates of the desk are given: one frozen context for each page and fragment, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.actions.views import NameView, PointView
from server.errors import Reason
from server.routes.desk_words import WAYS, Shape, Step
from server.routes.word_changes import Stretch
from shared_doc.permissions import Phase

Boot = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page and fragment of the desk has. `base` ends without a slash; `part_id` is the part looked at.

    `reads_through` and `signs`: this person may, now.
    """

    base: str
    csrf: str
    screen: str
    kind: str
    children: str
    started_at: datetime | None
    starts_at: datetime
    phase: Phase
    phase_words: str
    reads_through: bool
    signs: bool
    part_id: str
    problem: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in the list. `looked_at` is the one on this page, `now` the one the meeting is in."""

    id: str
    number: int
    title: str
    shape: Shape
    readers: str
    closed: bool
    looked_at: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """The list of parts. `following` comes after the one the meeting is in, and can be begun now."""

    frame: Frame
    rows: tuple[PartRow, ...]
    following: PartRow | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to settle: a flag, or a request (`request`). `where` is "point 4" or "part 4, point 2"."""

    id: str
    request: bool
    shape: Shape
    where: str
    part_id: str
    point_id: str
    words: str
    by: NameView
    for_whom: NameView | None
    at: datetime
    waiting: bool
    outcome: str
    answer: str
    answered_by: NameView | None
    answered_at: datetime | None
    before: str
    changes: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits to be settled, oldest first. `chosen` is shown in full; it stays so until somebody looks elsewhere.

    `marks` is for the margin: point id → flags that wait, flags that are settled, and the one to open.
    """

    frame: Frame
    waiting: int
    chosen: Item | None
    rest: tuple[Item, ...]
    spelling: int
    marks: Mapping[str, tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: who needs something stands on top (`wants`). `tone` only tints the words. `promised` is whether they
    have said that they keep it private; `can_be_here` whether the chair can note that they are here without a page.
    """

    id: str
    name: str
    label: str
    shape: Shape
    at: datetime | None
    tone: str
    wants: bool
    away: str
    safe: str
    attending: str
    promised: bool
    can_admit: bool
    can_be_here: bool
    can_change_how: bool
    can_leave: bool
    can_return: bool
    can_remove: bool


@dataclass(frozen=True, slots=True)
class People:
    """Who is here. `agencies` is how many are, for the council's quorum; `ways` are the ways of taking part."""

    frame: Frame
    rows: tuple[PersonRow, ...]
    agencies: int
    now: datetime
    ways: tuple[tuple[str, str], ...] = tuple(WAYS.items())


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody in a list to choose from; `held` is whether they have it now."""

    id: str
    name: str
    label: str
    held: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands behind "More" and in the list of commands."""

    steps: tuple[Step, ...]
    pens: tuple[Choice, ...]
    children: tuple[Choice, ...]
    kept_out: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PartHead:
    """The part on the page, and what can be done with it."""

    id: str
    number: int
    of: int
    title: str
    readers: str
    writing: str
    now: bool
    opened: bool
    edits: bool
    adds: bool
    writes_summary: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the minutes: the part, the main button and the menu. `reading`: it is being read through."""

    frame: Frame
    part: PartHead
    menu: Menu
    reading: bool


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The page of the chair and the minute-taker."""

    frame: Frame
    boot: Boot
    part: PartHead | None
    minutes: tuple[PointView, ...]
    summary: tuple[PointView, ...]
    damaged: bool
    parts: Parts
    queue: Queue
    people: People
    menu: Menu
    reading: bool
    edit_point: str
    kinds: tuple[tuple[str, str], ...]
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's answer to the point on the page. `ask`: it is still to be had; `voice`: only by voice."""

    id: str
    name: str
    label: str
    shape: Shape
    tone: str
    at: datetime | None
    words: str
    ask: bool
    voice: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer in the overview: a shape, with its words for screen readers."""

    shape: Shape
    tone: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One point of the overview, named by its first words."""

    id: str
    number: int
    words: str
    current: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """The read-through of a part at the desk: one point in large type, and the overview of all."""

    frame: Frame
    title: str
    running: bool
    point: PointView | None
    step: int
    steps: int
    answers: tuple[Answered, ...]
    names: tuple[str, ...]
    grid: tuple[GridRow, ...]
    before_id: str
    next_id: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The desk during a read-through."""

    frame: Frame
    boot: Boot
    read: ReadThrough
    parts: Parts
    queue: Queue
    people: People


@dataclass(frozen=True, slots=True)
class Look:
    """Something in a part to look at before signing."""

    part_id: str
    text: str


@dataclass(frozen=True, slots=True)
class SignPage:
    """The last look before signing, or what is missing."""

    frame: Frame
    reasons: tuple[Reason, ...]
    looks: tuple[Look, ...]
