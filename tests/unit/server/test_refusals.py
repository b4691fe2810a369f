"""Refused requests are counted by their status, and are one line a minute in the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from server.refusals import TOGETHER, Refusals
from tests.unit.server.routes.house import open_house


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[int, int]]:
    """The lines: status, and how many there were since the one before."""
    lines = [one for one in caplog.records if one.name == "truerecord.refusals"]
    return [(vars(one)["status"], vars(one)["count"]) for one in lines]


def test_a_flood_of_refusals_is_a_line_a_minute_that_says_how_many(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    refusals = Refusals(lambda: now)
    with caplog.at_level(logging.WARNING):
        for _ in range(1_000):
            refusals.saw(429)
        refusals.saw(200)
        refusals.saw(403)
        assert told(caplog) == [(429, 1), (403, 1)]
        now += TOGETHER
        refusals.saw(429)
    assert told(caplog)[2:] == [(429, 1_000)]
    assert refusals.by_status == {429: 1_001, 403: 1}


async def test_a_form_from_another_site_is_counted_and_told_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_house(tmp_path) as house:
        browser = house.browser()
        for _ in range(3):
            sent_by = {"Sec-Fetch-Site": "cross-site"}
            assert (await browser.post("/sign-in", data={"email": "a"}, headers=sent_by)).status_code == 403
        counted = (await browser.get("/metrics")).text
    assert 'truerecord_requests_refused_total{status="403"} 3.0' in counted
    assert told(caplog) == [(403, 1)]
