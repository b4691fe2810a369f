"""A read-through as one person may see it: everybody's answers at the desk, one's own elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from server.actions.meeting import Meeting
from server.actions.part_points import FoundPoint
from server.actions.read_through import NOT_RIGHT, latest_answers, point_hash
from server.actions.views import AnswerView, PointAnswers, ReadThroughView
from server.db.models import Agreement
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
            if found.lane is LaneKind.MINUTES and not found.point.struck
        ),
    )


def not_agreed(meeting: Meeting, part_id: str, points: Mapping[str, FoundPoint]) -> int:
    """How many points of a part somebody says are not right, as they read now."""
    given = latest_answers(row for row in meeting.answers if row.part_id == part_id)
    return sum(
        any(
            row.answer == NOT_RIGHT and row.text_hash == point_hash(found.point)
            for (point_id, _), row in given.items()
            if point_id == found.point.id
        )
        for found in points.values()
        if not found.point.struck
    )


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
