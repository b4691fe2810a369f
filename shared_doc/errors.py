"""What can be wrong with something a client sent.

    SharedDocError
    ├── Malformed   not our grammar: a broken or hostile program. It ends that connection and touches nothing else.
    └── Refused     well-formed, but not permitted here. It is told to the person, and their words are handed back.

`code` is for programs and logs; `reason` is one plain sentence for the person. Neither ever holds text of a conference.
"""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a well-formed change was not taken."""

    READ_ONLY = "read_only"
    NOT_YOUR_POINT = "not_your_point"
    MAY_NOT_ADD = "may_not_add"
    NOT_YOUR_CLIENT = "not_your_client"
    SEVERAL_CLIENTS = "several_clients"
    GAP = "gap"
    UNKNOWN_PLACE = "unknown_place"
    WRONG_PLACE = "wrong_place"
    NOT_A_POINT = "not_a_point"
    POINT_EXISTS = "point_exists"
    POINT_INCOMPLETE = "point_incomplete"
    BAD_VALUE = "bad_value"
    BAD_TEXT = "bad_text"
    HALF_A_CHARACTER = "half_a_character"
    NOT_DELETABLE = "not_deletable"
    WIPE = "wipe"
    TOO_MUCH = "too_much"
    TOO_MUCH_WORK = "too_much_work"


_OUT_OF_STEP = "This page no longer matches the minutes. Copy your words and load the page again."

_REASONS: dict[RefusalCode, str] = {
    RefusalCode.READ_ONLY: "You can read these points, but not change them.",
    RefusalCode.NOT_YOUR_POINT: "Only the chair, the minute-taker or the person who started this point can change it.",
    RefusalCode.MAY_NOT_ADD: "You cannot add a point here.",
    RefusalCode.NOT_YOUR_CLIENT: _OUT_OF_STEP,
    RefusalCode.SEVERAL_CLIENTS: _OUT_OF_STEP,
    RefusalCode.GAP: _OUT_OF_STEP,
    RefusalCode.UNKNOWN_PLACE: _OUT_OF_STEP,
    RefusalCode.WRONG_PLACE: _OUT_OF_STEP,
    RefusalCode.NOT_A_POINT: "Only points can be put in the minutes.",
    RefusalCode.POINT_EXISTS: _OUT_OF_STEP,
    RefusalCode.POINT_INCOMPLETE: "The new point is not complete. Copy your words and load the page again.",
    RefusalCode.BAD_VALUE: "The place, the kind or the speaker of this point is not one that can be used here.",
    RefusalCode.BAD_TEXT: "A point is one paragraph of plain text, without line breaks or control characters.",
    RefusalCode.HALF_A_CHARACTER: "This would have cut a character in half. Copy your words and load the page again.",
    RefusalCode.NOT_DELETABLE: "A point cannot be deleted. Strike it instead.",
    RefusalCode.WIPE: "This would have removed most of what is written here. Strike the points one by one instead.",
    RefusalCode.TOO_MUCH: "There is no room for this much text here. Make it shorter.",
    RefusalCode.TOO_MUCH_WORK: "This is too much at once. Send it in smaller pieces.",
}


class MalformedCode(StrEnum):
    """Why bytes are not our grammar."""

    TRUNCATED = "truncated"
    TRAILING = "trailing_bytes"
    OVERLONG = "overlong_number"
    OUT_OF_RANGE = "number_out_of_range"
    BAD_UTF8 = "bad_utf8"
    TOO_BIG = "too_big"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    EMPTY = "empty_part"
    REPEATED = "repeated_client"
    UNKNOWN_CONTENT = "unknown_content"
    NOT_A_LANE = "not_a_lane"


class SharedDocError(Exception):
    """Everything this package raises about what it was given."""

    code: str


class Malformed(SharedDocError):
    """Not our grammar. `code` is usually a `MalformedCode`."""

    def __init__(self, code: str) -> None:
        super().__init__(str(code))
        self.code = code


class Refused(SharedDocError):
    """Well-formed, not permitted. `reason` is one sentence that may be shown to the person who sent it."""

    def __init__(self, code: RefusalCode, reason: str = "") -> None:
        self.code: RefusalCode = code
        self.reason = reason or _REASONS[code]
        super().__init__(f"{code}: {self.reason}")
