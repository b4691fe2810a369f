"""Fixtures of the browser tests: a real server, a real Chromium, and people coming to a conference.

Playwright's synchronous door is used, and closed after each file of tests: while it is open no asynchronous test could
run in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser import chromium
from tests.browser.meeting import Meeting, NewContext
from tests.browser.network import Network
from tests.server_process import ServerProcess

OpenMeeting = Callable[..., Meeting]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all browser tests of this process; each test makes conferences of its own on it."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGUMENTS)
        yield launched
        launched.close()


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
        context.set_default_timeout(15_000)
        context.on("page", watch)
        context.on("request", lambda request: faults.extend(_foreign(own_addresses, request.url)))
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert not faults, "\n".join(faults)


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
