"""Flags: somebody says that a point is not right, that something is missing, asks a question, or names a
spelling.

A flag keeps the point as it stood when it was raised and as it stood when it was answered. It never
disappears (R-57); spelling waits for afterwards (R-58).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from server.actions import audit
from server.actions.access import allow
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.part_points import added_since, points_by_id
from server.actions.read_through import point_hash
from server.actions.words import one_of, one_paragraph, retry_key
from server.auth.identity import Actor
from server.db import flags
from server.db.ids import new_id
from server.db.models import Flag
from server.db.rights import Rights
from server.errors import BadInput, Conflict, NotFound
from server.events import FLAGS, Changed
from shared_doc.permissions import Act, Role
from shared_doc.points import Point

KINDS = ("not_right", "missing", "question", "spelling")
OUTCOMES = ("corrected", "left", "answered")
WITHDRAWN = "withdrawn"
_CHANGE_FIRST = "Change the point first, then say that it is put right."


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag, as told to whoever raised it."""

    id: str
    part_id: str
    point_id: str | None
    kind: str


async def raise_flag(
    ctx: Context,
    actor: Actor,
    part_id: str,
    point_id: str | None,
    kind: str,
    words: str = "",
    key: str | None = None,
) -> Raised:
    """Raise a flag; words are optional. Only something missing may concern no point. A solicitor flags for
    their person.

    Raises:
        NotFound: the part or the point is not there, or not for this person to read.
        BadInput: an unknown kind, a kind that needs a point, or too many words.
        Conflict: more flags wait than one person can have.
    """
    one_of("kind", kind, KINDS)
    said = one_paragraph("words", words, ctx.settings.text_letters)
    own_key = retry_key(key)
    await ctx.db.read(allow, actor, Act.RAISE_FLAG, part_id)
    before: Point | None = None
    if point_id is not None:
        found = (await points_by_id(ctx, actor.conference_id, part_id)).get(point_id)
        if found is None:
            raise NotFound
        before = found.point
    elif kind != "missing":
        raise BadInput("point", "Say which point it is about.", "point_needed")
    raised, also = await ctx.db.write(_raise, ctx, actor, part_id, point_id, kind, said, own_key, before)
    _tell(ctx, actor.conference_id, part_id, also)
    return raised


def _raise(
    session: Session,
    ctx: Context,
    actor: Actor,
    part_id: str,
    point_id: str | None,
    kind: str,
    words: str,
    key: str | None,
    before: Point | None,
) -> tuple[Raised, frozenset[str]]:
    rights = allow(session, actor, Act.RAISE_FLAG, part_id)
    if key is not None and (sent := flags.flag_by_key(session, actor.participant_id, key)):
        return _raised(sent), _concerned(rights, sent)
    if flags.waiting_flags(session, actor.participant_id) >= ctx.settings.flags_waiting:
        raise Conflict("too_many_flags", "The chair has many of these from you. Please wait for the answers.")
    person = rights.people[actor.participant_id]
    helped = person.supports if person.role is Role.SOLICITOR else None
    flag = Flag(
        id=new_id("f"),
        conference_id=actor.conference_id,
        part_id=part_id,
        point_id=point_id,
        kind=kind,
        words=words,
        raised_by=person.id,
        on_behalf_of=helped.id if helped else None,
        raised_at=ctx.now(),
        key=key,
        before=before.text if before else "",
        before_hash=point_hash(before) if before else "",
    )
    session.add(flag)
    audit.did(
        session,
        ctx,
        actor,
        Deed.FLAG_RAISED,
        flag=flag.id,
        part=part_id,
        point=point_id,
        code=kind,
        of=flag.on_behalf_of,
    )
    return _raised(flag), _concerned(rights, flag)


async def answer(
    ctx: Context, actor: Actor, flag_id: str, outcome: str, words: str = "", added: str | None = None
) -> None:
    """Answer a flag: corrected, answered, or left as it is, which needs a reason. An answer is given once.

    Only what was changed since is corrected. What was missing may stand in a point of its own: `added` names it, or it
    is the newest one of the part since.

    Raises:
        NotFound: no such flag in this conference.
        BadInput: an unknown outcome, left as it is without a reason, or a point that was not added since.
        Conflict: it was answered or taken back before, or nothing was corrected.
    """
    one_of("outcome", outcome, OUTCOMES)
    needed = "Say why it is left as it is." if outcome == "left" else ""
    said = one_paragraph("words", words, ctx.settings.text_letters, needed=needed)
    flag, _ = await ctx.db.read(_to_answer, actor, flag_id)
    _still_waiting(flag)
    found = (await points_by_id(ctx, actor.conference_id, flag.part_id)).get(flag.point_id or "")
    # A point struck and emptied since is not among the points any more: what is left of it is nothing.
    now = found.point if found else None
    new = await _added(ctx, flag, now, added) if outcome == "corrected" else None
    after = now if flag.point_id is not None else new
    concerned = await ctx.db.write(
        _answer, ctx, actor, flag_id, outcome, said, after.text if after else "", new.id if new else None
    )
    _tell(ctx, actor.conference_id, flag.part_id, concerned)


