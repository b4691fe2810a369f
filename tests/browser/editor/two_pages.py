"""Two people's lists of points on one page, over two documents that are joined in memory."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.node_runtime import EDITOR

STATIC = EDITOR.parent / "static"
PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Editor</title></head><body><main>
<h1>Editor</h1>
<section aria-label="One">
<div style="height: 300px; overflow-y: auto"><ol class="points" id="points-0"></ol></div>
</section>
<section aria-label="Two">
<div style="height: 300px; overflow-y: auto"><ol class="points" id="points-1"></ol></div>
</section>
</main></body></html>"""


class TwoPages:
    """What a test does with the two lists."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = page.keyboard

    def texts(self, which: int = 0) -> list[str]:
        """The texts of the points in one person's document."""
        found: list[str] = self.page.evaluate("i => two.texts(i)", which)
        return found

    def shown(self, which: int = 0) -> list[str]:
        """The texts as they stand in the fields, the empty one for the next point left out, once all is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        found: list[str] = self.page.eval_on_selector_all(
            f"#points-{which} .pt:not(.pt--next) textarea", "all => all.map(one => one.value)"
        )
        return found

    def focus(self, at: int, caret: int | None = None, which: int = 0) -> None:
        """Put the caret into the field at a place in the list (-1 is the last)."""
        self.page.evaluate(
            """([which, at, caret]) => {
                const all = [...document.querySelectorAll(`#points-${which} textarea`)];
                const field = all.at(at);
                field.focus();
                const place = caret ?? field.value.length;
                field.setSelectionRange(place, place);
            }""",
            [which, at, caret],
        )

    def caret(self) -> tuple[str, int]:
        """The text of the field with the focus, and where the caret stands in it."""
        text, at = self.page.evaluate(
            "() => [document.activeElement.value, document.activeElement.selectionStart]"
        )
        return text, at

    def paste(self, text: str) -> None:
        """Paste as a browser does: an event, and if nobody took it, the text itself."""
        self.page.evaluate(
            """text => {
                const data = new DataTransfer();
                data.setData('text/plain', text);
                const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
                if (document.activeElement.dispatchEvent(event)) document.execCommand('insertText', false, text);
            }""",
            text,
        )

    def type(self, text: str) -> None:
        self.keys.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)


def write(two: TwoPages, *texts: str) -> None:
    """Type points one after the other, as a minute-taker does."""
    two.focus(-1)
    for i, text in enumerate(texts):
        if i:
            two.press("Enter")
        two.type(text)
