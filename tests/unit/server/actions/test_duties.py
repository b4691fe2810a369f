from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from server import authority
from server.actions.duties import Duty, Facts, agencies, next_duty, working_days_after
from shared_doc.permissions import Phase, Role

COUNCIL = authority.load(Path("/nowhere"))
MONDAY = date(2026, 11, 23)
FACTS = Facts(phase=Phase.PREPARING, planned=MONDAY, started=None, agencies=4, not_invited=0, waiting_flags=0)


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    thursday_before_christmas = date(2026, 12, 24)
    assert working_days_after(thursday_before_christmas, 1, "ENG") == date(2026, 12, 29)
    assert working_days_after(MONDAY, 15, "ENG") == date(2026, 12, 14)
    assert working_days_after(MONDAY, -1, "ENG") == date(2026, 11, 20)


def test_two_agencies_are_not_enough_and_it_becomes_urgent_shortly_before() -> None:
    facts = replace(FACTS, agencies=2)
    assert next_duty(facts, COUNCIL, date(2026, 11, 9)) == Duty("Two agencies so far, three needed")
    assert next_duty(facts, COUNCIL, date(2026, 11, 18)).urgent


def test_invitations_that_were_not_made_come_before_the_meeting() -> None:
    assert (
        next_duty(replace(FACTS, not_invited=1), COUNCIL, date(2026, 11, 9)).words == "One invitation to make"
    )


def test_on_the_day_the_chair_opens_the_meeting() -> None:
    assert next_duty(FACTS, COUNCIL, MONDAY).words == "The chair opens the meeting today"
    assert next_duty(FACTS, COUNCIL, date(2026, 11, 20)).words == "Ready for 23 November"


def test_a_meeting_that_was_not_held_is_not_forgotten() -> None:
    duty = next_duty(FACTS, COUNCIL, date(2026, 11, 25))
    assert duty == Duty("Was planned for 23 November and has not been held", urgent=True)


def test_the_letter_is_due_on_the_next_working_day() -> None:
    facts = replace(FACTS, phase=Phase.IN_SESSION, started=MONDAY)
    assert next_duty(facts, COUNCIL, MONDAY).words == "Letter of the decision by tomorrow, 24 November"
    assert (
        next_duty(facts, COUNCIL, date(2026, 11, 24)).words == "Letter of the decision by today, 24 November"
    )
    assert next_duty(facts, COUNCIL, date(2026, 11, 26)) == Duty(
        "Letter of the decision was due 24 November", urgent=True
    )


def test_flags_are_answered_before_the_chair_signs() -> None:
    facts = replace(FACTS, phase=Phase.CLOSED, started=MONDAY, waiting_flags=2)
    assert (
        next_duty(facts, COUNCIL, MONDAY).words == "Answer two flags, then the chair signs. Due 14 December"
    )
    late = next_duty(replace(facts, waiting_flags=0), COUNCIL, date(2026, 12, 15))
    assert late == Duty("The chair signs. Was due 14 December", urgent=True)


@pytest.mark.rule("R-18")
def test_social_care_is_one_agency_however_many_come_and_families_are_none() -> None:
    people = [
        (Role.SOCIAL_WORKER, "Harrowdale Council"),
        (Role.SOCIAL_WORKER, ""),
        (Role.PROFESSIONAL, "police"),
        (Role.PROFESSIONAL, "Police"),
        (Role.PROFESSIONAL, "school"),
        (Role.PROFESSIONAL, ""),
        (Role.PARENT, "mother"),
    ]
    assert agencies(people) == 3


def test_social_care_is_one_agency_whatever_its_people_are_called() -> None:
    people = [
        (Role.SOCIAL_WORKER, "Harrowdale Council"),
        (Role.SOCIAL_WORKER, "Children’s services"),
        (Role.PROFESSIONAL, "harrowdale  council"),
    ]
    assert agencies(people) == 1
    assert agencies([*people, (Role.PROFESSIONAL, "GP")]) == 2
