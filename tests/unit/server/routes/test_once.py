"""What is sent twice in one request is refused, wherever it is sent."""

from __future__ import annotations

import json

import pytest

from tests.unit.server.routes.api_conference import WORRY, Conference, problem
from tests.unit.server.routes.begun import begin
from tests.unit.server.routes.house import EMAIL, PASSWORD, House

MOTHER = "Keeley Marsh"


async def test_a_form_with_two_answers_to_one_question_does_nothing(house: House) -> None:
    await begin(house)
    browser = await house.enter(MOTHER)
    page = await browser.get(f"{house.base(MOTHER)}/")
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    body = f"csrf={csrf}&kind=break&kind=speak"
    answer = await browser.post(
        f"{house.base(MOTHER)}/requests",
        content=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    assert "two answers to one question" in answer.text
    asked = await browser.get(f"{house.base(MOTHER)}/fragments/requests")
    assert "break" not in asked.text


async def test_two_passwords_sign_nobody_in(house: House) -> None:
    browser = house.browser()
    answer = await browser.post(
        "/sign-in",
        content=f"email={EMAIL}&password=guess&password={PASSWORD}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers


@pytest.mark.asyncio(loop_scope="module")
async def test_a_key_that_comes_twice_in_json_is_named(conference: Conference) -> None:
    body = json.dumps({"part": conference.part(), "text": WORRY})
    twice = f'{body[:-1]}, "part": "{conference.part(2)}"}}'
    api = conference.api
    answer = await api.client.post(
        f"/api/v1{conference.path}/points",
        content=twice,
        headers={"Authorization": f"Bearer {conference.person('professional')['live_token']}"},
    )
    told = problem(answer, 422, "sent_twice")
    assert told["field"] == "part"
    strange = await api.client.post(
        f"/api/v1{conference.path}/points",
        content='{"\\ud800": 1, "\\ud800": 2}',
        headers={"Authorization": f"Bearer {conference.person('professional')['live_token']}"},
    )
    assert problem(strange, 422, "sent_twice")["field"] == "body"
    assert [part["points"] for part in (await conference.see("professional"))["parts"]] == [[], [], []]


async def test_of_a_part_named_twice_in_an_address_only_one_is_looked_at(house: House) -> None:
    await begin(house)
    browser = await house.enter(MOTHER)
    open_part, closed_part = (part.id for part in house.made.parts)
    for first, last in ((open_part, closed_part), (closed_part, open_part)):
        answer = await browser.get(f"{house.base(MOTHER)}/?part={first}&part={last}")
        assert "Closed part" not in answer.text
        assert closed_part not in answer.text.replace(f"part={closed_part}", "")
        assert answer.status_code == (404 if last == closed_part else 200)
