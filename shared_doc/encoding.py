"""The numbers, strings and byte strings that all messages are made of (lib0's encoding).

    varUint       little-endian base 128, the top bit says that more follows
    varBytes      varUint length, then that many bytes
    varString     varBytes of UTF-8

Trust boundary: a `Reader` is given bytes straight from a client. It never reads past the end, never allocates more
than it was given, and raises `Malformed` for everything that an honest encoder does not write.
"""

from __future__ import annotations

from typing import Final

from shared_doc.errors import Malformed, MalformedCode

UINT32: Final = 1 << 32
SAFE_INTEGER: Final = 1 << 53
"""JavaScript's numbers are exact below this; larger ones would alias to others."""

_MOST_SHIFT: Final = 49


class Reader:
    """Reads from the front of `data`; `pos` is the next byte."""

    __slots__ = ("data", "pos")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pos = 0

    def byte(self) -> int:
        """One byte."""
        try:
            value = self.data[self.pos]
        except IndexError:
            raise Malformed(MalformedCode.TRUNCATED) from None
        self.pos += 1
        return value

    def uint(self, below: int = SAFE_INTEGER) -> int:
        """A varUint less than `below`, written in as few bytes as it needs."""
        data = self.data
        pos = self.pos
        try:
            value = data[pos]
            if value >= 128:
                value &= 127
                shift = 7
                while True:
                    pos += 1
                    byte = data[pos]
                    value |= (byte & 127) << shift
                    if byte < 128:
                        break
                    shift += 7
                    if shift > _MOST_SHIFT:
                        raise Malformed(MalformedCode.OVERLONG)
                if byte == 0:
                    raise Malformed(MalformedCode.OVERLONG)
        except IndexError:
            raise Malformed(MalformedCode.TRUNCATED) from None
        self.pos = pos + 1
        if value >= below:
            raise Malformed(MalformedCode.OUT_OF_RANGE)
        return value

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        start = self.pos
        end = start + length
        if end > len(self.data):
            raise Malformed(MalformedCode.TRUNCATED)
        self.pos = end
        return self.data[start:end]

    def var_bytes(self) -> bytes:
        """A varBytes. Its length is compared with what is there before anything is allocated."""
        return self.take(self.uint())

    def var_string(self) -> str:
        """A varString: strict UTF-8, so never half of a surrogate pair."""
        try:
            return self.take(self.uint()).decode()
        except UnicodeDecodeError:
            raise Malformed(MalformedCode.BAD_UTF8) from None

    @property
    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self.pos == len(self.data)

    def finish(self) -> None:
        """Raise `Malformed` if anything is left: whoever adds bytes we do not read wants somebody else to read them."""
        if self.pos != len(self.data):
            raise Malformed(MalformedCode.TRAILING)


def write_uint(out: bytearray, value: int) -> None:
    """Append a varUint."""
    while value > 127:
        out.append(128 | (value & 127))
        value >>= 7
    out.append(value)


def write_bytes(out: bytearray, value: bytes) -> None:
    """Append a varBytes."""
    write_uint(out, len(value))
    out += value


def write_string(out: bytearray, value: str) -> None:
    """Append a varString. The length is in bytes, not in characters: "Zoë" has four."""
    write_bytes(out, value.encode())
