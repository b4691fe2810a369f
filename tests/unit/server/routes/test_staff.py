"""Signing in, the list of conferences, a new one, and its invitations, as a browser without scripts sees them."""

import re
from pathlib import Path

import pytest

from server.actions import staff
from server.routes.staff import local
from tests.unit.server.routes.house import EMAIL, PASSWORD, Browser, House, open_house

TYPED = {
    "press": "save",
    "title": "Bell, one child",
    "kind": "review",
    "day": "1",
    "month": "12",
    "year": "2026",
    "start": "9.30am",
    "child-0-name": "Ivy Bell",
    "person-0-name": "Margaret Osei",
    "person-0-role": "chair",
    "person-1-name": "Sara Bell",
    "person-1-role": "parent",
    "person-1-agency": "mother",
    "person-1-send_by": "By hand",
    "person-1-send_with_care": "No voicemail",
    "part-0-title": "Introductions",
    "part-0-audience": "everyone",
}


async def make(browser: Browser, **typed: str) -> str:
    """Set a conference up through the form; the address of its invitations."""
    answer = await browser.send_form("/conferences/new", {**TYPED, **typed})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def person_in(page: str, name: str) -> str:
    """The id of somebody in the table of invitations."""
    row = next(row for row in page.split("<tr>") if f">{name}<" in row)
    found = re.search(r'/invitations/(\w+)"', row)
    assert found is not None, row
    return found[1]


async def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(house: House) -> None:
    browser = house.browser()
    asked = await browser.get("/conferences/new")
    assert asked.headers["location"] == "/sign-in?next=/conferences/new"
    page = await browser.get(asked.headers["location"])
    assert 'name="next" value="/conferences/new"' in page.text
    answer = await browser.post(
        "/sign-in", data={"email": EMAIL, "password": PASSWORD, "next": "/conferences/new"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/conferences/new")
    assert "HttpOnly" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "",
        "x",
        "/\n",
        "/" + "a" * 400,
    ],
)
def test_signing_in_leads_nowhere_else(elsewhere: str) -> None:
    assert local(elsewhere) == "/"


async def test_a_wrong_password_does_not_tell_which_of_the_two_was_wrong(house: House) -> None:
    browser = house.browser()
    wrong = await browser.post("/sign-in", data={"email": EMAIL, "password": "something else entirely"})
    unknown = await browser.post(
        "/sign-in", data={"email": "b.hart@harrowdale.example", "password": PASSWORD}
    )
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(EMAIL, "") == unknown.text.replace("b.hart@harrowdale.example", "")
    assert PASSWORD not in unknown.text
    assert "set-cookie" not in wrong.headers


async def test_guessing_passwords_is_slowed_down(tmp_path: Path) -> None:
    async with open_house(tmp_path, attempts_per_account=2) as house:
        browser = house.browser()
        for _ in range(2):
            await browser.post("/sign-in", data={"email": EMAIL, "password": "wrong wrong wrong"})
        answer = await browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 429
        assert "Please wait" in answer.text
        assert int(answer.headers["retry-after"]) > 0


async def test_signing_out_ends_the_session_on_the_server(house: House) -> None:
    browser = await house.sign_in()
    kept = {"Cookie": f"tr_staff={browser.cookies['tr_staff']}"}
    answer = await browser.send_form("/", {}, to="/sign-out")
    assert answer.headers["location"] == "/sign-in"
    assert (await house.browser().get("/", headers=kept)).status_code == 303


async def test_a_new_password_needs_the_old_one_and_closes_what_was_open_with_it(house: House) -> None:
    browser, elsewhere = await house.sign_in(), await house.sign_in()
    new = "four other quiet words"
    for typed, field in (
        ({"current": "wrong wrong wrong", "password": new}, "current"),
        ({"current": PASSWORD, "password": "short"}, "password"),
        ({"current": PASSWORD, "password": "password1234"}, "password"),
    ):
        answer = await browser.send_form("/password", typed)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert all(word not in answer.text for word in typed.values())
    assert (await browser.send_form("/password", {"current": PASSWORD, "password": new})).status_code == 303
    assert (await browser.get("/")).status_code == 200
    assert (await elsewhere.get("/")).status_code == 303
    for password, status in ((PASSWORD, 422), (new, 303)):
        answer = await house.browser().post("/sign-in", data={"email": EMAIL, "password": password})
        assert answer.status_code == status


