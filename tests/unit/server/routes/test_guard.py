"""The door of every page: cookies, form values, and who is behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from server.actions import invitations, participants
from server.actions.context import utc_now
from server.auth.identity import StaffActor
from server.db.models import WebSession
from server.routes.guard import participant_cookie, staff_cookie
from tests.unit.server.routes.house import EMAIL, PASSWORD, Browser, House, open_house

ORGANISER = StaffActor("setup", "Alex Hart", administrator=True)
MOTHER, FATHER, CHAIR = "Keeley Marsh", "Dean Hollis", "Margaret Osei"


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[House]:
    """The same house behind HTTPS."""
    async with open_house(tmp_path, base_url="https://minutes.council.example") as opened:
        yield opened


async def test_a_participants_cookie_is_for_their_conference_only_and_for_no_script(house: House) -> None:
    browser = house.browser()
    link, code = house.link(MOTHER)
    answer = await browser.post(link, data={"code": code})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{participant_cookie(house.ctx.settings, house.id_of(MOTHER))}=")
    for piece in ("HttpOnly", "SameSite=lax", f"Path=/conferences/{house.made.id}"):
        assert piece in cookie
    assert "Secure" not in cookie


async def test_behind_https_cookies_are_secure(secure: House) -> None:
    browser = secure.browser()
    person = next(one for one in secure.made.participants if one.name == MOTHER)
    answer = await browser.post(
        f"/join/{person.join_url.rpartition('/')[2]}",
        data={"code": person.join_code},
        headers={"Origin": "https://minutes.council.example"},
    )
    cookie = answer.headers["set-cookie"]
    assert "; Secure" in cookie
    assert cookie.startswith("__Secure-tr_")


async def test_behind_https_the_staff_cookie_is_bound_to_this_host(secure: House) -> None:
    browser = secure.browser()
    own = {"Origin": "https://minutes.council.example"}
    answer = await browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=own)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-tr_staff=")
    for piece in ("HttpOnly", "SameSite=lax", "Path=/;", "; Secure"):
        assert piece in f"{cookie};"
    assert "Domain" not in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    for name, status in (("__Host-tr_staff", 200), ("tr_staff", 303)):
        assert (await browser.get("/", headers={"Cookie": f"{name}={value}"})).status_code == status


async def test_two_people_in_one_browser_stay_two_people(house: House) -> None:
    browser = house.browser()
    await house.promise(MOTHER, browser)
    await house.promise(FATHER, browser)
    for name, other in ((MOTHER, FATHER), (FATHER, MOTHER)):
        page = await browser.get(f"{house.base(name)}/")
        assert page.status_code == 200
        assert other not in page.text


@pytest.mark.parametrize("name", [FATHER, CHAIR])
async def test_ones_own_cookie_opens_nobody_elses_page(house: House, name: str) -> None:
    browser = await house.enter(MOTHER)
    assert (await browser.get(f"{house.base(name)}/")).status_code == 401
    browser.cookies.set(
        participant_cookie(house.ctx.settings, house.id_of(name)),
        str(browser.cookies.get(participant_cookie(house.ctx.settings, house.id_of(MOTHER)))),
        path=f"/conferences/{house.made.id}",
    )
    assert (await browser.get(f"{house.base(name)}/")).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "x" * 4000])
async def test_a_cookie_that_was_made_up_opens_nothing(house: House, token: str) -> None:
    browser = house.browser()
    browser.cookies.set(participant_cookie(house.ctx.settings, house.id_of(MOTHER)), token)
    browser.cookies.set(staff_cookie(house.ctx.settings), token)
    assert (await browser.get(f"{house.base(MOTHER)}/")).status_code == 401
    assert (await browser.get("/")).headers["location"].startswith("/sign-in")


async def test_a_form_without_the_value_of_its_session_is_refused(house: House) -> None:
    browser = await house.come(MOTHER)
    stolen = await house.come(FATHER)
    form = {"who": "me", "keep": "yes", "safe": "yes"}
    page = f"{house.base(MOTHER)}/private"
    for more in ({}, {"csrf": ""}, {"csrf": "x" * 64}, {"csrf": await value_of(house, stolen, FATHER)}):
        assert (await browser.post(page, data=form | more)).status_code == 403
    assert (await browser.send_form(page, form)).status_code == 303


async def value_of(house: House, browser: Browser, name: str) -> str:
    page = await browser.get(f"{house.base(name)}/private")
    return page.text.partition('name="csrf" value="')[2].partition('"')[0]


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
async def test_a_clock_that_jumps_shuts_nobody_out_of_their_pages(tmp_path: Path, jump: timedelta) -> None:
    now = [utc_now()]
    async with open_house(tmp_path, clock=lambda: now[0]) as house:
        mother, staff = await house.enter(MOTHER), await house.sign_in()
        now[0] += jump
        assert (await mother.get(f"{house.base(MOTHER)}/")).status_code == 200
        assert (await staff.get("/")).status_code == 200
        # Who comes in after the jump is in as long as anybody else.
        father = await house.enter(FATHER)
        now[0] -= jump
        assert (await father.get(f"{house.base(FATHER)}/")).status_code == 200


async def test_a_page_learns_whether_its_session_was_ended_or_is_only_over(house: House) -> None:
    async def code(browser: Browser, name: str) -> str:
        answer = await browser.get(f"{house.base(name)}/", headers={"Accept": "application/json"})
        assert answer.status_code == 401
        told: str = answer.json()["code"]
        return told

    mother = await house.enter(MOTHER)
    await invitations.renew_link(house.ctx, ORGANISER, house.made.id, house.id_of(MOTHER))
    assert await code(mother, MOTHER) == "ended"
    assert await code(house.browser(), MOTHER) == "not_signed_in"
    father = await house.enter(FATHER)

    def run_out(session: Session) -> None:
        for row in session.exec(select(WebSession)):
            row.expires_at = row.created_at

    await house.ctx.db.write(run_out)
    assert await code(father, FATHER) == "not_signed_in"


async def test_a_removed_person_is_told_so_and_sees_nothing_of_the_meeting(house: House) -> None:
    browser = await house.enter(MOTHER)
    await participants.remove(house.ctx, await house.chair(), house.id_of(MOTHER), "Shouting at Priya")
    page = await browser.get(f"{house.base(MOTHER)}/")
    assert page.status_code == 401
    for hidden in ("Shouting", "Priya", "Introductions", "Ellie"):
        assert hidden not in page.text
