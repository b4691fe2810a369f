"""What the server writes in a lane for someone who writes by form: the same structs that their own page would send."""

from __future__ import annotations

from random import Random
from typing import Protocol

from shared_doc.positions import LONGEST, between, run_prefix
from shared_doc.schema import (
    KIND,
    POSITION,
    ROOT,
    SAID_BY,
    STRUCK,
    TEXT,
    is_kind,
    is_plain_text,
    is_said_by,
    new_point_id,
)
from shared_doc.structs import ANY, STRING, TYPE, Y_MAP, Y_TEXT, Id, Struct, Update, Value, utf16_length
from shared_doc.update import encode_update


class Lane(Protocol):
    """What must be known of the lane; a `Gate` knows it."""

    def next_clock(self, client: int) -> int:
        """The first clock that `client` has not used."""
        ...

    def places(self) -> list[tuple[str, str]]:
        """(position, point id) of every point, in their order."""
        ...


def compose_point(
    lane: Lane,
    client: int,
    *,
    text: str,
    kind: str,
    said_by: str,
    random: Random,
    after: str | None = None,
) -> tuple[str, list[bytes]]:
    """A new point under `client`, an id kept for one participant's writing through the server.

    It comes after the point `after`, or last. Returns its id and the updates that make it, which go through the gate
    like anybody's. Raises ValueError for what cannot stand in a point, and for an `after` that is not in the lane.
    """
    if not is_plain_text(text) or not is_kind(kind) or not is_said_by(said_by):
        raise ValueError("this cannot stand in a point")
    point_id = new_point_id(random)
    entry: Id = (client, lane.next_clock(client))
    structs = [Struct(client, entry[1], 1, TYPE, Y_MAP, parent=ROOT, key=point_id, keyed=True)]

    def put(content: int, value: int | tuple[Value], key: str) -> None:
        structs.append(
            Struct(client, entry[1] + len(structs), 1, content, value, parent=entry, key=key, keyed=True)
        )

    put(TYPE, Y_TEXT, TEXT)
    text_id: Id = (client, structs[-1].clock)
    put(ANY, (_position(lane.places(), after, random),), POSITION)
    put(ANY, (kind,), KIND)
    put(ANY, (said_by,), SAID_BY)
    put(ANY, (False,), STRUCK)
    if text:
        structs.append(
            Struct(client, entry[1] + len(structs), utf16_length(text), STRING, text, parent=text_id)
        )
    return point_id, [encode_update(Update({client: structs}, {}))]


def _position(places: list[tuple[str, str]], after: str | None, random: Random) -> str:
    if after is None:
        before, following = (places[-1][0] if places else None), None
    else:
        at = next((at for at, (_, point_id) in enumerate(places) if point_id == after), None)
        if at is None:
            raise ValueError("there is no such point")
        before = places[at][0]
        # Two points may stand at one position, in the order of their ids; nothing fits between those.
        following = next((position for position, _ in places[at:] if position > before), None)
    position = run_prefix(before, following, random)
    return position if len(position) <= LONGEST else between(before, following)
