"""What an operator asks the server."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from tests.unit.server.routes.house import EMAIL, PASSWORD, House

README = Path(__file__).resolve().parents[4] / "README.md"


def break_it(session: Session) -> None:
    session.connection().execute(text("DROP TABLE alembic_version"))


async def test_the_server_is_alive_and_ready(house: House) -> None:
    browser = house.browser()
    assert (await browser.get("/healthz")).text == "alive"
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})


async def test_a_server_that_cannot_store_is_alive_and_not_ready(house: House) -> None:
    browser = house.browser()
    await house.ctx.db.write(break_it)
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert (await browser.get("/healthz")).status_code == 200


async def test_while_another_process_holds_the_database_people_are_told_that_nothing_was_saved(
    house: House,
) -> None:
    browser = house.browser()
    other = sqlite3.connect(house.ctx.settings.database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = await browser.get("/readyz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database_cannot_write"])
    answer = await browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 503
    assert "This could not be saved just now." in answer.text
    other.execute("ROLLBACK")
    other.close()
    assert (await browser.get("/readyz")).status_code == 200


async def test_the_counters_are_in_prometheus_words_and_name_nobody(house: House) -> None:
    await house.enter("Keeley Marsh")
    answer = await house.browser().get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "truerecord_live_sockets 0.0" in answer.text
    for name in ("commit_seconds_bucket", "stored_seconds_bucket", "lanes", "late_total", "not_stored_total"):
        assert f"truerecord_live_{name}" in answer.text
    for queue in ("frames", "changes", "writings"):
        assert f'truerecord_live_waiting{{queue="{queue}"}} 0.0' in answer.text
    for hidden in ("Keeley", house.made.id, house.id_of("Keeley Marsh")):
        assert hidden not in answer.text


async def test_every_counter_that_the_readme_names_is_counted(house: House) -> None:
    named = set(re.findall(r"truerecord_(?:live|requests)_\w+", README.read_text(encoding="utf-8")))
    counted = set(re.findall(r"^# TYPE (\w+)", (await house.browser().get("/metrics")).text, re.MULTILINE))
    assert named - counted == set()
    assert len(named) > 8
