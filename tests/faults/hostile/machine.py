"""The crowd as a state machine: hypothesis chooses who does what when, and shortens what went wrong."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.faults.hostile.crowd import Crowd
from tests.faults.hostile.stage import Figures, Stage

SEEDS = st.integers(0, 2**16)


class Attack(RuleBasedStateMachine):
    """One conference. Each rule is one act of the crowd or of the world; what it is made of comes from a seed."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(Random(0), Figures())
        self.crowd = Crowd(self.stage, Random(0))

    def _act(self, seed: int, name: str) -> None:
        self.crowd.chance = self.stage.chance = Random(seed)
        act = getattr(self.crowd, name)
        act(self.crowd.page())

    @rule(seed=SEEDS)
    def somebody_edits(self, seed: int) -> None:
        """An honest page does what its editor does."""
        self._act(seed, "honest")

    @rule(seed=SEEDS)
    def somebody_changes_a_word(self, seed: int) -> None:
        """An honest update with a word changed."""
        self._act(seed, "one_word")

    @rule(seed=SEEDS)
    def somebody_makes_an_update_up(self, seed: int) -> None:
        """An update that no page made."""
        self._act(seed, "made_up")

    @rule(seed=SEEDS)
    def somebody_repeats_themselves(self, seed: int) -> None:
        """What is known, with or without something new."""
        self._act(seed, "overlap")

    @rule(seed=SEEDS)
    def somebody_comes_back(self, seed: int) -> None:
        """Edits while the line was cut."""
        self._act(seed, "offline")

    @rule(seed=SEEDS)
    def somebody_sends_an_odd_frame(self, seed: int) -> None:
        """Cut, lengthened, misnamed, or noise."""
        self._act(seed, "odd_frame")

    @rule(seed=SEEDS)
    def somebody_moves_their_cursor(self, seed: int) -> None:
        """Honestly or not."""
        self._act(seed, "cursor")

    @rule()
    def the_disk_writes(self) -> None:
        """Everything on its way is stored."""
        self.stage.commit()

    @rule()
    def the_disk_fails(self) -> None:
        """Nothing on its way is stored."""
        self.stage.fail()

    @rule()
    def the_server_restarts(self) -> None:
        """Only what is on disk is left."""
        self.stage.restart()

    @rule()
    def followers_are_told(self) -> None:
        """Several changes in one frame."""
        self.stage.tick()

    @rule(person=st.sampled_from(["sam", "nadia"]), pens=st.sets(st.sampled_from(["p1", "p2"])))
    def the_pen_is_handed_over(self, person: str, pens: set[str]) -> None:
        """Somebody may do more or less than before."""
        self.stage.change(person, pens=frozenset(pens))

    @rule(still=st.booleans())
    def the_lanes_stand_still(self, still: bool) -> None:
        """Frozen, or no longer."""
        if still:
            self.stage.room.freeze()
        else:
            self.stage.run(self.stage.room.thaw(self.stage.now))

    @rule()
    def all_is_compared(self) -> None:
        """In the middle, as at the end."""
        self.stage.settle(None)

    @invariant()
    def nothing_is_kept_of_who_left(self) -> None:
        """A session that is closed keeps no frame in memory, and is in no lane, once its line is cut."""
        for session in self.stage.room.sessions:
            assert not session.closed or self.stage.pages[session.socket].shut is not None
        for page in self.stage.pages.values():
            if page.session.closed:
                assert not page.session.waiting
                assert not page.session.ahead

    def teardown(self) -> None:
        """Everybody holds the same at the end."""
        try:
            self.stage.settle(None)
        finally:
            self.stage.end()
