"""A guess that will be refused costs the database nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.actions import joining, staff
from server.auth import blocked
from server.auth.blocked import Waits
from server.auth.throttle import Blocked, Limit
from server.errors import BadInput, NotFound, Throttled
from tests.unit.server.routes.house import EMAIL, PASSWORD, open_house

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
LINK, ADDRESS = Limit("link:abc", 3), Limit("address:192.0.2.7", 5)


def test_what_the_database_refused_is_refused_until_then_and_no_longer() -> None:
    waits = Waits()
    waits.refuse([LINK, ADDRESS], NOW)
    waits.note(Blocked(LINK.key, 300), NOW)
    waits.refuse([ADDRESS], NOW)
    with pytest.raises(Throttled) as refused:
        waits.refuse([ADDRESS, LINK], NOW + timedelta(seconds=100))
    assert refused.value.wait == 201
    waits.refuse([LINK], NOW + timedelta(seconds=300))


def test_whoever_was_right_is_asked_for_at_the_database_again() -> None:
    waits = Waits()
    waits.note(Blocked(LINK.key, 300), NOW)
    waits.forget([LINK, ADDRESS])
    waits.refuse([LINK], NOW)


def test_no_more_is_remembered_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocked, "MOST_KNOWN", 3)
    waits = Waits()
    for number in range(10):
        waits.note(Blocked(str(number), 300), NOW)
    assert len(waits._until) <= 3


async def test_guesses_beyond_the_limit_write_nothing_and_the_account_opens_again(tmp_path: Path) -> None:
    now = NOW
    async with open_house(tmp_path, clock=lambda: now, steady=lambda: now, attempts_per_account=3) as house:
        ctx = house.ctx
        for _ in range(3):
            with pytest.raises(BadInput):
                await staff.sign_in(ctx, EMAIL, "a wrong guess")
        with pytest.raises(Throttled):
            await staff.sign_in(ctx, EMAIL, PASSWORD)
        written = 0

        async def write(*_: object) -> None:
            nonlocal written
            written += 1

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ctx.db, "write", write)
            for _ in range(5):
                with pytest.raises(Throttled):
                    await staff.sign_in(ctx, EMAIL, PASSWORD)
        assert written == 0
        now += timedelta(seconds=ctx.settings.attempt_wait + 1)
        await staff.sign_in(ctx, EMAIL, PASSWORD)


async def test_one_link_that_is_guessed_at_closes_no_other(tmp_path: Path) -> None:
    async with open_house(tmp_path, attempts_per_link=2) as house:
        hers, code = house.link("Keeley Marsh")
        with pytest.raises(NotFound):
            await joining.identify(house.ctx, "no such link", code)
        for _ in range(2):
            with pytest.raises(BadInput):
                await joining.identify(house.ctx, hers.rpartition("/")[2], "WRONG1")
        for _ in range(2):
            with pytest.raises(Throttled):
                await joining.identify(house.ctx, hers.rpartition("/")[2], code)
        link, code = house.link("Priya Nair")
        await joining.identify(house.ctx, link.rpartition("/")[2], code)
