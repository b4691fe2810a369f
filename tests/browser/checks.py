"""What every page must pass: no accessibility fault that axe can find, no sideways scrolling on the narrowest phone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.node_runtime import EDITOR

AXE = EDITOR / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 to level AA, and what axe's authors call good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320


def assert_accessible(page: Page, *, within: str | None = None, except_rules: tuple[str, ...] = ()) -> None:
    """Fail with a readable list if axe finds anything on the page, or in `within`, a CSS selector.

    The page must run scripts: axe waits for a timer, and without scripts none ever rings.
    `except_rules` are rules of axe that do not apply there; the test that names one says why.
    """
    # The page forbids inline code, so axe comes in by way of the browser's own door for tools.
    page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in except_rules},
        "resultTypes": ["violations"],
    }
    found: dict[str, Any] = page.evaluate(
        "([within, options]) => window.axe.run(within ? document.querySelector(within) : document, options)",
        [within, options],
    )
    faults = [
        f"{fault['id']}: {fault['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, f"{page.url} is not accessible:\n" + "\n".join(faults)


def assert_no_sideways_scroll(page: Page, width: int = NARROWEST) -> None:
    """Fail if the page is wider than a screen of `width` pixels; the first elements that stick out are named."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    wide: list[str] = page.evaluate(
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
        page.set_viewport_size(before)
    assert not wide, f"{page.url} scrolls sideways at {width} pixels:\n" + "\n".join(wide)
