"""The demonstration conference: made once through the same actions that everybody uses, then kept.

Its links are written to a file in the data folder so that a second start can print them again. Only
fictional people are in it; a real conference's links are never stored.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from server import demo_family
from server.actions import (
    conferences,
    flags,
    invitations,
    joining,
    participants,
    parts,
    read_through,
    requests,
    staff,
)
from server.actions.conferences import CreatedConference, NewConference
from server.actions.context import Context
from server.auth.identity import Actor, StaffActor
from server.auth.join_codes import spaced
from server.demo_family import AGENDA, FOR_ELLIE, PEOPLE, READ_THROUGH
from server.errors import Conflict, NotFound
from server.settings import Settings
from shared_doc.permissions import Phase, Role
from shared_doc.schema import LaneKind, lane_name

_FILE = "demo.json"
_ORGANISER = StaffActor("", "", administrator=True)
_ADMINISTRATOR = "admin@harrowdale.example"
_CHAIR = "margaret.osei@harrowdale.example"
_ROLE_WORDS = {
    Role.CHAIR: "chair",
    Role.MINUTE_TAKER: "minute-taker",
    Role.SOCIAL_WORKER: "social worker",
    Role.CHILD: "child",
    Role.SUPPORTER: "supporter",
}


@dataclass(frozen=True, slots=True)
class DemoLink:
    """One person's way in. `link` is the secret part of the address."""

    name: str
    who: str
    link: str
    code: str
    try_this: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What a start prints. `accounts` are email address and password of those who sign in."""

    conference_id: str
    links: list[DemoLink]
    accounts: list[tuple[str, str, str]]


def kept(settings: Settings) -> Demo | None:
    """The demonstration made before, or None."""
    try:
        found = json.loads((settings.data / _FILE).read_text(encoding="utf-8"))
        if not found["links"]:
            return None
        return Demo(
            conference_id=found["conference_id"],
            links=[DemoLink(**link) for link in found["links"]],
            accounts=[(who, email, password) for who, email, password in found["accounts"]],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def still_works(ctx: Context, demo: Demo) -> bool:
    """Whether its links can be used: not after it was signed, and not in another database."""
    try:
        await joining.link_works(ctx, demo.links[0].link)
    except NotFound:
        return False
    return True


async def exists(ctx: Context, demo: Demo) -> bool:
    """Whether its conference is in this database."""
    try:
        await invitations.of_conference(ctx, _ORGANISER, demo.conference_id)
    except NotFound:
        return False
    return True


async def make(ctx: Context) -> Demo:
    """Make a demonstration conference in session, and keep its links in the data folder."""
    admin_id, admin_password = await _account(ctx, _ADMINISTRATOR, "Alex Doyle", administrator=True)
    chair_id, chair_password = await _account(ctx, _CHAIR, "Margaret Osei", administrator=False)
    made = await conferences.create(
        ctx,
        StaffActor(admin_id, "Alex Doyle", administrator=True),
        NewConference(
            title=demo_family.TITLE,
            kind="initial",
            starts_at=ctx.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1),
            children=demo_family.CHILDREN,
            participants=demo_family.participants({"margaret": chair_id}),
            parts=[item.part for item in AGENDA],
        ),
    )
    await _Meeting(ctx, made).hold()
    demo = Demo(
        conference_id=made.id,
        links=[
            DemoLink(
                person.name,
                _ROLE_WORDS.get(person.role) or person.agency,
                told.join_url.rpartition("/")[2],
                told.join_code,
                person.try_this,
            )
            for person, told in zip(PEOPLE, made.participants, strict=True)
        ],
        accounts=[
            ("administrator", _ADMINISTRATOR, admin_password),
            ("chair", _CHAIR, chair_password),
        ],
    )
    _keep(ctx.settings, demo)
    return demo


async def _account(ctx: Context, email: str, name: str, *, administrator: bool) -> tuple[str, str]:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    try:
        return await staff.add(ctx, email, name, password, administrator=administrator), password
    except Conflict:
        return await staff.set_password(ctx, email, password), password


class _Meeting:
    """The conference as far as it has come, held through the actions by those whose part it is."""

    def __init__(self, ctx: Context, made: CreatedConference) -> None:
        self._ctx = ctx
        self._made = made
        self._ids = {person.key: told.id for person, told in zip(PEOPLE, made.participants, strict=True)}
        self._chair = self._actor("margaret")
        self._points: dict[int, list[str]] = {}

    def _actor(self, key: str) -> Actor:
        return Actor(self._ids[key], self._made.id)

    async def hold(self) -> None:
        """From the waiting room to the part that is talked about now."""
        ctx, chair = self._ctx, self._chair
        await joining.confirm(ctx, chair, True, True, "yes")
        await conferences.change_phase(ctx, chair, Phase.OPEN)
        await self._let_in()
        await conferences.change_phase(ctx, chair, Phase.IN_SESSION)
        await parts.release(ctx, chair, self._made.parts[FOR_ELLIE].id, self._ids["ellie"], True)
        for at in range(len(AGENDA)):
            await self._minute(at)
        for at in range(READ_THROUGH + 1):
            await parts.go_to(ctx, chair, self._made.parts[at].id)
            if at < READ_THROUGH:
                await self._read_through(at)
        await self._flags()

    async def _let_in(self) -> None:
        for person in PEOPLE:
            actor = self._actor(person.key)
            await participants.set_attending(self._ctx, actor, actor.participant_id, person.attending)
            if person.role is Role.CHAIR:
                continue
            safe = "overheard" if person.key == "dean" else "yes"
            await joining.confirm(self._ctx, actor, True, True, safe)
            if not person.waits:
                await participants.admit(self._ctx, self._chair, actor.participant_id)

    async def _minute(self, at: int) -> None:
        part, item = self._made.parts[at], AGENDA[at]
        minutes = lane_name(self._made.id, part.id, LaneKind.MINUTES)
        summary = lane_name(self._made.id, part.id, LaneKind.SUMMARY)
        self._points[at] = [
            await self._ctx.lanes.add_point(
                minutes, self._ids[point.typed_by], point.text, point.kind, self._ids[point.said_by]
            )
            for point in item.points
        ]
        for text in item.summary:
            await self._ctx.lanes.add_point(
                summary, self._chair.participant_id, text, "point", self._chair.participant_id
            )

    async def _read_through(self, at: int) -> None:
        ctx, part_id = self._ctx, self._made.parts[at].id
        await read_through.start(ctx, self._chair, part_id)
        for person in ("keeley", "priya", "ruth", "gareth", "hannah"):
            for point_id in self._points[at]:
                await read_through.answer(ctx, self._actor(person), part_id, point_id, "right")
        for point_id in self._points[at]:
            await read_through.answer(
                ctx, self._chair, part_id, point_id, "right", on_behalf_of=self._ids["dean"]
            )
        if at == READ_THROUGH - 1:
            await read_through.answer(
                ctx,
                self._actor("keeley"),
                part_id,
                self._points[at][0],
                "not_right",
                "I came until March. Then the clinic moved.",
            )
        await read_through.finish(ctx, self._chair, part_id)

    async def _flags(self) -> None:
        ctx, keeley = self._ctx, self._actor("keeley")
        part_id, points = self._made.parts[READ_THROUGH].id, self._points[READ_THROUGH]
        settled = await flags.raise_flag(
            ctx, keeley, part_id, points[2], "question", "Will it say that I did ring?"
        )
        await flags.answer(
            ctx, self._chair, settled.id, "answered", "Yes. It stands at the end of the point."
        )
        left = await flags.raise_flag(
            ctx, self._actor("dean"), part_id, points[5], "not_right", "It was loud, but nobody was hurt."
        )
        await flags.answer(
            ctx, self._chair, left.id, "left", "The point says that nobody was hurt. Both wordings are kept."
        )
        await flags.raise_flag(
            ctx,
            keeley,
            part_id,
            points[3],
            "not_right",
            "I asked in March, not May. The health visitor wrote it down.",
        )
        await flags.raise_flag(
            ctx, keeley, part_id, points[4], "missing", "School offered breakfast club and then took it back."
        )
        await flags.raise_flag(ctx, self._actor("gareth"), part_id, points[1], "spelling", "two-year-check")
        await requests.make(ctx, self._actor("ruth"), "speak")


async def renew(ctx: Context, demo: Demo) -> Demo:
    """New links to the same conference, for instance to fetch the copies after it was signed."""
    invited = await invitations.of_conference(ctx, _ORGANISER, demo.conference_id)
    links: list[DemoLink] = []
    for link, person in zip(demo.links, invited.people, strict=True):
        try:
            made = await invitations.renew_link(ctx, _ORGANISER, demo.conference_id, person.id)
        except Conflict:
            continue  # removed by the chair: there is no way back in
        links.append(
            DemoLink(link.name, link.who, made.join_url.rpartition("/")[2], made.join_code, link.try_this)
        )
    renewed = Demo(demo.conference_id, links, demo.accounts)
    _keep(ctx.settings, renewed)
    return renewed


def _keep(settings: Settings, demo: Demo) -> None:
    path = settings.data / _FILE
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(demo), file, indent=1, ensure_ascii=False)


def printed(demo: Demo, base_url: str) -> str:
    """What a start prints: one link a person with its code, and what to try."""
    lines = [
        "A conference of fictional people is in session. Each link opens one person’s page; the code goes with it.",
        "Several can be open in one browser.",
        "",
    ]
    for link in demo.links:
        lines.append(f"{link.name}, {link.who}")
        lines.append(f"  {base_url}/join/{link.link}   code {spaced(link.code)}")
        if link.try_this:
            lines.append(f"  Try: {link.try_this}.")
    lines += ["", f"Sign in at {base_url}/sign-in"]
    lines += [f"  {who}: {email}   password {password}" for who, email, password in demo.accounts]
    return "\n".join(lines)
