"""The contexts of the desk's page and its fragments, built from what the chair or minute-taker may see. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from server.actions.duties import agencies
from server.actions.names import CONFERENCE_KINDS, first_name
from server.actions.views import (
    ConferenceView,
    FlagState,
    FlagView,
    PartPoints,
    PartState,
    PartView,
    PersonView,
    RequestView,
)
from server.routes.desk_pages import (
    Choice,
    Frame,
    Item,
    Look,
    Menu,
    PartHead,
    PartRow,
    Parts,
    People,
    PersonRow,
    Queue,
)
from server.routes.desk_words import (
    ATTENDING,
    AUDIENCES,
    FLAGS,
    OUTCOMES,
    PART_STATES,
    PHASES,
    READERS,
    REQUESTS,
    STEPS,
    Shape,
    and_list,
)
from server.routes.word_changes import Stretch, word_changes
from server.templating import clock
from shared_doc.permissions import (
    PROFESSIONALS,
    Audience,
    Phase,
    Role,
    Standing,
    may_be_kept_out,
    may_be_sent_out,
)


def frame(view: ConferenceView, *, base: str, csrf: str, part_id: str, problem: str = "") -> Frame:
    """What every page and fragment has."""
    return Frame(
        base=base,
        csrf=csrf,
        screen=f"/conferences/{view.id}/screen",
        kind=CONFERENCE_KINDS.get(view.kind, view.kind),
        children=and_list([first_name(child.name) for child in view.children]),
        started_at=view.started_at,
        starts_at=view.starts_at,
        phase=view.phase,
        phase_words=PHASES[view.phase],
        reads_through=view.can.lead_read_through,
        signs=view.can.sign,
        part_id=part_id,
        problem=problem,
    )


def parts(view: ConferenceView, frame_: Frame) -> Parts:
    """The list of parts with what each is and where it stands."""
    children = {person.id: first_name(person.name) for person in view.people if person.role is Role.CHILD}
    names = {person.id: first_name(person.name) for person in view.people}
    rows = tuple(
        PartRow(
            id=part.id,
            number=part.number,
            title=part.title,
            shape=_part_shape(part),
            readers=and_list(
                [
                    AUDIENCES[part.audience],
                    *(children[one] for one in part.released_to if one in children),
                ]
            )
            + (f", without {and_list([names[one] for one in part.kept_out])}" if part.kept_out else ""),
            closed=part.audience is Audience.PROFESSIONALS,
            looked_at=part.id == frame_.part_id,
            now=part.id == view.current,
        )
        for part in view.parts
    )
    begun = next((i + 1 for i, row in enumerate(rows) if row.now), 0)
    can_begin = view.can.lead and view.phase is Phase.IN_SESSION and begun < len(rows)
    return Parts(frame_, rows, rows[begun] if can_begin else None)


_COUNTED = frozenset({PartState.CHANGED_SINCE, PartState.NOT_ALL_AGREED, PartState.NOT_ALL_ANSWERED})


def _part_shape(part: PartView) -> Shape:
    shape = PART_STATES[part.state]
    if part.state not in _COUNTED:
        return shape
    counted = (
        (part.changed_since, f"{_number(part.changed_since)} {PART_STATES[PartState.CHANGED_SINCE].words}"),
        (part.not_agreed, f"{part.not_agreed} {PART_STATES[PartState.NOT_ALL_AGREED].words}"),
        (part.unanswered, f"{part.unanswered} {PART_STATES[PartState.NOT_ALL_ANSWERED].words}"),
    )
    return Shape(shape.icon, ", ".join(words for count, words in counted if count))


def _number(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"


def looks(view: ConferenceView) -> tuple[Look, ...]:
    """What came of the read-throughs, for the chair to look at before signing. None of it forbids to sign: the record
    says of each answer which words it was about, and what somebody did not agree to stands beside the point.
    """
    found = []
    for part in view.parts:
        if part.state is PartState.SAID:
            found.append(Look(part.id, f"Part {part.number} has not been read through."))
        if part.changed_since:
            were = "was" if part.changed_since == 1 else "were"
            told = (
                f"{_number(part.changed_since)} {were} changed after somebody answered. They are asked again."
            )
            found.append(Look(part.id, f"Part {part.number}: {told}"))
        if part.unanswered:
            told = f"not everyone has answered about {_number(part.unanswered)}."
            found.append(Look(part.id, f"Part {part.number}: {told}"))
        if part.not_agreed:
            are = "is" if part.not_agreed == 1 else "are"
            told = f"{_number(part.not_agreed)} {are} not right for somebody. The record says what they said."
            found.append(Look(part.id, f"Part {part.number}: {told}"))
    return tuple(found)


def queue(view: ConferenceView, frame_: Frame, chosen_id: str, texts: Mapping[str, str]) -> Queue:
    """The queue. `texts` are the points' present wordings, for what was put right in the part on the page."""
    numbers = {part.id: part.number for part in view.parts}
    after_meeting = view.phase in {Phase.CLOSED, Phase.SIGNED}
    waiting = [
        _flag_item(flag, numbers, frame_, texts) for flag in view.flags if flag.state is FlagState.WAITING
    ]
    spelling = [item for item in waiting if item.shape is FLAGS["spelling"]]
    urgent = [_request_item(one) for one in view.requests if one.settled_at is None]
    # Who is not safe cannot wait behind who wants to speak; everything else keeps its turn.
    first = [item for item in urgent if item.shape is REQUESTS["not_safe"]]
    turns = [item for item in waiting if after_meeting or item not in spelling]
    turns += [item for item in urgent if item not in first]
    line = [*sorted(first, key=_turn), *sorted(turns, key=_turn)]
    chosen = next((item for item in (*line, *spelling) if item.id == chosen_id), None)
    if chosen is None and chosen_id:
        settled = next((flag for flag in view.flags if flag.id == chosen_id), None)
        chosen = _flag_item(settled, numbers, frame_, texts) if settled else None
    if chosen is None and line:
        chosen = line[0]
    return Queue(
        frame=frame_,
        waiting=len(line),
        chosen=chosen,
        rest=tuple(item for item in line if chosen is None or item.id != chosen.id),
        spelling=0 if after_meeting else len(spelling),
        marks=_marks(view.flags, frame_.part_id),
    )


