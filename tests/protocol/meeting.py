"""A whole conference in memory: a room, a disk that can be told to fail, and pages that speak the protocol.

    meeting = Meeting()
    tom = meeting.page("tom")            # opens the lane, and syncs
    tom.type("Harper settled in well")   # one change; it waits for the disk
    meeting.commit()                     # ... and is acknowledged

No sockets, no loop, no clock: everything happens when a test says so.
"""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from random import Random
from typing import Any

from pycrdt import Doc, Map, Text

from shared_doc.authors import ClientIds
from shared_doc.compose import compose_point
from shared_doc.effects import (
    Append,
    Broadcast,
    Due,
    Effect,
    GoOn,
    LoadGate,
    LoadLane,
    Refusal,
    Send,
    Shut,
    Written,
)
from shared_doc.errors import Malformed
from shared_doc.gate import Gate
from shared_doc.messages import (
    Authenticated,
    Awareness,
    Change,
    ClientMessage,
    Close,
    CloseCode,
    Denied,
    Scope,
    ServerMessage,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
    decode_client,
    decode_server,
)
from shared_doc.permissions import Act, Audience, Person, Phase, Place, Role, Standing, Verdict, decide
from shared_doc.presence import User, encode
from shared_doc.room import Room
from shared_doc.schema import LaneKind, lane_name
from shared_doc.session import Session
from shared_doc.update import decode_state_vector

CONFERENCE = "c1"
MINUTES = lane_name(CONFERENCE, "p1", LaneKind.MINUTES)
SUMMARY = lane_name(CONFERENCE, "p1", LaneKind.SUMMARY)
POLICE = lane_name(CONFERENCE, "p2", LaneKind.MINUTES)
EVENTS = f"{CONFERENCE}/events"

ROLES = {
    "ruth": Role.CHAIR,
    "tom": Role.MINUTE_TAKER,
    "nadia": Role.SOCIAL_WORKER,
    "sam": Role.PROFESSIONAL,
    "kelly": Role.PARENT,
    "ivy": Role.OBSERVER,
}


class Rights:
    """Everybody's rights, as the database would tell them."""

    def __init__(self) -> None:
        self.phase = Phase.IN_SESSION
        self.people = {name: Person(name, role, Standing.ADMITTED) for name, role in ROLES.items()}
        self.audiences = {"p1": Audience.EVERYONE, "p2": Audience.PROFESSIONALS}

    def decide(
        self, participant_id: str, act: Act, part_id: str | None = None, lane: LaneKind = LaneKind.MINUTES
    ) -> Verdict:
        person = self.people.get(participant_id)
        if person is None or (part_id is not None and part_id not in self.audiences):
            return Verdict(False, "not_found", "", visible=False)
        audience = Audience.EVERYONE if part_id is None else self.audiences[part_id]
        return decide(person, act, Place(self.phase, part_id, audience, lane))


