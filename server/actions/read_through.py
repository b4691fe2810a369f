"""The read-through: the chair goes over a part's points, and each person entitled says of each whether it
is right (R-65).

An answer belongs to the point as it read then. When the point is changed afterwards, the answer is stale and the
person is asked again, also after the read-through has ended. Whoever only has a voice is asked aloud, and the chair
enters what they said (R-45).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from sqlmodel import Session, col, select

from server.actions import audit
from server.actions.access import allow, part_in, pass_or_refuse
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.part_points import points_by_id
from server.actions.words import one_of, one_paragraph, retry_key
from server.auth.identity import Actor
from server.db import flags
from server.db.ids import new_id
from server.db.models import Agreement, Conference, Part
from server.errors import BadInput, Conflict, NotFound
from server.events import PARTS, READ_THROUGH, Changed
from shared_doc.permissions import Act, Phase
from shared_doc.points import Point
from shared_doc.schema import parse_lane

RIGHT = "right"
NOT_RIGHT = "not_right"
ANSWERS = (RIGHT, NOT_RIGHT)


def point_hash(point: Point) -> str:
    """What somebody agrees to: the words, who is recorded as having said them, their kind, and whether they
    are struck.
    """
    said = json.dumps([point.text, point.said_by, point.kind, point.struck], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()


async def start(ctx: Context, actor: Actor, part_id: str) -> None:
    """Begin to go over a part. Another read-through that runs is finished first, by the chair."""
    await ctx.db.write(_start, ctx, actor, part_id)
    _tell(ctx, actor.conference_id, part_id)


def _start(session: Session, ctx: Context, actor: Actor, part_id: str) -> None:
    allow(session, actor, Act.LEAD_READ_THROUGH, part_id)
    conference = session.get_one(Conference, actor.conference_id)
    if conference.reading_part_id not in {None, part_id}:
        raise Conflict("reading_another", "Another part is being read through. Finish that one first.")
    part = part_in(session, actor.conference_id, part_id)
    conference.reading_part_id = part_id
    part.read_through_at = part.read_through_at or ctx.now()
    part.agreed_at = None
    session.add(conference)
    session.add(part)
    audit.did(session, ctx, actor, Deed.READING_BEGUN, part=part_id)


async def finish(ctx: Context, actor: Actor, part_id: str) -> None:
    """The part has been gone over. Whether everyone agreed is in the answers; nobody has to."""
    await ctx.db.write(_finish, ctx, actor, part_id)
    _tell(ctx, actor.conference_id, part_id)


def _finish(session: Session, ctx: Context, actor: Actor, part_id: str) -> None:
    allow(session, actor, Act.LEAD_READ_THROUGH, part_id)
    conference = session.get_one(Conference, actor.conference_id)
    if conference.reading_part_id != part_id:
        raise Conflict("not_reading", "This part is not being read through.")
    part = part_in(session, actor.conference_id, part_id)
    conference.reading_part_id = None
    part.agreed_at = ctx.now()
    session.add(conference)
    session.add(part)
    audit.did(session, ctx, actor, Deed.READING_ENDED, part=part_id)


async def answer(
    ctx: Context,
    actor: Actor,
    part_id: str,
    point_id: str,
    answer: str,
    words: str = "",
    on_behalf_of: str | None = None,
    key: str | None = None,
) -> None:
    """Say of one point whether it is right. The same answer about the same words is kept once.

    `on_behalf_of` names somebody who answered by voice; only the chair enters that, and it is marked so.

    Raises:
        NotFound: no such part, point or person.
        NotAllowed: not somebody who is asked.
        BadInput: an unknown answer.
        Conflict: the part has not been gone over yet.
    """
    one_of("answer", answer, ANSWERS)
    said = one_paragraph("words", words, ctx.settings.text_letters)
    retry_key(key)  # the answer is its own key: giving the same one again changes nothing
    await ctx.db.read(_may_answer, actor, part_id, on_behalf_of)
    found = (await points_by_id(ctx, actor.conference_id, part_id)).get(point_id)
    if found is None:
        raise NotFound
    if found.point.struck:
        raise BadInput("point", "This point has been struck out. There is nothing to agree to.")
    await ctx.db.write(
        _answer, ctx, actor, part_id, point_id, answer, said, on_behalf_of, point_hash(found.point)
    )
    _tell(ctx, actor.conference_id, part_id)


def _may_answer(session: Session, actor: Actor, part_id: str, on_behalf_of: str | None) -> None:
    if on_behalf_of is None:
        allow(session, actor, Act.AGREE, part_id)
    else:
        rights = allow(session, actor, Act.LEAD_READ_THROUGH, part_id)
        pass_or_refuse(
            session, rights, actor, Act.AGREE, rights.decide(on_behalf_of, Act.AGREE, part_id), part_id
        )
    if part_in(session, actor.conference_id, part_id).read_through_at is None:
        raise Conflict("not_read_through_yet", "The chair has not gone over this part yet.")


def _answer(
    session: Session,
    ctx: Context,
    actor: Actor,
    part_id: str,
    point_id: str,
    answer: str,
    words: str,
    on_behalf_of: str | None,
    text_hash: str,
) -> None:
    _may_answer(session, actor, part_id, on_behalf_of)
    who = on_behalf_of or actor.participant_id
    latest = latest_answers(flags.answers_of(session, actor.conference_id, part_id)).get((point_id, who))
    if latest is not None and (latest.answer, latest.words, latest.text_hash) == (answer, words, text_hash):
        return
    session.add(
        Agreement(
            id=new_id("g"),
            conference_id=actor.conference_id,
            part_id=part_id,
            point_id=point_id,
            participant_id=who,
            answer=answer,
            words=words,
            at=ctx.now(),
            entered_by=actor.participant_id,
            by_voice=on_behalf_of is not None,
            text_hash=text_hash,
        )
    )
    audit.did(
        session, ctx, actor, Deed.AGREEMENT_SAID, part=part_id, point=point_id, code=answer, of=on_behalf_of
    )


def latest_answers(rows: Iterable[Agreement]) -> dict[tuple[str, str], Agreement]:
    """The newest answer by (point, participant) of rows that come oldest first."""
    return {(row.point_id, row.participant_id): row for row in rows}


def gone_over(session: Session) -> frozenset[str]:
    """The parts of unsigned conferences that were gone over, or are now."""
    query = (
        select(Part.id)
        .join(Conference, col(Conference.id) == Part.conference_id)
        .where(col(Part.read_through_at).is_not(None), Conference.phase != Phase.SIGNED)
    )
    return frozenset(session.exec(query))


async def out_of_date(ctx: Context, lane: str) -> frozenset[tuple[str, str]]:
    """Whose answer about which point of a part's minutes is about other words than it has now: (point, person)."""
    name = parse_lane(lane)
    rows = await ctx.db.read(flags.answers_of, name.conference_id, name.part_id)
    if not rows:
        return frozenset()
    now = {point.id: point_hash(point) for point in await ctx.lanes.points(lane) if not point.struck}
    return frozenset(key for key, row in latest_answers(rows).items() if row.text_hash != now.get(key[0]))


def ask_again(ctx: Context, lane: str, people: frozenset[str]) -> None:
    """Tell them, and the desk, that a point they answered about was changed."""
    name = parse_lane(lane)
    what = frozenset({READ_THROUGH, PARTS})
    ctx.events.publish(Changed(name.conference_id, what, name.part_id, people))


def _tell(ctx: Context, conference_id: str, part_id: str) -> None:
    ctx.events.publish(Changed(conference_id, frozenset({READ_THROUGH, PARTS}), part_id))
