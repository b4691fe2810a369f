"""How long anything may take. These are ceilings, for a machine that is slow and now and then stands still for seconds:
whatever a test waits for ends the wait by itself, and nothing is ever waited for by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

PATIENCE_MS = 60_000
"""For one thing that is waited for: words on a page, a page, an answer. A test as a whole has the `timeout` of
pyproject.toml."""
LAUNCH_MS = 120_000
"""For a Chromium that is starting."""

expect.set_options(timeout=PATIENCE_MS)


def until(page: Page, truth: Callable[[], bool], what: str) -> None:
    """Wait for something that shows on no page. `what` is said if it never comes."""
    limit = time.monotonic() + PATIENCE_MS / 1000
    while not truth():
        assert time.monotonic() < limit, f"in vain: {what}"
        page.wait_for_timeout(50)  # a pace of asking, in which Playwright hands on what happened


def patient(opening: Page | BrowserContext, least_ms: int) -> None:
    """Make the patience of pages opened from now on as long as a test's: timers of `least_ms` and more ring twenty
    times as late. A page that gets no answer for some seconds gives up and says so, and a machine that stood still is
    not what the test is about.
    """
    opening.add_init_script(
        "(() => { const set = window.setTimeout;"
        f"window.setTimeout = (work, ms, ...more) => set(work, ms >= {least_ms} ? ms * 20 : ms, ...more); }})();"
    )


def hold(page: Page) -> int:
    """Let no time pass on a page by its own clock, though its timers ring: what it shows for some seconds only stays to
    be looked at. The time that stands, in milliseconds; `page.clock.set_fixed_time` puts it on. The page was opened
    after `page.clock.install()`.
    """
    now = int(page.evaluate("Date.now()"))
    page.clock.set_fixed_time(now)
    return now


def record(page: Page, place: str) -> None:
    """Write down all that an element, a CSS selector, says from now on, for `said`: some of it stands there shortly."""
    page.evaluate(
        """place => {
            const element = document.querySelector(place);
            const said = (window.said ??= {})[place] = [];
            new MutationObserver(() => said.push(element.textContent.trim()))
                .observe(element, {childList: true, subtree: true, characterData: true});
        }""",
        place,
    )


def said(page: Page, place: str) -> list[str]:
    """What an element has said since `record`."""
    found: list[str] = page.evaluate("place => window.said[place]", place)
    return found
