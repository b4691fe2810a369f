"""One client's flood waits behind everybody's keystroke."""

from __future__ import annotations

import asyncio

from server.realtime.connection import Connection
from server.realtime.turns import AHEAD, Turns
from shared_doc.messages import Step1
from shared_doc.session import BACKED_UP_FRAMES, Session, State
from tests.unit.server.realtime.wires import Wire


class Room:
    """Notes whose frames are handled, in order."""

    def __init__(self, turn: float = 1.0, inbox: int = 8, rate: float = 1e6) -> None:
        self.order: list[int] = []
        self.ends: list[int] = []
        self.news = asyncio.Event()
        self.turns = Turns(self.handle, self.after, turn=turn, rate=rate, inbox=inbox, inbox_bytes=1_000)

    def handle(self, connection: Connection, frame: bytes) -> None:
        self.order.append(connection.key)
        if connection.key == 0:
            raise ZeroDivisionError

    def after(self) -> None:
        self.ends.append(len(self.order))
        self.news.set()

    async def handled(self, count: int) -> None:
        """Wait until so many frames were handled."""
        while len(self.order) < count:
            self.news.clear()
            await self.news.wait()

    def connect(self, key: int) -> tuple[Connection, Wire]:
        wire = Wire()
        return Connection(key, wire, 0.0), wire


async def settle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_connections_take_turns_frame_by_frame() -> None:
    room = Room(inbox=100)
    flood, _ = room.connect(1)
    typist, _ = room.connect(2)
    for _ in range(5):
        room.turns.arrived(flood, b"x")
    room.turns.arrived(typist, b"y")
    await settle()
    assert room.order == [1, 2, 1, 1, 1, 1]


async def test_a_turn_ends_and_the_loop_does_other_things_in_between() -> None:
    room = Room(turn=0.0, inbox=100)
    flood, _ = room.connect(1)
    for _ in range(5):
        room.turns.arrived(flood, b"x")
    await settle()
    assert room.ends == [1, 2, 3, 4, 5]


async def test_a_full_inbox_stops_the_reading_until_it_has_room() -> None:
    room = Room(turn=0.0, inbox=8)
    flood, wire = room.connect(1)
    for _ in range(8):
        room.turns.arrived(flood, b"x")
    paused = [wire.paused]
    await settle()
    paused.append(wire.paused)
    assert paused == [True, False]
    assert len(room.order) == 8


async def test_a_few_large_frames_stop_the_reading_as_many_small_ones_do() -> None:
    room = Room(turn=0.0, inbox=8)
    flood, wire = room.connect(1)
    for _ in range(2):
        room.turns.arrived(flood, bytes(400))
    paused = [wire.paused]
    room.turns.arrived(flood, bytes(400))
    paused.append(wire.paused)
    await settle()
    paused.append(wire.paused)
    assert paused == [False, True, False]
    assert (len(room.order), flood.inbox_bytes) == (3, 0)


async def test_a_connection_whose_session_is_backed_up_waits_until_it_is_not() -> None:
    room = Room(inbox=100)
    connection, _ = room.connect(1)
    session = Session("d", 1, State.SYNCING)
    connection.sessions["d"] = session
    for _ in range(BACKED_UP_FRAMES):
        session.hold(Step1("d", b"\x00"), 4)
    room.turns.arrived(connection, b"x")
    room.turns.arrived(connection, b"y")
    await settle()
    assert room.order == [1]
    room.turns.look_again()
    await settle()
    assert room.order == [1]
    session.close()
    room.turns.look_again()
    await settle()
    assert room.order == [1, 1]


async def test_a_frame_that_breaks_something_takes_nobody_else_s_turn() -> None:
    room = Room(inbox=100)
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: broken.append(context["exception"])
    )
    broken: list[Exception] = []
    hostile, _ = room.connect(0)
    typist, _ = room.connect(2)
    room.turns.arrived(hostile, b"x")
    room.turns.arrived(typist, b"y")
    await settle()
    assert room.order == [0, 2]
    assert room.ends == [1, 2]
    assert [type(one) for one in broken] == [ZeroDivisionError]


async def test_a_flood_has_its_share_and_rests_while_everybody_else_goes_on() -> None:
    room = Room(inbox=100, rate=0.01)
    flood, _ = room.connect(1)
    typist, _ = room.connect(2)
    for _ in range(50):
        room.turns.arrived(flood, b"x")
    await settle()
    room.turns.arrived(flood, b"x")
    for _ in range(3):
        room.turns.arrived(typist, b"y")
        await settle()
    assert room.order == [1, 2, 2, 2]


async def test_a_flood_goes_on_after_its_rests_until_all_of_it_is_handled() -> None:
    room = Room(inbox=1_000, rate=20 / AHEAD)
    flood, _ = room.connect(1)
    for _ in range(200):
        room.turns.arrived(flood, b"x")
    async with asyncio.timeout(60):
        await room.handled(200)
    assert room.order == [1] * 200


async def test_whoever_rests_and_closes_has_no_turn_any_more() -> None:
    room = Room(inbox=1_000, rate=1.5 / AHEAD)
    flood, _ = room.connect(1)
    typist, _ = room.connect(2)
    for _ in range(100):
        room.turns.arrived(flood, b"x")
    await settle()
    share = len(room.order)
    room.turns.gone(flood)
    asyncio.get_running_loop().call_later(4 * AHEAD, room.turns.arrived, typist, b"y")
    async with asyncio.timeout(60):
        await room.handled(share + 1)
    assert room.order[share:] == [2]


async def test_what_waits_of_a_closed_connection_is_dropped() -> None:
    room = Room()
    connection, _ = room.connect(1)
    room.turns.arrived(connection, b"x")
    room.turns.gone(connection)
    await settle()
    assert room.order == []