async def test_guessing_the_old_password_to_set_a_new_one_is_slowed_down(tmp_path: Path) -> None:
    async with open_house(tmp_path, attempts_per_account=2) as house:
        browser = await house.sign_in()
        typed = {"current": "wrong wrong wrong", "password": "four other quiet words"}
        answers = [await browser.send_form("/password", typed) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [422, 422, 429]
        assert int(answers[-1].headers["retry-after"]) > 0


async def test_signing_out_needs_a_form_of_ours(house: House) -> None:
    browser = await house.sign_in()
    assert (await browser.post("/sign-out")).status_code == 403
    assert (await browser.get("/")).status_code == 200


async def test_the_list_shows_every_conference_once_with_what_is_next(house: House) -> None:
    browser = await house.sign_in()
    shown = [(await browser.get(f"/?show={tab}")).text for tab in ("week", "to_sign", "later", "signed")]
    assert sum("Marsh, two children" in page for page in shown) == 1
    assert sum("so far, three needed" in page for page in shown) == 1


async def test_somebody_without_a_place_sees_no_conference_and_sets_none_up(house: House) -> None:
    await staff.add(house.ctx, "b.lund@harrowdale.example", "Bo Lund", PASSWORD, administrator=False)
    browser = await house.sign_in("b.lund@harrowdale.example")
    for tab in ("week", "to_sign", "later", "signed"):
        assert "Marsh" not in (await browser.get(f"/?show={tab}")).text
    assert "New conference" not in (await browser.get("/")).text
    assert (await browser.get("/conferences/new")).status_code == 403
    theirs = await browser.get(f"/conferences/{house.made.id}/invitations")
    nothing = await browser.get("/conferences/nothing/invitations")
    assert theirs.status_code == 404
    assert theirs.text == nothing.text
    assert (await browser.get(f"/conferences/{house.made.id}")).status_code == 404


async def test_an_administrator_sets_a_conference_up(house: House) -> None:
    browser = await house.sign_in()
    page = await browser.get(await make(browser))
    for shown in ("Bell, one child", "Sara Bell", "mother", "By hand. No voicemail", "Not made yet"):
        assert shown in page.text


async def test_what_was_typed_stays_when_something_is_to_be_put_right(house: House) -> None:
    browser = await house.sign_in()
    answer = await browser.send_form("/conferences/new", {**TYPED, "day": "32", "person-1-name": ""})
    assert answer.status_code == 422
    assert "Write the day of the meeting in numbers" in answer.text
    assert 'href="#person-1-name"' in answer.text
    for kept in ("Bell, one child", "Ivy Bell", "No voicemail", 'value="32"'):
        assert kept in answer.text


async def test_adding_a_row_needs_no_script_and_loses_nothing(house: House) -> None:
    browser = await house.sign_in()
    answer = await browser.send_form("/conferences/new", {**TYPED, "press": "add-person"})
    assert answer.status_code == 200
    assert 'name="person-2-name"' in answer.text
    assert re.search(r'id="person-2-name"[^>]*autofocus', answer.text)
    assert "Sara Bell" in answer.text
    fewer = await browser.send_form("/conferences/new", {**TYPED, "press": "remove-person-1"})
    assert "Sara Bell" not in fewer.text


async def test_a_link_and_its_code_are_shown_once_and_work(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    person = person_in((await browser.get(address)).text, "Sara Bell")
    made = await browser.send_form(address, {"do": "renew"}, to=f"{address}/{person}")
    link = re.search(r'id="fresh-link">[^<]*(/join/\w+)<', made.text)
    code = re.search(r'id="fresh-code">([\w-]+)<', made.text)
    assert link is not None
    assert code is not None
    assert re.fullmatch(r"\w{3}-\w{3}", code[1])
    again = (await browser.get(address)).text
    assert link[1] not in again
    assert code[1] not in again
    assert (await house.browser().post(link[1], data={"code": code[1]})).status_code == 303


async def test_a_removed_invitation_stops_working(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    person = person_in((await browser.get(address)).text, "Sara Bell")
    made = await browser.send_form(address, {"do": "renew"}, to=f"{address}/{person}")
    link = re.search(r"/join/\w+", made.text)
    assert link is not None
    answer = await browser.send_form(address, {"do": "revoke"}, to=f"{address}/{person}")
    assert "Sara" not in answer.headers["location"]
    assert "The invitation is removed" in (await browser.get(answer.headers["location"])).text
    assert (await house.browser().get(link[0])).status_code == 404


async def test_there_is_one_sheet_a_person_and_nobody_who_has_one_gets_another(house: House) -> None:
    browser = await house.sign_in()
    address = await make(browser)
    sheets = await browser.send_form(address, {}, to=f"{address}/print")
    assert sheets.text.count('class="invitation ') == 2
    links = re.findall(r"/join/\w+", sheets.text)
    assert len(set(links)) == 2
    again = await browser.send_form(address, {}, to=f"{address}/print")
    assert again.text.count('class="invitation ') == 0
    assert "Everybody has an invitation already" in again.text
    assert (await house.browser().get(links[0])).status_code == 200, "what was printed goes on working"


async def test_a_chair_who_signs_in_opens_the_meeting_without_a_link(house: House) -> None:
    await staff.add(house.ctx, "m.osei@harrowdale.example", "Margaret Osei", PASSWORD, administrator=False)
    account = next(id_ for id_, name in await staff.colleagues(house.ctx) if name == "Margaret Osei")
    address = await make(await house.sign_in(), **{"person-0-staff": account})
    chair = await house.sign_in("m.osei@harrowdale.example")
    opened = await chair.get(address.removesuffix("/invitations"))
    page = await chair.get(opened.headers["location"])
    assert page.status_code == 200
    assert "Bell, one child" in (await chair.get("/?show=later")).text + (await chair.get("/")).text


@pytest.mark.parametrize("page", ["", "/screen"])
async def test_no_other_site_makes_a_chair_come_in(house: House, page: str) -> None:
    await staff.add(house.ctx, "m.osei@harrowdale.example", "Margaret Osei", PASSWORD, administrator=False)
    account = next(id_ for id_, name in await staff.colleagues(house.ctx) if name == "Margaret Osei")
    address = await make(await house.sign_in(), **{"person-0-staff": account})
    chair = await house.sign_in("m.osei@harrowdale.example")
    meeting = address.removesuffix("/invitations") + page
    for site in ("cross-site", "same-site"):
        led = await chair.get(meeting, headers={"Sec-Fetch-Site": site})
        assert led.headers["location"] == "/"
        assert "set-cookie" not in led.headers
    opened = await chair.get(meeting, headers={"Sec-Fetch-Site": "same-origin"})
    assert opened.headers["set-cookie"].startswith("tr_")


async def test_titles_name_nobody(house: House) -> None:
    browser = await house.sign_in()
    for address in ("/", "/conferences/new", f"/conferences/{house.made.id}/invitations"):
        found = re.search(r"<title>(.*?)</title>", (await browser.get(address)).text)
        assert found is not None
        assert "Marsh" not in found[1]
