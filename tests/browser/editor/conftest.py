"""Two lists of points in a real browser."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.editor.two_pages import PAGE, STATIC, TwoPages
from tests.browser.patience import PATIENCE_MS
from tests.node_runtime import EDITOR, node


@pytest.fixture(scope="module")
def script() -> str:
    done = subprocess.run(
        [str(node()), str(EDITOR / "test" / "bundle.mjs"), "two_pages.ts"],
        cwd=EDITOR,
        capture_output=True,
        text=True,
        timeout=PATIENCE_MS / 1000,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def two(browser: Browser, script: str) -> Any:
    page = browser.new_page(viewport={"width": 900, "height": 800})
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(PAGE)
    for sheet in ("site.css", "desk.css"):
        page.add_style_tag(content=(STATIC / sheet).read_text(encoding="utf-8"))
    page.add_script_tag(content=script)
    yield TwoPages(page)
    page.close()
    assert not faults, "\n".join(faults)