def _turn(item: Item) -> tuple[datetime, str]:
    return item.at, item.id


def _flag_item(flag: FlagView, numbers: Mapping[str, int], frame_: Frame, texts: Mapping[str, str]) -> Item:
    point = f"point {flag.point_number}" if flag.point_number else ""
    part = (
        f"part {numbers[flag.part_id]}" if flag.part_id in numbers and flag.part_id != frame_.part_id else ""
    )
    waiting = flag.state is FlagState.WAITING
    outcome = "withdrawn" if flag.state is FlagState.WITHDRAWN else (flag.outcome or "")
    now = texts.get(flag.point_id or "", flag.before) if waiting else flag.after
    return Item(
        id=flag.id,
        request=False,
        shape=FLAGS.get(flag.kind, FLAGS["not_right"]),
        where=", ".join(word for word in (part, point) if word) or "this part",
        part_id=flag.part_id,
        point_id=flag.point_id or "",
        words=flag.words,
        by=flag.raised_by,
        for_whom=flag.on_behalf_of,
        at=flag.raised_at,
        waiting=waiting,
        outcome=OUTCOMES.get(outcome, ""),
        answer=flag.answer,
        answered_by=flag.answered_by,
        answered_at=flag.answered_at,
        before=flag.before,
        changes=_changes(flag, now),
    )


def _changes(flag: FlagView, now: str) -> tuple[Stretch, ...]:
    if flag.added:
        return word_changes("", flag.added)
    return word_changes(flag.before, now) if flag.before and now and flag.before != now else ()


def _request_item(request: RequestView) -> Item:
    return Item(
        id=request.id,
        request=True,
        shape=REQUESTS.get(request.kind, REQUESTS["speak"]),
        where="",
        part_id="",
        point_id="",
        words="",
        by=request.by,
        for_whom=None,
        at=request.at,
        waiting=request.settled_at is None,
        outcome="",
        answer="",
        answered_by=None,
        answered_at=request.settled_at,
        before="",
        changes=(),
    )


def _marks(flags: Sequence[FlagView], part_id: str) -> dict[str, tuple[int, int, str]]:
    marks: dict[str, tuple[int, int, str]] = {}
    for flag in sorted(flags, key=lambda one: (one.raised_at, one.id)):
        if flag.part_id != part_id or not flag.point_id or flag.state is FlagState.WITHDRAWN:
            continue
        waits, done, to_open = marks.get(flag.point_id, (0, 0, ""))
        if flag.state is FlagState.WAITING:
            # The oldest that waits, else the one settled last.
            marks[flag.point_id] = (waits + 1, done, to_open if waits else flag.id)
        else:
            marks[flag.point_id] = (waits, done + 1, to_open if waits else flag.id)
    return marks


_ORDER = {
    Standing.WAITING: 0,
    Standing.ADMITTED: 2,
    Standing.INVITED: 4,
    Standing.LEFT: 5,
    Standing.REMOVED: 6,
}


def people(view: ConferenceView, frame_: Frame, now: datetime) -> People:
    """Everybody of the meeting; those who need something on top, the rest in the order of the invitation."""
    rows = [(_rank(person), i, _person_row(view, person)) for i, person in enumerate(view.people)]
    # A report in writing is information; by it nobody is here, and no agency (quorum).
    here = [person for person in view.people if person.present and person.attending != "writing"]
    return People(
        frame_,
        tuple(row for _, _, row in sorted(rows, key=lambda one: one[:2])),
        agencies((person.role, person.agency) for person in here),
        now,
    )


