"""The read-through at the desk: who has said what of each point. Pure; built from what the desk may see."""

from __future__ import annotations

from collections.abc import Sequence

from server.actions.names import first_name
from server.actions.views import AnswerView, ConferenceView, NameView, PartPoints, PersonView, PointView
from server.routes.desk_pages import Answered, Cell, Frame, GridRow, ReadThrough
from server.routes.desk_words import Shape
from shared_doc.permissions import Standing

_FIRST_WORDS = 28
"""A point is named in the overview by its beginning, no longer than this many letters."""


def read_through(view: ConferenceView, frame_: Frame, points: PartPoints, wanted: str) -> ReadThrough:
    """The part's points one at a time: the one `wanted`, else the first that somebody has not answered."""
    part = view.part(frame_.part_id)
    reading = view.read_through
    asked = {one.point_id: one.answers for one in reading.points} if reading else {}
    order = [point for point in points.minutes if not point.struck and point.text]
    at = _at(order, asked, wanted)
    point = order[at] if order else None
    people = {person.id: person for person in view.people}
    names = list(
        {answer.person.id: answer.person for answers in asked.values() for answer in answers}.values()
    )
    return ReadThrough(
        frame=frame_,
        title=part.title if part else "",
        running=reading is not None and reading.running,
        point=point,
        step=at + 1,
        steps=len(order),
        answers=tuple(
            _answered(answer, people.get(answer.person.id))
            for answer in (asked.get(point.id, ()) if point else ())
        ),
        names=tuple(_short(name) for name in names),
        grid=tuple(
            GridRow(
                id=one.id,
                number=one.number,
                words=_beginning(one.text),
                current=point is not None and one.id == point.id,
                cells=_cells(names, asked.get(one.id, ()), people),
            )
            for one in order
        ),
        before_id=order[at - 1].id if order and at > 0 else "",
        next_id=order[at + 1].id if at + 1 < len(order) else "",
    )


def _at(order: Sequence[PointView], asked: dict[str, tuple[AnswerView, ...]], wanted: str) -> int:
    for i, point in enumerate(order):
        if point.id == wanted:
            return i
    for i, point in enumerate(order):
        if any(answer.answer is None or answer.stale for answer in asked.get(point.id, ())):
            return i
    return 0


def _short(person: NameView) -> str:
    return first_name(person.name)


def _beginning(text: str) -> str:
    if len(text) <= _FIRST_WORDS:
        return text
    return text[:_FIRST_WORDS].rsplit(" ", 1)[0].rstrip(",.;: ") + " …"


def _shape(answer: AnswerView | None, person: PersonView | None) -> tuple[Shape, str]:
    if answer is not None and answer.answer is not None and not answer.stale:
        right = answer.answer == "right"
        words = "Right" if right else "Not right"
        if answer.by_voice:
            return Shape("phone", f"{words}, by voice"), "ok" if right else "stop"
        return Shape("tick" if right else "cross", words), "ok" if right else "stop"
    if person is not None and person.standing is Standing.LEFT:
        return Shape("leave", "Has left"), "quiet"
    if (
        person is not None
        and person.dropped_at is not None
        and not person.here
        and person.attending != "room"
    ):
        return Shape("offline", "Dropped off"), "quiet"
    if answer is not None and answer.stale:
        return Shape("dots", "The point was changed. Asked again"), "quiet"
    return Shape("dots", "Not answered yet"), "quiet"


def _answered(answer: AnswerView, person: PersonView | None) -> Answered:
    shape, tone = _shape(answer, person)
    given = answer.answer is not None and not answer.stale
    voice = person is not None and person.attending in {"phone", "voice_only"}
    return Answered(
        id=answer.person.id,
        name=answer.person.name,
        label=f"{answer.person.label}, voice only" if voice else answer.person.label,
        shape=shape,
        tone=tone,
        at=answer.at if given else None,
        words=answer.words,
        ask=not given,
        voice=voice,
    )


def _cells(
    names: Sequence[NameView], answers: Sequence[AnswerView], people: dict[str, PersonView]
) -> tuple[Cell, ...]:
    by_person = {answer.person.id: answer for answer in answers}
    return tuple(Cell(*_shape(by_person.get(name.id), people.get(name.id))) for name in names)
