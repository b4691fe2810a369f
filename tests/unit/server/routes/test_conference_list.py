from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from server import authority
from server.actions.listing import ConferenceRow
from server.routes.conference_list import line, tab_of
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import open_house

COUNCIL = authority.load(Path("/nowhere"))
MONDAY = date(2026, 11, 23)
ROW = ConferenceRow(
    id="c1",
    title="Marsh, two children",
    kind="initial",
    phase=Phase.PREPARING,
    starts_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    started_at=None,
    children=2,
    unborn=False,
    invited=9,
    agencies=4,
    not_invited=0,
    ready=7,
    waiting=0,
    flags_waiting=0,
    spelling_waiting=0,
    has_place=False,
    signed_at=None,
)


def at(phase: Phase) -> ConferenceRow:
    return replace(ROW, phase=phase, started_at=datetime(2026, 11, 23, 10, 5, tzinfo=UTC))


def test_every_conference_is_in_one_tab() -> None:
    assert tab_of(ROW, MONDAY) == "week"
    assert tab_of(ROW, date(2026, 11, 22)) == "later"
    assert tab_of(ROW, date(2026, 12, 24)) == "week", "not held, and not out of sight"
    assert tab_of(at(Phase.IN_SESSION), date(2026, 11, 1)) == "week"
    assert tab_of(at(Phase.CLOSED), MONDAY) == "to_sign"
    assert tab_of(at(Phase.SIGNED), MONDAY) == "signed"


def test_a_conference_in_preparation_says_who_is_ready() -> None:
    shown = line(ROW, COUNCIL, MONDAY)
    assert (shown.when, shown.kind, shown.state) == ("Today 10am", "First conference", "Preparing")
    assert shown.since == "7 of 9 have tested or come in"
    assert shown.join == ""


def test_a_conference_in_session_leads_those_who_have_a_place_to_their_page() -> None:
    shown = line(replace(at(Phase.IN_SESSION), has_place=True), COUNCIL, MONDAY)
    assert (shown.state, shown.since, shown.join) == ("In session", "since 10:05", "/conferences/c1")


def test_closed_and_signed_say_what_is_left() -> None:
    assert (
        line(replace(at(Phase.CLOSED), spelling_waiting=5), COUNCIL, MONDAY).since
        == "five spelling flags left"
    )
    waits = line(replace(at(Phase.CLOSED), spelling_waiting=1), COUNCIL, MONDAY).next
    assert waits.startswith("Answer one flag, then the chair signs"), (
        "spelling is answered before the signature"
    )
    signed = replace(at(Phase.SIGNED), signed_at=datetime(2026, 11, 26, 9, 20, tzinfo=UTC))
    assert line(signed, COUNCIL, date(2026, 11, 27)).since == "26 November 2026"
    assert line(replace(at(Phase.OPEN), waiting=2), COUNCIL, MONDAY).since == "2 waiting"
    assert line(at(Phase.ADJOURNED), COUNCIL, MONDAY).state == "Stopped for now"


async def test_the_list_says_whose_bank_holidays_are_left_out(tmp_path: Path) -> None:
    own = authority.SHIPPED.read_text(encoding="utf-8").replace('"ENG"', '"SCT"')
    (tmp_path / authority.OWN).write_text(own, encoding="utf-8")
    async with open_house(tmp_path) as house:
        page = await (await house.sign_in()).get("/")
    assert "Bank holidays of Scotland are left out." in page.text
