"""A whole meeting in which every word and name carries a mark: the mark is in no log line and in no row of the trail.

And the trail of that meeting holds, says what was done by real people on real connections, and is walked by `check`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest

from tests.protocol.conftest import Conference
from tests.protocol.providers import Providers
from tests.server_process import CONFERENCE, NO_TLS, SECONDS_TO_ANSWER, ServerProcess

MARK = "Zqvx"
FILE = "truerecord.sqlite3"

MARKED: dict[str, Any] = CONFERENCE | {
    "title": f"{MARK} family",
    "children": [{"name": f"{MARK} Ellie", "date_of_birth": "2013-05-14"}],
    "parts": [{"title": f"{MARK} worries"}, {"title": f"{MARK} police", "audience": "professionals"}],
    "participants": [
        person | {"name": f"{MARK} {person['name']}", "agency": f"{MARK} agency"}
        for person in CONFERENCE["participants"]
    ],
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of this test's own, whose log it reads."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as running:
        yield running


def trail(server: ServerProcess, conference_id: str) -> list[tuple[str, str, dict[str, str]]]:
    """(who, deed, what) of a conference, from the file."""
    with closing(sqlite3.connect(server.data / FILE)) as connection:
        rows = connection.execute(
            "SELECT who, deed, what FROM audit_log WHERE conference_id = ? ORDER BY seq", (conference_id,)
        )
        return [(who, deed, json.loads(what)) for who, deed, what in rows]


def everything_in_the_trail(server: ServerProcess) -> str:
    with closing(sqlite3.connect(server.data / FILE)) as connection:
        rows = connection.execute("SELECT * FROM audit_log ORDER BY conference_id, seq").fetchall()
        assert len(rows) > 20
        return "\n".join(map(str, rows))


async def live_side(conference: Conference) -> None:
    """People type, somebody who reads types too, and documents are asked for by names that are words."""
    taker = await conference.page("minute_taker")
    await taker.edit("add", text=f"{MARK} has missed six days")
    await taker.until("saved")
    parent = await conference.page("parent")
    await parent.edit("add", text=f"{MARK} does not agree")
    await parent.until("closed")
    await conference.socket("asking")
    for number, name in enumerate(
        (
            conference.lane(1),
            f"{conference.id}/{MARK}HasBruises/minutes",
            f"{MARK} tells a story",
            f"{MARK}/a/minutes",
        )
    ):
        page = await conference.providers.open(f"asking {number}", "asking", name, conference.token("parent"))
        await page.until("denied")


def forms_and_addresses(server: ServerProcess, conference: Conference) -> None:
    """What a browser sends: words in codes, in addresses, in forms."""
    with httpx2.Client(
        base_url=server.address, trust_env=False, verify=NO_TLS, timeout=SECONDS_TO_ANSWER
    ) as browser:
        origin = {"Origin": server.address}
        link = conference.person("parent")["join_url"].removeprefix(server.address)
        browser.post(link, data={"code": MARK}, headers=origin)
        browser.get(f"/join/{MARK}")
        browser.post("/sign-in", data={"email": f"{MARK}@council.example", "password": MARK}, headers=origin)
        browser.get(f"/conferences/{MARK}/as/{MARK}/history?part={MARK}&lane={MARK}")
        browser.get(f"/{MARK}?{MARK}={MARK}")
        browser.post("/verify", files={"file": (f"{MARK}.pdf", MARK.encode())}, headers=origin)
        came = browser.post(link, data={"code": conference.person("parent")["join_code"]}, headers=origin)
        assert came.status_code == 303
        base = f"/conferences/{conference.id}/as/{conference.person('parent')['id']}"
        browser.get(f"{base}/history?part={MARK}")
        browser.post(f"{base}/points", data={"text": MARK}, headers=origin)
        browser.get(f"{base}/fragments/points?part={MARK}")


def by_api(conference: Conference) -> None:
    """A whole meeting's acts, each with words, and some that are refused."""
    part = conference.made["parts"][0]["id"]
    point = conference.post("social_worker", "/points", part=part, text=f"{MARK} was late")["id"]
    flag = conference.post(
        "parent", "/flags", part=part, point=point, kind="not_right", words=f"{MARK} was ill"
    )["id"]
    conference.post("chair", f"/flags/{flag}/answer", outcome="left", words=f"{MARK} was there")
    conference.post("parent", "/requests", kind="break")
    with conference.server.http(conference.token("parent")) as parent:
        at = f"/conferences/{conference.id}"
        assert parent.post(f"{at}/points", json={"part": part, "text": MARK}).status_code == 201
        assert parent.post(f"{at}/points", json={"part": MARK, "text": MARK}).status_code == 404
        assert (
            parent.post(f"{at}/flags", json={"part": MARK, "kind": "missing", "words": MARK}).status_code
            == 404
        )
        assert parent.post(f"{at}/phase", json={"phase": MARK}).status_code == 422
        assert parent.post(
            f"{at}/flags/{MARK}/answer", json={"outcome": "left", "words": MARK}
        ).status_code in {403, 404}