class Meeting:
    """A room with its disk, and everybody's pages."""

    def __init__(self) -> None:
        self.rights = Rights()
        self.users = {name: User(name, name.title(), role) for name, role in ROLES.items()}
        self.clients = ClientIds()
        self.room = Room(CONFERENCE, self.rights, self.users, self.clients, Random(7))
        self.log: dict[str, list[bytes]] = {}
        self.rows: list[Append] = []
        self.on_the_way: list[Append] = []
        self.gates_wanted: list[tuple[str, bytes]] = []
        self.lanes_wanted: list[str] = []
        self.due: list[str] = []
        self.refusals: list[str] = []
        self.written: list[Written] = []
        self.waiting: list[GoOn] = []
        self.pages: dict[int, Page] = {}
        self.prompt_disk = True
        self.now = 0.0

    def page(self, person: str, lane: str = MINUTES, client: int | None = None, *, sync: bool = True) -> Page:
        """Somebody opens a lane."""
        page = Page(self, person, lane, client or 1000 + len(self.pages))
        self.pages[page.session.socket] = page
        if sync:
            page.open()
        return page

    def run(self, effects: list[Effect]) -> None:
        """Do what the room wants, as far as it does not take the disk."""
        for effect in effects:
            if isinstance(effect, Send):
                for _ in range(effect.times):
                    self.pages[effect.session.socket].receive(effect.frame)
            elif isinstance(effect, Broadcast):
                for session in effect.sessions:
                    self.pages[session.socket].receive(effect.frame)
            elif isinstance(effect, Append):
                self.on_the_way.append(effect)
            elif isinstance(effect, LoadLane):
                self.lanes_wanted.append(effect.lane)
            elif isinstance(effect, LoadGate):
                self.gates_wanted.append((effect.lane, effect.state))
            elif isinstance(effect, Due):
                self.due.append(effect.lane)
            elif isinstance(effect, Shut):
                self.pages[effect.session.socket].shut = effect.code
            elif isinstance(effect, Refusal):
                self.refusals.append(effect.code)
            elif isinstance(effect, Written):
                self.written.append(effect)
            elif isinstance(effect, GoOn):
                self.waiting.append(effect)
        if self.prompt_disk:
            self.load()

    def load(self) -> None:
        """Read from disk what the room wants to have."""
        while self.lanes_wanted or self.gates_wanted:
            for lane in dict.fromkeys(self.lanes_wanted):
                self.lanes_wanted.remove(lane)
                self.run(self.room.lane_loaded(lane, self.stored(lane), self.now))
            self.lanes_wanted.clear()
            gates, self.gates_wanted = self.gates_wanted, []
            for lane, state in gates:
                gate = Gate.load(state, self.clients)
                self.run(self.room.gate_loaded(lane, state, gate, self.now))

    def stored(self, lane: str) -> Doc[Any]:
        """What a restart would find."""
        doc: Doc[Any] = Doc()
        for body in self.log.get(lane, []):
            doc.apply_update(body)
        return doc

    def commit(self) -> None:
        """The disk has written everything that was on its way."""
        rows, self.on_the_way = self.on_the_way, []
        for row in rows:
            self.rows.append(row)
            self.log.setdefault(row.lane, []).append(row.body)
        for lane, ticket in {row.lane: row.ticket for row in rows}.items():
            self.run(self.room.stored(lane, ticket))

    def fail(self) -> None:
        """The disk has written nothing of it."""
        rows, self.on_the_way = self.on_the_way, []
        for lane in dict.fromkeys(row.lane for row in rows):
            self.run(self.room.failed(lane))

    def tick(self) -> None:
        """The moment comes at which followers are told."""
        due, self.due = self.due, []
        for lane in due:
            self.run(self.room.tick(lane))

    def let_time_pass(self) -> None:
        """Until nobody waits any more because they had used up their share of the work."""
        while self.waiting:
            self.now += max(one.after for one in self.waiting)
            sessions = dict.fromkeys(one.session for one in self.waiting)
            self.waiting.clear()
            for session in sessions:
                self.run(self.room.go_on(session, self.now))

    def change(self, person: str, **what: Any) -> None:
        """Somebody's rights change."""
        self.rights.people[person] = replace(self.rights.people[person], **what)
        self.rights_changed()

    def rights_changed(self) -> None:
        """The room hears that rights changed."""
        self.run(self.room.rights_changed(self.rights, self.users, self.now))


