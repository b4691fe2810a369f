"""A meeting as its readers see it, by hand: for tests of what is drawn from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from server.actions.views import (
    AnswerView,
    ConferenceCan,
    ConferenceView,
    FlagState,
    FlagView,
    LanesView,
    NameView,
    PartCan,
    PartState,
    PartView,
    PersonView,
    PointAnswers,
    PointView,
    ReadThroughView,
)
from shared_doc.permissions import Audience, Phase, Role, Standing


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 26, hour, minute, tzinfo=UTC)


def person(id_: str, name: str, role: Role, label: str, supports: str | None = None) -> PersonView:
    return PersonView(
        id=id_,
        name=name,
        role=role,
        role_label=label,
        agency="",
        standing=Standing.ADMITTED,
        attending="room",
        here=True,
        dropped_at=None,
        waiting_since=None,
        admitted_at=at(10, 0),
        left_at=None,
        supports=supports,
        safe="",
        removed_reason="",
        promised=True,
        away=(),
    )


PEOPLE = {
    one.id: one
    for one in (
        person("chair", "Margaret Osei", Role.CHAIR, "chair"),
        person("typist", "Tom Whitcombe", Role.MINUTE_TAKER, "minute-taker"),
        person("mother", "Keeley Marsh", Role.PARENT, "mother"),
        person("child", "Ellie Marsh", Role.CHILD, "child"),
        person("aunt", "Janine Marsh", Role.SUPPORTER, "supporter", "mother"),
        person("lawyer", "Dr Anna Bell", Role.SOLICITOR, "solicitor", "mother"),
        person("worker", "Priya Nair", Role.SOCIAL_WORKER, "social worker"),
        person("visitor", "Ruth Adeyemi", Role.PROFESSIONAL, "health visitor"),
        person("watcher", "Lee Grant", Role.OBSERVER, "observer"),
    )
}
CAN = PartCan(
    read=True,
    edit_any=False,
    edit_own=False,
    add_point=False,
    add_statement=False,
    write_summary=False,
    flag=True,
    agree=True,
)


def named(id_: str) -> NameView:
    return NameView(id_, PEOPLE[id_].name, PEOPLE[id_].role_label)


def part(number: int, title: str, state: PartState = PartState.SAID, can: PartCan = CAN) -> PartView:
    return PartView(
        id=f"part{number}",
        number=number,
        title=title,
        audience=Audience.EVERYONE,
        state=state,
        lanes=LanesView(f"x/part{number}/minutes", f"x/part{number}/summary"),
        can=can,
        pen_held_by=(),
        released_to=(),
        kept_out=(),
        not_agreed=0,
        changed_since=0,
        unanswered=0,
        opened_at=at(10, 10),
    )


PARTS = (part(1, "Introductions"), part(2, "What we are worried about", PartState.NOW))


def point(number: int, who: str | None, text: str, kind: str = "point", *, struck: bool = False) -> PointView:
    return PointView(
        id=f"p{number:021}",
        number=number,
        text=text,
        kind=kind,
        kind_label=kind.title(),
        said_by=named(who) if who else None,
        started_by=named("typist"),
        mine=False,
        struck=struck,
    )


def view(me: str, **changes: Any) -> ConferenceView:
    """The conference as `me` sees it, in session, in the second part."""
    whole = ConferenceView(
        id="x",
        title="Ellie and Noah",
        kind="initial",
        phase=Phase.IN_SESSION,
        starts_at=at(10, 0),
        started_at=at(10, 2),
        closed_at=None,
        children=(),
        me=PEOPLE[me],
        chair=named("chair"),
        can=ConferenceCan(
            ask_to_speak=True,
            ask_for_help=True,
            answer_flags=False,
            lead=False,
            admit=False,
            remove=False,
            hand_pen=False,
            lead_read_through=False,
            open_screen=False,
            sign=False,
            read_record=False,
        ),
        people=tuple(PEOPLE.values()),
        parts=PARTS,
        parts_in_all=2,
        current="part2",
        without_you=False,
        kept_apart=False,
        flags=(),
        requests=(),
        read_through=None,
        asked_again=(),
        signed=None,
    )
    return replace(whole, **changes)


def flag(
    number: int | None,
    kind: str = "not_right",
    words: str = "",
    state: FlagState = FlagState.WAITING,
    outcome: str | None = None,
    **changes: str,
) -> FlagView:
    return FlagView(
        id=f"flag{number}",
        part_id="part2",
        point_id=f"p{number:021}" if number is not None else None,
        point_number=number,
        kind=kind,
        words=words,
        raised_by=named("mother"),
        on_behalf_of=None,
        raised_at=at(10, 41),
        mine=True,
        state=state,
        outcome=outcome,
        answer=changes.get("answer", ""),
        answered_by=named("chair") if outcome else None,
        answered_at=at(10, 46) if outcome else None,
        before=changes.get("before", ""),
        after=changes.get("after", ""),
        added=changes.get("added", ""),
    )


def reading(me: str, answers: dict[int, str | None], stale: frozenset[int] = frozenset()) -> ReadThroughView:
    """A read-through of the second part, with one's own answers by the number of the point."""
    return ReadThroughView(
        part_id="part2",
        running=True,
        points=tuple(
            PointAnswers(
                f"p{number:021}",
                (AnswerView(named(me), answer, "", False, at(10, 50) if answer else None, number in stale),),
            )
            for number, answer in answers.items()
        ),
    )
