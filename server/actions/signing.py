"""Signing: everything stands still, the record is built from what is on the disk, sealed and kept, all or
nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from server import authority
from server.actions import audit
from server.actions.access import pass_or_refuse, rights_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.read_through import point_hash
from server.auth.identity import Actor
from server.db import conferences, flags, participants, records
from server.db.models import Conference, Flag, Participant, SignedRecord
from server.db.rights import Rights
from server.errors import Conflict, NotFound, Reason
from server.events import PHASE, RECORD, Changed, RightsChanged
from server.record.build import Lane, Material, build
from server.record.copy import may_have_copy
from server.record.keys import SigningKey, load_or_make
from server.record.seal import NOTHING_BEFORE, SALT_BYTES, seal, trusted_record
from server.record.sealed import Signer
from shared_doc.permissions import Act, Phase, Place, decide
from shared_doc.points import Point
from shared_doc.schema import LaneKind, lane_name

_WORDS = {
    "not_right": "“That’s not right”",
    "missing": "“Something is missing”",
    "question": "A question",
    "spelling": "A spelling mistake",
}
_CAN_BE_SIGNED = frozenset({Phase.IN_SESSION, Phase.CLOSED})


@dataclass(frozen=True, slots=True)
class _FrozenLane:
    points: Sequence[Point]
    started_by: dict[str, str | None]


async def readiness(ctx: Context, actor: Actor) -> list[Reason]:
    """What has to happen before the chair can sign; empty when nothing has. Each reason says where in the
    chair's page.

    Spelling flags count: they are put right after the meeting and before the signature (R-58, R-79).

    Raises:
        NotFound, NotAllowed: this person is not the chair of this conference.
    """
    phase, waiting, places = await ctx.db.read(_what_is_missing, actor)
    if phase is Phase.SIGNED:
        return []
    reasons = []
    if phase not in _CAN_BE_SIGNED:
        text = (
            "The meeting is stopped for now." if phase is Phase.ADJOURNED else "The meeting has not started."
        )
        reasons.append(Reason("not_in_session", text, "phase"))
    numbers = {
        part_id: await _point_numbers(ctx, actor, part_id) for part_id in {flag.part_id for flag in waiting}
    }
    return reasons + [
        Reason("flag_unanswered", _told(flag, places[flag.part_id], numbers[flag.part_id]), f"flag-{flag.id}")
        for flag in waiting
    ]


async def sign(ctx: Context, actor: Actor) -> SignedRecord:
    """Sign the record of the actor's conference. Signing what is signed gives the same record again.

    Raises:
        NotFound, NotAllowed: this person is not the chair of this conference.
        Conflict: not ready; `missing` has the same reasons as `readiness`.
    """
    done = await ctx.db.read(_signed_already, actor)
    if done is not None:
        return done
    _refuse_unless_ready(await readiness(ctx, actor))
    council = authority.load(ctx.settings.data).name
    key = await asyncio.to_thread(load_or_make, ctx.settings.data, council)
    async with ctx.lanes.frozen(actor.conference_id):
        # Between the first look and this moment a flag can have been raised; now nothing moves any more.
        part_ids = await ctx.db.read(_part_ids, actor.conference_id)
        lanes = {
            name: await _frozen_lane(ctx, name)
            for part_id in part_ids
            for name in (lane_name(actor.conference_id, part_id, kind) for kind in LaneKind)
        }
        signed = await ctx.db.write(_sign, ctx, actor, lanes, key, council, ctx.now())
        # Told before the lanes thaw: by then nobody has the right to write.
        ctx.events.publish(
            RightsChanged(actor.conference_id),
            Changed(actor.conference_id, frozenset({PHASE, RECORD})),
        )
    return signed


def _refuse_unless_ready(reasons: Sequence[Reason]) -> None:
    if reasons:
        things = "One thing is" if len(reasons) == 1 else f"{len(reasons)} things are"
        raise Conflict("not_ready", f"Not ready to sign. {things} missing.", reasons)


def _what_is_missing(session: Session, actor: Actor) -> tuple[Phase, list[Flag], dict[str, int]]:
    """The phase, the unanswered flags and every part's number."""
    rights = _rights_of_the_chair(session, actor)
    waiting = [flag for flag in flags.flags_of(session, actor.conference_id) if flag.outcome is None]
    places = {part.id: part.number for part in conferences.parts_of(session, actor.conference_id)}
    return rights.phase, waiting, places


def _rights_of_the_chair(session: Session, actor: Actor) -> Rights:
    """Everybody's rights, if it is the actor's to sign. Signing twice, too early or while the meeting is
    stopped have answers of their own, so the phase is left out of this question.
    """
    rights = rights_in(session, actor.conference_id)
    person = rights.person(actor.participant_id)
    if person is None:
        raise NotFound
    pass_or_refuse(session, rights, actor, Act.SIGN, decide(person, Act.SIGN, Place(Phase.CLOSED)))
    return rights


