"""Somebody who never opens a page takes part: noted at the desk, asked by voice, and there in the signed record."""

from __future__ import annotations

import html as markup
import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.db.models import Conference, Presence
from tests.unit.server.routes.house import ADDRESS, Browser, House
from tests.unit.server.routes.test_staff import make, person_in

MOTHER = "Sara Bell"
WORDS = "Ivy has seen her nurse every month."


class Desk:
    """The chair of a conference that an administrator set up, in a browser without scripts."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.html = ""

    async def look(self, query: str = "") -> str:
        answer = await self.browser.get(f"{self.address}/{query}")
        assert answer.status_code == 200, answer.text
        self.html = markup.unescape(answer.text)
        return self.html

    async def send(self, path: str, **fields: str) -> str:
        """Send the form of the page that goes to `path`; what then stands there."""
        assert f'action="{self.address}/{path}"' in self.html, f"no form for {path}"
        hidden = re.search(r'name="csrf" value="([^"]+)"', self.html)
        assert hidden is not None
        answer = await self.browser.post(f"{self.address}/{path}", data={"csrf": hidden[1], **fields})
        if answer.status_code == 303:
            answer = await self.browser.get(answer.headers["location"])
        assert answer.status_code == 200, answer.text
        self.html = markup.unescape(answer.text)
        return self.html


async def sit_down(house: House) -> tuple[Desk, str]:
    """The chair's desk in a conference made through the form, and the mother's id."""
    administrator = await house.sign_in()
    address = await make(administrator)
    table = (await administrator.get(address)).text
    made = await administrator.send_form(
        address, {"do": "renew"}, to=f"{address}/{person_in(table, 'Margaret Osei')}"
    )
    link, code = re.search(r"/join/\w+", made.text), re.search(r'id="fresh-code">([\w-]+)<', made.text)
    assert link is not None
    assert code is not None
    browser = house.browser()
    opened = await browser.post(link[0], data={"code": code[1]})
    base = opened.headers["location"].removeprefix(ADDRESS).rstrip("/")
    await browser.send_form(f"{base}/private", {"who": "me", "keep": "yes", "safe": "yes"})
    desk = Desk(browser, base)
    await desk.look()
    return desk, person_in(table, MOTHER)


def row_of(html: str, person: str) -> str:
    found = re.search(rf'<li[^>]* id="person-{person}">.*?</li>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


@pytest.mark.rule("R-45", "R-47", "R-51", "R-65")
async def test_a_mother_on_the_telephone_is_there_agrees_and_stands_in_the_signed_record(
    house: House,
) -> None:
    desk, mother = await sit_down(house)
    assert "not here yet" in row_of(desk.html, mother)
    await desk.send("phase", phase="in_session")
    shown = await desk.send(f"people/{mother}/here", attending="phone", promised="yes")
    assert "phone" in row_of(shown, mother)
    assert "not here yet" not in row_of(shown, mother)

    part = re.search(r'action="[^"]+/parts/(\w+)/points"', shown)
    assert part is not None
    await desk.send(f"parts/{part[1]}/points", text=WORDS)
    reading = await desk.send(f"read-through/{part[1]}/start")
    point = re.search(r'name="point" value="(\w+)"', reading)
    assert point is not None
    answered = await desk.send(
        f"read-through/{part[1]}/voice", point=point[1], participant=mother, answer="right"
    )
    assert "Right, by voice" in answered
    await desk.send(f"read-through/{part[1]}/finish")
    await desk.look()
    await desk.send("phase", phase="closed")
    await desk.look("?sign=1")
    await desk.send("sign")

    record = " ".join(re.sub(r"<[^>]+>", " ", await desk.look("record")).split())
    there = re.search(r"Sara Bell Parent or carer, mother Phone (\d+:\d\d to \d+:\d\d)", record)
    assert there is not None, record
    assert "Sara Bell, mother: right on every point, said by voice and entered by the chair." in record
    assert "Invited and not there" not in record


async def test_the_desk_changes_how_somebody_takes_part(house: House) -> None:
    desk, mother = await sit_down(house)
    await desk.send(f"people/{mother}/here", attending="room", promised="yes")
    shown = await desk.send(f"people/{mother}/attending", attending="voice_only")
    assert "voice only" in row_of(shown, mother)
    assert f'action="{desk.address}/people/{mother}/here"' not in shown


@pytest.mark.rule("R-51")
async def test_without_a_promise_the_page_says_what_is_missing(house: House) -> None:
    desk, mother = await sit_down(house)
    hidden = re.search(r'name="csrf" value="([^"]+)"', desk.html)
    assert hidden is not None
    answer = await desk.browser.post(
        f"{desk.address}/people/{mother}/here", data={"csrf": hidden[1], "attending": "phone"}
    )
    assert answer.status_code == 422
    assert "Ask first whether they will keep it private" in answer.text
    assert "not here yet" in row_of(answer.text, mother)


def _rang_off(session: Session, conference_id: str, mother: str, now: datetime) -> None:
    """The meeting began ten minutes ago; she was on the telephone from the ninth to the fifth."""
    conference = session.get_one(Conference, conference_id)
    conference.started_at = now - timedelta(minutes=10)
    session.add(conference)
    session.add(
        Presence(
            conference_id=conference_id,
            participant_id=mother,
            came_at=now - timedelta(minutes=9),
            went_at=now - timedelta(minutes=5),
            noted_by="n0",
        )
    )


@pytest.mark.rule("R-45")
async def test_the_desk_says_what_to_read_back_to_somebody_who_rang_off_and_on_again(house: House) -> None:
    desk, mother = await sit_down(house)
    await desk.send("phase", phase="in_session")
    conference_id = desk.address.split("/")[2]
    await house.ctx.db.write(_rang_off, conference_id, mother, house.ctx.now())
    shown = await desk.send(f"people/{mother}/here", attending="phone", promised="yes")
    told = row_of(shown, mother)
    assert re.search(r"Was off the line from \d+:\d\d to \d+:\d\d\. Read back what was said then\.", told)