def _rank(person: PersonView) -> int:
    if person.standing is Standing.ADMITTED and not person.present:
        return 1 if person.dropped else _ORDER[Standing.INVITED]
    return _ORDER[person.standing]


def _person_row(view: ConferenceView, person: PersonView) -> PersonRow:
    admitted = person.standing is Standing.ADMITTED
    shape, at, tone = _where(person)
    me = person.id == view.me.id
    return PersonRow(
        id=person.id,
        name=person.name,
        label=f"{person.role_label}, you" if me else person.role_label,
        shape=shape,
        at=at,
        tone=tone,
        wants=person.standing is Standing.WAITING,
        away=_away(person),
        safe=person.safe if person.safe in {"no", "overheard"} else "",
        attending=person.attending,
        promised=person.promised,
        can_admit=view.can.admit and person.standing is Standing.WAITING,
        can_be_here=view.can.admit
        and not me
        and not person.present
        and view.phase is not Phase.CLOSED
        and person.standing in {Standing.INVITED, Standing.ADMITTED},
        can_change_how=view.can.lead and person.present,
        can_leave=view.can.lead and admitted and not me and (person.present or person.dropped),
        can_return=view.can.admit and person.standing is Standing.LEFT,
        can_remove=view.can.remove
        and not me
        and may_be_sent_out(person.role)
        and person.standing is not Standing.REMOVED,
    )


def _away(person: PersonView) -> str:
    """The last time they were off the line, for whoever reads back what was said then."""
    over = [(one.since, one.until) for one in person.away if one.until is not None]
    if not over or not person.present:
        return ""
    since, until = over[-1]
    return f"Was off the line from {clock(since)} to {clock(until)}. Read back what was said then."


def _where(person: PersonView) -> tuple[Shape, datetime | None, str]:
    if person.standing is Standing.WAITING:
        return Shape("clock", "Waiting"), person.waiting_since, ""
    if person.standing is Standing.REMOVED:
        return Shape("stop", "removed"), None, "stop"
    if person.standing is Standing.LEFT:
        return Shape("leave", "left"), person.left_at, ""
    if person.dropped and person.standing is Standing.ADMITTED:
        return Shape("offline", "dropped off"), person.dropped_at, "stop"
    if not person.present:
        return Shape("empty", "not here yet"), None, ""
    return ATTENDING.get(person.attending, ATTENDING["room"]), None, ""


def menu(view: ConferenceView, part: PartView | None) -> Menu:
    """Steps of the meeting, and who can be handed something in this part."""
    steps = STEPS[view.phase] if view.can.lead else ()
    if part is None or view.phase is Phase.SIGNED:
        return Menu(steps, (), (), ())
    at_desk = {Role.CHAIR, Role.MINUTE_TAKER}
    pens = tuple(
        _choice(person, person.id in part.pen_held_by)
        for person in view.people
        if view.can.hand_pen
        and person.role not in at_desk
        and person.standing is Standing.ADMITTED
        and (person.id in part.pen_held_by or person.role in PROFESSIONALS)
    )
    children = tuple(
        _choice(person, person.id in part.released_to)
        for person in view.people
        if view.can.admit and person.role is Role.CHILD and part.audience is Audience.EVERYONE
    )
    kept_out = tuple(
        _choice(person, person.id in part.kept_out)
        for person in view.people
        if view.can.admit
        and may_be_kept_out(person.role)
        and person.supports is None
        and (part.audience is Audience.EVERYONE or person.role in PROFESSIONALS)
    )
    return Menu(steps, pens, children, kept_out)


def _choice(person: PersonView, held: bool) -> Choice:
    return Choice(person.id, person.name, person.role_label, held)


def head(view: ConferenceView, part: PartView) -> PartHead:
    """The part on the page in words."""
    return PartHead(
        id=part.id,
        number=part.number,
        of=len(view.parts),
        title=part.title,
        readers=READERS[part.audience],
        writing=_writing(view, part),
        now=part.id == view.current,
        opened=part.opened_at is not None,
        edits=part.can.edit_any,
        adds=part.can.add_point,
        writes_summary=part.can.write_summary,
    )


def _writing(view: ConferenceView, part: PartView) -> str:
    if not part.can.edit_any:
        return ""
    others = [
        first_name(person.name)
        for person in view.people
        if person.id != view.me.id
        and (person.role in {Role.CHAIR, Role.MINUTE_TAKER} or person.id in part.pen_held_by)
        and person.standing is Standing.ADMITTED
    ]
    return "You are writing." if not others else f"{and_list(['You', *others])} can write."


def texts_of(points: PartPoints) -> dict[str, str]:
    """The present wording of each point."""
    return {point.id: point.text for point in points.minutes}
