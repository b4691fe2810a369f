"""One person who asks without end is told to wait, and nobody else notices."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import TooOften
from server.routes import rate
from server.routes.rate import Rates
from tests.unit.server.routes.house import open_house

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


async def test_whoever_asks_without_end_waits_and_nobody_else_does(tmp_path: Path) -> None:
    async with open_house(tmp_path, person_burst=8, person_rate=0.001) as house:
        hers = await house.promise(MOTHER)
        page = f"{house.base(MOTHER)}/standing"
        answers = [await hers.get(page) for _ in range(10)]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert int(answers[-1].headers["retry-after"]) > 0
        assert "Wait a moment" in answers[-1].text
        chair = await house.promise(CHAIR)
        assert (await chair.get(f"{house.base(CHAIR)}/standing")).status_code == 200
