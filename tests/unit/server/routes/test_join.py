"""The way in, as a browser without scripts sees it."""

import re
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import httpx2
import pytest

from server.actions import conferences, invitations, participants
from server.auth.identity import StaffActor
from server.errors import Conflict
from shared_doc.permissions import Phase
from tests.unit.server.routes.house import House, open_house

ANYBODY = StaffActor("setup", "Alex Hart", administrator=True)


def same_page(one: httpx2.Response, other: httpx2.Response) -> bool:
    return (one.status_code, one.text) == (other.status_code, other.text)


def title(answer: httpx2.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.text)
    assert found is not None
    return found[1]


async def test_link_and_code_together_let_somebody_in(house: House) -> None:
    link, code = house.link("Keeley Marsh")
    browser = house.browser()
    assert "Your code" in (await browser.get(link)).text
    answer = await browser.post(link, data={"code": f" {code.lower()} "})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{house.base('Keeley Marsh')}/"
    cookie = SimpleCookie(answer.headers["set-cookie"])[f"tr_{house.id_of('Keeley Marsh')}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert cookie["path"] == f"/conferences/{house.made.id}"


async def test_over_https_the_cookie_never_travels_in_the_open(tmp_path: Path) -> None:
    async with open_house(tmp_path, base_url="https://record.example") as house:
        link, code = house.link("Keeley Marsh")
        browser = house.browser()
        answer = await browser.post(
            link.removeprefix("https://record.example"),
            data={"code": code},
            headers={"Origin": "https://record.example"},
        )
        assert "Secure" in answer.headers["set-cookie"]


async def test_a_wrong_code_can_be_tried_again_and_says_nothing_of_the_meeting(house: House) -> None:
    link, _ = house.link("Keeley Marsh")
    answer = await house.browser().post(link, data={"code": "M7K2OD"})
    assert answer.status_code == 422
    assert "That code does not fit this link" in answer.text
    assert 'value="M7K2OD"' in answer.text
    assert "Keeley" not in answer.text
    assert "Marsh" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_without_a_code_the_page_asks_for_it(house: House) -> None:
    link, _ = house.link("Keeley Marsh")
    answer = await house.browser().post(link, data={})
    assert answer.status_code == 422
    assert "Your code is missing" in answer.text


async def test_a_link_that_never_was_looks_like_one_that_was_renewed_or_removed(house: House) -> None:
    browser = house.browser()
    renewed, code = house.link("Dean Hollis")
    removed, _ = house.link("Janine Marsh")
    await invitations.renew_link(house.ctx, ANYBODY, house.made.id, house.id_of("Dean Hollis"))
    await invitations.revoke_link(house.ctx, ANYBODY, house.made.id, house.id_of("Janine Marsh"))
    never = await browser.get("/join/nothingofthekind")
    assert never.status_code == 404
    assert "does not open a meeting" in never.text
    assert same_page(never, await browser.get(renewed))
    assert same_page(never, await browser.get(removed))
    assert same_page(
        await browser.post("/join/nothingofthekind", data={"code": code}),
        await browser.post(renewed, data={"code": code}),
    )


async def test_guessing_is_slowed_down_and_said_in_plain_words(tmp_path: Path) -> None:
    async with open_house(tmp_path, attempts_per_link=3) as house:
        link, code = house.link("Keeley Marsh")
        browser = house.browser()
        for _ in range(3):
            assert (await browser.post(link, data={"code": "AAAAAA"})).status_code == 422
        answer = await browser.post(link, data={"code": code})
        assert answer.status_code == 429
        assert "Please wait" in answer.text
        assert int(answer.headers["retry-after"]) > 0
        other, other_code = house.link("Dean Hollis")
        assert (await browser.post(other, data={"code": other_code})).status_code == 303, (
            "only that link waits"
        )


@pytest.mark.rule("R-51")
async def test_nobody_goes_in_without_promising_to_keep_it_private(house: House) -> None:
    browser = await house.come("Janine Marsh")
    private = f"{house.base('Janine Marsh')}/private"
    at_first = await browser.get(f"{house.base('Janine Marsh')}/")
    assert at_first.headers["location"] == private
    answer = await browser.send_form(private, {"who": "me", "safe": "overheard"})
    assert answer.status_code == 422
    assert "Tick that you will keep it private" in answer.text
    assert re.search(r'value="overheard" checked', answer.text), "what was chosen is kept"
    nothing = await browser.send_form(private, {})
    for words in ("Say whether this is you", "Tick that you will", "Say whether you can talk"):
        assert words in nothing.text


async def test_whoever_says_they_are_somebody_else_is_out_and_stays_out(house: House) -> None:
    browser = await house.come("Keeley Marsh")
    private = f"{house.base('Keeley Marsh')}/private"
    token = browser.cookies[f"tr_{house.id_of('Keeley Marsh')}"]
    answer = await browser.send_form(private, {"who": "other"})
    assert "Thank you for saying so" in answer.text
    assert "Keeley" not in answer.text
    again = await house.browser().get(
        private, headers={"Cookie": f"tr_{house.id_of('Keeley Marsh')}={token}"}
    )
    assert again.status_code == 401, "the session has ended on the server, whatever the browser kept"


async def test_a_promise_sent_from_elsewhere_is_refused(house: House) -> None:
    browser = await house.come("Keeley Marsh")
    private = f"{house.base('Keeley Marsh')}/private"
    fields = {"who": "me", "keep": "yes", "safe": "yes"}
    assert (await browser.post(private, data=fields)).status_code == 403
    assert (await browser.post(private, data=fields | {"csrf": "0" * 64})).status_code == 403
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert (await browser.post(private, data=fields, headers=elsewhere)).status_code == 403


@pytest.mark.rule("R-8", "R-78")
async def test_the_waiting_room_answers_what_a_parent_fears_most(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    page = await browser.get(f"{house.base('Keeley Marsh')}/")
    assert "cannot decide to take your child away from you" in page.text
    assert "Margaret Osei will let you in" in page.text


async def test_the_waiting_room_opens_by_itself_with_scripts_and_without(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    base = house.base("Keeley Marsh")
    page = await browser.get(f"{base}/")
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page.text
    assert f'data-waiting="{base}/standing"' in page.text
    before = (await browser.get(f"{base}/standing")).text
    # The script starts from how the person stood when the page was drawn.
    assert f'data-standing="{before}"' in page.text
    await participants.admit(house.ctx, await house.chair(), house.id_of("Keeley Marsh"))
    assert (await browser.get(f"{base}/standing")).text != before
    assert "The chair knows you are here" not in (await browser.get(f"{base}/")).text


async def test_those_who_wait_see_nobody_and_nothing_of_the_meeting(house: House) -> None:
    await conferences.change_phase(house.ctx, await house.chair(), Phase.IN_SESSION)
    browser = await house.promise("Dean Hollis")
    base = house.base("Dean Hollis")
    page = await browser.get(f"{base}/")
    for unknown in ("Keeley", "Priya", "Introductions", "Closed part", "Ellie"):
        assert unknown not in page.text
    for fragment in ("points", "flags", "summary", "people", "queue", "parts"):
        assert (await browser.get(f"{base}/fragments/{fragment}")).status_code in (403, 404)


@pytest.mark.rule("R-45", "R-47")
async def test_somebody_can_be_there_by_voice_alone(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    ready = f"{house.base('Keeley Marsh')}/ready"
    answer = await browser.send_form(ready, {"attending": "voice_only"})
    assert answer.headers["location"] == f"{house.base('Keeley Marsh')}/"
    assert re.search(r'value="voice_only" checked', (await browser.get(ready)).text)
    assert (await browser.send_form(ready, {"attending": "by carrier pigeon"})).status_code == 422


@pytest.mark.rule("R-33")
async def test_a_test_word_comes_back_and_the_organisers_see_that_it_did(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    base = house.base("Keeley Marsh")
    answer = await browser.send_form(f"{base}/ready", {"word": "hello"}, to=f"{base}/ready/test")
    assert (answer.status_code, answer.text) == (200, "hello")
    invited = await invitations.of_conference(house.ctx, ANYBODY, house.made.id)
    tested = {person.name for person in invited.people if person.tested_at}
    assert tested == {"Keeley Marsh"}


@pytest.mark.rule("R-100", "R-101")
async def test_two_people_in_one_browser_stay_two_people(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    await house.promise("Dean Hollis", browser)
    mother = await browser.get(f"{house.base('Keeley Marsh')}/private")
    father = await browser.get(f"{house.base('Dean Hollis')}/ready")
    assert mother.status_code == 303
    assert father.status_code == 200
    hers, his = (browser.cookies[f"tr_{house.id_of(name)}"] for name in ("Keeley Marsh", "Dean Hollis"))
    swapped = {"Cookie": f"tr_{house.id_of('Dean Hollis')}={hers}"}
    assert hers != his
    assert (await house.browser().get(f"{house.base('Dean Hollis')}/", headers=swapped)).status_code == 401


async def test_the_address_of_somebody_else_opens_nothing(house: House) -> None:
    browser = await house.enter("Keeley Marsh")
    other = await browser.get(f"{house.base('Priya Nair')}/")
    nobody = await browser.get(f"/conferences/{house.made.id}/as/nobody/")
    elsewhere = await browser.get(f"/conferences/nothing/as/{house.id_of('Keeley Marsh')}/")
    assert other.status_code == 401
    assert same_page(other, nobody)
    assert same_page(other, elsewhere)


@pytest.mark.rule("R-11", "R-35")
async def test_the_chair_waits_for_nobody(house: House) -> None:
    browser = await house.promise("Margaret Osei")
    page = await browser.get(f"{house.base('Margaret Osei')}/")
    assert page.status_code == 200
    assert "The chair knows you are here" not in page.text


@pytest.mark.rule("R-95", "R-97")
async def test_whoever_is_sent_out_reads_why_it_may_be_and_whom_to_phone(house: House) -> None:
    browser = await house.enter("Dean Hollis")
    await participants.remove(
        house.ctx, house.actor("Margaret Osei"), house.id_of("Dean Hollis"), "Threatened others"
    )
    page = await browser.get(f"{house.base('Dean Hollis')}/")
    assert page.status_code == 401
    assert "The chair has ended your part in the meeting" in page.text
    assert "The chair has to give you the reasons in writing" in page.text
    assert "Threatened" not in page.text
    link, code = house.link("Dean Hollis")
    assert (await house.browser().post(link, data={"code": code})).status_code == 404


async def test_whoever_has_left_can_ask_to_come_back(house: House) -> None:
    browser = await house.enter("Keeley Marsh")
    base = house.base("Keeley Marsh")
    await participants.mark_left(house.ctx, house.actor("Keeley Marsh"), house.id_of("Keeley Marsh"))
    page = await browser.get(f"{base}/")
    assert "You are not in the meeting now" in page.text
    assert "Introductions" not in page.text
    await browser.send_form(f"{base}/private", {"who": "me", "keep": "yes", "safe": "yes"})
    assert "The chair knows you are here" in (await browser.get(f"{base}/")).text


@pytest.mark.rule("R-33")
async def test_whoever_only_tested_their_link_days_before_does_not_wait_at_the_door(tmp_path: Path) -> None:
    now = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    starts_at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    async with open_house(tmp_path, clock=lambda: now, starts_at=starts_at) as house:
        tester = await house.promise("Keeley Marsh")
        page = await tester.get(f"{house.base('Keeley Marsh')}/")
        assert "Come back on Monday 23 November, some minutes before 10am" in page.text
        assert "The chair knows you are here" not in page.text
        now = datetime(2026, 11, 23, 9, 50, tzinfo=UTC)
        early = await house.promise("Dean Hollis")
        await conferences.change_phase(house.ctx, await house.chair(), Phase.OPEN)
        with pytest.raises(Conflict):
            await participants.admit(house.ctx, house.actor("Margaret Osei"), house.id_of("Keeley Marsh"))
        assert (await early.get(f"{house.base('Dean Hollis')}/standing")).text == "waiting open"
        # With the same link and code she is asked again whether she can talk where she is now.
        again = await house.come("Keeley Marsh")
        page = await again.get(f"{house.base('Keeley Marsh')}/")
        assert page.headers["location"] == f"{house.base('Keeley Marsh')}/private"


async def test_whoever_comes_from_another_place_is_asked_again_whether_they_can_talk(house: House) -> None:
    await house.promise("Keeley Marsh")
    elsewhere = await house.come("Keeley Marsh")
    page = await elsewhere.get(f"{house.base('Keeley Marsh')}/")
    assert page.headers["location"] == f"{house.base('Keeley Marsh')}/private"


async def test_titles_and_addresses_name_nobody(house: House) -> None:
    link, _ = house.link("Keeley Marsh")
    browser = await house.promise("Keeley Marsh")
    base = house.base("Keeley Marsh")
    for address in (link, f"{base}/private", f"{base}/ready", f"{base}/"):
        assert not re.search("marsh|keeley", address, re.IGNORECASE)
        answer = await browser.get(address, follow_redirects=True)
        assert not re.search("marsh|keeley", title(answer), re.IGNORECASE)


async def test_no_page_may_be_kept_framed_or_searched(house: House) -> None:
    browser = await house.promise("Keeley Marsh")
    for address in (house.link("Keeley Marsh")[0], f"{house.base('Keeley Marsh')}/"):
        headers = (await browser.get(address)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
