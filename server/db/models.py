"""The tables. One class per row of a concept in design §1; no behaviour here.

Times always carry their zone in Python and are UTC in the database (`Moment`); an unset time means "has
not happened". Ids are opaque text (`server.db.ids`). Tokens and codes are stored as hashes only.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Column, Field, SQLModel

from server.db.moment import Moment


class Staff(SQLModel, table=True):
    """Someone who signs in with a password."""

    id: str = Field(primary_key=True)
    email: str = Field(unique=True, index=True)
    name: str
    password_hash: str
    administrator: bool = False
    created_at: datetime = Field(sa_type=Moment)


class ApiToken(SQLModel, table=True):
    """A program's bearer token."""

    id: str = Field(primary_key=True)
    name: str
    token_hash: str = Field(unique=True, index=True)
    created_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class WebSession(SQLModel, table=True):
    """A browser's session: of a staff member or of a participant, never both.

    `begun_with` is the staff session by which a participant's was begun without a link; it ends with that one.
    """

    token_hash: str = Field(primary_key=True)
    staff_id: str | None = Field(default=None, foreign_key="staff.id", index=True)
    participant_id: str | None = Field(default=None, foreign_key="participant.id", index=True)
    begun_with: str | None = Field(default=None, index=True)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class Throttle(SQLModel, table=True):
    """Failed attempts against one key (an account, a link, an address), to slow guessing down."""

    key: str = Field(primary_key=True)
    failures: int = 0
    since: datetime = Field(sa_type=Moment)
    blocked_until: datetime | None = Field(default=None, sa_type=Moment)


class Conference(SQLModel, table=True):
    """One meeting about one or more children of a family."""

    id: str = Field(primary_key=True)
    title: str
    kind: str
    phase: str
    starts_at: datetime = Field(sa_type=Moment)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    current_part_id: str | None = None
    reading_part_id: str | None = None
    epoch: int = 1
    created_at: datetime = Field(sa_type=Moment)
    created_by: str


class Child(SQLModel, table=True):
    """A child the conference is about. An unborn child has no date of birth."""

    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    number: int
    name: str
    date_of_birth: date | None = None


class Part(SQLModel, table=True):
    """One item of the agenda."""

    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    number: int
    title: str
    audience: str
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    read_through_at: datetime | None = Field(default=None, sa_type=Moment)
    agreed_at: datetime | None = Field(default=None, sa_type=Moment)


class Participant(SQLModel, table=True):
    """One person in one conference. `attending`: room, video, phone, voice_only, writing.

    `agency` is where a professional comes from, or what a family member is ("mother"). `send_by` is how
    it is safe to reach them, `safe` what they said about being overheard: both for the organisers and
    the chair only (R-101). `join_hash` is set while the link works, `live_hash` while their program may
    connect. `promise_heard_by` is the chair to whom somebody without a page promised aloud to keep it private (R-51).
    """

    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    number: int
    name: str
    role: str
    agency: str = ""
    supports_id: str | None = Field(default=None, foreign_key="participant.id")
    staff_id: str | None = Field(default=None, foreign_key="staff.id", index=True)
    standing: str
    attending: str = "room"
    send_by: str = ""
    safe: str = ""
    join_hash: str | None = Field(default=None, unique=True, index=True)
    code_hash: str | None = None
    live_hash: str | None = Field(default=None, unique=True, index=True)
    link_made_at: datetime | None = Field(default=None, sa_type=Moment)
    tested_at: datetime | None = Field(default=None, sa_type=Moment)
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    promise_heard_by: str | None = None
    waiting_since: datetime | None = Field(default=None, sa_type=Moment)
    admitted_at: datetime | None = Field(default=None, sa_type=Moment)
    left_at: datetime | None = Field(default=None, sa_type=Moment)
    removed_at: datetime | None = Field(default=None, sa_type=Moment)
    removed_reason: str = ""


class Released(SQLModel, table=True):
    """A part the chair lets a child read (R-50)."""

    part_id: str = Field(foreign_key="part.id", primary_key=True)
    participant_id: str = Field(foreign_key="participant.id", primary_key=True)
    at: datetime = Field(sa_type=Moment)


class KeptOut(SQLModel, table=True):
    """A part that somebody is kept out of: another person in it must not be read or met by them."""

    part_id: str = Field(foreign_key="part.id", primary_key=True)
    participant_id: str = Field(foreign_key="participant.id", primary_key=True)
    at: datetime = Field(sa_type=Moment)


class Pen(SQLModel, table=True):
    """The pen of a part, in the hands of a participant until `taken_back_at`."""

    id: str = Field(primary_key=True)
    part_id: str = Field(foreign_key="part.id", index=True)
    participant_id: str = Field(foreign_key="participant.id", index=True)
    handed_at: datetime = Field(sa_type=Moment)
    taken_back_at: datetime | None = Field(default=None, sa_type=Moment)


