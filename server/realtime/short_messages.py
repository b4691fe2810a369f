"""A short way in for what typing sends: whole WebSocket messages of a few bytes.

`websockets` reads everything else, and whatever is not quite like this: handshake, longer messages, fragments, control
frames, errors, and the rest of a message that came in pieces. Reading a keystroke takes it six times as long as judging
the keystroke's bytes, because it is written for every case.
"""

from __future__ import annotations

from types import GeneratorType
from typing import Final

from websockets.protocol import Protocol, State
from websockets.streams import StreamReader

try:
    from websockets.speedups import apply_mask
except ImportError:  # where the library came without its compiled part
    from websockets.utils import apply_mask

_WHOLE_BINARY: Final = 0x82  # the last (and only) frame of a binary message, no extension
_MASKED: Final = 0x80
_LONGEST: Final = 125  # longer ones have a length of more than one byte
_HEAD: Final = 6

_WAITING: Final = StreamReader.at_eof.__code__


def short_messages(data: bytes) -> list[bytes] | None:
    """The messages in `data`, if it is nothing but whole, short, masked, binary ones; None for anything else.

    Trust boundary: to be asked only `between_messages`, because the same bytes could stand inside a longer one.
    """
    found: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        if data[at] != _WHOLE_BINARY or at + _HEAD > end:
            return None
        length = data[at + 1] - _MASKED
        start = at + _HEAD
        at = start + length
        if not 0 <= length <= _LONGEST or at > end:
            return None
        found.append(apply_mask(data[start:at], data[start - 4 : start]))
    return found


def between_messages(connection: Protocol) -> bool:
    """Whether `connection` is open and has read whole messages only: then it waits for the first byte of another.

    Its parser is a stack of generators. What the innermost is doing says what it waits for.
    """
    if connection.state is not State.OPEN or connection.current_size is not None:
        return False
    reading: object = connection.parser
    while isinstance(reading, GeneratorType) and reading.gi_code is not _WAITING:
        reading = reading.gi_yieldfrom
    return reading is not None
