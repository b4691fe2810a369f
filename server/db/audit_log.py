"""The trail: who did, saw, fetched or was refused what, and when. One chain of rows per conference.

Each row carries the hash of the row before it, and the ends of those update logs of the conference that moved in
between: whoever shortens or alters a log up to a row of the trail contradicts that row, and whoever shortens the trail
contradicts `bound_head` and leaves changes that no row has seen.

Trust boundary: nothing but ids and codes gets in. A value with a space or an accent in it is refused, so that no word
of a meeting and no name can end up here by mistake.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Connection
from sqlmodel import Session, col, select

from server.db.models import AuditRow, BoundHead, Conference, Part, UpdateRow
from server.db.update_log import FIRST_HASH, Head
from shared_doc.schema import LaneKind, lane_name

COUNCIL = ""
"""The conference id of the chain for what concerns no single conference: signing in, accounts, lists."""

TRAIL = "trail"
"""What `bound_head` calls the trail itself, in the place of a part and its lane."""

SERVER = "server"
"""Who does what nobody asked for."""

SEAL_EVERY = 500
"""Changes of a lane after which the trail takes note of its end, whatever else happens."""

_CODE = re.compile(r"[A-Za-z0-9_.:/-]{1,200}")
_SAME_REFUSAL = timedelta(seconds=10)


class Deed(StrEnum):
    """What a row can say. Names stay as they are: rows of years ago are read by them."""

    CREATED = "created"
    UPGRADED = "upgraded"
    PHASE = "phase"
    PART_BEGUN = "part_begun"
    PART_RELEASED = "part_released"
    PART_WITHHELD = "part_withheld"
    KEPT_OUT = "kept_out"
    LET_BACK = "let_back"
    PEN_HANDED = "pen_handed"
    PEN_TAKEN = "pen_taken"
    PERSON_ADDED = "person_added"
    PERSON_CORRECTED = "person_corrected"
    LINK_RENEWED = "link_renewed"
    LINK_REVOKED = "link_revoked"
    IDENTIFIED = "identified"
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    TESTED = "tested"
    SIGNED_OUT = "signed_out"
    ADMITTED = "admitted"
    HERE = "here"
    REMOVED = "removed"
    LEFT = "left"
    CAME_BACK = "came_back"
    ATTENDING = "attending"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    LANE_OPENED = "lane_opened"
    LANES_SEALED = "lanes_sealed"
    POINT_ADDED = "point_added"
    FLAG_RAISED = "flag_raised"
    FLAG_ANSWERED = "flag_answered"
    FLAG_WITHDRAWN = "flag_withdrawn"
    REQUEST_MADE = "request_made"
    REQUEST_SETTLED = "request_settled"
    REQUEST_WITHDRAWN = "request_withdrawn"
    READING_BEGUN = "reading_begun"
    READING_ENDED = "reading_ended"
    AGREEMENT_SAID = "agreement_said"
    RECORD_SIGNED = "record_signed"
    SAW = "saw"
    DOWNLOADED = "downloaded"
    REFUSED = "refused"
    SIGNED_IN = "signed_in"
    ACCOUNT_ADDED = "account_added"
    PASSWORD_SET = "password_set"  # noqa: S105 - a deed, not a password
    ACCOUNT_CLOSED = "account_closed"
    TOKEN_CREATED = "token_created"  # noqa: S105 - a deed, not a token
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a deed, not a token


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to be written. `what` holds ids and codes only."""

    conference_id: str
    who: str
    deed: Deed
    at: datetime
    what: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """The first row of a chain that does not hold, or that is not there."""

    conference_id: str
    seq: int
    what: str


def append(session: Session, entry: Entry) -> None:
    """Write one line in the caller's transaction. A refusal that repeats itself at once is written once.

    Raises:
        ValueError: something other than ids and codes.
    """
    connection = session.connection()
    what = _written({name: value for name, value in entry.what.items() if value})
    if not is_code(entry.who):
        raise ValueError("the trail takes ids and codes only")
    at = entry.at.astimezone(UTC)
    last = connection.exec_driver_sql(
        "SELECT seq, hash, who, deed, what, at FROM audit_log WHERE conference_id = ? ORDER BY seq DESC LIMIT 1",
        (entry.conference_id,),
    ).one_or_none()
    if (
        last is not None
        and entry.deed is Deed.REFUSED
        and (last[2], last[3], last[4])
        == (
            entry.who,
            entry.deed,
            what,
        )
    ):
        before = datetime.fromisoformat(last[5]).replace(tzinfo=UTC)
        # A clock that was set back meanwhile must not silence refusals until it has caught up.
        if timedelta() <= at - before < _SAME_REFUSAL:
            return
    seq, before_hash = (1, FIRST_HASH) if last is None else (last[0] + 1, last[1])
    moved = _moved(connection, entry.conference_id)
    heads = _heads_written(moved)
    hashed = row_hash(before_hash, entry.conference_id, seq, at, entry.who, entry.deed, what, heads)
    connection.exec_driver_sql(
        "INSERT INTO audit_log (conference_id, seq, at, who, deed, what, heads, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (entry.conference_id, seq, _text(at), entry.who, str(entry.deed), what, heads, hashed),
    )
    # The trail's own end is kept like a lane's, so that a row taken off its end is missed.
    for lane, head in {**moved, f"{entry.conference_id}/{TRAIL}": Head(seq, hashed)}.items():
        connection.exec_driver_sql(
            "INSERT INTO bound_head (lane, conference_id, seq, audit_seq) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (lane) DO UPDATE SET seq = excluded.seq, audit_seq = excluded.audit_seq",
            (lane, entry.conference_id, head.seq, seq),
        )


