"""Whatever happens, in whatever order: in the end everybody holds what is stored."""

from __future__ import annotations

from random import Random

import pytest
from pycrdt import Text

from tests.protocol.meeting import MINUTES, Meeting, Page

STEPS = 120


class Play:
    """People type, the disk fails, lines drop and come back, the pen goes round."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.meeting = Meeting()
        self.people = ["tom", "ruth", "sam", "kelly"]
        self.pages = {
            person: self.meeting.page(person, client=100 + n) for n, person in enumerate(self.people)
        }
        self.own: dict[str, list[str]] = {person: [] for person in self.people}

    def step(self) -> None:
        what = self.chance.choice(
            ["type"] * 6
            + ["rub"] * 2
            + ["commit"] * 4
            + ["tick"] * 2
            + ["fail", "drop", "come", "pen", "freeze"]
        )
        getattr(self, what)()

    def type(self) -> None:
        person = self.chance.choice(["tom", "ruth", "sam"])
        page = self.pages[person]
        known = [point for point in self.own[person] if point in page.points]
        if person != "sam":
            known = list(page.points.keys())
        if known and self.chance.random() < 0.8:
            point = self.chance.choice(sorted(known))
            page.type(self.chance.choice(["a", "Zoe ", "went to school. "]), point)
        else:
            self.own[person].append(page.type("new "))

    def rub(self) -> None:
        person = self.chance.choice(["tom", "sam"])
        page = self.pages[person]
        for point in self.own[person]:
            held: Text = page.points[point]["text"]
            if len(held) > 2:
                page.rub_out(1, point)
                return

    def commit(self) -> None:
        self.meeting.commit()

    def tick(self) -> None:
        self.meeting.tick()

    def fail(self) -> None:
        self.meeting.fail()
        for person, page in self.pages.items():
            if page.shut is not None:
                self.again(person, page)

    def drop(self) -> None:
        page = self.pages[self.chance.choice(self.people)]
        self.meeting.run(self.meeting.room.leave(page.session))
        page.offline()

    def come(self) -> None:
        for person, page in self.pages.items():
            if page.session.closed:
                self.again(person, page)

    def pen(self) -> None:
        held = self.meeting.rights.people["sam"].pens
        self.meeting.change("sam", pens=frozenset() if held else frozenset({"p1"}))

    def freeze(self) -> None:
        if self.meeting.room.writing.frozen:
            self.meeting.run(self.meeting.room.thaw(0.0))
        else:
            self.meeting.room.freeze()

    def again(self, person: str, page: Page) -> None:
        """The same document comes back on a new line, as a provider's does."""
        self.meeting.run(self.meeting.room.leave(page.session))
        self.pages[person] = page.on_a_new_line()

    def settle(self) -> None:
        if self.meeting.room.writing.frozen:
            self.freeze()
        self.come()
        for _ in range(2):
            self.meeting.commit()
            self.meeting.tick()


@pytest.mark.parametrize("seed", range(40))
def test_everybody_holds_what_is_stored(seed: int) -> None:
    play = Play(seed)
    for _ in range(STEPS):
        play.step()
    play.settle()
    stored = play.meeting.stored(MINUTES)
    newcomer = play.meeting.page("ivy")
    for page in (*play.pages.values(), newcomer):
        assert not page.session.closed, page.heard()[-3:]
        assert page.points.to_py() == newcomer.points.to_py()
        assert page.doc.get_state() == stored.get_state()
    for person in ("tom", "ruth", "sam"):
        assert play.pages[person].unsaved == 0
    gate = play.meeting.room.lanes[MINUTES].gate
    if gate is not None:
        assert gate.matches(play.meeting.room.lanes[MINUTES].doc)
