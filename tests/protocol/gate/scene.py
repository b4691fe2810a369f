"""The lane that is attacked: points of three people, with an emoji, an old pen, and words of one in another's point."""

from __future__ import annotations

from random import Random

from shared_doc.compose import compose_point
from tests.protocol.gate import forge
from tests.protocol.gate.forge import Id
from tests.protocol.gate.lane import CHAIR, NURSE, Lane

CHAIR_CLIENT, NURSE_CLIENT, NURSE_OTHER, CHAIR_UNUSED, NOBODYS = 10, 20, 21, 11, 4_000_000_000


class Scene:
    """`house` is the chair's, `nurse` the nurse's; each with the ids one needs to aim at it."""

    def __init__(self) -> None:
        self.lane = Lane()
        random = Random(4)
        self.lane.clients.bind(CHAIR_UNUSED, "chair")

        def point(client: int, words: str) -> str:
            point_id, updates = compose_point(
                self.lane.gate, client, text=words, kind="point", said_by="", random=random
            )
            for update in updates:
                self.lane.put(update, CHAIR if client == CHAIR_CLIENT else NURSE)
            return point_id

        self.house = Aim(self, point(CHAIR_CLIENT, "The house is warm 😀 and clean."))
        self.empty = Aim(self, point(CHAIR_CLIENT, ""))
        self.nurse = Aim(self, point(NURSE_CLIENT, "Seen 😀 by the nurse."))
        # The nurse had the pen for a while, and wrote in the chair's point: her newest letters are there.
        before = self.next(NURSE_CLIENT)
        self.lane.put(
            forge.update(
                forge.section(
                    NURSE_CLIENT, before, forge.text("pen", o=self.house.letter(2), r=self.house.letter(3))
                )
            ),
            CHAIR._replace(participant="nurse"),
        )
        self.pen: Id = (NURSE_CLIENT, before)

    def next(self, client: int) -> int:
        """The client's next clock."""
        return self.lane.gate.next_clock(client)


class Aim:
    """The ids of one point."""

    def __init__(self, scene: Scene, point_id: str) -> None:
        point = scene.lane.gate._index.points[point_id]
        assert point.text_id is not None
        self.id = point_id
        self.entry: Id = point.entry
        self.text: Id = point.text_id
        self.client = point.entry[0]
        # compose_point puts the text last, after its five keys.
        self.first = point.entry[1] + 6
        self._values = {key: slot.last for key, slot in point.fields.items()}

    def letter(self, at: int) -> Id:
        """The id of a UTF-16 unit of the text."""
        return (self.client, self.first + at)

    def value(self, key: str) -> Id:
        """The id of the value that a key holds."""
        item = self._values[key]
        assert item is not None
        return (item.client, item.clock)