def _signed_already(session: Session, actor: Actor) -> SignedRecord | None:
    _rights_of_the_chair(session, actor)
    return conferences.signed_record(session, actor.conference_id)


def _part_ids(session: Session, conference_id: str) -> list[str]:
    return [part.id for part in conferences.parts_of(session, conference_id)]


async def _point_numbers(ctx: Context, actor: Actor, part_id: str) -> dict[str, int]:
    points = await ctx.lanes.points(lane_name(actor.conference_id, part_id, LaneKind.MINUTES))
    return {point.id: number for number, point in enumerate(points, 1)}


def _told(flag: Flag, part_number: int, numbers: Mapping[str, int]) -> str:
    """One unanswered flag, without the words of whoever raised it."""
    number = numbers.get(flag.point_id or "")
    at = f", point {number}" if number else ""
    return f"{_WORDS.get(flag.kind, 'A flag')} on part {part_number}{at} has no answer yet."


async def _frozen_lane(ctx: Context, name: str) -> _FrozenLane:
    points = await ctx.lanes.points(name)
    return _FrozenLane(points, {point.id: await ctx.lanes.started_by(name, point.id) for point in points})


def _sign(
    session: Session,
    ctx: Context,
    actor: Actor,
    lanes: dict[str, _FrozenLane],
    key: SigningKey,
    council: str,
    now: datetime,
) -> SignedRecord:
    """Build, seal and keep the record, and end the conference: one transaction."""
    done = conferences.signed_record(session, actor.conference_id)
    if done is not None:
        return done
    rights = _rights_of_the_chair(session, actor)
    conference = session.get_one(Conference, actor.conference_id)
    if rights.phase not in _CAN_BE_SIGNED:
        raise Conflict("not_ready", "Not ready to sign. The meeting is not in session.")
    rows = flags.flags_of(session, actor.conference_id)
    if any(flag.outcome is None for flag in rows):
        raise Conflict("not_ready", "Not ready to sign. Something was just said that has no answer yet.")
    conference.phase = Phase.SIGNED
    conference.closed_at = conference.closed_at or now
    conference.reading_part_id = None
    people = participants.of_conference(session, actor.conference_id)
    contents = build(
        Material(
            conference=conference,
            children=conferences.children_of(session, actor.conference_id),
            people=people,
            parts=conferences.parts_of(session, actor.conference_id),
            flags=rows,
            answers=flags.answers_of(session, actor.conference_id),
            presence=participants.connections_of(session, actor.conference_id),
            minutes=_by_part(session, actor.conference_id, lanes, LaneKind.MINUTES),
            summaries=_by_part(session, actor.conference_id, lanes, LaneKind.SUMMARY),
            recipients=[row.id for row in people if may_have_copy(rights.people[row.id])],
            asked_about={point.id: point_hash(point) for lane in lanes.values() for point in lane.points},
            signed_by=actor.participant_id,
        )
    )
    before = records.last_signed(session)
    # The order of signing is the order of the chain, even if the clock was put back in between.
    at = max(now, before.signed_at + timedelta(microseconds=1)) if before else now
    record = seal(
        contents,
        salts=[secrets.token_bytes(SALT_BYTES) for _ in range(len(contents.parts) + 1)],
        previous=before.root if before else NOTHING_BEFORE,
        council=council,
        signed_by=_signer(people, actor),
        signed_at=at,
        key=key,
    )
    body = record.to_bytes()
    # Read back before it is kept: a record that we could not read again must never count as signed.
    trusted_record(body)
    signed = SignedRecord(
        conference_id=conference.id,
        signed_at=at,
        signed_by=actor.participant_id,
        root=record.seal.root,
        body=body,
    )
    session.add(signed)
    session.add(conference)
    session.flush()
    audit.did(session, ctx, actor, Deed.RECORD_SIGNED, root=signed.root)
    return signed


def _by_part(
    session: Session, conference_id: str, lanes: dict[str, _FrozenLane], kind: LaneKind
) -> dict[str, Lane]:
    found = {}
    for part_id in _part_ids(session, conference_id):
        name = lane_name(conference_id, part_id, kind)
        end = records.end_of_log(session, name)
        found[part_id] = Lane(name, lanes[name].points, lanes[name].started_by, end.seq, end.hash.hex())
    return found


def _signer(people: Sequence[Participant], actor: Actor) -> Signer:
    chair = next(row for row in people if row.id == actor.participant_id)
    return Signer(chair.id, chair.name, chair.role)
