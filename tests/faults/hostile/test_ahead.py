"""What a page sends before its Step2 waits for it: nothing of it is lost, and there is not too much of it."""

from __future__ import annotations

from shared_doc.messages import Change, Close, Step1, Step2, SyncStatus
from shared_doc.session import AHEAD_BYTES
from shared_doc.structs import STRING, Id, Struct, Update
from shared_doc.update import decode_state_vector, encode_update
from tests.faults.hostile.lines import counted
from tests.protocol.meeting import MINUTES, Meeting, Page, refused

GAP = bytes.fromhex("01 01 c801 05 84 c801 04 01 61 00")
"""Client 200 types an "a" after its fifth letter; of the first five nobody knows."""
NOTHING = b"\x00\x00"
MOST_LINES_IN_ONE_GO = 10_000_000


def ahead(meeting: Meeting, update: bytes = GAP, person: str = "tom", client: int = 200) -> Page:
    """A page, by default the minute-taker's, that has sent something ahead of its Step2."""
    page = meeting.page(person, client=client, sync=False)
    page.join()
    page.send(Step1(MINUTES, b"\x00"))
    page.inbox.clear()
    page.session.met = False
    page.send(Change(MINUTES, update))
    return page


def typed() -> tuple[Meeting, bytes, bytes]:
    """A meeting with one point, and two changes of one page, the second of which builds on the first."""
    meeting = Meeting()
    page = meeting.page("tom", client=200)
    point = page.new_point()
    meeting.commit()
    updates: list[bytes] = []
    watching = page.doc.observe(lambda event: updates.append(event.update))
    page.offline()
    page.type("one", point)
    page.type(" two", point)
    page.doc.unobserve(watching)
    meeting.run(meeting.room.leave(page.session))
    return meeting, updates[0], updates[1]


def test_a_change_that_was_sent_ahead_waits_while_nothing_is_taken() -> None:
    meeting, first, second = typed()
    page = ahead(meeting, second)
    assert page.session.ahead
    meeting.room.freeze()
    # The Step2 of a page whose copy holds nothing new: it could be acknowledged at once, but for what came ahead.
    page.send(Step2(MINUTES, NOTHING))
    assert page.session.ahead == [second]
    page.session.waiting.insert(0, (Step2(MINUTES, first), len(first)))
    meeting.run(meeting.room.thaw(0.0))
    meeting.commit()
    assert len([1 for told in page.heard(SyncStatus)]) == 3
    (text,) = [point.text for point in meeting.room.lanes[MINUTES].points]
    assert text == "one two"


def test_what_is_sent_ahead_has_an_end() -> None:
    meeting = Meeting()
    meeting.page("ruth", client=300).new_point()
    meeting.commit()
    page = ahead(meeting)
    assert page.session.ahead
    large = bytes(64 * 1024)
    for _ in range(100):
        page.send(Change(MINUTES, large))
    assert sum(map(len, page.session.ahead)) <= AHEAD_BYTES + len(large)
    assert page.shut is not None or page.heard(Close)


def test_what_was_sent_ahead_is_not_judged_for_seconds_in_one_go() -> None:
    meeting = Meeting()
    page = meeting.page("sam", client=200)
    page.type("XR")
    meeting.commit()
    after = page.doc.get_state()
    clock = decode_state_vector(after)[200] - 2
    left, right = (200, clock), (200, clock + 1)
    # Ten thousand letters typed backwards, each an item of its own, that no other page has seen.
    for begin in range(0, 10_000, 2_000):
        structs = [
            Struct(300, at, 1, STRING, "q", left, (300, at - 1) if at else right)
            for at in range(begin, begin + 2_000)
        ]
        page.send(Change(MINUTES, encode_update(Update({300: structs}, {}))))
        meeting.commit()
    meeting.now += 60.0
    late = ahead(meeting, typed_by_201(1, right), "sam", 201)
    for at in range(2, 500):
        late.send(Change(MINUTES, typed_by_201(at, right)))
    assert len(late.session.ahead) == 499
    with counted() as lines:
        late.send(
            Step2(MINUTES, encode_update(Update({201: [Struct(201, 0, 1, STRING, "a", left, right)]}, {})))
        )
    assert lines.count < MOST_LINES_IN_ONE_GO, f"{lines.count:,}"
    # Honest or not: it waits, and all of it is taken in time; nobody else waits meanwhile.
    assert meeting.waiting
    tom = meeting.page("tom", client=400)
    tom.type("Somebody else")
    meeting.commit()
    assert tom.unsaved == 0
    meeting.let_time_pass()
    meeting.commit()
    assert refused(late) == ([], [])
    assert not late.session.ahead
    assert meeting.now < 60.0 + 60.0


def typed_by_201(at: int, right: Id) -> bytes:
    """The next letter of client 201, for which all that lies up to `right` has to be looked at."""
    return encode_update(Update({201: [Struct(201, at, 1, STRING, "b", (201, at - 1), right)]}, {}))
