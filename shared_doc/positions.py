"""Positions: strings between any two of which there is always another, so that moving a point changes one
value.

A position is a number written in base 62, with digits in the order of their character codes. Its first letter
says how long the whole part is ("a" to "z": two to 27 characters, "Z" down to "A": the same, below zero), the
rest is a fraction that never ends in the digit 0. It is the grammar of the editor's own library, which fails
on two equal positions and on any that it does not like; so what cannot stand here is refused, or one hostile
position would break everyone's page.

Points are ordered by (position, id). Two people who insert at one place at once would interleave line by
line; so each run of new points begins with a *run prefix*, a midpoint and four random digits, and its further
positions follow that.
"""

from __future__ import annotations

import re
from random import Random
from typing import Final

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST: Final = 200
"""Characters. 86 after 500 points put one after the other into the same gap; without a cap a page could grow
them at will."""

FIRST: Final = "a0"
_SMALLEST_WHOLE: Final = "A" + "0" * 26
_GRAMMAR = re.compile(r"[A-Za-z][0-9A-Za-z]*", re.ASCII)
_RUN_DIGITS: Final = 4


def is_position(value: object) -> bool:
    """Whether this is a position, and none too long."""
    if not isinstance(value, str) or len(value) > LONGEST or not _GRAMMAR.fullmatch(value):
        return False
    whole = _whole_length(value[0])
    return whole <= len(value) and value != _SMALLEST_WHOLE and not (len(value) > whole and value[-1] == "0")


def between(before: str | None, after: str | None) -> str:
    """A position between two others; None stands for the beginning and the end. Raises ValueError if there is
    none."""
    for given in (before, after):
        if given is not None and not is_position(given):
            raise ValueError("not a position")
    if before is not None and after is not None and before >= after:
        raise ValueError("these positions are not in order")
    if before is None:
        return FIRST if after is None else _before(after)
    whole, fraction = _parts(before)
    if after is None:
        larger = _next_whole(whole)
        return whole + _midpoint(fraction, None) if larger is None else larger
    after_whole, after_fraction = _parts(after)
    if whole == after_whole:
        return whole + _midpoint(fraction, after_fraction)
    larger = _next_whole(whole)
    if larger is not None and larger < after:
        return larger
    return whole + _midpoint(fraction, None)


def run_prefix(before: str | None, after: str | None, random: Random) -> str:
    """A position between two others to begin a run of new points with. Raises ValueError if there is none."""
    middle = between(before, after)
    # With the prefix of `after` as its own beginning, the random digits could lead past it.
    while after is not None and after.startswith(middle):
        middle = between(middle, after)
    digits = random.choices(DIGITS, k=_RUN_DIGITS - 1) + random.choices(DIGITS[1:])
    return middle + "".join(digits)


def run(before: str | None, after: str | None, count: int, random: Random) -> list[str]:
    """`count` positions in order, between two others, that nobody else's run comes between."""
    prefix = run_prefix(before, after, random)
    width = 1
    while len(DIGITS) ** width <= count:
        width += 1
    return [prefix + _digits(number, width).rstrip("0") for number in range(1, count + 1)]


def _digits(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def _whole_length(head: str) -> int:
    return ord(head) - ord("a") + 2 if head >= "a" else ord("Z") - ord(head) + 2


def _parts(position: str) -> tuple[str, str]:
    length = _whole_length(position[0])
    return position[:length], position[length:]


def _before(after: str) -> str:
    whole, fraction = _parts(after)
    if whole == _SMALLEST_WHOLE:
        return whole + _midpoint("", fraction)
    if fraction:
        return whole
    smaller = _previous_whole(whole)
    # The smallest whole number alone is no position: nothing could come before it.
    return _SMALLEST_WHOLE + _midpoint("", None) if smaller == _SMALLEST_WHOLE else smaller


def _midpoint(low: str, high: str | None) -> str:
    """A fraction between two fractions; None is one. Neither ends in 0."""
    if high is not None:
        same = 0
        while same < len(high) and (low[same] if same < len(low) else "0") == high[same]:
            same += 1
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    low_digit = DIGITS.index(low[0]) if low else 0
    high_digit = DIGITS.index(high[0]) if high else len(DIGITS)
    if high_digit - low_digit > 1:
        return DIGITS[(low_digit + high_digit) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[low_digit] + _midpoint(low[1:], None)


def _next_whole(whole: str) -> str | None:
    digits = list(whole[1:])
    for at in reversed(range(len(digits))):
        if digits[at] != DIGITS[-1]:
            digits[at] = DIGITS[DIGITS.index(digits[at]) + 1]
            return whole[0] + "".join(digits)
        digits[at] = DIGITS[0]
    if whole[0] == "z":
        return None
    head = "a" if whole[0] == "Z" else chr(ord(whole[0]) + 1)
    return head + DIGITS[0] * (_whole_length(head) - 1)


def _previous_whole(whole: str) -> str:
    digits = list(whole[1:])
    for at in reversed(range(len(digits))):
        if digits[at] != DIGITS[0]:
            digits[at] = DIGITS[DIGITS.index(digits[at]) - 1]
            return whole[0] + "".join(digits)
        digits[at] = DIGITS[-1]
    head = "Z" if whole[0] == "a" else chr(ord(whole[0]) - 1)
    return head + DIGITS[-1] * (_whole_length(head) - 1)
