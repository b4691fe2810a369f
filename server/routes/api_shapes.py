"""What programs send and get, as types: the API's answers and its OpenAPI description are made from these.

Names and shapes here are relied on by other software. Times are ISO 8601 with their offset.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from shared_doc.permissions import Audience, Phase, Role, Standing


class Taken(BaseModel):
    """Something sent to us: a field we do not know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)


class Told(BaseModel):
    """Something we answer with; made from the views."""

    model_config = ConfigDict(from_attributes=True)


Kind = Literal["initial", "review", "pre_birth", "transfer_in"]
ParticipantRole = Literal[
    "chair",
    "minute_taker",
    "social_worker",
    "professional",
    "parent",
    "child",
    "supporter",
    "solicitor",
    "interpreter",
    "observer",
]
PointKind = Literal["point", "strength", "worry", "view", "question", "answer", "action"]


class ChildTaken(Taken):
    """A child the conference is about; an unborn child has no date of birth."""

    name: str
    date_of_birth: date | None = None


class PartTaken(Taken):
    """One item of the agenda."""

    title: str
    audience: Audience = Audience.EVERYONE


class ParticipantTaken(Taken):
    """`supports` is the index of a participant in the same list."""

    name: str
    role: ParticipantRole
    agency: str = ""
    supports: int | None = Field(None, ge=0)


class ConferenceTaken(Taken):
    """Without `parts`, the council's usual agenda is used."""

    title: str
    kind: Kind
    starts_at: AwareDatetime
    children: list[ChildTaken] = Field(min_length=1)
    parts: list[PartTaken] = Field(default_factory=list)
    participants: list[ParticipantTaken] = Field(min_length=1)


class LanesTold(Told):
    """Document names for the live connection. `summary` is missing where it may not be read."""

    minutes: str
    summary: str | None


class PartCreated(Told):
    """A part that was made."""

    id: str
    title: str
    lanes: LanesTold


class ParticipantCreated(Told):
    """`join_url`, `join_code` and `live_token` are told here and never again."""

    id: str
    name: str
    role: Role
    join_url: str
    join_code: str
    live_token: str | None


class ConferenceCreated(Told):
    """A conference that was made."""

    id: str
    url: str
    parts: list[PartCreated]
    participants: list[ParticipantCreated]


def _phase_name(value: object) -> object:
    return value.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else value


class PhaseTaken(Taken):
    """The phase to go to; "in session" and "in_session" are the same."""

    phase: Annotated[Phase, BeforeValidator(_phase_name)]


class PhaseTold(Told):
    """The phase the conference is in now."""

    phase: Phase


class PenTaken(Taken):
    """Who holds the pen of a part."""

    part: str
    participant: str
    held: bool


class KeptOutTaken(Taken):
    """Whether somebody is kept out of a part."""

    part: str
    participant: str
    kept_out: bool


class ReleaseTaken(Taken):
    """Whether a child may read a part."""

    part: str
    participant: str
    released: bool


class PointTaken(Taken):
    """A point of one's own, at the end of the part's minutes. `key`: the same key twice adds one point. `kind`: without
    it a point; what a parent, a child or their solicitor says is always a view."""

    part: str
    text: str
    kind: PointKind | None = None
    key: str | None = None


class FlagTaken(Taken):
    """`point` may be missing only where something is missing altogether."""

    part: str
    point: str | None = None
    kind: Literal["not_right", "missing", "question", "spelling"]
    words: str = ""
    key: str | None = None


class FlagAnswerTaken(Taken):
    """`left` needs words; `withdrawn` is for whoever raised it. `added` names the point in which something missing was
    added; without it, that is the newest one of the part since."""

    outcome: Literal["corrected", "left", "answered", "withdrawn"]
    words: str = ""
    added: str | None = None


class FlagAnswered(Told):
    """What became of a flag."""

    id: str
    outcome: str


class RequestTaken(Taken):
    """Something asked of the chair."""

    kind: Literal["speak", "break", "read_to_me", "say_it", "not_safe"]
    key: str | None = None


class AnswerTaken(Taken):
    """Whether a point is right; `on_behalf_of` for somebody who told the chair by voice."""

    point: str
    answer: Literal["right", "not_right"]
    words: str = ""
    on_behalf_of: str | None = None


class Made(Told):
    """The id of what was made."""

    id: str


class NameTold(Told):
    """A person by name."""

    id: str
    name: str
    label: str


class ChildTold(Told):
    """A child the conference is about."""

    name: str
    date_of_birth: date | None


class PersonTold(Told):
    """A person of the meeting, as far as the asking participant may know."""

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


class PointTold(Told):
    """A point as it reads now."""

    id: str
    number: int
    text: str
    kind: str
    said_by: NameTold | None
    started_by: NameTold | None
    mine: bool
    struck: bool


class CanTold(Told):
    """What this participant may do in a part."""

    read: bool
    edit_any: bool
    edit_own: bool
    add_point: bool
    add_statement: bool
    write_summary: bool
    flag: bool
    agree: bool


class PartTold(Told):
    """A part this participant may read, with the points of its minutes and of the chair's summary. `damaged`: there are
    more, and they cannot be read any more."""

    id: str
    number: int
    title: str
    audience: Audience
    state: str
    lanes: LanesTold
    can: CanTold
    pen_held_by: list[str]
    points: list[PointTold]
    summary: list[PointTold]
    damaged: bool


class FlagTold(Told):
    """A flag: to the desk, and to whoever raised it."""

    id: str
    part_id: str
    point_id: str | None
    point_number: int | None
    kind: str
    words: str
    raised_by: NameTold
    on_behalf_of: NameTold | None
    raised_at: datetime
    mine: bool
    state: str
    outcome: str | None
    answer: str
    answered_by: NameTold | None
    answered_at: datetime | None
    before: str
    after: str
    added: str


class RequestTold(Told):
    """A request: to the desk, and to whoever asked."""

    id: str
    kind: str
    by: NameTold
    at: datetime
    mine: bool
    settled_at: datetime | None


class AnswerTold(Told):
    """One person's answer about one point."""

    person: NameTold
    answer: str | None
    words: str
    by_voice: bool
    at: datetime | None
    stale: bool


class PointAnswersTold(Told):
    """The answers about one point."""

    point_id: str
    answers: list[AnswerTold]


class ReadThroughTold(Told):
    """The read-through that is running."""

    part_id: str
    running: bool
    points: list[PointAnswersTold]


class SignedTold(Told):
    """That the record is signed."""

    at: datetime
    by: NameTold


class ConferenceTold(Told):
    """Everything this participant may see."""

    id: str
    title: str
    kind: str
    phase: Phase
    starts_at: datetime
    started_at: datetime | None
    children: list[ChildTold]
    me: PersonTold
    people: list[PersonTold]
    parts: list[PartTold]
    current: str | None
    without_you: bool
    flags: list[FlagTold]
    requests: list[RequestTold]
    read_through: ReadThroughTold | None
    signed: SignedTold | None


class RecordSigned(Told):
    """The record was signed."""

    signed_at: datetime
    root: str


class MissingTold(Told):
    """One thing that has to happen first."""

    code: str
    text: str
    target: str


class Problem(Told):
    """An RFC 9457 problem. `code` is for programs, `detail` one plain sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    missing: list[MissingTold] | None = None
    wait: int | None = None
