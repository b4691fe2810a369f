"""The gate in front of a lane: no byte from a client passes it unread.

`Gate.check` decodes an update, drops what is known, judges the rest by the rules below, and writes it again. Only what
it wrote may be stored, applied and sent on. In order:

    the grammar and its limits → what is known is dropped, and a tail that is new is tied to its real predecessor →
    one client id, the author's own, contiguous → each insertion's place, on which all its words agree → the right to
    change that point → contents and values → new points complete, their ids new → deletions: text only by right, values
    only if superseded, points never → every key still has a value → caps, the wipe guard

with the neighbour rule (`lane_index`) kept at each insertion. So everything accepted could have come from an honest
client, which is what the convergence of Yjs assumes.

A gate belongs to one lane. `check` advances its index, so check and index are one step, before the disk write: if the
write fails, the lane is dropped and loaded again. A refused update leaves no trace.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from pycrdt import Doc, Map

from shared_doc.authors import READING, Author, ClientIds, Rights
from shared_doc.errors import RefusalCode, Refused
from shared_doc.lane_index import LaneIndex, Work
from shared_doc.lane_items import TEXT, Point
from shared_doc.limits import CLIENTS_IN_A_LANE, LIVE, STEP2, STORED, UpdateLimits
from shared_doc.schema import POSITION, ROOT, VALUE_KEYS
from shared_doc.schema import TEXT as TEXT_KEY
from shared_doc.stored import index_of
from shared_doc.structs import ANY, DELETED, STRING, Struct, Update, Value, low_halves, utf16_length
from shared_doc.trial import Trial
from shared_doc.update import decode_state_vector, decode_update, encode_update
from shared_doc.wipe import WipeGuard, refuse_wipe

__all__ = [
    "LIVE",
    "READING",
    "STEP2",
    "Accepted",
    "Author",
    "ClientIds",
    "Gate",
    "Rights",
    "Size",
    "UpdateLimits",
    "WipeGuard",
]


class Accepted(NamedTuple):
    """An update that may be stored, applied and sent on, as `canonical`.

    `update` is the same, decoded, for merging. `client` inserted something (None: only deletions). `newly_bound`:
    nobody had held that client id before; the binding is to be stored with the update. `changed` are ids of points.
    `empty`: everything was known already, so there is nothing to store or send; acknowledge it.
    """

    canonical: bytes
    update: Update
    client: int | None
    newly_bound: bool
    changed: frozenset[str]
    empty: bool


class Size(NamedTuple):
    """How much there is: points, struck ones too; runs of letters and values that are kept apart; letters (UTF-16
    units) that are not deleted."""

    points: int
    items: int
    letters: int


_NOTHING_NEW = Accepted(b"\x00\x00", Update({}, {}), None, False, frozenset(), True)


class Gate:
    """The gate of one lane. Not safe for use by two threads at once."""

    __slots__ = ("_clients", "_index")

    def __init__(self, clients: ClientIds) -> None:
        """A gate in front of an empty lane. `clients` is the conference's."""
        self._clients = clients
        self._index = LaneIndex()

    @classmethod
    def load(cls, snapshot: bytes, clients: ClientIds) -> Gate:
        """The gate of a stored lane. Slow (a tenth of a second for a full one). Raises `Malformed` if it is none."""
        gate = cls(clients)
        gate._index = index_of(decode_update(snapshot, STORED))
        return gate

    def check(
        self,
        update: bytes,
        author: Author,
        *,
        limits: UpdateLimits = LIVE,
        wipe: WipeGuard | None = None,
        now: float = 0.0,
        work: Work | None = None,
    ) -> Accepted:
        """Judge an update, and take it into the index.

        `limits` is LIVE, or STEP2 for what a client brings when it connects. `wipe` counts for the connection, `now` is
        its time in seconds. `work` has fewer steps than `limits` if the author has none left; they are spent whatever
        comes of it. Raises `Malformed` or `Refused`; the index is then as it was.
        """
        decoded = decode_update(update, limits)
        client, structs = self._unknown(decoded)
        trial = Trial(self._index, self._clients, author, limits, work or Work(limits.steps))
        newly_bound = False
        if client is not None:
            if not author.rights:
                raise Refused(RefusalCode.READ_ONLY)
            newly_bound = self._clients.require(client, author.participant)
            if client not in self._index.histories:
                self._require_room(author.participant)
        try:
            if client is not None:
                trial.insert(client, structs)
            if decoded.deletes:
                trial.delete(decoded.deletes)
            trial.finish()
            change = trial.change
            if wipe is not None:
                wipe.check(self._index.letters, change, now)
            elif change < 0:
                refuse_wipe(self._index.letters, change)
        except BaseException:
            trial.undo()
            raise
        if client is None and not trial.deletes:
            return _NOTHING_NEW
        trial.commit()
        if wipe is not None:
            wipe.note(change, now)
        if client is not None and newly_bound:
            self._clients.bind(client, author.participant)
        kept = Update({} if client is None else {client: trial.kept}, trial.deletes)
        return Accepted(encode_update(kept), kept, client, newly_bound, frozenset(trial.points), False)

    def _unknown(self, update: Update) -> tuple[int | None, list[Struct]]:
        """The one client that brings something new, and what is new of it. Raises `Refused`."""
        found: int | None = None
        structs: list[Struct] = []
        for client, section in update.sections.items():
            known = self._index.next_clock(client)
            newest = section[-1]
            if newest.clock + newest.length <= known:
                continue
            if found is not None:
                raise Refused(RefusalCode.SEVERAL_CLIENTS)
            found = client
            if section[0].clock == known:
                structs = section
                continue
            if section[0].clock > known:
                raise Refused(RefusalCode.GAP)
            structs = [struct for struct in section if struct.clock + struct.length > known]
            if structs[0].clock < known:
                structs[0] = _tail(structs[0], known)
        return found, structs

    def _require_room(self, participant: str) -> None:
        """Raise `Refused` if one more client id of this participant would be too many in the lane."""
        owner = self._clients.owner
        if sum(owner(client) == participant for client in self._index.histories) >= CLIENTS_IN_A_LANE:
            raise Refused(RefusalCode.TOO_MUCH)

    # What the lane holds

    @property
    def letters(self) -> int:
        """UTF-16 units of text in the lane that are not deleted."""
        return self._index.letters

    def next_clock(self, client: int) -> int:
        """The first clock that `client` has not used in this lane."""
        return self._index.next_clock(client)

    def places(self) -> list[tuple[str, str]]:
        """(position, point id) of every point, struck ones too, in their order."""
        return sorted((str(point.value(POSITION)), point.id) for point in self._index.points.values())

    @property
    def size(self) -> Size:
        """What the whole lane holds."""
        return Size(len(self._index.points), self._index.items, self._index.letters)

    def taken_by(self, participant: str) -> Size:
        """What of that one participant's pages have put in. Looks at everything they ever did."""
        points = items = letters = 0
        for client, history in self._index.histories.items():
            if self._clients.owner(client) == participant:
                items += len(history.items)
                letters += sum(history.living(item) for item in history.items if item.slot.kind == TEXT)
        for point in self._index.points.values():
            points += self._clients.owner(point.entry[0]) == participant
        return Size(points, items, letters)

    # Provenance

    def started_by(self, point_id: str) -> str | None:
        """The participant whose page made the point: permanent, and not who typed the words. None if not known."""
        point = self._index.points.get(point_id)
        return None if point is None else self._clients.owner(point.entry[0])

    # The periodic comparison

    def matches(self, doc: Doc[Any]) -> bool:
        """Whether the document is the one this gate stands in front of: clocks, points, values and lengths."""
        if decode_state_vector(doc.get_state()) != {
            client: history.next for client, history in self._index.histories.items()
        }:
            return False
        root = doc.get(ROOT, type=Map)
        held: dict[str, dict[str, Value]] = root.to_py() or {}
        return held.keys() == self._index.points.keys() and all(
            _same(point, held[point_id]) for point_id, point in self._index.points.items()
        )


def _same(point: Point, held: dict[str, Value]) -> bool:
    text = held.get(TEXT_KEY)
    return (
        held.keys() == point.fields.keys()
        and isinstance(text, str)
        and utf16_length(text) == point.text.letters
        and all(held[key] == point.value(key) for key in VALUE_KEYS)
    )


def _tail(struct: Struct, known: int) -> Struct:
    """What of a struct is not known yet. It stands where its known part really is, whatever the struct says."""
    cut = known - struct.clock
    value = struct.value
    if struct.content == STRING and isinstance(value, str):
        if struct.length == len(value):
            value = value[cut:]
        elif known in low_halves(value, struct.clock):
            raise Refused(RefusalCode.HALF_A_CHARACTER)
        else:
            value = value.encode("utf-16-le")[cut * 2 :].decode("utf-16-le")
    elif struct.content == ANY and isinstance(value, tuple):
        value = value[cut:]
    elif struct.content != DELETED:
        raise Refused(RefusalCode.NOT_A_POINT)
    origin = (struct.client, known - 1)
    return Struct(
        struct.client,
        known,
        struct.length - cut,
        struct.content,
        value,
        origin,
        struct.right,
        keyed=struct.keyed,
    )
