"""The dearest updates that anybody has thought of: each ends as too much work, or soon.

Work is counted in the gate's own steps and in lines of Python, whatever else the machine does. Each of these took
between 6 and 65 seconds, or 700 MB, before it was refused.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest

from shared_doc.authors import Author, ClientIds, Rights
from shared_doc.compose import compose_point
from shared_doc.errors import Malformed, RefusalCode, Refused
from shared_doc.gate import Gate
from shared_doc.limits import CLIENTS_IN_A_LANE, LIVE, STEP2, UpdateLimits
from shared_doc.messages import CloseCode, Step1
from shared_doc.structs import ANY, STRING, Id, Span, Struct, Update
from shared_doc.update import encode_state_vector, encode_update
from tests.faults.hostile.lines import counted
from tests.protocol.meeting import MINUTES, Meeting

WRITER = Author("sam", Rights(edit_any=False, edit_own=True, add=True))
ANOTHER = Author("nadia", Rights(edit_any=True, edit_own=True, add=True))
MOST_LINES = 8_000_000
"""For one update. The dearest that is taken, of a megabyte, is a third of that, and a quarter of a second."""


class Lane:
    """A gate, and points of `letters` letters that client 1 typed in it."""

    def __init__(self, points: int = 1, letters: int = 2) -> None:
        self.gate = Gate(ClientIds())
        self.texts: list[int] = []
        for number in range(points):
            _id, updates = compose_point(
                self.gate, 1, text="ab" * (letters // 2), kind="point", said_by="", random=Random(number)
            )
            self.texts.append(self.gate.next_clock(1) + 6)
            for update in updates:
                self.gate.check(update, WRITER)

    def put(
        self, update: Update, author: Author = WRITER, limits: UpdateLimits = LIVE, most: int = MOST_LINES
    ) -> None:
        """Send an update, which may be so much work and no more. Raises what the gate raises."""
        body = encode_update(update)
        with counted() as lines:
            try:
                self.gate.check(body, author, limits=limits)
            finally:
                assert lines.count < most, f"{lines.count:,} lines"


def letter(client: int, clock: int, origin: Id | None, right: Id | None = None, text: str = "q") -> Struct:
    return Struct(client, clock, len(text), STRING, text, origin, right)


def test_every_other_letter_is_deleted_from_the_end_to_the_beginning() -> None:
    lane = Lane(points=5, letters=40_000)
    for first in reversed(lane.texts):
        spans: list[Span] = [(first + at, 1) for at in range(0, 39_998, 2)]
        lane.put(Update({}, {1: spans}), limits=STEP2)


def test_letters_are_put_between_all_letters_of_another_from_the_end_to_the_beginning() -> None:
    lane = Lane(points=2, letters=60_000)
    (first, second), clock = lane.texts, 0
    for start in (second, first):
        places = [(start + at, start + at + 1) for at in range(59_990)][::-1]
        for part in range(0, 54_000, 9_000):
            structs = [
                letter(2, clock + at, (1, left), (1, right))
                for at, (left, right) in enumerate(places[part : part + 9_000])
            ]
            with suppress(Refused):
                lane.put(Update({2: structs}, {}), ANOTHER, STEP2)
                clock += len(structs)
    assert clock  # some were taken, and each made the next dearer


def chain_of_pages(lane: Lane, count: int, client: int = 100, author: Author = WRITER) -> Id:
    """So many pages of one person, each of which has seen what the one before had seen, and that one."""
    previous: Id = (1, lane.texts[0])
    for page in range(client, client + count):
        lane.put(Update({page: [letter(page, 0, previous)]}, {}), author)
        previous = (page, 0)
    return previous


def test_the_view_of_hundreds_of_pages_is_taken_over_thousands_of_times() -> None:
    lane = Lane()
    last = chain_of_pages(lane, CLIENTS_IN_A_LANE - 2)
    last = chain_of_pages(lane, CLIENTS_IN_A_LANE - 2, 1_000, ANOTHER)
    lane.put(Update({50: [letter(50, 0, last, text="z" * 8_000)]}, {}))
    structs = [letter(51, at, (50, at), (50, at + 1)) for at in range(5_000)]
    with pytest.raises(Refused) as refused:
        lane.put(Update({51: structs}, {}), ANOTHER)
    assert refused.value.code is RefusalCode.TOO_MUCH_WORK
    # What an honest page sends after the same history is still taken.
    lane.put(Update({51: structs[:100]}, {}), ANOTHER)


def test_one_person_s_pages_in_a_lane_have_an_end() -> None:
    lane = Lane()
    last = chain_of_pages(lane, CLIENTS_IN_A_LANE - 1)
    with pytest.raises(Refused) as refused:
        lane.put(Update({9_999: [letter(9_999, 0, last)]}, {}))
    assert refused.value.code is RefusalCode.TOO_MUCH
    # Theirs only: another person comes in, and an open page goes on.
    lane.put(Update({9_998: [letter(9_998, 0, last)]}, {}), ANOTHER)
    lane.put(Update({last[0]: [letter(last[0], 1, last)]}, {}))


def test_what_a_lane_s_index_keeps_apart_has_an_end() -> None:
    few = UpdateLimits(size=1 << 20, structs=10_000, ranges=10_000, clients=10, steps=100_000, items=60)
    lane = Lane(letters=100)
    first = lane.texts[0]

    def between(clock: int, at: int, count: int) -> Update:
        places = range(first + at, first + at + 2 * count, 2)
        structs = [letter(2, clock + n, (1, place), (1, place + 1)) for n, place in enumerate(places)]
        return Update({2: structs}, {})

    lane.put(between(0, 0, 20), limits=few)
    with pytest.raises(Refused) as refused:
        lane.put(between(20, 40, 20), limits=few)
    assert refused.value.code is RefusalCode.TOO_MUCH
    with pytest.raises(Refused):
        lane.put(between(20, 40, 20), limits=few)
    # Deleting, and typing on, are still possible.
    lane.put(Update({}, {1: [(first, 1)]}), limits=few)
    lane.put(Update({2: [letter(2, 20, (2, 19), (1, first + 39), "on")]}, {}), limits=few)


def test_the_letters_of_a_lane_have_an_end_however_many_points_they_are_in() -> None:
    few = replace(LIVE, lane_letters=100)
    lane = Lane(points=3, letters=30)

    def more(at: int, count: int) -> Update:
        after = (2, at - 1) if at else (1, lane.texts[0] + 29)
        return Update({2: [letter(2, at, after, text="q" * count)]}, {})

    lane.put(more(0, 10), limits=few)
    with pytest.raises(Refused) as refused:
        lane.put(more(10, 1), limits=few)
    assert refused.value.code is RefusalCode.TOO_MUCH
    # What is deleted makes room again.
    lane.put(Update({}, {1: [(lane.texts[1], 5)]}), limits=few)
    lane.put(more(10, 5), limits=few)


@pytest.mark.parametrize(("structs", "values"), [(5, 12_000), (20, 50_000), (4, 12_000)])
def test_a_value_that_is_a_byte_costs_what_a_struct_does(structs: int, values: int) -> None:
    lane = Lane()
    clock = lane.gate.next_clock(1)
    (point,) = lane.gate._index.points.values()
    held = point.fields["struck"].last
    assert held is not None
    sent = [
        Struct(
            1, clock + at * values, values, ANY, (True,) * values, (1, clock + at * values - 1), keyed=True
        )
        for at in range(structs)
    ]
    sent[0].origin = (1, held.clock)
    with pytest.raises((Refused, Malformed)):
        lane.put(Update({1: sent}, {}), limits=STEP2, most=MOST_LINES // 2)


def test_refused_updates_cut_nothing_in_pieces() -> None:
    lane = Lane(letters=40_000)
    first = lane.texts[0]
    before = lane.gate.size
    for _ in range(3):
        structs = [
            letter(1, first + 40_000 + at, (1, first + 2 * at), (1, first + 2 * at + 1))
            for at in range(9_000)
        ]
        structs.append(letter(1, first + 49_000, (7, 7)))
        with pytest.raises(Refused) as refused:
            lane.put(Update({1: structs}, {}), limits=STEP2)
        assert refused.value.code is RefusalCode.UNKNOWN_PLACE
        assert lane.gate.size == before


@pytest.mark.parametrize(
    "make",
    [
        lambda lane: Update({2: [letter(2, n, (1, lane.texts[0]), None) for n in range(9_000)]}, {}),
        lambda lane: Update({}, {1: [(n, 1) for n in range(0, 22_000, 2)]}),
    ],
)
def test_a_refusal_is_cheap(make: Callable[[Lane], Update]) -> None:
    lane = Lane()
    with pytest.raises(Refused):
        lane.put(make(lane))


def test_a_state_vector_of_a_hundred_thousand_pages_is_not_read() -> None:
    meeting = Meeting()
    page = meeting.page("kelly")
    made_up = Step1(MINUTES, encode_state_vector({2**52 + at: 1 for at in range(100_000)})).encode()
    with counted() as lines:
        page.send_bytes(made_up)
    assert page.shut == CloseCode.MALFORMED
    # Were it read, it would be a dozen lines for each of them.
    assert lines.count < 10_000
    other = meeting.page("kelly")
    other.send(Step1(MINUTES, encode_state_vector({2**52 + at: 1 for at in range(10_000)})))
    assert other.shut is None
