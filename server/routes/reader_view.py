"""Builds the contexts of the readers' pages from what this person may see and nothing else. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from server.actions.after_meeting import ChangedLane, ChangedPoint
from server.actions.names import first_name
from server.actions.views import (
    ConferenceView,
    FlagState,
    FlagView,
    PartPoints,
    PartState,
    PartView,
    PointView,
)
from server.routes.reader_pages import (
    Asked,
    AskedAgain,
    Boot,
    By,
    ChangedLine,
    ChangedSince,
    Contact,
    Frame,
    PartLine,
    Said,
    Shown,
)
from server.routes.reader_place import place_of, where
from server.routes.reader_words import BY_KIND, VERBS, asks_for, done_words
from server.routes.word_changes import Stretch, word_changes
from shared_doc.permissions import COMPANIONS, FAMILY, PROFESSIONALS, Audience, Phase, Role
from shared_doc.schema import LaneKind


def frame(
    view: ConferenceView,
    *,
    base: str,
    csrf: str,
    key: str,
    now: datetime,
    letters: int,
    place: str,
    heading: str,
    under: str,
    boot: Boot | None,
) -> Frame:
    """What every page of this person has."""
    role = view.me.role
    bar, more = asks_for(role, view.can.ask_to_speak, view.can.ask_for_help)
    ended = view.phase in {Phase.CLOSED, Phase.SIGNED}
    helps = view.me.supports if role in COMPANIONS else None
    return Frame(
        base=base,
        csrf=csrf,
        key=key,
        place=place,
        there=place_of(where(view)),
        heading=heading,
        under=under,
        now=now,
        kid=role is Role.CHILD,
        numbers=role in PROFESSIONALS,
        bar=() if ended else bar,
        more=() if ended else more,
        may_leave=not ended,
        asked=tuple(
            Asked(one.id, done_words(role, one.kind), one.at)
            for one in view.requests
            if one.mine and one.settled_at is None and not ended
        ),
        again=() if place.startswith(("again:", "ask:")) else _again(view),
        chair=first_name(view.chair.name) if view.chair else "The chair",
        helps=person_name(view, helps) if helps else "",
        letters=letters,
        ended=ended,
        store=f"true-record/{view.id}/{view.me.id}/",
        script="professional.js" if role in PROFESSIONALS else "reader.js",
        boot=boot,
    )


def _again(view: ConferenceView) -> tuple[AskedAgain, ...]:
    titles = {part.id: part.title for part in view.parts if part.can.agree}
    return tuple(
        AskedAgain(
            one.part_id,
            titles[one.part_id],
            sum(answer.stale for point in one.points for answer in point.answers),
        )
        for one in view.asked_again
        if one.part_id in titles and view.phase is not Phase.SIGNED
    )


def person_name(view: ConferenceView, participant_id: str) -> str:
    """The name of somebody in the meeting, or "the person you are here for" where they are not listed."""
    return next((one.name for one in view.people if one.id == participant_id), "the person you are here for")


def part_lines(view: ConferenceView) -> tuple[PartLine, ...]:
    """The parts this person may read, for finding one's way."""
    return tuple(
        PartLine(
            part.id, part.number, part.title, part.id == view.current, part.state is not PartState.NOT_YET
        )
        for part in view.parts
    )


def by_line(view: ConferenceView, point: PointView) -> By:
    """Who said it. Nobody named: the point speaks by its number."""
    said_by = point.said_by
    if said_by is None:
        return By("", f"Point {point.number}", "")
    if said_by.id == view.me.id:
        if view.me.role in PROFESSIONALS:
            return By(said_by.id, said_by.name, "you")
        return By(said_by.id, "You", VERBS.get(point.kind, "said"))
    return By(said_by.id, said_by.name, said_by.label)


def saids(view: ConferenceView, part_id: str, texts: Mapping[str, str]) -> dict[str, tuple[Said, ...]]:
    """What this person said of a part's points, oldest first; "" holds what is about the part as a whole."""
    found: dict[str, list[Said]] = {}
    for flag in view.flags:
        if flag.part_id == part_id:
            found.setdefault(flag.point_id or "", []).append(_said(view, flag, texts))
    return {point: tuple(sorted(those, key=lambda one: one.at)) for point, those in found.items()}


def _said(view: ConferenceView, flag: FlagView, texts: Mapping[str, str]) -> Said:
    changes: tuple[Stretch, ...] = ()
    marked = False
    if flag.state is FlagState.WITHDRAWN:
        state, at = "withdrawn", flag.answered_at or flag.raised_at
    elif flag.state is FlagState.WAITING:
        state, at = ("spelling" if flag.kind == "spelling" else "sent"), flag.raised_at
    else:
        state, at = flag.outcome or "answered", flag.answered_at or flag.raised_at
        if flag.added:
            changes = word_changes("", flag.added)
        elif state == "corrected" and flag.before != flag.after:
            changes = word_changes(flag.before, flag.after)
            marked = flag.point_id is not None and texts.get(flag.point_id) == flag.after
    return Said(
        id=flag.id,
        state=state,
        at=at,
        words=flag.words,
        said=f"{_raiser(view, flag)} {BY_KIND[flag.kind].said}",
        answer=flag.answer,
        answered_by=first_name(flag.answered_by.name) if flag.answered_by else "The chair",
        own=flag.raised_by.id == view.me.id,
        mine=flag.mine,
        changes=changes,
        marked=marked,
        added=bool(flag.added),
    )


