"""Somebody more is invited and what stands of somebody is put right, as a browser without scripts sees it."""

from __future__ import annotations

import re

import pytest

from server.actions import conferences, signing, staff
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import PASSWORD, House
from tests.unit.server.routes.test_staff import make, person_in

RITA = {"person-0-name": "Rita Bell", "person-0-role": "professional", "person-0-agency": "school"}


async def test_an_administrator_invites_one_more_person_who_then_comes_in(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    assert f'href="{address}/add"' in (await browser.get(address)).text
    answer = await browser.send_form(
        f"{address}/add", RITA | {"person-0-send_by": "Email", "person-0-send_with_care": "Mornings only"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?added")
    page = (await browser.get(answer.headers["location"])).text
    for shown in ("One more person is invited", "Rita Bell", "school", "Email. Mornings only"):
        assert shown in page
    made = await browser.send_form(address, {"do": "renew"}, to=f"{address}/{person_in(page, 'Rita Bell')}")
    link = re.search(r"/join/\w+", made.text)
    assert link is not None
    assert (await house.browser().get(link[0])).status_code == 200


@pytest.mark.rule("R-16")
async def test_a_supporter_comes_with_a_parent_of_this_conference(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    typed = RITA | {"person-0-role": "supporter", "person-0-agency": ""}
    refused = await browser.send_form(f"{address}/add", typed)
    assert refused.status_code == 422
    assert 'href="#person-0-supports"' in refused.text
    assert 'value="Rita Bell"' in refused.text
    mother = person_in((await browser.get(address)).text, "Sara Bell")
    answer = await browser.send_form(f"{address}/add", typed | {"person-0-supports": mother})
    assert answer.status_code == 303
    assert "with Sara" in (await browser.get(address)).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person-0-name": ""}, "person-0-name"),
        ({"person-0-name": "x" * 200}, "person-0-name"),
        ({"person-0-role": "chair"}, "person-0-role"),
        ({"person-0-role": "judge"}, "person-0-role"),
        ({"person-0-role": "minute_taker", "person-0-staff": "nobody"}, "person-0-staff"),
        ({"person-0-name": "Sara Bell", "person-0-role": "parent"}, "person-0-name"),
    ],
)
async def test_what_cannot_be_used_is_named_and_nothing_typed_is_lost(
    house: House, changes: dict[str, str], field: str
) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    answer = await browser.send_form(f"{address}/add", RITA | changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="school"' in answer.text


async def test_a_name_an_agency_and_how_to_reach_somebody_are_put_right(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    mother = person_in((await browser.get(address)).text, "Sara Bell")
    form = (await browser.get(f"{address}/{mother}/correct")).text
    for kept in ('value="Sara Bell"', 'value="mother"', 'value="No voicemail"', 'value="By hand" selected'):
        assert kept in form
    answer = await browser.send_form(
        f"{address}/{mother}/correct",
        {
            "person-0-name": "Sarah Bell",
            "person-0-role": "parent",
            "person-0-agency": "grandmother",
            "person-0-send_by": "By hand",
        },
    )
    assert answer.headers["location"] == f"{address}?corrected"
    page = (await browser.get(answer.headers["location"])).text
    for shown in ("That is put right", "Sarah Bell", "grandmother"):
        assert shown in page
    assert "No voicemail" not in page


async def test_the_role_of_somebody_who_has_come_in_stays_as_it_is(house: House) -> None:
    browser = await house.sign_in()
    await house.come("Priya Nair")
    address = f"/conferences/{house.made.id}/invitations"
    worker = house.id_of("Priya Nair")
    form = (await browser.get(f"{address}/{worker}/correct")).text
    assert 'name="person-0-role"' not in form
    assert "somebody has come in with this invitation" in form
    answer = await browser.send_form(
        f"{address}/{worker}/correct", {"person-0-name": "Priya Nayar", "person-0-role": "minute_taker"}
    )
    assert answer.status_code == 303
    page = (await browser.get(address)).text
    assert re.search(r"Priya Nayar<small>social worker", page)


async def test_the_name_of_the_chair_is_put_right_too(house: House) -> None:
    browser = await house.sign_in()
    chair = f"/conferences/{house.made.id}/invitations/{house.id_of('Margaret Osei')}/correct"
    assert (await browser.send_form(chair, {"person-0-name": "Margaret Osei-Bonsu"})).status_code == 303


async def test_whoever_is_no_administrator_neither_adds_nor_puts_right(house: House) -> None:
    await staff.add(house.ctx, "m.osei@harrowdale.example", "Margaret Osei", PASSWORD, administrator=False)
    account = next(id_ for id_, name in await staff.colleagues(house.ctx) if name == "Margaret Osei")
    address = await make(await house.sign_in(), **{"person-0-staff": account})
    chair = await house.sign_in("m.osei@harrowdale.example")
    page = (await chair.get(address)).text
    mother = person_in(page, "Sara Bell")
    assert "/add" not in page
    for path in (f"{address}/add", f"{address}/{mother}/correct"):
        assert path not in page
        assert (await chair.get(path)).status_code == 403
        assert (await chair.send_form(address, RITA, to=path)).status_code == 403
    elsewhere = f"/conferences/{house.made.id}/invitations/add"
    assert (await chair.get(elsewhere)).status_code == 404


async def test_nobody_who_is_not_invited_is_put_right(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    for person in ("n0", house.id_of("Keeley Marsh")):
        assert (await browser.get(f"{address}/{person}/correct")).status_code == 404


async def test_after_signing_the_page_offers_nothing_and_takes_nothing(house: House) -> None:
    browser, chair = await house.sign_in(), await house.chair()
    address = f"/conferences/{house.made.id}/invitations"
    for phase in (Phase.IN_SESSION, Phase.CLOSED):
        await conferences.change_phase(house.ctx, chair, phase)
    before = await browser.get(f"{address}/add")
    await signing.sign(house.ctx, chair)
    page = (await browser.get(address)).text
    assert "/add" not in page
    assert "/correct" not in page
    hidden = re.search(r'name="csrf" value="([^"]+)"', before.text)
    assert hidden is not None
    answer = await browser.post(f"{address}/add", data={"csrf": hidden[1], **RITA})
    assert answer.status_code == 409
    assert "Rita" not in (await browser.get(address)).text


async def test_titles_of_the_pages_name_nobody(house: House) -> None:
    browser = await house.sign_in()
    address = f"/conferences/{house.made.id}/invitations"
    for path in ("add", f"{house.id_of('Keeley Marsh')}/correct"):
        found = re.search(r"<title>(.*?)</title>", (await browser.get(f"{address}/{path}")).text)
        assert found is not None
        assert "Marsh" not in found[1]
