"""The shape of a lane: names, keys and values that may be in one.

A lane is one Yjs document. Its only root is the map `points`: point id → map of the five keys of `KEYS`, all set when
the point is made. A point is never deleted, only struck; struck and empty, it is neither shown nor recorded.
"""

from __future__ import annotations

import re
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from shared_doc.errors import Malformed, MalformedCode

SCHEMA_VERSION: Final = 1
"""Agreed at connect. A page of another version is told to reload."""

ROOT: Final = "points"
TEXT: Final = "text"
POSITION: Final = "position"
KIND: Final = "kind"
SAID_BY: Final = "said_by"
STRUCK: Final = "struck"

VALUE_KEYS: Final = frozenset({POSITION, KIND, SAID_BY, STRUCK})
KEYS: Final = VALUE_KEYS | {TEXT}

KINDS: Final = ("point", "strength", "worry", "view", "question", "answer", "action")

EVENTS: Final = "events"
"""The document `{conference_id}/events` is always empty and read-only: it carries notices, not text."""


class LaneKind(StrEnum):
    """The two streams of text within a part."""

    MINUTES = "minutes"
    SUMMARY = "summary"


class LaneName(NamedTuple):
    """What a lane's document name says."""

    conference_id: str
    part_id: str
    lane: LaneKind


_ID = re.compile(r"[a-z0-9]{1,32}", re.ASCII)
_POINT_ID = re.compile(r"p[0-9a-z]{21}", re.ASCII)
_POINT_ID_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"

# Line and paragraph separators belong to the control characters here: a point is one paragraph.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def lane_name(conference_id: str, part_id: str, lane: LaneKind) -> str:
    """The document name of a lane: `{conference_id}/{part_id}/{lane}`."""
    return f"{conference_id}/{part_id}/{lane}"


def parse_lane(name: str) -> LaneName:
    """Take a document name apart. Raises `Malformed` if it is not a lane's."""
    pieces = name.split("/")
    if len(pieces) != 3 or not _ID.fullmatch(pieces[0]) or not _ID.fullmatch(pieces[1]):
        raise Malformed(MalformedCode.NOT_A_LANE)
    try:
        lane = LaneKind(pieces[2])
    except ValueError:
        raise Malformed(MalformedCode.NOT_A_LANE) from None
    return LaneName(pieces[0], pieces[1], lane)


def new_point_id(random: Random) -> str:
    """A new point id: `p` and 21 letters (108 bits), so that two pages never choose the same one."""
    return "p" + "".join(random.choices(_POINT_ID_LETTERS, k=21))


def is_point_id(value: str) -> bool:
    """Whether this can be a point's id. The fixed `p` and length cannot spell a property of a JavaScript object."""
    return _POINT_ID.fullmatch(value) is not None


def is_kind(value: object) -> bool:
    """Whether this is one of `KINDS`."""
    return value in KINDS


def is_said_by(value: object) -> bool:
    """Whether this is a participant's id, or "" for nobody in particular."""
    return isinstance(value, str) and (value == "" or _ID.fullmatch(value) is not None)


def is_plain_text(value: str) -> bool:
    """Whether this can stand in a point: no line break, no control character, no half of a surrogate pair."""
    return _NOT_TEXT.search(value) is None
