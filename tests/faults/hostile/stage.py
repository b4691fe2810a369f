"""A conference that is attacked: a room with three lanes and its disk, those who follow it, and what must stay true.

`Stage.settle` is the judge: the live document, the one read from the log row by row, the one from a snapshot and the
rows after it, the gate's index, every follower and Yjs hold the same; and nobody changed a point that was not theirs.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unicodedata import category

from pycrdt import Doc, Map

from shared_doc.effects import Append, Effect
from shared_doc.gate import Gate
from shared_doc.limits import STEP2, STORED
from shared_doc.messages import Change, Step2, decode_server
from shared_doc.permissions import Act
from shared_doc.room import Room
from shared_doc.schema import parse_lane
from shared_doc.session import Session
from shared_doc.structs import STRING
from shared_doc.update import decode_update
from tests.faults.hostile.lines import counted
from tests.protocol.gate.lane import Yjs, picture
from tests.protocol.meeting import CONFERENCE, MINUTES, POLICE, SUMMARY, Meeting, Page

LANES = (MINUTES, SUMMARY, POLICE)
FOLLOWERS = (
    ("kelly", MINUTES),
    ("tom", MINUTES),
    ("kelly", SUMMARY),
    ("tom", SUMMARY),
    ("sam", POLICE),
    ("tom", POLICE),
)
MOST_LINES = 10_000_000
"""Of Python, for one frame: a second."""
SHAPE = {"text": str, "position": str, "kind": str, "said_by": str, "struck": bool}


def held(doc: Doc[Any]) -> dict[str, dict[str, Any]]:
    """What a document's points hold."""
    found: dict[str, dict[str, Any]] = doc.get("points", type=Map).to_py() or {}
    return found


def is_shaped(values: dict[str, Any]) -> bool:
    """Whether a point is what every page can draw, however it came about."""
    return {key: type(value) for key, value in values.items()} == SHAPE and not any(
        category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in values["text"]
    )


class Follower(Page):
    """An honest page that only reads; it keeps what it was sent."""

    def __init__(self, meeting: Meeting, person: str, lane: str, client: int) -> None:
        super().__init__(meeting, person, lane, client)
        self.frames: list[bytes] = []

    def receive(self, frame: bytes) -> None:
        """Take a frame, and keep what it says of the document."""
        message = decode_server(frame)
        if isinstance(message, (Step2, Change)):
            self.frames.append(message.update)
        super().receive(frame)
        self.inbox.clear()


@dataclass
class Figures:
    """What happened in a run."""

    frames: int = 0
    bytes: int = 0
    accepted: int = 0
    malformed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    dearest: int = 0
    batches: int = 0
    acts: dict[str, int] = field(default_factory=dict)