async def _added(ctx: Context, flag: Flag, now: Point | None, added: str | None) -> Point | None:
    """The point in which something missing was added; None where the flagged point itself was changed.

    Raises:
        BadInput: `added` is not a point that was added since.
        Conflict: nothing was changed and nothing added.
    """
    missing = flag.kind == "missing"
    if added is not None and not missing:
        raise BadInput("added", "Only something that was missing is added as a point.")
    if added is None and flag.point_id is not None and _changed(flag, now):
        return None
    new = await added_since(ctx, flag.conference_id, flag.part_id, flag.raised_at) if missing else []
    if added is not None:
        new = [point for point in new if point.id == added]
        if not new:
            raise BadInput("added", "This is not a point that was added since.", "not_added")
    if not new:
        reason = "Write what is missing first, then say that it is put right." if missing else _CHANGE_FIRST
        raise Conflict("nothing_corrected", reason)
    return new[-1]


def _changed(flag: Flag, now: Point | None) -> bool:
    if now is None:
        return True
    # A flag of an earlier version has the words alone to compare with.
    return point_hash(now) != flag.before_hash if flag.before_hash else now.text != flag.before


def _to_answer(session: Session, actor: Actor, flag_id: str) -> tuple[Flag, Rights]:
    allow(session, actor, Act.ANSWER_FLAG)
    flag = flags.flag_in(session, actor.conference_id, flag_id)
    if flag is None:
        raise NotFound
    return flag, allow(session, actor, Act.ANSWER_FLAG, flag.part_id)


def _answer(
    session: Session,
    ctx: Context,
    actor: Actor,
    flag_id: str,
    outcome: str,
    words: str,
    after: str,
    added_id: str | None,
) -> frozenset[str]:
    flag, rights = _to_answer(session, actor, flag_id)
    _still_waiting(flag)
    flag.outcome = outcome
    flag.answer = words
    flag.after = after
    flag.added_id = added_id
    flag.answered_by = actor.participant_id
    flag.answered_at = ctx.now()
    session.add(flag)
    audit.did(
        session, ctx, actor, Deed.FLAG_ANSWERED, flag=flag_id, part=flag.part_id, point=added_id, code=outcome
    )
    return _concerned(rights, flag)


async def withdraw(ctx: Context, actor: Actor, flag_id: str) -> None:
    """Take one's own flag back while it waits. It stays in the record as taken back.

    Raises:
        NotFound: not a flag of this person, or of the person they flagged for.
        Conflict: it was answered or taken back before.
    """
    part_id, concerned = await ctx.db.write(_withdraw, ctx, actor, flag_id)
    _tell(ctx, actor.conference_id, part_id, concerned)


def _withdraw(session: Session, ctx: Context, actor: Actor, flag_id: str) -> tuple[str, frozenset[str]]:
    flag = flags.flag_in(session, actor.conference_id, flag_id)
    if flag is None or actor.participant_id not in {flag.raised_by, flag.on_behalf_of}:
        raise NotFound
    rights = allow(session, actor, Act.RAISE_FLAG, flag.part_id)
    _still_waiting(flag)
    flag.outcome = WITHDRAWN
    flag.answered_by = actor.participant_id
    flag.answered_at = ctx.now()
    session.add(flag)
    audit.did(session, ctx, actor, Deed.FLAG_WITHDRAWN, flag=flag_id, part=flag.part_id)
    return flag.part_id, _concerned(rights, flag)


def _still_waiting(flag: Flag) -> None:
    if flag.outcome == WITHDRAWN:
        raise Conflict("withdrawn", "This was taken back by whoever said it.")
    if flag.outcome is not None:
        raise Conflict("already_answered", "This has been answered already.")


def _raised(flag: Flag) -> Raised:
    return Raised(flag.id, flag.part_id, flag.point_id, flag.kind)


def _concerned(rights: Rights, flag: Flag) -> frozenset[str]:
    """Who sees this flag besides the desk: its raiser, whom it was raised for, and those
    who came with them.
    """
    own = {flag.raised_by, flag.on_behalf_of}
    companions = {
        person.id
        for person in rights.people.values()
        if person.supports is not None and person.supports.id in own
    }
    return frozenset(id_ for id_ in own | companions if id_ is not None)


def _tell(ctx: Context, conference_id: str, part_id: str, concerned: frozenset[str]) -> None:
    ctx.events.publish(Changed(conference_id, frozenset({FLAGS}), part_id, concerned))
