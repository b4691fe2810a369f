"""One person who asks without end is told to wait, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.errors import TooOften
from server.routes import rate
from server.routes.rate import Bill, Rates, Shares, UnderWay
from server.settings import Settings
from tests.unit.server.routes.house import Browser, open_house

MOTHER, CHAIR = "Keeley Marsh", "Margaret Osei"


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_requests_come_back_with_time_and_never_beyond_the_burst() -> None:
    clock = Clock()
    rates = Rates(3, 0.5, clock)
    for waited, allowed in ((0.0, 3), (2.0, 1), (100.0, 3)):
        clock.at += waited
        for _ in range(allowed):
            rates.take("kelly")
        with pytest.raises(TooOften) as refused:
            rates.take("kelly")
        assert refused.value.wait == 3
    rates.take("tom")


def test_being_refused_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    rates = Rates(1, 1.0, clock)
    rates.take("kelly")
    for _ in range(50):
        with pytest.raises(TooOften):
            rates.take("kelly")
    clock.at += 1.0
    rates.take("kelly")


def test_whoever_asks_no_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "MOST_KNOWN", 10)
    clock = Clock()
    rates = Rates(2, 1.0, clock)
    for number in range(100):
        clock.at += 1.0
        rates.take(str(number))
    assert len(rates._known) <= 10


def test_what_was_used_is_counted_though_it_was_more_than_there_was() -> None:
    clock = Clock()
    rates = Rates(100, 10.0, clock)
    rates.take("kelly", 20)
    rates.charge("kelly", 180)
    with pytest.raises(TooOften) as refused:
        rates.take("kelly", 20)
    assert refused.value.wait == 13
    clock.at += 12.0
    rates.take("kelly", 20)
    rates.charge("kelly", -20)
    rates.take("kelly", 20)


async def test_of_one_person_only_a_few_requests_are_handled_at_one_time() -> None:
    under_way, done = UnderWay(2), list[int]()
    goes_on = asyncio.Event()

    async def ask(key: str, number: int) -> None:
        await under_way.begin(key)
        await goes_on.wait()
        done.append(number)
        under_way.end(key)

    hers = [asyncio.create_task(ask("kelly", number)) for number in range(5)]
    await asyncio.wait(hers, timeout=0.01)
    hers[2].cancel()
    await asyncio.wait({hers[2]})
    assert under_way._gates["kelly"].locked()
    await under_way.begin("tom")
    under_way.end("tom")
    goes_on.set()
    await asyncio.wait(hers)
    assert done == [0, 1, 3, 4]
    assert (under_way._gates, under_way._asking) == ({}, {})


async def test_a_form_that_is_still_on_its_way_does_not_hold_up_its_persons_next_try(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        hers = await house.promise(MOTHER)
        reached, goes_on = asyncio.Event(), asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"csrf="
            reached.set()
            await goes_on.wait()
            yield b"none"

        form = {"Content-Type": "application/x-www-form-urlencoded"}
        slow = asyncio.create_task(
            hers.post(f"{house.base(MOTHER)}/requests", content=slowly(), headers=form)
        )
        await reached.wait()
        assert (await hers.get(f"{house.base(MOTHER)}/standing")).status_code == 200
        goes_on.set()
        assert (await slow).status_code == 403


async def test_an_answer_that_only_has_to_be_sent_holds_up_nobody() -> None:
    shares = Shares(Settings())
    bills = [Bill(shares, "192.0.2.7", "GET") for _ in range(2)]
    await bills[0].is_of("kelly")
    waits = asyncio.create_task(bills[1].is_of("kelly"))
    await asyncio.wait({waits}, timeout=0.01)
    assert not waits.done()
    bills[0].is_made()
    await waits
    for bill in bills:
        bill.settle()
    assert not shares.under_way._gates


async def asked_until_refused(browser: Browser, page: str, most: int = 200) -> httpx2.Response:
    """Ask for a page again and again; the first answer that is not the page."""
    for _ in range(most):
        answer = await browser.get(page)
        if answer.status_code != 200:
            return answer
    raise AssertionError(f"{page} may be asked for without end")


def is_a_refusal(answer: httpx2.Response) -> bool:
    return (
        answer.status_code == 429
        and int(answer.headers["retry-after"]) > 0
        and "Wait a moment" in answer.text
        and answer.headers["cache-control"] == "no-store"
    )


SHORT: dict[str, Any] = {"person_burst": 400, "person_rate": 0.001}


async def test_whoever_asks_without_end_waits_and_nobody_else_does(tmp_path: Path) -> None:
    async with open_house(tmp_path, **SHORT) as house:
        hers = await house.promise(MOTHER)
        page = f"{house.base(MOTHER)}/standing"
        assert is_a_refusal(await asked_until_refused(hers, page))
        fragment = await hers.get(page, headers={"HX-Request": "true"})
        assert (fragment.status_code, int(fragment.headers["retry-after"]) > 0) == (429, True)
        chair = await house.promise(CHAIR)
        assert (await chair.get(f"{house.base(CHAIR)}/standing")).status_code == 200


async def test_many_requests_at_once_are_not_all_let_in_before_the_first_is_counted(tmp_path: Path) -> None:
    async with open_house(tmp_path, **SHORT) as house:
        hers = await house.promise(MOTHER)
        page = f"{house.base(MOTHER)}/standing"
        answers = await asyncio.gather(*(hers.get(page) for _ in range(100)))
        assert sum(answer.status_code == 200 for answer in answers) <= SHORT["person_burst"] / rate.DEPOSIT


async def test_a_signed_in_member_of_staff_has_a_share_and_no_more(tmp_path: Path) -> None:
    async with open_house(tmp_path, **SHORT) as house:
        assert is_a_refusal(await asked_until_refused(await house.sign_in(), "/"))


async def test_the_shared_screen_has_a_share_of_its_own(tmp_path: Path) -> None:
    async with open_house(tmp_path, **SHORT) as house:
        chair = await house.promise(CHAIR)
        assert is_a_refusal(await asked_until_refused(chair, f"/conferences/{house.made.id}/screen/points"))
        assert (await chair.get(f"{house.base(CHAIR)}/standing")).status_code == 200


async def test_what_changes_something_has_a_smaller_share(tmp_path: Path) -> None:
    async with open_house(tmp_path, person_posts=3, person_posts_rate=0.001) as house:
        hers = await house.promise(MOTHER)
        said = [await hers.post(f"{house.base(MOTHER)}/requests") for _ in range(4)]
        assert [answer.status_code for answer in said[:2]] == [403, 403]
        assert is_a_refusal(said[-1])
        assert (await hers.get(f"{house.base(MOTHER)}/standing")).status_code == 200


async def test_those_whom_nobody_knows_share_what_their_address_has(tmp_path: Path) -> None:
    async with open_house(tmp_path, network_burst=400, network_rate=0.001) as house:
        hers = await house.promise(MOTHER)
        stranger = house.browser()
        assert is_a_refusal(await asked_until_refused(stranger, "/help"))
        forger = house.browser()
        forger.cookies.set(f"tr_{house.id_of(MOTHER)}", "forged")
        answer = await forger.get(f"{house.base(MOTHER)}/standing")
        assert is_a_refusal(answer)
        assert (await stranger.get(f"/api/v1/conferences/{house.made.id}")).status_code == 429
        # Whoever is known is not turned away for it, nor is the operator, and nobody's page goes without its files.
        assert (await hers.get(f"{house.base(MOTHER)}/standing")).status_code == 200
        for page in ("/healthz", "/readyz", "/static/icon.svg"):
            assert (await stranger.get(page)).status_code in {200, 404}
        elsewhere = Browser(house.app, client=("198.51.100.9", 4000))
        assert (await elsewhere.get("/help")).status_code == 200
        await elsewhere.aclose()