class Stage(Meeting):
    """The conference, its followers, and a second set of books."""

    def __init__(self, chance: Random, figures: Figures) -> None:
        super().__init__()
        self.chance = chance
        self.figures = figures
        self.book: dict[str, Doc[Any]] = {lane: Doc() for lane in LANES}
        self.starters: dict[tuple[str, str], str] = {}
        self.owners: dict[int, str] = {}
        self.told: list[bytes] = []
        self.may: dict[int, tuple[bool, bool, bool]] = {}
        self.followers: list[Follower] = []
        self._follow()

    def _follow(self) -> None:
        self.followers = []
        for person, lane in FOLLOWERS:
            follower = Follower(self, person, lane, 1 << 40)
            follower.session = Session(lane, len(self.pages) + 1)
            self.pages[follower.session.socket] = follower
            follower.open()
            self.followers.append(follower)

    # The disk, and who may do what

    def run(self, effects: list[Effect]) -> None:
        """Note what each writer may do at the moment the gate took the change."""
        for effect in effects:
            if isinstance(effect, Append):
                self.figures.accepted += 1
                self.may[effect.ticket] = self._rights(effect.participant_id, effect.lane)
        super().run(effects)

    def _rights(self, person: str, lane: str) -> tuple[bool, bool, bool]:
        place = parse_lane(lane)
        edit_any, edit_own, add = (
            bool(self.rights.decide(person, act, place.part_id, place.lane))
            for act in (Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT, Act.ADD_POINT)
        )
        return edit_any, edit_own, add

    def commit(self) -> None:
        """Write the rows, and hold each against the rights of who sent it."""
        for row in self.on_the_way:
            self._judge(row)
        super().commit()

    def _judge(self, row: Append) -> None:
        doc = self.book[row.lane]
        before = held(doc)
        doc.apply_update(row.body)
        after = held(doc)
        edit_any, edit_own, add = self.may.pop(row.ticket)
        for point in before.keys() | after.keys():
            if point not in before:
                assert add, "a point by somebody who may not add"
                self.starters[row.lane, point] = row.participant_id
            elif before[point] != after.get(point):
                mine = self.starters[row.lane, point] == row.participant_id
                assert edit_any or (edit_own and mine), "a change by somebody who may not make it"
            if before.get(point) != after.get(point):
                assert is_shaped(after[point]), "a point of no shape"
        assert before.keys() <= after.keys(), "a point is gone"
        if row.client is not None:
            assert self.owners.setdefault(row.client, row.participant_id) == row.participant_id

    def restart(self) -> None:
        """The server ends and starts again: only what is on disk is left. Every line is cut."""
        self.on_the_way.clear()
        self.may.clear()
        self.clients = type(self.clients)(self.owners)
        self.room = Room(
            CONFERENCE, self.rights, self.users, self.clients, Random(self.chance.getrandbits(32))
        )
        self.lanes_wanted.clear()
        self.gates_wanted.clear()
        self.due.clear()
        for page in self.pages.values():
            page.session.close()
        self._follow()

    def end(self) -> None:
        """Let go of every page: a document that is observed holds its page for ever, and that everything else."""
        for page in self.pages.values():
            # Unless the same copy came back on a newer line.
            with suppress(ValueError):
                page.doc.unobserve(page._watching)

    def stored(self, lane: str) -> Doc[Any]:
        """Read a lane: a snapshot of some rows, and the rows after it."""
        rows = self.log.get(lane, [])
        middle = self.chance.randint(0, len(rows))
        first: Doc[Any] = Doc()
        for body in rows[:middle]:
            first.apply_update(body)
        doc: Doc[Any] = Doc()
        if middle:
            doc.apply_update(first.get_update())
        for body in rows[middle:]:
            doc.apply_update(body)
        return doc

    # Frames

    def frame(self, page: Page, frame: bytes) -> None:
        """Send any bytes on a page's line, and count what they cost."""
        figures = self.figures
        self.told.append(frame)
        lane = self.room.lanes.get(page.lane)
        gate = None if lane is None else lane.gate
        taken, size = figures.accepted, None if gate is None else gate.size
        with counted() as lines:
            page.send_bytes(frame)
        if gate is not None and figures.accepted == taken:
            assert gate.size == size, "what was refused left something behind"
        figures.frames += 1
        figures.bytes += len(frame)
        figures.malformed += page.shut is not None
        figures.dearest = max(figures.dearest, lines.count)
        assert lines.count < MOST_LINES, f"{lines.count:,} lines for {len(frame)} bytes"

    # What must stay true

    def settle(self, yjs: Yjs | None) -> None:
        """Everything is written and told; then everybody must hold the same."""
        self.let_time_pass()
        self.commit()
        self.run(self.room.thaw(self.now))
        self.let_time_pass()
        self.commit()
        self.tick()
        for code in self.refusals:
            self.figures.refused[code] = self.figures.refused.get(code, 0) + 1
        self.refusals.clear()
        self.figures.batches += 1
        for name in LANES:
            self._settle(name, yjs)

    def _settle(self, name: str, yjs: Yjs | None) -> None:
        lane = self.room.lanes[name]
        truth = held(self.book[name])
        rows = self.log.get(name, [])
        snapshot = lane.doc.get_update()
        again: Doc[Any] = Doc()
        again.apply_update(snapshot)
        assert held(lane.doc) == truth, "live"
        assert held(again) == truth, "loaded from a snapshot"
        assert held(self.stored(name)) == truth, "loaded from a snapshot and rows"
        decode_update(snapshot, STEP2)
        loaded = Gate.load(snapshot, self.clients)
        assert spelled(loaded, rows) == {point: values["text"] for point, values in truth.items()}
        assert loaded.matches(lane.doc)
        if lane.gate is not None:
            assert lane.gate.matches(lane.doc)
            assert spelled(lane.gate, rows) == {point: values["text"] for point, values in truth.items()}
            assert picture(loaded) == picture(lane.gate), "the index"
        for follower in self.followers:
            if follower.lane == name:
                assert not follower.session.closed
                assert held(follower.doc) == truth, f"{follower.person}'s page"
                if yjs is not None:
                    assert yjs.held(follower.frames) == truth, f"{follower.person}'s page in Yjs"
        # Replicas agree in whatever order the rows reach them, or some of them are what no honest client writes.
        shuffled = self.chance.sample(rows, len(rows))
        if yjs is not None:
            assert yjs.held(shuffled) == truth, "Yjs, in any order"
            assert yjs.held(rows) == truth, "Yjs, row by row"
            assert yjs.held([snapshot]) == truth, "Yjs, from a snapshot"


def spelled(gate: Gate, rows: list[bytes]) -> dict[str, str]:
    """Each point's text in the order of the gate's index, with the letters of the log."""
    units: dict[tuple[int, int], bytes] = {}
    for row in rows:
        for client, structs in decode_update(row, STORED).sections.items():
            for one in structs:
                if one.content == STRING and isinstance(one.value, str):
                    raw = one.value.encode("utf-16-le")
                    units.update(
                        ((client, one.clock + at), raw[2 * at : 2 * at + 2]) for at in range(one.length)
                    )
    texts: dict[str, str] = {}
    for point in gate._index.points.values():
        raw, item = b"", point.text.first
        while item is not None:
            deleted = gate._index.histories[item.client].deleted
            for at in range(item.clock, item.clock + item.length):
                raw += b"" if at in deleted else units[item.client, at]
            item = item.right
        texts[point.id] = raw.decode("utf-16-le")
    return texts
