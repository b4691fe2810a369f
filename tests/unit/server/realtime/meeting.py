"""A hub over a real database, with a conference of a few people, and lines into it that are not sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session, SQLModel, create_engine

from server.auth.live_tokens import issue_page_token
from server.auth.steady import Steady
from server.db.engine import Database
from server.db.ids import token_hash
from server.db.models import Conference, Part, Participant, Staff, WebSession
from server.events import Events
from server.realtime.connection import Connection
from server.realtime.hub import Hub
from server.realtime.limits import LiveLimits
from shared_doc.compose import compose_point
from shared_doc.messages import (
    Change,
    ClientMessage,
    ServerMessage,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
    Token,
    decode_server,
)
from shared_doc.schema import SCHEMA_VERSION
from tests.unit.server.realtime.wires import Wire

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CONFERENCE = "c1"
MINUTES = "c1/p1/minutes"
SUMMARY = "c1/p1/summary"
EVENTS = "c1/events"
SECRET = b"secret of a test"
PEOPLE = {"ruth": "chair", "tom": "minute_taker", "sam": "professional", "kelly": "parent"}

UNHURRIED = {
    "follow_soonest": 0.0,
    "follow_latest": 0.0,
    "reload_wait": 0.0,
    # While the machine does something else nobody is late, gone or behind, what came together is handled together, and
    # no ping comes between.
    "ping": 3600.0,
    "greeting": 600.0,
    "silence": 600.0,
    "late": 600.0,
    "turn": 600.0,
}
PATIENCE = 60.0


class Meeting:
    """The hub, its database, and what may be done to them."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        self.url = f"sqlite:///{folder}/test.sqlite"
        self._engine = create_engine(self.url)
        SQLModel.metadata.create_all(self._engine)
        self.events = Events()
        self.now = NOW
        self.passed = 0.0
        """Seconds that have really passed, whatever the clock is set to."""
        self.limits = LiveLimits(**{**UNHURRIED, **limits})

    async def start(self) -> None:
        """Open the database and the hub."""
        self.db = Database.open(self.url)
        steady = Steady(lambda: self.now, lambda: self.passed)
        self.hub = Hub(
            self.db, self.events, SECRET, limits=self.limits, clock=lambda: self.now, steady=steady
        )
        await self.hub.start()

    async def stop(self) -> None:
        """Close them again."""
        await self.hub.stop()
        await asyncio.to_thread(self.db.close)

    def do(self, work: Callable[[Session], Any]) -> Any:
        """Change or read the database from outside."""
        with Session(self._engine) as session:
            result = work(session)
            session.commit()
            return result

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds to which the hub or its database comes by itself."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await self.db.read(lambda _session: None)

    def fill(self) -> None:
        """Put the conference in."""
        self.do(_fill)

    def dispose(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def line(self) -> Line:
        """A new line into the hub."""
        return Line(self.hub)

    def page_token(self, person: str) -> str:
        """The token of a page for an hour, whose session is called after the person."""
        until = NOW + timedelta(hours=1)
        self.do(
            lambda session: session.merge(
                WebSession(token_hash=person, participant_id=person, created_at=NOW, expires_at=until)
            )
        )
        return issue_page_token(
            SECRET,
            schema=SCHEMA_VERSION,
            conference_id=CONFERENCE,
            participant_id=person,
            session=person,
            until=until,
        )

    async def opened(
        self, person: str, name: str = MINUTES, line: Line | None = None, token: str = ""
    ) -> Line:
        """A line on which somebody opened a document; with a program's token, if no other is given."""
        line = line or self.line()
        line.send(Token(name, token or f"token of {person}"))
        line.send(Step1(name, b"\x00"))
        await line.until(Step2)
        return line


def _fill(session: Session) -> None:
    session.add(Staff(id="s1", email="s1@example.org", name="Staff", password_hash="", created_at=NOW))
    session.flush()
    session.add(
        Conference(
            id=CONFERENCE,
            title="t",
            kind="initial",
            phase="in_session",
            starts_at=NOW,
            created_at=NOW,
            created_by="s1",
        )
    )
    session.flush()
    session.add(Part(id="p1", conference_id=CONFERENCE, number=1, title="one", audience="everyone"))
    session.add(Part(id="p2", conference_id=CONFERENCE, number=2, title="two", audience="professionals"))
    for number, (person, role) in enumerate(PEOPLE.items()):
        session.add(
            Participant(
                id=person,
                conference_id=CONFERENCE,
                number=number,
                name=person.title(),
                role=role,
                standing="admitted",
                live_hash=token_hash(f"token of {person}"),
            )
        )


class Line:
    """One line: frames go straight to the hub, and what comes back is kept."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.wire = Wire()
        self.connection: Connection = hub.came(self.wire)
        self._read = 0
        self._clock: dict[str, int] = {}
        self._random = Random(hub.connections.__len__())
        self.client = 1000 + self.connection.key

    def send(self, message: ClientMessage) -> None:
        """Send a frame."""
        self.hub.arrived(self.connection, message.encode())

    async def until(self, *kinds: type[ServerMessage], patience: float = PATIENCE) -> ServerMessage:
        """The next message of one of these kinds; what came before it is passed over."""
        async with asyncio.timeout(patience):
            while True:
                while self._read < len(self.wire.sent):
                    message = decode_server(self.wire.sent[self._read])
                    self._read += 1
                    if isinstance(message, kinds):
                        return message
                self.wire.news.clear()
                await self.wire.news.wait()

    async def notice(self) -> dict[str, Any]:
        """The next stateless message."""
        message = await self.until(Stateless)
        assert isinstance(message, Stateless)
        told: dict[str, Any] = json.loads(message.payload)
        return told

    async def news(self) -> dict[str, Any]:
        """The next of them, but those of who came and went: they come a second later, whatever else does."""
        while (told := await self.notice()).get("what") == ["people"]:
            pass
        return told

    async def status(self) -> bool:
        """The next acknowledgement."""
        message = await self.until(SyncStatus)
        assert isinstance(message, SyncStatus)
        return message.stored

    async def closed(self, patience: float = PATIENCE) -> int:
        """The code with which the line was closed."""
        async with asyncio.timeout(patience):
            while self.wire.closed is None:
                self.wire.news.clear()
                await self.wire.news.wait()
        return int(self.wire.closed[0])

    def write(self, text: str, name: str = MINUTES) -> str:
        """Send a new point; its id."""
        point, updates = compose_point(
            self, self.client, text=text, kind="point", said_by="", random=self._random
        )
        for update in updates:
            self.send(Change(name, update))
        self._clock[name] = self._clock.get(name, 0) + 6 + len(text)
        return point

    def next_clock(self, client: int) -> int:
        """The first clock that this line has not used."""
        return self._clock.get(MINUTES, 0)

    def places(self) -> list[tuple[str, str]]:
        """Nothing is known of the others' points."""
        return []

    def hang_up(self) -> None:
        """The socket is gone."""
        self.hub.gone(self.connection)


async def limited(folder: Path, **limits: object) -> Meeting:
    """A meeting with other limits than the usual; `ended` at the end of its test."""
    meeting = Meeting(folder, **limits)
    meeting.fill()
    await meeting.start()
    return meeting


async def ended(meeting: Meeting) -> None:
    """Stop it, and close its database."""
    await meeting.stop()
    meeting.dispose()
