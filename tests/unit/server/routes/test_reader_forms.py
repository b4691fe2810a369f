"""What a reader sends from their page, by form, and what comes of it."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from server.actions import conferences
from server.db.models import Flag
from shared_doc.permissions import Phase
from tests.unit.server.routes.begun import (
    OPEN_WORDS,
    begin,
    only_point,
    page_of,
)
from tests.unit.server.routes.house import House


async def test_the_same_key_twice_says_it_once(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    fields = {
        "part": house.made.parts[0].id,
        "point": await only_point(house),
        "kind": "question",
        "key": "a" * 32,
    }
    for _ in range(2):
        assert (await keeley.send_form(f"{base}/", fields, f"{base}/flags")).status_code == 303
    assert (await keeley.get(f"{base}/")).text.count("data-said=") == 1


async def test_words_that_are_too_many_stay_in_the_form_with_the_reason(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    words = "word " * 900
    fields = {
        "part": house.made.parts[0].id,
        "point": await only_point(house),
        "kind": "not_right",
        "words": words,
    }
    answer = await keeley.send_form(f"{base}/", fields, f"{base}/flags")
    assert answer.status_code == 422
    assert words.strip() in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_form_without_the_page_s_own_value_is_refused(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    for path in (
        "flags",
        "points",
        "requests",
        "left",
        "flags/f/withdraw",
        "requests/r/withdraw",
        "read-through/p/answer",
    ):
        answer = await keeley.post(f"{base}/{path}", data={"csrf": "guessed", "kind": "speak"})
        assert answer.status_code == 403, path
    assert await house.ctx.db.read(lambda session: session.exec(select(Flag)).all()) == []


async def test_somebody_else_s_cookie_opens_nothing_of_mine(house: House) -> None:
    await begin(house)
    dean, _ = await page_of(house, "Dean Hollis")
    for path in ("", "fragments/requests", f"fragments/points?part={house.made.parts[0].id}"):
        answer = await dean.get(f"{house.base('Keeley Marsh')}/{path}")
        assert answer.status_code in {303, 401}, path
        assert OPEN_WORDS not in answer.text


@pytest.mark.rule("R-52")
async def test_a_supporter_who_sends_what_the_page_does_not_offer_is_refused(house: House) -> None:
    await begin(house)
    await house.enter("Keeley Marsh")
    janine, _ = await page_of(house, "Janine Marsh")
    base = house.base("Janine Marsh")
    part, point = house.made.parts[0].id, await only_point(house)
    flag = await janine.send_form(
        f"{base}/?leaving=1", {"part": part, "point": point, "kind": "not_right"}, f"{base}/flags"
    )
    speak = await janine.send_form(f"{base}/?leaving=1", {"kind": "speak"}, f"{base}/requests")
    own = await janine.send_form(
        f"{base}/?leaving=1", {"part": part, "text": "I think so."}, f"{base}/points"
    )
    assert [flag.status_code, speak.status_code, own.status_code] == [403, 403, 403]


async def test_a_script_that_asks_for_json_is_answered_in_json(house: House) -> None:
    await begin(house)
    keeley, html = await page_of(house, "Keeley Marsh")
    token = re.search(r'"csrf": ?"([^"]+)"', html)
    assert token is not None
    headers = {"Accept": "application/json", "X-CSRF": token[1]}
    base = house.base("Keeley Marsh")
    assert (await keeley.post(f"{base}/requests", data={"kind": "break"}, headers=headers)).json() == {
        "done": True
    }
    refused = await keeley.post(f"{base}/requests", data={"kind": "dance"}, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["detail"]


async def test_a_request_can_be_taken_back_and_then_is_not_on_the_page(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    await keeley.send_form(f"{base}/", {"kind": "break"}, f"{base}/requests")
    asked = (await keeley.get(f"{base}/fragments/requests")).text
    assert "You asked for a break." in asked
    there = re.search(r'action="[^"]*(requests/[^"]+/withdraw)"', asked)
    assert there is not None
    await keeley.send_form(f"{base}/", {}, f"{base}/{there[1]}")
    assert "You asked for a break." not in (await keeley.get(f"{base}/fragments/requests")).text


async def test_it_is_not_safe_is_not_written_on_the_page_and_leads_to_a_blank_one(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    answer = await keeley.send_form(f"{base}/", {"kind": "not_safe"}, f"{base}/requests")
    assert answer.headers["location"] == "/hidden"
    asked = (await keeley.get(f"{base}/fragments/requests")).text
    assert "The chair has your message." in asked
    assert "safe" not in asked


@pytest.mark.rule("R-5")
async def test_a_parent_says_something_of_their_own_without_scripts(house: House) -> None:
    await begin(house)
    keeley, html = await page_of(house, "Keeley Marsh")
    base, part = house.base("Keeley Marsh"), house.made.parts[0].id
    assert "Say something of your own" in html
    page = f"{base}/?part={part}&own=1"
    assert "It is written down in your words, with your name." in (await keeley.get(page)).text
    empty = await keeley.send_form(page, {"part": part, "text": " "}, f"{base}/points")
    assert (empty.status_code, "Write the point first." in empty.text) == (422, True)
    words = "word " * 5000
    long = await keeley.send_form(page, {"part": part, "text": words}, f"{base}/points")
    assert (long.status_code, words.strip() in long.text) == (422, True)
    said = await keeley.send_form(page, {"part": part, "text": "I rang the clinic."}, f"{base}/points")
    assert said.status_code == 303
    assert "I rang the clinic." in (await keeley.get(said.headers["location"])).text
    _, dean = await page_of(house, "Dean Hollis")
    assert "I rang the clinic." in dean


async def test_a_supporter_and_a_professional_have_no_page_for_a_statement(house: House) -> None:
    await begin(house)
    await house.enter("Keeley Marsh")
    for name in ("Janine Marsh", "Priya Nair"):
        browser, html = await page_of(house, name)
        assert "Say something of your own" not in html
        answer = await browser.get(f"{house.base(name)}/?part={house.made.parts[0].id}&own=1")
        assert answer.status_code == 404


async def test_nobody_says_anything_of_their_own_once_the_meeting_is_over(house: House) -> None:
    await begin(house)
    await conferences.change_phase(house.ctx, await house.chair(), Phase.CLOSED)
    _, html = await page_of(house, "Keeley Marsh", f"?part={house.made.parts[0].id}")
    assert "Say something of your own" not in html
    assert "Not right? Say so" in html


async def test_a_professional_s_point_that_has_no_words_is_asked_for_again(house: House) -> None:
    await begin(house)
    priya, _ = await page_of(house, "Priya Nair")
    base = house.base("Priya Nair")
    part = house.made.parts[0].id
    empty = await priya.send_form(f"{base}/", {"part": part, "text": " ", "kind": "worry"}, f"{base}/points")
    assert empty.status_code == 422
    assert "Write the point first." in empty.text
    added = await priya.send_form(
        f"{base}/", {"part": part, "text": "I visited.", "kind": "worry"}, f"{base}/points"
    )
    assert added.status_code == 303
    assert "I visited." in (await priya.get(f"{base}/")).text


async def test_somebody_who_leaves_sees_nothing_more(house: House) -> None:
    await begin(house)
    keeley, _ = await page_of(house, "Keeley Marsh")
    base = house.base("Keeley Marsh")
    await keeley.send_form(f"{base}/?leaving=1", {}, f"{base}/left")
    answer = await keeley.get(f"{base}/")
    assert OPEN_WORDS not in answer.text
    assert (await keeley.get(f"{base}/fragments/points?part={house.made.parts[0].id}")).status_code == 404
