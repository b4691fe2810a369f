"""What every page must pass: no accessibility fault that axe can find, no sideways scrolling on the narrowest phone."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.node_runtime import EDITOR

AXE = EDITOR / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 to level AA, and what axe's authors call good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320
WITHOUT_SCRIPTS: WeakSet[BrowserContext] = WeakSet()
"""The browsers of people whose pages run no scripts."""


def assert_accessible(page: Page, *, within: str | None = None, except_rules: tuple[str, ...] = ()) -> None:
    """Fail with a readable list if axe finds anything on the page, or in `within`, a CSS selector.

    The page must run scripts: axe waits for a timer, and without scripts none ever rings.
    `except_rules` are rules of axe that do not apply there; the test that names one says why.
    """
    assert page.context not in WITHOUT_SCRIPTS, "axe would wait for ever on a page without scripts"
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in except_rules},
        "resultTypes": ["violations"],
    }
    # The page forbids inline code, so axe comes in by way of the browser's own door for tools.
    found: dict[str, Any] = _asked(
        page,
        f"""([within, options]) => {{
            if (!window.axe) {{ {AXE.read_text(encoding="utf-8")} }}
            return window.axe.run(within ? document.querySelector(within) : document, options);
        }}""",
        [within, options],
    )
    faults = [
        f"{fault['id']}: {fault['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, f"{page.url} is not accessible:\n" + "\n".join(faults)


def check_page(page: Page) -> None:
    """What holds for every page and state."""
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def assert_no_sideways_scroll(page: Page, width: int = NARROWEST) -> None:
    """Fail if the page is wider than a screen of `width` pixels; the first elements that stick out are named."""
    before = page.viewport_size
    _resize(page, width, 640)
    wide: list[str] = _asked(
        page,
        """width => {
            const root = document.scrollingElement;
            if (root.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter((element) => element.getBoundingClientRect().right > width + 0.5)
                .slice(0, 5)
                .map((element) => element.outerHTML.slice(0, 160))
                .concat(`the page is ${root.scrollWidth} pixels wide`);
        }""",
        width,
    )
    if before is not None:
        _resize(page, before["width"], before["height"])
    assert not wide, f"{page.url} scrolls sideways at {width} pixels:\n" + "\n".join(wide)


def _resize(page: Page, width: int, height: int) -> None:
    """Another size of window. The page learns of it a moment after the browser."""
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator("html")).to_have_js_property("clientWidth", width)


def _asked(page: Page, question: str, given: Any) -> Any:
    """What a page answers once it is there with its styles and scripts. One that loads itself anew in the middle, as
    the waiting room does now and then, is asked again.
    """
    for _ in range(3):
        page.wait_for_load_state()
        try:
            return page.evaluate(question, given)
        except Error as error:
            if "context was destroyed" not in error.message:
                raise
    raise AssertionError(f"{page.url} loads itself anew again and again")