class Page:
    """One session, with a document of its own: an honest client unless a test makes it another."""

    def __init__(self, meeting: Meeting, person: str, lane: str, client: int) -> None:
        self.meeting = meeting
        self.person = person
        self.lane = lane
        self.session = Session(lane, len(meeting.pages) + 1)
        self.doc: Doc[Any] = Doc(client_id=client)
        self.points = self.doc.get("points", type=Map)
        self.client = client
        self.inbox: list[ServerMessage] = []
        self.unsaved = 0
        self.shut: CloseCode | None = None
        self._own: list[bytes] = []
        self._quiet = False
        self._online = False
        self._random = Random(len(meeting.pages))
        self._watching = self.doc.observe(self._changed)

    # -- the protocol -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Show who this is, and sync, as a provider does."""
        self.join()
        self.open_again()

    def open_again(self) -> None:
        """Ask for what is missing."""
        self._online = True
        if not self.session.closed:
            self.send(Step1(self.lane, self.doc.get_state()))

    def join(self) -> None:
        """The token was looked up."""
        self.meeting.run(self.meeting.room.join(self.session, self.person, self.meeting.now))

    def offline(self) -> None:
        """The line is cut; what is typed from now on is sent when there is a new one."""
        self._online = False

    def on_a_new_line(self) -> Page:
        """The same document on a new session, as a provider opens one when it is back: it counts from the start."""
        page = copy(self)
        page.session = Session(self.lane, len(self.meeting.pages) + 1)
        page.inbox, page.shut, page.unsaved = [], None, 0
        page._own = []
        self.doc.unobserve(self._watching)
        page._watching = page.doc.observe(page._changed)
        self.meeting.pages[page.session.socket] = page
        page.open()
        return page

    def send(self, message: ClientMessage) -> None:
        """Send a frame, byte by byte."""
        self.send_bytes(message.encode())

    def send_bytes(self, frame: bytes) -> None:
        """Send anything."""
        meeting = self.meeting
        try:
            message = decode_client(frame)
            effects = meeting.room.receive(self.session, message, len(frame), meeting.now)
        except Malformed:
            self.shut = CloseCode.MALFORMED
            meeting.run(meeting.room.leave(self.session))
            return
        meeting.run(effects)

    def receive(self, frame: bytes) -> None:
        """Take a frame as a provider does."""
        message = decode_server(frame)
        self.inbox.append(message)
        if isinstance(message, Step1):
            update = self.doc.get_update(message.state_vector)
            self.unsaved += 1
            self.send(Step2(self.lane, update))
        elif isinstance(message, (Step2, Change)):
            self._quiet = True
            self.doc.apply_update(message.update)
            self._quiet = False
        elif isinstance(message, SyncStatus) and message.stored:
            self.unsaved -= 1

    def heard(self, *kinds: type[ServerMessage]) -> list[ServerMessage]:
        """What was received of some kinds, taken out."""
        found = [message for message in self.inbox if not kinds or isinstance(message, kinds)]
        self.inbox = [message for message in self.inbox if message not in found]
        return found

    def notices(self) -> list[dict[str, Any]]:
        """The stateless notices, taken out."""
        found = self.heard(Stateless)
        return [json.loads(message.payload) for message in found if isinstance(message, Stateless)]

    @property
    def scope(self) -> Scope | None:
        """What the server last said this page may do."""
        for message in reversed(self.inbox):
            if isinstance(message, Authenticated):
                return message.scope
            if isinstance(message, Denied):
                return None
        return None

    def know(self, update: bytes) -> None:
        """Have a document from elsewhere, as somebody may who could read it once, and go on as if it were open."""
        self._quiet = True
        self.doc.apply_update(update)
        self._quiet = False
        self._online = True

    # -- the editor -------------------------------------------------------------------------------------------

    def type(self, text: str, point: str | None = None) -> str:
        """Type at the end of a point, or of a new one; the point's id."""
        if point is None:
            point = self.new_point()
        held: Text = self.points[point]["text"]
        with self.doc.transaction():
            held += text
        self._flush()
        return point

    def rub_out(self, count: int, point: str) -> None:
        """Delete so many letters from the end of a point."""
        held: Text = self.points[point]["text"]
        with self.doc.transaction():
            del held[len(held) - count : len(held)]
        self._flush()

    def new_point(self) -> str:
        """Make a point as the editor does: born struck and empty, then shown."""
        point, updates = compose_point(
            self, self.client, text="", kind="point", said_by="", random=self._random
        )
        for update in updates:
            self.doc.apply_update(update)
        self._flush()
        return point

    def cursor(self, clock: int, **state: object) -> None:
        """Say where the cursor is."""
        self.send(Awareness(self.lane, encode([(self.client, clock, json.dumps(state))])))

    def next_clock(self, client: int) -> int:
        """The first clock that `client` has not used here."""
        return decode_state_vector(self.doc.get_state()).get(client, 0)

    def places(self) -> list[tuple[str, str]]:
        """(position, point id) of every point."""
        return sorted((values["position"], point) for point, values in (self.points.to_py() or {}).items())

    def texts(self) -> list[str]:
        """The text of every point, in their order."""
        held = self.points.to_py() or {}
        return [held[point]["text"] for _position, point in self.places() if held[point]["text"]]

    def _changed(self, event: Any) -> None:
        if not self._quiet:
            self._own.append(event.update)

    def _flush(self) -> None:
        own, self._own = self._own, []
        for update in own if self._online else ():
            self.unsaved += 1
            self.send(Change(self.lane, update))


def refused(page: Page) -> tuple[list[str], list[str]]:
    """The codes of the refusals a page was told, and of the closes."""
    told = [notice["code"] for notice in page.notices() if notice["type"] == "refused"]
    closed = [message.reason for message in page.heard(Close) if isinstance(message, Close)]
    return told, closed
