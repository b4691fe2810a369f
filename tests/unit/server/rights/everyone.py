"""One meeting with somebody of every role, and a marked word in every text: who gets which mark is what is tested."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx2
from sqlmodel import Session, select
from starlette.applications import Starlette

from server.actions import conferences, flags, joining, parts, points, read_through
from server.actions.conferences import CreatedConference, NewChild, NewConference, NewPart, NewParticipant
from server.actions.context import Context
from server.app import create_app
from server.auth import sessions
from server.auth.csrf import csrf_token
from server.auth.identity import Actor, ProgramActor
from server.auth.sessions import SessionToken
from server.db.ids import new_id, token_hash
from server.db.models import Conference, Participant, Request
from server.db.rights import Rights, load_rights
from server.events import RightsChanged
from server.realtime.hub import Hub
from server.routes.guard import participant_cookie
from server.settings import Settings
from shared_doc.permissions import DESK, Act, Audience, Phase, Role, Standing
from shared_doc.schema import LaneKind, lane_name

ADDRESS: Final = "http://127.0.0.1:8000"
MARK: Final = re.compile("Zq[a-z0-9]+qZ")
ROLES: Final = tuple(role for role in Role if role is not Role.SCREEN)
CHILDS, FOR_ALL, CLOSED = range(3)
"""The parts: one that the child may read too, one that is for everyone else, one for professionals."""
PARTS: Final = (CHILDS, FOR_ALL, CLOSED)
SENT_OUT, NEVER_CAME, GONE_HOME = "sentout", "nevercame", "gonehome"


def mark(*words: object) -> str:
    """A word that is nowhere by chance."""
    return f"Zq{''.join(str(word).replace('_', '') for word in words)}qZ"


def _new(title: str) -> NewConference:
    people = [NewParticipant(mark("name", role), role) for role in ROLES]
    parent = ROLES.index(Role.PARENT)
    people = [
        replace(one, supports=parent) if one.role in {Role.SUPPORTER, Role.SOLICITOR} else one
        for one in people
    ]
    people += [
        NewParticipant(mark("name", who), Role.PROFESSIONAL) for who in (SENT_OUT, NEVER_CAME, GONE_HOME)
    ]
    return NewConference(
        title=title,
        kind="initial",
        starts_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
        children=[NewChild(mark("childofall"))],
        participants=people,
        parts=[
            NewPart(mark("title", number), Audience.PROFESSIONALS if number == CLOSED else Audience.EVERYONE)
            for number in PARTS
        ],
    )


@dataclass(frozen=True, slots=True)
class Ids:
    """What there is to be asked for in one conference."""

    made: CreatedConference
    point: tuple[str, ...]
    flag: tuple[str, ...]
    request: str

    @property
    def id(self) -> str:
        return self.made.id

    def part(self, number: int) -> str:
        return self.made.parts[number].id

    def person(self, who: Role | str) -> str:
        return next(one.id for one in self.made.participants if one.name == mark("name", who))

    def live_token(self, who: Role | str) -> str:
        return next(one.live_token or "" for one in self.made.participants if one.name == mark("name", who))

    def actor(self, who: Role | str) -> Actor:
        return Actor(self.person(who), self.id)


class Everyone:
    """The app, two meetings of the same shape, and a browser for every role of the first."""

    def __init__(self, app: Starlette, here: Ids, elsewhere: Ids) -> None:
        self.app = app
        self.ctx: Context = app.state.context
        self.hub: Hub = app.state.hub
        self.here = here
        self.elsewhere = elsewhere
        self._cookies: dict[Role, SessionToken] = {}
        # Unpacked, because packed pages have a random length.
        headers = {"Origin": ADDRESS, "Accept-Encoding": "identity"}
        self.browser = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url=ADDRESS, headers=headers
        )

    async def ask(
        self, role: Role, method: str, path: str, form: dict[str, str] | None = None, *, accept: str = ""
    ) -> httpx2.Response:
        """Ask for a page as the browser of somebody of this role does, or send a form of it."""
        if role not in self._cookies:
            self._cookies[role] = await self.ctx.db.write(_session, self.ctx, self.here.person(role))
        headers = self.cookies(role)
        if accept:
            headers["Accept"] = accept
        if method == "POST":
            headers |= self.proof(role)
        return await self.browser.request(method, path, data=form, headers=headers)

    def cookies(self, role: Role) -> dict[str, str]:
        """What the browser of somebody who has asked for something before sends along by itself."""
        made = self._cookies[role]
        return {"Cookie": f"{participant_cookie(self.ctx.settings, made.participant_id)}={made.token}"}

    def proof(self, role: Role) -> dict[str, str]:
        """What only a page of theirs knows."""
        return {"X-CSRF": csrf_token(self.ctx.secret, token_hash(self._cookies[role].token))}

    async def call(
        self, role: Role, method: str, path: str, body: dict[str, object] | None = None
    ) -> httpx2.Response:
        """Ask the API as a program of somebody of this role."""
        headers = {"Authorization": f"Bearer {self.here.live_token(role)}"}
        return await self.browser.request(method, path, json=body, headers=headers)

    async def set(self, phase: Phase, standings: dict[str, Standing] | None = None) -> Rights:
        """Everybody let in but those named; the rights that are so then."""
        told = {SENT_OUT: Standing.REMOVED, NEVER_CAME: Standing.INVITED, GONE_HOME: Standing.LEFT}
        everyone = {mark("name", role): Standing.ADMITTED for role in ROLES}
        everyone |= {mark("name", who): standing for who, standing in (told | (standings or {})).items()}
        await self.ctx.db.write(_set, self.here.id, phase, everyone)
        self.ctx.events.publish(RightsChanged(self.here.id))
        rights = await self.ctx.db.read(load_rights, self.here.id)
        assert rights is not None
        return rights

    def allowed_marks(self, rights: Rights, role: Role) -> frozenset[str]:
        """Every mark that somebody of this role may come to see, by the table and by nothing else."""
        me = self.here.person(role)
        inside = rights.people[me].standing is Standing.ADMITTED
        marks = {mark("name", role), mark("name", Role.CHAIR)}
        if role in _WITH_THE_PARENT:
            marks |= {mark("name", Role.PARENT)}  # whom they come with stands in their own invitation
        if not inside:
            return frozenset(marks)
        desk = role in DESK
        marks |= {mark("conference"), mark("childofall"), mark("name", SENT_OUT), mark("name", GONE_HOME)}
        marks |= {mark("name", other) for other in ROLES}
        if desk:
            marks |= {mark("name", NEVER_CAME)}
        if role is Role.CHAIR:
            marks |= {mark("reason")}
        own = {role, *({Role.PARENT, Role.SOLICITOR} if role in _WITH_THE_PARENT else ())}
        for number in PARTS:
            if not rights.decide(me, Act.READ, self.here.part(number)):
                continue
            marks |= {mark("title", number), mark("words", number)}
            if rights.decide(me, Act.READ, self.here.part(number), LaneKind.SUMMARY):
                marks |= {mark("summary", number)}
            marks |= {
                mark(text, who, number)
                for who in ROLES
                if desk or who in own
                for text in ("flag", "answer", "reply")
            }
        return frozenset(marks)

    def lanes(self, of: Ids | None = None) -> list[tuple[int, LaneKind, str]]:
        """Every lane of a meeting."""
        ids = of or self.here
        return [(n, lane, lane_name(ids.id, ids.part(n), lane)) for n in PARTS for lane in LaneKind]


_WITH_THE_PARENT = frozenset({Role.PARENT, Role.SUPPORTER, Role.SOLICITOR})


def marks_in(text: str) -> frozenset[str]:
    """The marks in something that was sent."""
    return frozenset(MARK.findall(text))


def _session(session: Session, ctx: Context, participant_id: str) -> SessionToken:
    participant = session.get_one(Participant, participant_id)
    return sessions.start_for_participant(session, participant, ctx.now(), 3600)


def _set(session: Session, conference_id: str, phase: Phase, standings: dict[str, Standing]) -> None:
    conference = session.get_one(Conference, conference_id)
    conference.phase = phase
    session.add(conference)
    for person in session.exec(select(Participant).where(Participant.conference_id == conference_id)):
        person.standing = standings[person.name]
        removed = person.standing == Standing.REMOVED
        person.removed_reason = mark("reason") if removed else ""
        session.add(person)


def _request(session: Session, ctx: Context, conference_id: str, participant_id: str) -> str:
    made = new_id("q")
    now = ctx.now()
    session.add(
        Request(
            id=made,
            conference_id=conference_id,
            participant_id=participant_id,
            kind="say_it",
            at=now,
            settled_at=now,
        )
    )
    return made


async def _hold(ctx: Context, title: str) -> Ids:
    """A meeting that is going on, with a marked word of everybody everywhere."""
    made = await conferences.create(ctx, ProgramActor("tests"), _new(title))
    ids = Ids(made, (), (), "")
    chair = ids.actor(Role.CHAIR)
    for one in made.participants:
        await joining.confirm(ctx, Actor(one.id, made.id), True, True, "yes")
    await conferences.change_phase(ctx, chair, Phase.IN_SESSION)
    await parts.release(ctx, chair, ids.part(CHILDS), ids.person(Role.CHILD), True)
    point: list[str] = []
    flag: list[str] = []
    for number in PARTS:
        part = ids.part(number)
        point.append(await points.add(ctx, chair, part, mark("words", number)))
        summary = lane_name(made.id, part, LaneKind.SUMMARY)
        await ctx.lanes.add_point(summary, chair.participant_id, mark("summary", number), "point", "")
        await read_through.start(ctx, chair, part)
        rights = await ctx.db.read(load_rights, made.id)
        assert rights is not None
        for role in ROLES:
            me = ids.person(role)
            if rights.decide(me, Act.RAISE_FLAG, part):
                await _flag(ctx, ids, role, number, point[number], flag)
            if rights.decide(me, Act.AGREE, part):
                words = mark("answer", role, number)
                await read_through.answer(ctx, ids.actor(role), part, point[number], "not_right", words)
        if number != CLOSED:
            await read_through.finish(ctx, chair, part)
    waits = await flags.raise_flag(ctx, ids.actor(Role.PARENT), ids.part(CHILDS), point[CHILDS], "question")
    request = await ctx.db.write(_request, ctx, made.id, ids.person(Role.PARENT))
    assert waits.id
    return Ids(made, tuple(point), tuple(flag), request)


async def _flag(ctx: Context, ids: Ids, role: Role, number: int, point: str, kept: list[str]) -> None:
    words = mark("flag", role, number)
    raised = await flags.raise_flag(ctx, ids.actor(role), ids.part(number), point, "not_right", words)
    await flags.answer(ctx, ids.actor(Role.CHAIR), raised.id, "left", mark("reply", role, number))
    if role is Role.SOCIAL_WORKER:
        kept.append(raised.id)


@asynccontextmanager
async def open_everyone(folder: Path) -> AsyncIterator[Everyone]:
    """The app on an empty folder with the two meetings."""
    without_end = dict.fromkeys(("person_burst", "person_posts", "network_burst"), 1_000_000_000)
    settings = Settings.model_validate({"data": folder, "base_url": ADDRESS, **without_end})
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        ctx: Context = app.state.context
        here, elsewhere = await _hold(ctx, mark("conference")), await _hold(ctx, mark("another"))
        everyone = Everyone(app, here, elsewhere)
        try:
            yield everyone
        finally:
            await everyone.browser.aclose()


def routes_of(app: Starlette) -> Iterable[tuple[str, str]]:
    """Every (method, path) the app answers, HEAD aside."""
    for route in app.routes:
        for method in sorted(getattr(route, "methods", None) or {"ALL"}):
            if method != "HEAD":
                yield method, str(getattr(route, "path", ""))