def with_known_lane(session: Session, entry: Entry) -> Entry:
    """The line without its lane if there is no such lane: a client may call a document anything, words too."""
    lane = entry.what.get("lane")
    if lane is None:
        return entry
    conference_id, _, rest = lane.partition("/")
    part = session.get(Part, rest.partition("/")[0])
    if part is not None and part.conference_id == conference_id == entry.conference_id:
        names = {lane_name(conference_id, part.id, kind) for kind in LaneKind}
        if lane in names:
            return entry
    return replace(entry, what={name: value for name, value in entry.what.items() if name != "lane"})


def row_hash(
    before: bytes, conference_id: str, seq: int, at: datetime, who: str, deed: str, what: str, heads: str
) -> bytes:
    """The hash of a row: SHA-256 over the hash before it and every field, each preceded by its length."""
    digest = hashlib.sha256(before)
    for part in (conference_id, str(seq), _text(at), who, deed, what, heads):
        told = part.encode()
        digest.update(len(told).to_bytes(8, "big"))
        digest.update(told)
    return digest.digest()


def is_code(value: str) -> bool:
    """Whether this is an id or a code as the trail takes them."""
    return _CODE.fullmatch(value) is not None


def _written(what: Mapping[str, str]) -> str:
    for name, value in what.items():
        if not (is_code(name) and is_code(value)):
            # The value is not told: it may be what must not be here.
            raise ValueError("the trail takes ids and codes only")
    return json.dumps(dict(what), sort_keys=True, separators=(",", ":"))


def _heads_written(heads: Mapping[str, Head]) -> str:
    told = {lane: [head.seq, head.hash.hex()] for lane, head in heads.items()}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _moved(connection: Connection, conference_id: str) -> dict[str, Head]:
    """The ends of the conference's update logs that no row of the trail has seen yet."""
    if conference_id == COUNCIL:
        return {}
    # Lane by lane, each by its key: going over the log itself would cost more than all the rest.
    one = "SELECT conference_id || '/' || id || ? AS lane FROM part WHERE conference_id = ?"
    names = " UNION ALL ".join([one] * len(LaneKind))
    found = connection.exec_driver_sql(
        f"SELECT log.lane, log.seq, log.hash FROM ({names}) AS names"  # noqa: S608 - no value is in the text
        " JOIN update_log AS log ON log.lane = names.lane"
        " AND log.seq = (SELECT max(seq) FROM update_log WHERE lane = names.lane)"
        " LEFT JOIN bound_head AS bound ON bound.lane = names.lane"
        " WHERE bound.seq IS NULL OR log.seq > bound.seq",
        tuple(value for kind in LaneKind for value in (f"/{kind}", conference_id)),
    )
    return {lane: Head(seq, hash_) for lane, seq, hash_ in found}


def seal(session: Session, conference_id: str, lane: str, at: datetime) -> None:
    """Take note of where the logs of a conference end, if nothing else has of late."""
    append(session, Entry(conference_id, SERVER, Deed.LANES_SEALED, at, {"lane": lane}))


def rows_of(session: Session, conference_id: str) -> Iterator[AuditRow]:
    """A chain's rows, the oldest first."""
    yield from session.exec(
        select(AuditRow).where(AuditRow.conference_id == conference_id).order_by(col(AuditRow.seq))
    )


def chains(session: Session) -> list[str]:
    """The chains there should be: every conference's, and the council's if it has begun."""
    ids = set(session.exec(select(Conference.id))) | set(
        session.exec(select(AuditRow.conference_id).distinct())
    )
    return sorted(ids)


def check_chain(session: Session, conference_id: str) -> tuple[int, Break | None]:
    """Walk one chain and what it says of the update logs: how many rows hold, and the first thing that does not."""
    seq, before = 0, FIRST_HASH
    bound: dict[str, int] = {}
    for row in rows_of(session, conference_id):
        if row.seq != seq + 1:
            return seq, Break(conference_id, seq + 1, "the row is missing")
        hashed = row_hash(before, conference_id, row.seq, row.at, row.who, row.deed, row.what, row.heads)
        if hashed != row.hash:
            return seq, Break(conference_id, row.seq, "the row was altered")
        seq, before = row.seq, row.hash
        for lane, (number, hash_) in json.loads(row.heads).items():
            log = session.get(UpdateRow, (lane, number))
            if log is None:
                what = f"it has seen row {number} of lane {lane}, which is missing"
                return seq, Break(conference_id, seq, what)
            if log.hash.hex() != hash_:
                what = f"it has seen another row {number} of lane {lane} than the one that is there"
                return seq, Break(conference_id, seq, what)
            session.expunge(log)
            bound[lane] = number
        session.expunge(row)
    return seq, _end(session, conference_id, seq, bound)


def _end(session: Session, conference_id: str, seq: int, bound: Mapping[str, int]) -> Break | None:
    """What says that rows are missing at the end of a chain that holds as far as it goes."""
    if seq == 0:
        return Break(conference_id, 1, "the row is missing")
    held = session.exec(select(BoundHead).where(BoundHead.conference_id == conference_id)).all()
    if any(head.audit_seq > seq for head in held):
        return Break(conference_id, seq + 1, "the row is missing")
    if {head.lane: head.seq for head in held} != {**bound, f"{conference_id}/{TRAIL}": seq}:
        return Break(conference_id, seq, "it does not end where it is known to end")
    for lane, head in _moved(session.connection(), conference_id).items():
        # Every so many changes a row takes note; twice that without one means that rows were cut off.
        if head.seq - bound.get(lane, 0) > 2 * SEAL_EVERY:
            return Break(
                conference_id, seq + 1, f"the row is missing: nothing has seen the end of lane {lane}"
            )
    return None


def _text(at: datetime) -> str:
    utc = at if at.tzinfo is None else at.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f")
