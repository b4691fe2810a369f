"""A read-through as one person may see it: everybody's answers at the desk, one's own elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.actions.meeting import Meeting
from server.actions.part_points import FoundPoint
from server.actions.read_through import NOT_RIGHT, latest_answers, point_hash
from server.actions.views import AnswerView, PointAnswers, ReadThroughView
from server.db.models import Agreement, Part
from shared_doc.permissions import Act
from shared_doc.points import Point
from shared_doc.schema import LaneKind


def read_through_of(meeting: Meeting, part_id: str, points: Mapping[str, FoundPoint]) -> ReadThroughView:
    """The answers about each point of a part's minutes that is not struck. Only for a part the reader may
    read.
    """
    given = latest_answers(row for row in meeting.answers if row.part_id == part_id)
    asked = _asked(meeting, part_id, given)
    return ReadThroughView(
        part_id=part_id,
        running=meeting.conference.reading_part_id == part_id,
        points=tuple(
            PointAnswers(
                found.point.id,
                tuple(_answer(meeting, who, given.get((found.point.id, who)), found.point) for who in asked),
            )
            for found in points.values()
            if _to_agree(found)
        ),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many points of a part that was gone over somebody says are not right, were changed since, or wait for an
    answer. All nought: agreed.
    """

    not_agreed: int = 0
    changed: int = 0
    unanswered: int = 0


def tally(meeting: Meeting, part: Part, points: Mapping[str, FoundPoint]) -> Tally:
    """Where the answers about a part stand, against its points as they read now.

    A point counts as changed while somebody who can still be asked has answered about other words only, or nobody has
    answered about the present ones. Whoever came in after the part was gone over is not waited for.
    """
    given = latest_answers(row for row in meeting.answers if row.part_id == part.id)
    asked = {id_ for id_ in meeting.rows if meeting.rights.decide(id_, Act.AGREE, part.id)}
    waited_for = {id_ for id_ in asked if _was_there(meeting, id_, part)}
    disputed = changed = unanswered = 0
    for found in points.values():
        if not _to_agree(found):
            continue
        now = point_hash(found.point)
        answers = {who: row for (point_id, who), row in given.items() if point_id == found.point.id}
        fresh = [row.answer for row in answers.values() if row.text_hash == now]
        stale = {who for who, row in answers.items() if row.text_hash != now}
        disputed += NOT_RIGHT in fresh
        changed += bool(stale) and (bool(stale & asked) or not fresh)
        unanswered += not answers or bool(waited_for - answers.keys())
    return Tally(disputed, changed, unanswered)


def asked_again(meeting: Meeting, part_id: str, points: Mapping[str, FoundPoint]) -> ReadThroughView | None:
    """What the reader has answered about a part, if any of those points were changed since: they are stale (R-65)."""
    view = own_answers(meeting, part_id, points)
    return view if any(one.stale for point in view.points for one in point.answers) else None


def own_answers(meeting: Meeting, part_id: str, points: Mapping[str, FoundPoint]) -> ReadThroughView:
    """What the reader has answered about a part, whether or not it is gone over now."""
    me = meeting.me.id
    given = latest_answers(
        row for row in meeting.answers if row.part_id == part_id and row.participant_id == me
    )
    answered = tuple(
        PointAnswers(found.point.id, (_answer(meeting, me, row, found.point),))
        for found in points.values()
        if _to_agree(found) and (row := given.get((found.point.id, me))) is not None
    )
    return ReadThroughView(part_id, running=False, points=answered)


def _to_agree(found: FoundPoint) -> bool:
    # A point without words is one about to be typed; nobody is asked about it yet.
    return found.lane is LaneKind.MINUTES and not found.point.struck and bool(found.point.text)


def _was_there(meeting: Meeting, participant_id: str, part: Part) -> bool:
    came = meeting.rows[participant_id].admitted_at
    return came is None or part.agreed_at is None or came <= part.agreed_at


def _asked(meeting: Meeting, part_id: str, given: Mapping[tuple[str, str], Agreement]) -> list[str]:
    """Who is shown: everybody entitled or who answered, in order; elsewhere than at the desk oneself or
    one's person.
    """
    answered = {who for _, who in given}
    everyone = [
        id_ for id_ in meeting.rows if id_ in answered or meeting.rights.decide(id_, Act.AGREE, part_id)
    ]
    if meeting.at_desk:
        return everyone
    own = {meeting.me.id} | ({meeting.me.supports.id} if meeting.me.supports else set())
    return [id_ for id_ in everyone if id_ in own]


def _answer(meeting: Meeting, who: str, row: Agreement | None, point: Point) -> AnswerView:
    person = meeting.known(who)
    if row is None:
        return AnswerView(person, answer=None, words="", by_voice=False, at=None, stale=False)
    return AnswerView(
        person, row.answer, row.words, row.by_voice, row.at, stale=row.text_hash != point_hash(point)
    )
