"""A whole app in this process, for tests of pages: staff who sign in, a conference, people who come in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from starlette.applications import Starlette

from server.actions import conferences, participants, staff
from server.actions.conferences import CreatedConference, NewChild, NewConference, NewPart, NewParticipant
from server.actions.context import Clock, Context, utc_now
from server.app import create_app
from server.auth.identity import Actor, StaffActor
from server.settings import Settings
from shared_doc.permissions import Audience, Role

ADDRESS = "http://127.0.0.1:8000"
EMAIL = "a.hart@harrowdale.example"
PASSWORD = "three quiet green words"

FAMILY = NewConference(
    title="Marsh, two children",
    kind="initial",
    starts_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    children=[NewChild("Ellie Marsh"), NewChild("Noah Marsh")],
    participants=[
        NewParticipant("Margaret Osei", Role.CHAIR),
        NewParticipant("Tom Whitcombe", Role.MINUTE_TAKER),
        NewParticipant("Priya Nair", Role.SOCIAL_WORKER, send_by="Work email"),
        NewParticipant("Keeley Marsh", Role.PARENT, "mother", send_by="By hand. Do not post"),
        NewParticipant("Dean Hollis", Role.PARENT, "father", send_by="Phone call"),
        NewParticipant("Ellie Marsh", Role.CHILD, "13"),
        NewParticipant("Janine Marsh", Role.SUPPORTER, supports=3, send_by="Text message"),
    ],
    parts=[NewPart("Introductions"), NewPart("Closed part", Audience.PROFESSIONALS)],
)


class Browser(httpx2.AsyncClient):
    """One person's browser: cookies of its own, and forms sent with the value that the page put into them."""

    def __init__(self, app: Starlette, client: tuple[str, int] = ("127.0.0.1", 123)) -> None:
        """`client` is where it asks from."""
        # What our own code raises by mistake has to reach the test.
        transport = httpx2.ASGITransport(app, client=client)
        super().__init__(transport=transport, base_url=ADDRESS, headers={"Origin": ADDRESS})

    async def send_form(self, page: str, fields: dict[str, str], to: str = "") -> httpx2.Response:
        """Open `page`, take the hidden value of its form, and send `fields` with it to `to`, or to the page itself."""
        opened = await self.get(page)
        hidden = re.search(r'name="csrf" value="([^"]+)"', opened.text)
        assert hidden is not None, f"{page} has no form to send: {opened.status_code}"
        return await self.post(to or page, data={"csrf": hidden[1], **fields})


class House:
    """The app, the conference of `FAMILY`, and an administrator's account."""

    def __init__(self, app: Starlette, made: CreatedConference) -> None:
        self.app = app
        self.ctx: Context = app.state.context
        self.made = made
        self._browsers: list[Browser] = []
        self._chair_is_in = False

    def browser(self) -> Browser:
        """Another browser, with no cookies."""
        self._browsers.append(Browser(self.app))
        return self._browsers[-1]

    def id_of(self, name: str) -> str:
        """Somebody's id."""
        return next(person.id for person in self.made.participants if person.name == name)

    def link(self, name: str) -> tuple[str, str]:
        """Somebody's link, without the host, and their code."""
        person = next(person for person in self.made.participants if person.name == name)
        return person.join_url.removeprefix(ADDRESS), person.join_code

    def base(self, name: str) -> str:
        """Where somebody's own pages begin."""
        return f"/conferences/{self.made.id}/as/{self.id_of(name)}"

    def actor(self, name: str) -> Actor:
        """Somebody as the actions know them."""
        return Actor(self.id_of(name), self.made.id)

    async def come(self, name: str, browser: Browser | None = None) -> Browser:
        """Somebody with link and code, in a browser; no further than that."""
        at = browser or self.browser()
        link, code = self.link(name)
        answer = await at.post(link, data={"code": code})
        assert answer.status_code == 303, answer.text
        return at

    async def promise(self, name: str, browser: Browser | None = None) -> Browser:
        """Somebody who has come and promised: in the waiting room, or in the meeting if it is the chair."""
        at = await self.come(name, browser)
        answer = await at.send_form(f"{self.base(name)}/private", {"who": "me", "keep": "yes", "safe": "yes"})
        assert answer.status_code == 303, answer.text
        return at

    async def enter(self, name: str) -> Browser:
        """Somebody in the meeting, let in by the chair."""
        at = await self.promise(name)
        if name != "Margaret Osei":
            await participants.admit(self.ctx, await self.chair(), self.id_of(name))
        return at

    async def chair(self) -> Actor:
        """The chair, in the meeting."""
        if not self._chair_is_in:
            await self.promise("Margaret Osei")
            self._chair_is_in = True
        return self.actor("Margaret Osei")

    async def sign_in(self, email: str = EMAIL) -> Browser:
        """A staff member's browser."""
        at = self.browser()
        answer = await at.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return at

    async def close(self) -> None:
        """Every browser is closed."""
        for browser in self._browsers:
            await browser.aclose()


@asynccontextmanager
async def open_house(
    folder: Path,
    clock: Clock = utc_now,
    starts_at: datetime | None = None,
    *,
    steady: Clock | None = None,
    **settings: object,
) -> AsyncIterator[House]:
    """The app as it is served, on an empty folder, with a conference for today; `settings` by their names."""
    app = create_app(
        Settings.model_validate({"data": folder, "base_url": ADDRESS, **settings}), clock=clock, steady=steady
    )
    async with app.router.lifespan_context(app):
        ctx: Context = app.state.context
        await staff.add(ctx, EMAIL, "Alex Hart", PASSWORD, administrator=True)
        organiser = StaffActor("setup", "Alex Hart", administrator=True)
        today = replace(FAMILY, starts_at=starts_at or ctx.now())
        house = House(app, await conferences.create(ctx, organiser, today))
        yield house
        await house.close()
