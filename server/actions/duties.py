"""What is next for a conference, in one sentence, for the list that staff see.

Pure: facts and a day in, a sentence out. How many days there are is the council's own
(`server.authority`); days are working days, and bank holidays are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from server.authority import AuthorityProfile
from shared_doc.permissions import PROFESSIONALS, Phase, Role

SOON = 3
"""Working days before a meeting from which something missing is urgent."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the list knows of a conference. The days are by the clock in Britain."""

    phase: Phase
    planned: date
    started: date | None
    agencies: int
    not_invited: int
    waiting_flags: int


@dataclass(frozen=True, slots=True)
class Duty:
    """The next thing somebody has to do. `urgent` where it is late or the meeting cannot be held as it
    stands.
    """

    words: str
    urgent: bool = False


def next_duty(facts: Facts, council: AuthorityProfile, today: date) -> Duty:
    """The next duty of a conference."""
    if facts.phase is Phase.SIGNED:
        return Duty("Everybody who may have a copy can open it")
    if facts.phase is Phase.CLOSED:
        return _to_sign(facts, council, today)
    if facts.phase is Phase.ADJOURNED:
        return Duty("The chair opens it again")
    if facts.phase is Phase.IN_SESSION:
        by = working_days_after(
            facts.started or facts.planned, council.letter_working_days, council.bank_holidays
        )
        return Duty(f"Letter of the decision {_by(by, today)}", urgent=today > by)
    return _to_prepare(facts, council, today)


def _to_sign(facts: Facts, council: AuthorityProfile, today: date) -> Duty:
    due = working_days_after(
        facts.started or facts.planned, council.record_working_days, council.bank_holidays
    )
    first = (
        f"Answer {_number(facts.waiting_flags, 'flag')}, then the chair signs"
        if facts.waiting_flags
        else "The chair signs"
    )
    if today > due:
        return Duty(f"{first}. Was due {_short(due)}", urgent=True)
    return Duty(f"{first}. Due {_short(due)}")


def _to_prepare(facts: Facts, council: AuthorityProfile, today: date) -> Duty:
    if today > facts.planned:
        return Duty(f"Was planned for {_short(facts.planned)} and has not been held", urgent=True)
    soon = today >= working_days_after(facts.planned, -SOON, council.bank_holidays)
    if facts.agencies < council.agencies_needed:
        so_far = _number(facts.agencies, "agency", "agencies").capitalize()
        return Duty(f"{so_far} so far, {_word(council.agencies_needed)} needed", urgent=soon)
    if facts.not_invited:
        return Duty(f"{_number(facts.not_invited, 'invitation').capitalize()} to make", urgent=soon)
    if today == facts.planned:
        return Duty("The chair opens the meeting today")
    return Duty(f"Ready for {_short(facts.planned)}")


def agencies(people: Iterable[tuple[Role, str]]) -> int:
    """How many agencies these people are from, for the list (who is invited) and for the desk (who is here).

    Social care counts once, whatever its social workers are called by, and so does whoever comes from where they do.
    The others count by their name; nobody can say where a professional without one comes from.
    """
    named = [(role, " ".join(agency.split()).casefold()) for role, agency in people if role in PROFESSIONALS]
    social_care = {agency for role, agency in named if role is Role.SOCIAL_WORKER}
    others = {agency for _, agency in named if agency} - social_care
    return len(others) + bool(social_care)


def working_days_after(day: date, number: int, nation: str) -> date:
    """The day that many working days after `day`, or before it if `number` is negative."""
    step = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        day += step
        if day.weekday() < 5 and day not in _bank_holidays(nation, day.year):
            left -= 1
    return day


@cache
def _bank_holidays(nation: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv=nation, years=year))


def _by(day: date, today: date) -> str:
    if day == today:
        return f"by today, {_short(day)}"
    if day == today + timedelta(days=1):
        return f"by tomorrow, {_short(day)}"
    return f"{'was due' if day < today else 'by'} {_short(day)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _word(number: int) -> str:
    return _WORDS[number] if 0 <= number < len(_WORDS) else str(number)


def _number(number: int, one: str, many: str = "") -> str:
    return f"{_word(number)} {one if number == 1 else many or one + 's'}"
