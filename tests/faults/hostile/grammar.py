"""Yjs updates and frames as words: written honestly or not, taken apart, and changed in one word.

A word is a number, a byte, or a piece of text with its length before it. Nothing here is shared with what is attacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Id = tuple[int, int]

GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY, DOC, SKIP = range(11)
KEY, RIGHT, ORIGIN = 32, 64, 128

ODD_NUMBERS = (
    0,
    1,
    2,
    5,
    127,
    128,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**32,
    2**53 - 1,
    2**53,
    2**63,
    2**64,
)
ODD_WORDS = (
    "", "points", "text", "struck", "kind", "__proto__", "constructor", "p" * 22, "P" + "1" * 21, "p٣" + "0" * 20,
    "a", "no\nline", "\x00", "\u2028", "\u202e", "\u200d", "\ufeff", "\ufffd", "😀", "👩‍👧", "שלום", "e\u0301",
    "x" * 300,
)  # fmt: skip
ODD_BYTES = (
    b"\xff",
    b"\xed\xa0\x80",
    b"\xed\xb0\x80",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
    b"a\xed\xa0\xbdb",
    b"\xf0\x9f",
)


@dataclass(frozen=True)
class Word:
    """`kind` is "number", "byte" or "text"; `overlong` writes a number with a byte too many."""

    kind: str
    value: int | bytes
    overlong: bool = False

    def write(self) -> bytes:
        """The word's bytes."""
        if isinstance(self.value, bytes):
            return number(len(self.value)) + self.value
        if self.kind == "byte":
            return bytes([self.value & 255])
        plain = number(self.value)
        return plain[:-1] + bytes([plain[-1] | 128, 0]) if self.overlong else plain


def number(value: int) -> bytes:
    """A varUint."""
    out = bytearray()
    while value > 127:
        out.append(128 | value & 127)
        value >>= 7
    out.append(value)
    return bytes(out)


def n(value: int) -> Word:
    """A number."""
    return Word("number", value)


def byte(value: int) -> Word:
    """A byte."""
    return Word("byte", value)


def s(value: str | bytes) -> Word:
    """A text."""
    return Word("text", value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))


def written(words: list[Word]) -> bytes:
    """All words one after the other."""
    return b"".join(word.write() for word in words)


class _Taker:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.words = data, 0, list[Word]()

    def n(self) -> int:
        value = shift = 0
        while True:
            one = self.data[self.at]
            self.at += 1
            value |= (one & 127) << shift
            shift += 7
            if one < 128:
                self.words.append(n(value))
                return value

    def byte(self) -> int:
        self.at += 1
        self.words.append(byte(self.data[self.at - 1]))
        return self.data[self.at - 1]

    def s(self) -> None:
        length = self.n()
        self.words[-1] = s(self.data[self.at : self.at + length])
        self.at += length


def words(update: bytes) -> list[Word]:
    """Take an update of an honest page, or of this server, apart. Raises ValueError for a content no lane has."""
    take = _Taker(update)
    for _ in range(take.n()):
        structs = take.n()
        take.n()
        take.n()
        for _ in range(structs):
            _struct(take)
    for _ in range(take.n()):
        take.n()
        for _ in range(take.n()):
            take.n()
            take.n()
    if take.at != len(update):
        raise ValueError("bytes are left")
    return take.words


def _struct(take: _Taker) -> None:
    info = take.byte()
    for flag in (ORIGIN, RIGHT):
        if info & flag:
            take.n()
            take.n()
    if info in (GC, SKIP):
        take.n()
        return
    if not info & (ORIGIN | RIGHT):
        if take.n():
            take.s()
        else:
            take.n()
            take.n()
        if info & KEY:
            take.s()
    content = info & 31
    if content == STRING:
        take.s()
    elif content in (DELETED, TYPE):
        take.n()
    elif content == ANY:
        for _ in range(take.n()):
            if take.byte() == 119:
                take.s()
    else:
        raise ValueError(f"content {content}")


def changed(given: list[Word], chance: Random) -> list[Word]:
    """The same with one word changed, left out, doubled, or swapped with another."""
    result = list(given)
    at = chance.randrange(len(result))
    word = result[at]
    what = chance.random()
    if what < 0.05:
        del result[at]
    elif what < 0.1:
        result.insert(at, word)
    elif what < 0.2:
        other = chance.randrange(len(result))
        result[at], result[other] = result[other], word
    elif isinstance(word.value, bytes):
        result[at] = chance.choice([*map(s, ODD_WORDS), *map(s, ODD_BYTES)])
    elif word.kind == "byte":
        result[at] = byte(word.value ^ (1 << chance.randrange(8)))
    elif what < 0.25:
        result[at] = Word("number", word.value, overlong=True)
    elif what < 0.7:
        result[at] = n(max(0, word.value + chance.choice([-2, -1, 1, 2, 3])))
    elif what < 0.85:
        numbers = [other.value for other in result if other.kind == "number" and isinstance(other.value, int)]
        result[at] = n(chance.choice(numbers))
    else:
        result[at] = n(chance.choice(ODD_NUMBERS))
    return result


# What a page could write, one struct at a time


def struct(
    content: int,
    body: list[Word],
    *,
    origin: Id | None = None,
    right: Id | None = None,
    parent: str | Id | None = None,
    key: str | None = None,
    keyed: bool | None = None,
) -> list[Word]:
    """One struct, whatever it claims."""
    keyed = key is not None if keyed is None else keyed
    info = content | (ORIGIN if origin else 0) | (RIGHT if right else 0) | (KEY if keyed else 0)
    out = [byte(info)]
    for name in (origin, right):
        out += [n(name[0]), n(name[1])] if name else []
    if not origin and not right and content not in (GC, SKIP):
        if isinstance(parent, tuple):
            out += [n(0), n(parent[0]), n(parent[1])]
        else:
            out += [n(1), s(parent if parent is not None else "points")]
        out += [s(key or "")] if keyed else []
    return out + body


def value(given: object, chance: Random, depth: int = 0) -> list[Word]:
    """A value inside an ANY; None makes up one that no lane has."""
    if isinstance(given, bool):
        return [byte(120 if given else 121)]
    if isinstance(given, str):
        return [byte(119), s(given)]
    kind = chance.choice([116, 117, 118, 122, 123, 124, 125, 126, 127, 0, 200])
    out = [byte(kind)]
    if kind == 116:
        out.append(s(b"\x00\x01"))
    elif kind in (117, 118):
        if depth > 12:
            return [byte(126)]
        count = chance.choice([0, 1, 1, 2])
        out.append(n(count if chance.random() < 0.9 else chance.choice(ODD_NUMBERS)))
        for _ in range(count):
            out += [s("k")] if kind == 118 else []
            out += value(None, chance, depth + 1)
    elif kind in (122, 123):
        out += [byte(1)] * 8
    elif kind == 124:
        out += [byte(127)] * 4
    elif kind == 125:
        out.append(n(chance.choice(ODD_NUMBERS)))
    return out


def update(
    sections: list[tuple[int, int, list[list[Word]]]], deletes: list[tuple[int, list[tuple[int, int]]]]
) -> list[Word]:
    """A whole update: (client, clock, structs) sections and (client, spans) deletions, in this order."""
    out = [n(len(sections))]
    for client, clock, structs in sections:
        out += [n(len(structs)), n(client), n(clock)]
        for one in structs:
            out += one
    out.append(n(len(deletes)))
    for client, spans in deletes:
        out += [n(client), n(len(spans))]
        for clock, length in spans:
            out += [n(clock), n(length)]
    return out