class ClientId(SQLModel, table=True):
    """A Yjs client id, which belongs to one participant for the whole conference."""

    conference_id: str = Field(foreign_key="conference.id", primary_key=True)
    client: int = Field(primary_key=True)
    participant_id: str = Field(foreign_key="participant.id")
    issued_at: datetime = Field(sa_type=Moment)


class UpdateRow(SQLModel, table=True):
    """One accepted update of one lane: the evidence. `hash` covers the row and the hash of
    the row before it.
    """

    __tablename__ = "update_log"
    lane: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    participant_id: str
    client: int | None = None
    at: datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Snapshot(SQLModel, table=True):
    """A lane's whole state after row `seq`."""

    lane: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Flag(SQLModel, table=True):
    """A participant says of a point: not right, something missing, a question, spelling. It never disappears.

    `before` is the point as it stood when the flag was raised (`before_hash` with who said it and the rest), `after` as
    it stood when it was answered. What was missing stands in the point `added_id`; on no point at all, its words are
    `after`. A solicitor flags on behalf of the person they help (R-53).
    """

    __table_args__ = (UniqueConstraint("raised_by", "key"),)
    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    part_id: str = Field(foreign_key="part.id", index=True)
    point_id: str | None = None
    kind: str
    words: str = ""
    raised_by: str = Field(foreign_key="participant.id")
    on_behalf_of: str | None = Field(default=None, foreign_key="participant.id")
    raised_at: datetime = Field(sa_type=Moment)
    key: str | None = None
    before: str = ""
    before_hash: str = ""
    outcome: str | None = None
    answer: str = ""
    after: str = ""
    added_id: str | None = None
    answered_by: str | None = Field(default=None, foreign_key="participant.id")
    answered_at: datetime | None = Field(default=None, sa_type=Moment)


class Request(SQLModel, table=True):
    """Something asked of the chair: speak, break, read_to_me, say_it, not_safe. Never part of the record."""

    __table_args__ = (UniqueConstraint("participant_id", "key"),)
    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    participant_id: str = Field(foreign_key="participant.id")
    kind: str
    at: datetime = Field(sa_type=Moment)
    key: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_by: str | None = None


class Agreement(SQLModel, table=True):
    """One person's answer about one point in a read-through. `text_hash` is of the point they were asked
    about.

    Answers are only ever added; the newest one of a person about a point counts, the older ones stay as
    its history.
    """

    id: str = Field(primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    part_id: str = Field(foreign_key="part.id", index=True)
    point_id: str
    participant_id: str = Field(foreign_key="participant.id")
    answer: str
    words: str = ""
    at: datetime = Field(sa_type=Moment)
    entered_by: str = Field(foreign_key="participant.id")
    by_voice: bool = False
    text_hash: str


class AddedPoint(SQLModel, table=True):
    """The key a page sent with a point of its own, so that sending again adds nothing.

    `point_id` is unset between taking the key and the point being on the disk.
    """

    participant_id: str = Field(foreign_key="participant.id", primary_key=True)
    key: str = Field(primary_key=True)
    point_id: str | None = None
    at: datetime = Field(sa_type=Moment)


class Presence(SQLModel, table=True):
    """A span in which a participant was connected, for "was off the line from 10:38 to 10:40".

    `noted_by` is unset where a page or program of theirs was connected. Otherwise it is the chair who noted that they
    are here without one: in the room, or on the phone.
    """

    id: int | None = Field(default=None, primary_key=True)
    conference_id: str = Field(foreign_key="conference.id", index=True)
    participant_id: str = Field(foreign_key="participant.id", index=True)
    came_at: datetime = Field(sa_type=Moment)
    went_at: datetime | None = Field(default=None, sa_type=Moment)
    noted_by: str | None = None


class SignedRecord(SQLModel, table=True):
    """The signed record of a conference: canonical JSON with its signature, and the PDF made from it."""

    __tablename__ = "signed_record"
    conference_id: str = Field(foreign_key="conference.id", primary_key=True)
    signed_at: datetime = Field(sa_type=Moment)
    signed_by: str = Field(foreign_key="participant.id")
    root: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditRow(SQLModel, table=True):
    """One line of the trail of a conference, or (conference id "") of the council itself; never changed, never
    removed.

    `who` is a participant's id, or "staff:…", "program:…" or "server"; `deed` a word of `server.db.audit_log.Deed`;
    `what` ids and codes as JSON; `heads` the ends of the update logs that moved since the row before, as JSON.
    `hash` covers all of it and the hash of the row before.
    """

    __tablename__ = "audit_log"
    conference_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(sa_type=Moment)
    who: str
    deed: str
    what: str
    heads: str
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class BoundHead(SQLModel, table=True):
    """How far a lane's update log is bound into the trail: its row `seq`, by the trail's row `audit_seq`. One row, in
    the name of no lane, says where the trail itself ends.
    """

    __tablename__ = "bound_head"
    lane: str = Field(primary_key=True)
    conference_id: str = Field(index=True)
    seq: int
    audit_seq: int
