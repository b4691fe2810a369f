"""What a Yjs update says, taken apart: insertions by client, and deleted spans by client."""

from __future__ import annotations

from typing import Final

from shared_doc.encoding import SAFE_INTEGER

Id = tuple[int, int]
"""(client, clock): one letter or value, for ever."""

Span = tuple[int, int]
"""(clock, length) of one client."""

Value = str | bool

# Contents. A lane has the first four. The others are Yjs's too: they are read past, and the gate refuses them.
DELETED: Final = 1
STRING: Final = 4
TYPE: Final = 7
ANY: Final = 8
GC: Final = 0
JSON: Final = 2
BINARY: Final = 3
EMBED: Final = 5
FORMAT: Final = 6
DOC: Final = 9
SKIP: Final = 10

# Types, of which a lane has two.
Y_MAP: Final = 1
Y_TEXT: Final = 2

CLIENT_IDS: Final = SAFE_INTEGER
"""Yjs's own ids are below 2^32, pycrdt's below 2^53; from there on JavaScript takes several ids for one."""

CLOCKS: Final = 1 << 31
"""Clocks are 32 bits in yrs and would wrap; nobody types two thousand million letters."""


class Struct:
    """One insertion as it is sent. `length` is in clocks; `value` fits `content`:

    the text of a STRING, the values of an ANY (None for one that is neither string nor bool), the type's
    number of a TYPE, None otherwise. `parent` (the root's name or the id of a type) and `key` are set only
    without `origin` and `right`; `keyed` is the info byte's word for it, which an honest client sets wherever
    it means a map's value.
    """

    __slots__ = ("client", "clock", "content", "key", "keyed", "length", "origin", "parent", "right", "value")

    def __init__(
        self,
        client: int,
        clock: int,
        length: int,
        content: int,
        value: str | int | tuple[Value | None, ...] | None = None,
        origin: Id | None = None,
        right: Id | None = None,
        parent: str | Id | None = None,
        key: str | None = None,
        keyed: bool = False,
    ) -> None:
        self.client = client
        self.clock = clock
        self.length = length
        self.content = content
        self.value = value
        self.origin = origin
        self.right = right
        self.parent = parent
        self.key = key
        self.keyed = keyed

    def __repr__(self) -> str:
        """The place and size; never the text, which is confidential and might reach a log."""
        return f"Struct({self.client}:{self.clock}+{self.length} content {self.content})"


class Update:
    """Structs by client, in the order of their clocks without a gap, and deleted spans by client."""

    __slots__ = ("deletes", "sections")

    def __init__(self, sections: dict[int, list[Struct]], deletes: dict[int, list[Span]]) -> None:
        self.sections = sections
        self.deletes = deletes

    @property
    def empty(self) -> bool:
        """Whether nothing is inserted and nothing deleted."""
        return not self.sections and not self.deletes


def utf16_length(text: str) -> int:
    """The length of `text` as JavaScript and Yjs count it."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def low_halves(text: str, clock: int) -> list[int]:
    """The clocks of the second halves of surrogate pairs in a text whose first unit has this clock."""
    halves = []
    for letter in text:
        if letter > "\uffff":
            clock += 1
            halves.append(clock)
        clock += 1
    return halves


def joined(spans: list[Span]) -> list[Span]:
    """The same clocks in order, each once, in as few spans as they take."""
    result: list[Span] = []
    start = end = -1
    for clock, length in sorted(spans):
        if clock > end:
            if end >= 0:
                result.append((start, end - start))
            start, end = clock, clock + length
        elif clock + length > end:
            end = clock + length
    if end >= 0:
        result.append((start, end - start))
    return result