def _raiser(view: ConferenceView, flag: FlagView) -> str:
    """Who said it, to this reader: a companion reads what their person said, a parent what was said for them."""
    if flag.raised_by.id == view.me.id:
        return "You"
    for_me = flag.on_behalf_of is not None and flag.on_behalf_of.id == view.me.id
    return f"{flag.raised_by.name}, for you," if for_me else first_name(flag.raised_by.name)


def shown(
    view: ConferenceView, part: PartView, points: Sequence[PointView], *, numbers: bool
) -> tuple[Shown, ...]:
    """The points of a part as this person sees them. A point without words is one about to be typed: not drawn yet."""
    mine = saids(view, part.id, {point.id: point.text for point in points})
    drawn = [point for point in points if point.text]
    live = view.current == part.id and view.phase is Phase.IN_SESSION
    return tuple(
        _shown(view, point, mine.get(point.id, ()), newest=live and point is drawn[-1], numbers=numbers)
        for point in drawn
    )


def _shown(
    view: ConferenceView, point: PointView, said: tuple[Said, ...], *, newest: bool, numbers: bool
) -> Shown:
    marked = next((one.changes for one in reversed(said) if one.marked), ())
    own = point.said_by is not None and point.said_by.id == view.me.id
    return Shown(
        id=point.id,
        number=point.number,
        by=by_line(view, point),
        text=point.text,
        kind="" if point.kind == "point" else point.kind_label.lower(),
        struck=point.struck,
        own=own and view.me.role is Role.CHILD,
        newest=newest,
        said=said,
        changes=() if point.struck else marked,
        open=waits(said),
        act=act_words(view, own=own, again=bool(said), numbers=numbers),
    )


def waits(said: Iterable[Said]) -> bool:
    """Whether something said of a point still waits for its answer."""
    return any(one.state in {"sent", "spelling"} for one in said)


def act_words(view: ConferenceView, *, own: bool, again: bool, numbers: bool) -> str:
    """The words under a point that open what can be said of it."""
    if numbers:
        return "Flag this point"
    if again:
        return "Still not right? Say so"
    if own and view.me.role is Role.CHILD:
        return "That’s not what I meant"
    return "Not right? Say so"


def blank(view: ConferenceView, *, numbers: bool) -> Shown:
    """An empty point: what the scripts fill for a point that arrives."""
    act = act_words(view, own=False, again=False, numbers=numbers)
    return Shown("", 0, By("", "", ""), "", "", False, False, False, (), (), False, act)


def about(view: ConferenceView) -> str:
    """Who chairs, who types, and what kind of minutes these are."""
    chair = view.chair
    typists = [one.name for one in view.people if one.role is Role.MINUTE_TAKER]
    words = [f"Chair: {chair.name}."] if chair else []
    if typists:
        words.append(f"Typed by {' and '.join(typists)}.")
    words.append("These are the main points, not every word.")
    return " ".join(words)


def hint(view: ConferenceView) -> str:
    """What this page is for, where that is not plain: for those who read along and say nothing here."""
    role = view.me.role
    if role is Role.SUPPORTER and view.me.supports:
        name = person_name(view, view.me.supports)
        return f"You are here to support {name}. You read what {first_name(name)} reads."
    if role is Role.SOLICITOR and view.me.supports:
        name = person_name(view, view.me.supports)
        return f"You are here for {name}. What you say of a point is said for {first_name(name)}."
    if role in {Role.INTERPRETER, Role.OBSERVER}:
        return "You can read along. Nothing can be changed from this page."
    return ""


def summary_texts(points: PartPoints) -> tuple[str, ...]:
    """The chair's summary, as lines."""
    return tuple(point.text for point in points.summary if point.text and not point.struck)


def heading(view: ConferenceView, part: PartView) -> str:
    """The title of the page: the part's; a child is greeted by name, on a page that is theirs alone."""
    return f"Hello {first_name(view.me.name)}" if view.me.role is Role.CHILD else part.title


def under(view: ConferenceView, part: PartView) -> str:
    """The line below the title: where this part stands in the meeting. A child is told of no other parts."""
    if view.me.role is Role.CHILD:
        return f"{part.title}." if part.id == view.current else f"{part.title}. This part is over."
    words = f"Part {part.number} of {view.parts_in_all}."
    if part.audience is Audience.PROFESSIONALS:
        words += " Professionals only."
    if view.phase is Phase.ADJOURNED:
        words += " Stopped for now."
    return words


def changed_since(lanes: Iterable[ChangedLane]) -> tuple[ChangedSince, ...]:
    """What was changed since the meeting ended, in words."""
    return tuple(
        ChangedSince(
            f"The chair’s summary of “{lane.title}”" if lane.lane is LaneKind.SUMMARY else lane.title,
            tuple(_changed_line(point) for point in lane.points),
        )
        for lane in lanes
    )


def _changed_line(point: ChangedPoint) -> ChangedLine:
    told = []
    if point.struck:
        told.append("Struck out. These words do not count any more.")
    elif point.new:
        told.append("New.")
    if point.said_by:
        told.append(f"Now written as said by {point.said_by.name}, {point.said_by.label}.")
    if point.kind:
        told.append(f"Now called: {point.kind.lower()}.")
    where = f"Point {point.number}" if point.number else "A point that is gone"
    return ChangedLine(where, tuple(told), word_changes(point.before, point.after))


def who_to_ask(view: ConferenceView) -> tuple[Contact, ...]:
    """The child's social worker and the chair (R-88)."""
    found = [
        Contact(one.name, one.role_label)
        for one in view.people
        if one.role in {Role.SOCIAL_WORKER, Role.CHAIR}
    ]
    return tuple(found)


def is_family(view: ConferenceView) -> bool:
    """Whether the page is a family's: they are told what to do if they are not happy."""
    return view.me.role in FAMILY | COMPANIONS
