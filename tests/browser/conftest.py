"""Fixtures of the browser tests: a real server, a real Chromium, and people coming to a conference.

Playwright's synchronous door is used, and closed after each file of tests: while it is open no asynchronous test could
run in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Playwright,
    sync_playwright,
)

from tests.browser import chromium
from tests.browser.checks import WITHOUT_SCRIPTS
from tests.browser.meeting import Meeting, NewContext
from tests.browser.network import Network
from tests.browser.patience import LAUNCH_MS, PATIENCE_MS
from tests.browser.reading import CHANGES, WORRIES, go
from tests.server_process import ServerProcess

OpenMeeting = Callable[..., Meeting]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all browser tests of this process; each test makes conferences of its own on it."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as running:
        yield running


class Chromiums:
    """The Chromium of a file of tests; another one, if that died, so that one test fails for it and not the rest."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._running: Browser | None = None

    def running(self) -> Browser:
        """One that runs."""
        if self._running is None or not self._running.is_connected():
            try:
                self._running = self._launch()
            except Error:
                # It died while starting, or the machine stood still for as long: once more, and then it is told.
                self._running = self._launch()
        return self._running

    def close(self) -> None:
        if self._running is not None:
            self._running.close()

    def _launch(self) -> Browser:
        return self._playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.ARGUMENTS, timeout=LAUNCH_MS
        )


@pytest.fixture(scope="module")
def chromiums() -> Iterator[Chromiums]:
    """One Chromium for a file of tests."""
    with sync_playwright() as playwright:
        launched = Chromiums(playwright)
        yield launched
        launched.close()


@pytest.fixture
def browser(chromiums: Chromiums) -> Browser:
    """A Chromium that runs."""
    return chromiums.running()


@pytest.fixture
def own_addresses(server: ServerProcess) -> list[str]:
    """Where the server is reached, each without a slash at its end."""
    return [server.address]


@pytest.fixture
def network(server: ServerProcess, own_addresses: list[str]) -> Iterator[Network]:
    """A network between one browser and the server, which can be cut: pages opened under its address go through it."""
    with Network(server.port) as between:
        own_addresses.append(between.address)
        yield between


@pytest.fixture
def new_context(browser: Browser, server: ServerProcess, own_addresses: list[str]) -> Iterator[NewContext]:
    """Makes browser contexts (each a person's own browser) and closes them.

    A test fails if one of its pages had an error in a script, broke the content security policy, or asked anyone but
    our own server for anything.
    """
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}\n{error.stack}"))
        page.on("console", lambda message: faults.extend(_policy_broken(page, message)))

    def new(**options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=server.address, locale="en-GB", timezone_id="Europe/London", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        context.set_default_navigation_timeout(PATIENCE_MS)
        if options.get("java_script_enabled") is False:
            WITHOUT_SCRIPTS.add(context)
        context.on("page", watch)
        context.on("request", lambda request: faults.extend(_foreign(own_addresses, request.url)))
        opened.append(context)
        return context

    yield new
    for context in opened:
        for page in context.pages:
            _leave(page)
        context.close()
    assert not faults, "\n".join(faults)


def _leave(page: Page) -> None:
    """Go from what a page shows to nothing, and be there. Chromium is never done with closing the browser of a page
    that is just then coming to another one, as somebody's who was sent out does; and nothing limits that wait.
    """
    page.on("dialog", _accept)
    for _ in range(3):
        try:
            page.goto("about:blank")
        except Error:
            continue  # it came to that other page meanwhile; or it has crashed, and goes nowhere
        return


def _accept(dialog: Dialog) -> None:
    """Words that are not stored may be lost, now that the test is over."""
    with suppress(Error):  # the test may have seen to it
        dialog.accept()


def _policy_broken(page: Page, message: ConsoleMessage) -> list[str]:
    broken = message.type == "error" and "Content Security Policy" in message.text
    return [f"{page.url}: {message.text}"] if broken else []


def _foreign(own_addresses: list[str], url: str) -> list[str]:
    own = url.startswith((*(f"{address}/" for address in own_addresses), "data:", "blob:", "about:"))
    return [] if own else [f"a page asked another host: {url}"]


@pytest.fixture
def open_meeting(server: ServerProcess, new_context: NewContext) -> OpenMeeting:
    """Makes a conference: `open_meeting(phases=("open", "in_session"), **changes to the conference)`."""

    def make(phases: tuple[str, ...] = ("open", "in_session"), **changes: object) -> Meeting:
        meeting = Meeting(server, server.create_conference(**changes), new_context)
        meeting.phase(*phases)
        return meeting

    return make


@pytest.fixture
def meeting(open_meeting: OpenMeeting) -> Meeting:
    """A conference in session."""
    return open_meeting()


@pytest.fixture
def worries(open_meeting: OpenMeeting) -> Meeting:
    """A conference in session, at the part about the worries."""
    meeting = open_meeting(**CHANGES)
    go(meeting, WORRIES)
    return meeting
