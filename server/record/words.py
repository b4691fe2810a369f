"""The record's words for roles, kinds, answers and times. Plain British English, the same on the page and
on paper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

BRITAIN = ZoneInfo("Europe/London")

# Control characters but for tab and line break, direction overrides and isolates, separators, the byte order mark.
MISLEADING = frozenset(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029, 0xFEFF}
    - {0x09, 0x0A}
)

CONFERENCES = {
    "initial": "First conference",
    "review": "Review conference",
    "pre_birth": "Conference before a birth",
    "transfer_in": "Conference for a family that has moved here",
}
ROLES = {
    "chair": "chair",
    "minute_taker": "minute-taker",
    "social_worker": "social worker",
    "professional": "professional",
    "parent": "parent or carer",
    "child": "child",
    "supporter": "supporter",
    "solicitor": "solicitor",
    "interpreter": "interpreter",
    "observer": "observer",
}
ATTENDING = {
    "room": "In the room",
    "video": "Video",
    "phone": "Phone",
    "voice_only": "Voice only",
    "writing": "In writing",
}
KINDS = {
    "point": "",
    "strength": "Working well",
    "worry": "Worry",
    "view": "View",
    "question": "Question",
    "answer": "Answer",
    "action": "To do",
}
FLAGS = {
    "not_right": "that’s not right",
    "missing": "something is missing",
    "question": "a question",
    "spelling": "just the spelling",
}
ANSWERS = {"right": "right", "not_right": "not right"}


def clock(at: datetime) -> str:
    """10:41, by the clock in Britain."""
    there = _in_britain(at)
    return f"{there.hour}:{there.minute:02}"


def full_day(when: date | datetime) -> str:
    """26 November 2026."""
    on = _in_britain(when).date() if isinstance(when, datetime) else when
    return f"{on.day} {on:%B} {on.year}"


def week_day(when: datetime) -> str:
    """Monday 23 November 2026."""
    there = _in_britain(when)
    return f"{there:%A} {there.day} {there:%B} {there.year}"


def _in_britain(at: datetime) -> datetime:
    """The time by the clock in Britain; a made-up one at the ends of the calendar as it stands."""
    try:
        return at.astimezone(BRITAIN)
    except OverflowError:
        return at


def listed(items: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def runs(numbers: Sequence[int]) -> str:
    """1 to 4, 6 and 8."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    told = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run] for run in found]
    return listed([each for run in told for each in run])


def capital(text: str) -> str:
    """The sentence with a capital letter in front."""
    return text[:1].upper() + text[1:]


def quoted(text: str) -> str:
    """“text”, without spaces at its ends."""
    return f"“{visible(text.strip())}”"


def visible(text: str) -> str:
    """The text with a name in place of every character that shows nothing itself and changes how others are shown.

    Direction overrides can make words read differently from what was signed.
    """
    return "".join(named(letter) if ord(letter) in MISLEADING else letter for letter in text)


def named(letter: str) -> str:
    """A character written out: `[U+202E RIGHT-TO-LEFT OVERRIDE]`."""
    unnamed = "control character" if unicodedata.category(letter) == "Cc" else "character"
    return f"[U+{ord(letter):04X} {unicodedata.name(letter, unnamed)}]"


def sentence(text: str) -> str:
    """The text with a full stop, unless it already ends like a sentence."""
    return text if text.rstrip("”’\"')").endswith((".", "!", "?", "…")) else f"{text}."


def grouped(digest: str) -> str:
    """A fingerprint in groups of four, as it can be read out and typed."""
    return " ".join(digest[index : index + 4] for index in range(0, len(digest), 4))
