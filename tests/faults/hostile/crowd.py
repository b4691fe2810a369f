"""Who attacks: pages that are honest, were honest until a word was changed, or never were.

Every choice comes from one `Random`, so a seed, or the bytes that a fuzzer chooses, replay a whole attack.
"""

from __future__ import annotations

from random import Random

from pycrdt import Text

from shared_doc.compose import compose_point
from shared_doc.messages import Change, Kind, Step2, decode_server
from shared_doc.schema import KEYS, KINDS
from tests.faults.hostile.grammar import ODD_NUMBERS, changed, n, number, s, words, written
from tests.faults.hostile.stage import LANES, Stage
from tests.faults.hostile.view import CLIENTS, TYPED, View
from tests.protocol.meeting import CONFERENCE, EVENTS, SUMMARY, Page

PEOPLE = ("tom", "ruth", "sam", "sam", "nadia", "kelly", "ivy", "nobody")


class Attacker(Page):
    """A page whose copy of the lane may be old, wrong or poisoned."""

    broken = False

    def receive(self, frame: bytes) -> None:
        """Take a frame, and forget it. Whoever lies under their own name has a copy that the truth does not fit."""
        message = decode_server(frame)
        if self._online and not isinstance(message, (Step2, Change)):
            super().receive(frame)
        elif self._online and not self.broken and isinstance(message, (Step2, Change)):
            self._quiet = True
            try:
                self.doc.apply_update(message.update)
            except (KeyboardInterrupt, MemoryError):
                raise
            except BaseException:  # the engine's panics are no Exception
                self.broken = True
            self._quiet = False
        self.inbox.clear()

    def take(self) -> list[bytes]:
        """What was edited here and not sent."""
        own, self._own = self._own, []
        return own


