"""Many accepted updates as one frame for readers.

Typed runs are joined, and text that was typed and deleted again inside the frame becomes a deletion: a reader never
receives a slip that was taken back at once. A replica that applies the frame holds the same as one that applied each
update. Only what the gate accepted, in its order and without gaps, may be merged.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared_doc.spans import Spans
from shared_doc.structs import DELETED, STRING, Span, Struct, Update, joined
from shared_doc.update import encode_update


def merge(updates: Sequence[Update]) -> bytes:
    """One update with the effect of all of them. Each is `Accepted.update`, in the order they were accepted."""
    sections: dict[int, list[Struct]] = {}
    deletes: dict[int, list[Span]] = {}
    for update in updates:
        for client, structs in update.sections.items():
            sections.setdefault(client, []).extend(structs)
        for client, spans in update.deletes.items():
            deletes.setdefault(client, []).extend(spans)
    deletes = {client: joined(spans) for client, spans in deletes.items()}
    for client, structs in sections.items():
        if client in deletes:
            structs = _without_deleted_text(structs, deletes[client])
        sections[client] = _join_runs(structs)
    return encode_update(Update(sections, deletes))


def _without_deleted_text(structs: list[Struct], spans: list[Span]) -> list[Struct]:
    deleted = Spans()
    deleted.replace((clock, clock + length) for clock, length in spans)
    result: list[Struct] = []
    for struct in structs:
        end = struct.clock + struct.length
        alive = deleted.missing(struct.clock, end)
        if struct.content != STRING or alive == [(struct.clock, end)]:
            result.append(struct)
            continue
        at = struct.clock
        for start, stop in alive:
            if at < start:
                result.append(_piece(struct, at, start, DELETED))
            result.append(_piece(struct, start, stop, STRING))
            at = stop
        if at < end:
            result.append(_piece(struct, at, end, DELETED))
    return result


def _piece(struct: Struct, start: int, end: int, content: int) -> Struct:
    """The clocks from `start` up to `end` of a text, as text or as a deletion."""
    value = None
    if content == STRING and isinstance(struct.value, str):
        value = _units(struct.value, start - struct.clock, end - struct.clock)
    if start == struct.clock:
        origin, parent = struct.origin, struct.parent
    else:
        origin, parent = (struct.client, start - 1), None
    return Struct(struct.client, start, end - start, content, value, origin, struct.right, parent)


def _units(text: str, start: int, end: int) -> str:
    """The UTF-16 units from `start` up to `end`; the gate lets nobody delete half of a pair."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le")


def _join_runs(structs: list[Struct]) -> list[Struct]:
    """Join what Yjs would join: the same content, each directly after the one before, with the same right neighbour."""
    result: list[Struct] = []
    run: list[Struct] = []
    for struct in structs:
        if run and not _goes_on(run[-1], struct):
            result.append(_one(run))
            run = []
        run.append(struct)
    result.append(_one(run))
    return result


def _goes_on(last: Struct, struct: Struct) -> bool:
    content = struct.content
    return (
        content == last.content
        and content in (STRING, DELETED)
        and struct.origin == (struct.client, struct.clock - 1)
        and struct.right == last.right
        and struct.keyed == last.keyed
    )


def _one(run: list[Struct]) -> Struct:
    """A run as one struct. A new one: the updates stay what they were, for the writers and for the next frame."""
    first = run[0]
    if len(run) == 1:
        return first
    last = run[-1]
    length = last.clock + last.length - first.clock
    value = "".join([str(struct.value) for struct in run]) if first.content == STRING else None
    return Struct(
        first.client,
        first.clock,
        length,
        first.content,
        value,
        first.origin,
        first.right,
        first.parent,
        first.key,
        first.keyed,
    )