def the_end(conference: Conference) -> None:
    """Somebody is sent out, the record is signed and fetched."""
    at = f"/conferences/{conference.id}"
    with conference.server.http(conference.token("chair")) as chair:
        gone = conference.person("professional")["id"]
        assert chair.delete(f"{at}/participants/{gone}", params={"reason": f"{MARK} shouted"}).is_success
        assert chair.post(f"{at}/sign").is_success
        assert chair.get(f"{at}/record", params={"form": "pdf"}).is_success


async def test_no_word_and_no_name_of_a_meeting_is_in_a_log_line_or_in_the_trail(
    own: ServerProcess, providers: Providers
) -> None:
    made = own.create_conference(**MARKED)
    own.change_phase(made, "open", "in_session")
    conference = Conference(own, made, providers)
    await live_side(conference)
    by_api(conference)
    forms_and_addresses(own, conference)
    the_end(conference)
    own.stop()
    try:
        log = own.log.read_text(encoding="utf-8")
        told = everything_in_the_trail(own)
        secrets = [MARK] + [
            str(person[key]) for person in made["participants"] for key in ("live_token", "join_code")
        ]
        secrets += [person["join_url"].rpartition("/")[2] for person in made["participants"]]
        for secret in secrets:
            assert secret.casefold() not in log.casefold()
            assert secret.casefold() not in told.casefold()
        lines = trail(own, conference.id)
        parent, taker = conference.person("parent")["id"], conference.person("minute_taker")["id"]
        assert (taker, "lane_opened", {"lane": conference.lane()}) in lines
        assert (taker, "connected", {}) in lines
        assert (parent, "refused", {"act": "change", "code": "read_only", "lane": conference.lane()}) in lines
        assert (parent, "refused", {"act": "open", "code": "not_found", "lane": conference.lane(1)}) in lines
        assert (parent, "refused", {"act": "open", "code": "not_found"}) in lines
        assert ("stranger", "refused", {"act": "identify", "code": "wrong_code", "of": parent}) in lines
        assert {"removed", "record_signed", "downloaded", "flag_answered"} <= {deed for _, deed, _ in lines}
        assert "Everything holds." in own.command("check")
    finally:
        own.start_again()


def test_check_names_the_first_row_of_the_trail_that_does_not_hold(own: ServerProcess) -> None:
    made = own.create_conference(**MARKED)
    own.change_phase(made, "open", "in_session")
    own.stop()
    try:
        with closing(sqlite3.connect(own.data / FILE)) as connection, connection:
            connection.execute("DROP TRIGGER audit_log_keeps_update")
            connection.execute(
                "UPDATE audit_log SET who = 'n0' WHERE conference_id = ? AND seq = 2", (made["id"],)
            )
        with pytest.raises(AssertionError) as caught:
            own.command("check")
        assert f"Trail of conference {made['id']}, row 2: the row was altered." in str(caught.value)
    finally:
        own.start_again()