class Crowd:
    """Several pages on several lanes, one of which does something at each step."""

    def __init__(self, stage: Stage, chance: Random) -> None:
        self.stage = stage
        self.chance = chance
        self.pages: list[Attacker] = []
        self.old_states: list[bytes] = [b"\x00"]
        for lane in LANES:
            for person in ("ruth", "ruth") if lane == SUMMARY else ("ruth", "sam", "tom"):
                page = self.come(person, lane)
                for _ in range(3):
                    self.edit(page)
                    self.send(page, page.take())
        stage.commit()

    def step(self) -> None:
        """One act of one page, or of the world."""
        chance, stage = self.chance, self.stage
        what = chance.random()
        if what < 0.12:
            stage.commit()
        elif what < 0.15:
            stage.tick()
        elif what < 0.152:
            stage.fail()
        elif what < 0.153:
            stage.restart()
        elif what < 0.157:
            pens = frozenset(chance.choice([(), ("p1",), ("p2",), ("p1", "p2")]))
            stage.change(chance.choice(["sam", "nadia"]), pens=pens)
        elif what < 0.16:
            stage.room.freeze()
        elif what < 0.165:
            stage.run(stage.room.thaw(stage.now))
        else:
            page = self.page()
            acts = (
                [self.honest] * 3 + [self.one_word] * 5 + [self.made_up] * 8 + [self.offline] + [self.overlap] * 2
                + [self.odd_frame] * 3 + [self.cursor]
            )  # fmt: skip
            act = chance.choice(acts)
            stage.figures.acts[act.__name__] = stage.figures.acts.get(act.__name__, 0) + 1
            act(page)

    # Pages come and go

    def come(self, person: str, lane: str, client: int | None = None) -> Attacker:
        """Somebody opens a lane."""
        page = Attacker(
            self.stage, person, lane, client or self.chance.choice([3, 2**31, 2**52]) + len(self.stage.pages)
        )
        self.stage.pages[page.session.socket] = page
        page.open()
        self.pages.append(page)
        return page

    def page(self) -> Attacker:
        """A page with a line; one whose line was cut comes back with what it has, or is opened anew."""
        chance, stage = self.chance, self.stage
        if len(self.pages) < 12 and chance.random() < 0.2:
            lane = chance.choice([LANES[0], LANES[0], LANES[0], *LANES, EVENTS, "c2/p1/minutes", "x"])
            return self.come(chance.choice(PEOPLE), lane)
        page = chance.choice(self.pages)
        if page.session.closed or page.shut is not None or page.broken:
            stage.run(stage.room.leave(page.session))
            self.pages.remove(page)
            if chance.random() < 0.5 and not page.broken:
                # A copy that was refused once is refused for ever: let it try, but not only such.
                page.take()
                again = page.on_a_new_line()
                assert isinstance(again, Attacker)
                self.pages.append(again)
                return again
            return self.come(page.person, page.lane, chance.choice([None, page.client]))
        return page

    # Honest updates

    def edit(self, page: Attacker) -> None:
        """Change something in the page's own copy, as its editor would."""
        chance = self.chance
        points = page.points.to_py() or {}
        if any(
            not isinstance(values, dict)
            or len(values) != len(KEYS)
            or not isinstance(page.points[point]["text"], Text)
            for point, values in points.items()
        ):
            # It lied under a name that it also writes under: the truth no longer fits its copy.
            page.broken = True
            return
        what = chance.random()
        if not points or what < 0.12:
            kind = chance.choice(KINDS)
            text = chance.choice(["", *TYPED])
            try:
                _id, updates = compose_point(
                    page, page.client, text=text, kind=kind, said_by="", random=chance
                )
            except ValueError:
                return
            for one in updates:
                page.doc.apply_update(one)
                page._own.append(one)
            return
        point = chance.choice(sorted(points))
        held: Text = page.points[point]["text"]
        text = str(held)
        with page.doc.transaction():
            for _ in range(chance.choice([1, 1, 2, 3])):
                at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
                if what < 0.6:
                    more = chance.choice(TYPED)
                    held.insert(len(text[:at].encode()), more)
                    text = text[:at] + more + text[at:]
                elif what < 0.8 and to > at:
                    del held[len(text[:at].encode()) : len(text[: min(to, at + 6)].encode())]
                    text = text[:at] + text[min(to, at + 6) :]
                else:
                    key, new = chance.choice(
                        [
                            ("struck", chance.random() < 0.5),
                            ("kind", chance.choice(KINDS)),
                            ("position", "a1V"),
                        ]
                    )
                    page.points[point][key] = new

    def send(self, page: Attacker, updates: list[bytes]) -> None:
        """Send some updates, each as a change."""
        for one in updates:
            self.stage.frame(page, Change(page.lane, one).encode())

    def honest(self, page: Attacker) -> None:
        """Edit and send."""
        self.edit(page)
        self.send(page, page.take())

    def one_word(self, page: Attacker) -> None:
        """Edit, and change a word or two of what is sent."""
        self.edit(page)
        own = page.take() or [page.doc.get_update(self.chance.choice(self.old_states))]
        for one in own:
            try:
                said = words(one)
            except ValueError:
                continue
            for _ in range(self.chance.choice([1, 1, 1, 2])):
                said = changed(said, self.chance)
            self.deliver(page, written(said))

    def offline(self, page: Attacker) -> None:
        """Edit a while without a line, and come back; or never."""
        page.offline()
        for _ in range(self.chance.randint(1, 5)):
            self.edit(page)
        page.take()
        if self.chance.random() < 0.8:
            self.stage.run(self.stage.room.leave(page.session))
            self.pages.remove(page)
            again = page.on_a_new_line()
            assert isinstance(again, Attacker)
            self.pages.append(again)

    def overlap(self, page: Attacker) -> None:
        """Send again what is known, in part or whole, with what is new."""
        chance = self.chance
        state = chance.choice([*self.old_states[-6:], page.doc.get_state()])
        if page.lane in LANES and chance.random() < 0.5:
            self.old_states.append(page.doc.get_state())
            del self.old_states[:-20]
        if chance.random() < 0.6:
            self.edit(page)
        page.take()
        body = page.doc.get_update(state)
        if chance.random() < 0.3:
            body = written(changed(words(body), chance))
        self.deliver(page, body)

    def deliver(self, page: Attacker, body: bytes) -> None:
        """Send an update as a change or as a Step2."""
        frame = (Change if self.chance.random() < 0.8 else Step2)(page.lane, body).encode()
        self.stage.frame(page, frame)

    # Updates that nobody made

    def made_up(self, page: Attacker) -> None:
        """Write an update from what is in the lane."""
        lane = self.stage.room.lanes.get(page.lane)
        if lane is None or lane.gate is None:
            self.honest(page)
            return
        number = PEOPLE.index(page.person)
        # Small and large: which of two insertions at one place comes first depends on whose id is larger.
        view = View(lane.gate._index, self.chance, page.client, [CLIENTS[number], CLIENTS[-1 - number] - 10])
        self.deliver(page, written(view.update()))

    # Frames

    def odd_frame(self, page: Attacker) -> None:
        """A frame that is cut, lengthened, misnamed, of another kind, or noise."""
        chance, stage = self.chance, self.stage
        frame = bytearray(
            chance.choice(stage.told[-30:])
            if stage.told and chance.random() < 0.6
            else self.fresh_frame(page)
        )
        what = chance.random()
        if what < 0.2:
            del frame[chance.randint(0, len(frame)) :]
        elif what < 0.4:
            frame += bytes(chance.getrandbits(8) for _ in range(chance.randint(1, 4)))
        elif what < 0.6 and frame:
            frame[chance.randrange(min(len(frame), 24))] = chance.choice([0, 1, 2, 4, 6, 127, 128, 255])
        elif what < 0.7:
            frame = bytearray(chance.getrandbits(8) for _ in range(chance.randint(0, 40)))
        elif what < 0.8 and frame:
            at = chance.randrange(len(frame))
            frame[at : at + 1] = number(chance.choice(ODD_NUMBERS))
        stage.frame(page, bytes(frame))

    def fresh_frame(self, page: Attacker) -> bytes:
        """A frame of any kind for any name."""
        chance = self.chance
        name = chance.choice(
            [page.lane] * 4 + [*LANES, EVENTS, f"{CONFERENCE}/../minutes", "__proto__", "", "é" * 70]
        )
        kind = chance.choice([*Kind, 4, 6, 9, 127])
        if kind == Kind.SYNC:
            some = [
                (chance.choice([*CLIENTS, 2**53]), chance.choice(ODD_NUMBERS))
                for _ in range(chance.randint(0, 4))
            ]
            vector = [n(len(some)), *(n(one) for pair in some for one in pair)]
            state = chance.choice(
                [written(vector), written(vector), page.doc.get_state(), chance.choice(self.old_states)]
            )
            body = [n(chance.choice([0, 0, 0, 1, 2, 3])), s(state)]
        elif kind == Kind.AUTH:
            body = [n(chance.choice([0, 1, 2])), s("t" * chance.choice([0, 5, 2_000]))]
        elif kind == Kind.AWARENESS:
            body = [s(self.awareness(page))]
        else:
            body = chance.choice([[], [s("x")], [n(1)], [s("y" * 5_000)]])
        return written([s(name), n(kind), *body])

    def cursor(self, page: Attacker) -> None:
        """Say something about cursors."""
        self.stage.now += self.chance.random() * 5
        self.stage.frame(page, written([s(page.lane), n(Kind.AWARENESS), s(self.awareness(page))]))
        self.stage.run(self.stage.room.expire(self.stage.now))

    def awareness(self, page: Attacker) -> bytes:
        """The body of an awareness frame."""
        chance = self.chance
        depth = chance.choice([1, 20, 400, 990])
        states = (
            "null", "{}", '{"cursor":{"point":"p","at":1}}', '{"user":{"id":"ruth"}}', '{"user":1,"user":2}', "[]", "1",
            '{"__proto__":{"a":1}}', '{"a":1e999}', '{"a":NaN}', '{"a":' + "9" * 1_500 + "}", '{"a":"\\ud800"}', '"x"',
            '{"a":"\u202e"}', '{"a":' + "[" * depth + "]" * depth + "}", '{"a":' * depth + "1" + "}" * depth, "{",
            '{"a":-0.0}', '{"a":1E-400}', '{"a":"' + "é" * 900 + '"}',
        )  # fmt: skip
        count = chance.choice([0, 1, 1, 1, 2, 3])
        body = [n(count if chance.random() < 0.95 else chance.choice(ODD_NUMBERS))]
        for _ in range(count):
            client = page.client if chance.random() < 0.6 else chance.choice([*CLIENTS, 2**32, 2**53])
            body += [
                n(client),
                n(chance.choice([0, 1, 2, 2**31, 2**32 - 1, 2**32])),
                s(chance.choice(states)),
            ]
        return written(body)
