"""A tab whose page has crashed, and which is loaded again by its person, in the same session of the browser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Error, Page

PATIENCE_MS = 20_000


class CrashedTab:
    """Playwright is done with such a page; the browser is not. So what follows goes by the browser's own tool."""

    def __init__(self, page: Page) -> None:
        self._tool = page.context.new_cdp_session(page)
        # The page asks whether its words may be lost; a crash would not have asked.
        page.on("dialog", lambda dialog: dialog.accept())
        with page.expect_event("crash"), pytest.raises(Error, match="crash"):
            page.goto("chrome://crash")

    def load(self, address: str) -> None:
        """Open a page in the tab."""
        self._tool.send("Page.navigate", {"url": address})

    def until(self, truth: str) -> None:
        """Wait until an expression is true on the page."""
        self._evaluate(
            "new Promise((done, fail) => {"
            f"  const late = setTimeout(() => fail(document.body.innerText), {PATIENCE_MS});"
            f"  const look = () => {{ if ({truth}) {{ clearTimeout(late); done(1); }} else setTimeout(look, 50); }};"
            "  look(); })"
        )

    def until_it_says(self, place: str, words: str) -> None:
        """Wait until an element, a CSS selector, holds these words."""
        self.until(f"document.querySelector({json.dumps(place)})?.textContent.includes({json.dumps(words)})")

    def look(self, expression: str) -> Any:
        """What an expression gives on the page."""
        return self._evaluate(expression)

    def press(self, words: str) -> None:
        """Press the button with these words."""
        self._evaluate(
            "[...document.querySelectorAll('button')]"
            f".find((one) => one.textContent.trim() === {json.dumps(words)}).click()"
        )

    def _evaluate(self, expression: str) -> Any:
        given = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self._tool.send("Runtime.evaluate", given)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")
