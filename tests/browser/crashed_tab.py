"""A tab whose page has crashed, and which is loaded again by its person, in the same session of the browser."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.browser.patience import PATIENCE_MS

LOADED = "document.readyState === 'complete' && location.href !== 'about:blank' && document.body !== null"


class CrashedTab:
    """Playwright is done with such a page; the browser is not. So what follows goes by the browser's own tool."""

    def __init__(self, page: Page) -> None:
        self._tool = page.context.new_cdp_session(page)
        # The page asks whether its words may be lost; a crash would not have asked.
        page.on("dialog", lambda dialog: dialog.accept())
        with page.expect_event("crash"), pytest.raises(Error, match="crash"):
            page.goto("chrome://crash")

    def load(self, address: str) -> None:
        """Open a page in the tab, and wait until it is there with its scripts."""
        begun = self._tool.send("Page.navigate", {"url": address})
        assert "errorText" not in begun, begun
        self._wait(lambda: self._shows(begun["loaderId"]), f"{address} was loaded")
        self.until(LOADED)

    def until(self, truth: str) -> None:
        """Wait until an expression is true on the page. Whatever page that is: it may go on to another meanwhile."""
        self._wait(lambda: self._is(truth), f"{truth} became true")

    def until_it_says(self, place: str, words: str) -> None:
        """Wait until an element, a CSS selector, holds these words."""
        self.until(f"document.querySelector({json.dumps(place)})?.textContent.includes({json.dumps(words)})")

    def look(self, expression: str) -> Any:
        """What an expression gives on the page."""
        answer = self._evaluate(expression)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, words: str) -> None:
        """Press the button with these words."""
        self.look(
            "[...document.querySelectorAll('button')]"
            f".find((one) => one.textContent.trim() === {json.dumps(words)}).click()"
        )

    def _shows(self, document: str) -> bool:
        """Whether the tab has come to a document that was asked for."""
        shown: str = self._tool.send("Page.getFrameTree")["frameTree"]["frame"]["loaderId"]
        return shown == document

    def _is(self, truth: str) -> bool:
        try:
            answer = self._evaluate(f"Boolean({truth})")
        except Error:
            return False  # one page went while it was asked, and the next is not there yet
        # An expression that the page is not far enough for is not true either.
        return "exceptionDetails" not in answer and answer["result"].get("value") is True

    def _wait(self, truth: Callable[[], bool], what: str) -> None:
        limit = time.monotonic() + PATIENCE_MS / 1000
        while not truth():
            assert time.monotonic() < limit, f"in vain: {what}; the tab says:\n{self._text()}"
            time.sleep(0.05)  # a pace of asking; nothing is waited for by the clock

    def _text(self) -> str:
        try:
            return str(self._evaluate("document.body?.innerText")["result"].get("value"))
        except Error as error:
            return error.message

    def _evaluate(self, expression: str) -> dict[str, Any]:
        given = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer: dict[str, Any] = self._tool.send("Runtime.evaluate", given)
        return answer
