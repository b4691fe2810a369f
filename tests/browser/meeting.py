"""A conference as people come to it: each by their own link and code, through the real doors, from their own browser.

def test_something(open_meeting):
    meeting = open_meeting(phases=("open", "in_session"))
    chair = meeting.enter("chair")
    parent = meeting.enter("parent", phone=True)       # waits in the waiting room and is let in by the chair
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page

from tests.browser.patience import PATIENCE_MS, until
from tests.server_process import ServerProcess

# A small phone, as Playwright's descriptors have them.
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}

NewContext = Callable[..., BrowserContext]


class Meeting:
    """One conference on a running server, and the pages of those who entered it."""

    def __init__(self, server: ServerProcess, made: dict[str, Any], new_context: NewContext) -> None:
        self.server = server
        self.made = made
        self.id: str = made["id"]
        self.parts: list[dict[str, Any]] = made["parts"]
        self.pages: dict[str, Page] = {}
        self._new_context = new_context

    def person(self, who: str) -> dict[str, Any]:
        """A participant by role or by name, as the API gave them. Several of one role: the first."""
        for person in self.made["participants"]:
            if who in (person["role"], person["name"]):
                found: dict[str, Any] = person
                return found
        raise KeyError(who)

    def base(self, who: str) -> str:
        """Where somebody's own pages begin."""
        return f"/conferences/{self.id}/as/{self.person(who)['id']}"

    def phase(self, *phases: str) -> None:
        """Bring the conference through `phases`, as its chair."""
        self.server.change_phase(self.made, *phases)

    def enter(self, who: str, *, phone: bool = False, javascript: bool = True, **context: Any) -> Page:
        """Somebody's page inside the meeting: joined by link and code, and let in by the chair if they had to wait.
        With scripts it follows the meeting when this returns: what changes from then on is told to it.
        """
        page = self._page(phone=phone, javascript=javascript, **context)
        self._send_the_forms_of_the_doors(page, who)
        if self.person(who)["role"] != "chair":
            self.let_in(who)
        page.goto(f"{self.server.address}{self.base(who)}/")
        self.pages[who] = page
        if javascript:
            until(page, lambda: self.here(who), f"{who} was connected")
        return page

    def knock(self, who: str, *, phone: bool = False, javascript: bool = True, **context: Any) -> Page:
        """Go through somebody's doors, page by page, as far as they lead on their own: for most, the waiting room."""
        person = self.person(who)
        page = self._page(phone=phone, javascript=javascript, **context)
        page.goto(person["join_url"])
        page.fill("[name=code]", person["join_code"])
        page.click("main button[type=submit], main form .govuk-button")
        _tick(page, "[name=who][value=me]")
        _tick(page, "[name=keep]")
        _tick(page, "[name=safe][value=yes]")
        page.click("main form .govuk-button")
        _tick(page, "[name=attending][value=video]")
        page.click("main form .govuk-button")
        page.wait_for_url(f"**{self.base(who)}/")
        return page

    def _page(self, *, phone: bool, javascript: bool, **context: Any) -> Page:
        options = (PHONE if phone else DESKTOP) | {"java_script_enabled": javascript} | context
        return self._new_context(**options).new_page()

    def _send_the_forms_of_the_doors(self, page: Page, who: str) -> None:
        """What `knock` does, from the same browser, without waiting for the pages to be drawn."""
        person, base = self.person(who), f"{self.server.address}{self.base(who)}"
        opened = self._send(page, person["join_url"], code=person["join_code"])
        csrf = opened.partition('name="csrf" value="')[2].partition('"')[0]
        self._send(page, f"{base}/private", csrf=csrf, who="me", keep="yes", safe="yes")
        self._send(page, f"{base}/ready", csrf=csrf, attending="video")

    def _send(self, page: Page, address: str, **form: str) -> str:
        origin = {"Origin": self.server.address}
        answer = page.request.post(address, form=dict(form), headers=origin, timeout=PATIENCE_MS)
        assert answer.ok, f"{address}: {answer.status} {answer.text()}"
        return answer.text()

    def let_in(self, who: str) -> None:
        """The chair lets somebody in who waits: the form of the chair's page, sent from the chair's browser."""
        chair = self.pages.get("chair") or self.enter("chair")
        boot = json.loads(chair.locator("#boot").text_content() or "")
        door = f"{self.server.address}{self.base('chair')}/people/{self.person(who)['id']}/admit"
        self._send(chair, door, csrf=boot["csrf"])

    def here(self, who: str) -> bool:
        """Whether the meeting sees somebody as connected."""
        with self.server.http(self.person("chair")["live_token"]) as client:
            answer = client.get(f"/conferences/{self.id}")
            assert answer.is_success, answer.text
            people = answer.json()["people"]
        return bool(next(one for one in people if one["id"] == self.person(who)["id"])["here"])


def _tick(page: Page, field: str) -> None:
    """Choose a radio button or a box by tapping its label, as people do: the shape that is drawn belongs to it."""
    page.click(f"label[for='{page.get_attribute(field, 'id')}']")
    assert page.is_checked(field), f"{field} was tapped and is not chosen"
