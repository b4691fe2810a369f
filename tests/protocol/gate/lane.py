"""A lane for tests: a gate, the document behind it, and what was accepted; and pictures of an index to compare."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map

from shared_doc.errors import Malformed, Refused
from shared_doc.gate import LIVE, STEP2, Accepted, Author, ClientIds, Gate, Rights
from shared_doc.lane_items import Slot
from shared_doc.merge import merge
from shared_doc.structs import STRING, Update
from tests.node_runtime import command

NODE = Path(__file__).resolve().parent / "node"

CHAIR = Author("chair", Rights(edit_any=True, edit_own=True, add=True))
NURSE = Author("nurse", Rights(edit_any=False, edit_own=True, add=True))
READER = Author("parent", Rights(edit_any=False, edit_own=False, add=False))


def held(doc: Doc[Any]) -> dict[str, Any]:
    """What a document's points hold."""
    result: dict[str, Any] = doc.get("points", type=Map).to_py() or {}
    return result


@dataclass
class Lane:
    """A gate and the document behind it, as the server has them."""

    clients: ClientIds = field(default_factory=ClientIds)
    doc: Doc[Any] = field(default_factory=Doc)
    canonical: list[bytes] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = Gate(self.clients)

    def put(self, update: bytes, author: Author = CHAIR, *, step2: bool = False) -> Accepted:
        """What the server does with an update. Raises what the gate raises."""
        accepted = self.gate.check(update, author, limits=STEP2 if step2 else LIVE)
        if not accepted.empty:
            self.doc.apply_update(accepted.canonical)
            self.canonical.append(accepted.canonical)
            self.updates.append(accepted.update)
        return accepted

    def accepts(self, update: bytes, author: Author = CHAIR) -> bool:
        """Whether the gate takes it; a refusal must leave no trace."""
        before = picture(self.gate), self.gate.size
        try:
            self.put(update, author, step2=True)
        except (Malformed, Refused):
            assert (picture(self.gate), self.gate.size) == before
            return False
        return True

    def reloaded(self) -> Doc[Any]:
        """The document as it is after a restart."""
        doc: Doc[Any] = Doc()
        doc.apply_update(self.doc.get_update())
        return doc

    def merged(self, every: int) -> Doc[Any]:
        """The document of a reader, who is sent so many updates in each frame."""
        doc: Doc[Any] = Doc()
        for frame in self.frames(every):
            doc.apply_update(frame)
        return doc

    def frames(self, every: int) -> list[bytes]:
        """What was accepted, in frames of so many updates."""
        return [merge(self.updates[at : at + every]) for at in range(0, len(self.updates), every)]


def _runs(slot: Slot) -> list[tuple[int, int, int]]:
    """The order of a slot, as the longest runs there are, however the items are split."""
    runs: list[tuple[int, int, int]] = []
    item = slot.first
    while item is not None:
        if runs and runs[-1][0] == item.client and runs[-1][1] + runs[-1][2] == item.clock:
            runs[-1] = (item.client, runs[-1][1], runs[-1][2] + item.length)
        else:
            runs.append((item.client, item.clock, item.length))
        item = item.right
    return runs


def picture(gate: Gate) -> dict[str, Any]:
    """Everything an index knows, in a form that two of them can be compared by."""
    index = gate._index
    for history in index.histories.values():
        assert [item.clock for item in history.items] == history.starts
        assert sum(item.length for item in history.items) == history.next
    return {
        "letters": index.letters,
        "entries": {entry: point.id for entry, point in index.entries.items()},
        "texts": {name: slot.point.id for name, slot in index.texts.items()},
        "points": {
            point.id: (
                point.entry,
                point.text_id,
                point.text.letters,
                _runs(point.text),
                {key: (_runs(slot), point.value(key)) for key, slot in sorted(point.fields.items())},
            )
            for point in index.points.values()
        },
        "clients": {
            client: (
                history.next,
                list(history.deleted),
                # A stored lane does not tell where deleted pairs were.
                sorted(clock for clock in history.low if clock not in history.deleted),
                dict(sorted(history.seen.upto.items())),
                sorted((clock, other, upto) for clock, other, upto in _steps(history.seen)),
            )
            for client, history in sorted(index.histories.items())
        },
    }


def _steps(seen: Any) -> Iterator[tuple[int, int, int]]:
    for client, (clocks, uptos) in seen._steps.items():
        for clock, upto in zip(clocks, uptos, strict=True):
            yield clock, client, upto


class Yjs:
    """Yjs in Node, asked what a document holds after some updates."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def opinion(self, updates: Sequence[bytes]) -> dict[str, Any]:
        """`held`, `vector` and `pending` after these updates; `error` if Yjs threw."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"updates": [update.hex() for update in updates]}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def held(self, updates: Sequence[bytes]) -> Any:
        """What the points hold; fails where Yjs threw, or waits for something that is missing."""
        answer = self.opinion(updates)
        assert "error" not in answer, answer
        assert answer["pending"] is False
        return answer["held"]


@contextmanager
def yjs() -> Iterator[Yjs]:
    """A Yjs to ask, until the end of the block."""
    with subprocess.Popen(
        command(NODE / "agree.mjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Yjs(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=120)


def words_in_order(lane: Lane) -> dict[str, str]:
    """Each point's text as the gate's own order of letters gives it, with the letters from what was accepted."""
    units: dict[tuple[int, int], bytes] = {}
    for update in lane.updates:
        for client, structs in update.sections.items():
            for struct in structs:
                if struct.content == STRING and isinstance(struct.value, str):
                    raw = struct.value.encode("utf-16-le")
                    for at in range(struct.length):
                        units[client, struct.clock + at] = raw[2 * at : 2 * at + 2]
    texts = {}
    for point in lane.gate._index.points.values():
        raw = b""
        for client, clock, length in _runs(point.text):
            deleted = lane.gate._index.histories[client].deleted
            raw += b"".join(units[client, at] for at in range(clock, clock + length) if at not in deleted)
        texts[point.id] = raw.decode("utf-16-le")
    return texts


def assert_all_agree(lane: Lane, yjs: Yjs) -> None:
    """The live document, the reloaded one, a reader's, the gate and Yjs hold the same."""
    live = held(lane.doc)
    assert lane.gate.matches(lane.doc)
    assert words_in_order(lane) == {point_id: point["text"] for point_id, point in live.items()}
    snapshot = lane.doc.get_update()
    assert held(lane.reloaded()) == live
    assert held(lane.merged(7)) == live
    assert yjs.held(lane.canonical) == live
    assert yjs.held([snapshot]) == live
    assert yjs.held(lane.frames(5)) == live
    assert picture(Gate.load(snapshot, lane.clients)) == picture(lane.gate)
