"""Look at a record's page that a browser saved: the record in it as data, and the words that it shows.

A trust boundary: the file is a stranger's, and a page can be made to show words in many ways. So the words of the
record stand in one element; what is in it besides words, or could hide some, is told. Everything around it (the head
and the foot of the page, whom to ask) is returned as words that nobody signed. Styles are outside of the file: how a
browser shows its words cannot be checked, only what they are.
"""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field
from html.parser import HTMLParser

DATA = "data-copy"
"""The attribute that holds the copy as JSON. Phones that save a page as one file leave scripts and hidden elements out,
whatever is in them; attributes stay."""

_PICTURE = frozenset({"svg", "use", "path", "circle", "rect", "line", "g"})
_INLINE = frozenset({"a", "b", "del", "span"}) | _PICTURE
_KNOWN = _INLINE | {
    "article", "div", "footer", "h1", "h2", "h3", "header", "li", "ol", "p", "section",
    "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
# None of these takes words out of sight, or puts others there.
_CLASSES = frozenset({
    "by", "hash", "i", "lead", "n", "quiet", "record", "rp", "scroll", "seal", "small", "stack-h", "stack-s",
    "table", "table--stack", "trail",
})  # fmt: skip
_ATTRIBUTES = frozenset({
    "aria-hidden", "aria-label", "aria-labelledby", "class", "data-label", "dir", "href", "id", "role", "scope",
    "tabindex", "value",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "title", "svg", "template"})
# Our own page has some 150 words around the record. Whoever adds a few is seen; whoever adds many is counted.
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class SavedPage:
    """`record` is the JSON in the page, `words` and `struck` what the record's element shows, `around` the beginning
    of what the page shows besides. `strange` is set where that element holds more than words.
    """

    record: bytes
    words: str
    struck: str
    around: str
    strange: bool


def looks_like_page(data: bytes) -> bool:
    """Say whether these bytes may be a page: as one file, or in the envelope that some browsers save it in."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or _is_envelope(data)


def read(data: bytes) -> SavedPage | None:
    """Read a saved page. None if it has nothing to do with our records."""
    reader = _Reader()
    reader.feed(_unpacked(data) if _is_envelope(data) else data.decode("utf-8", "replace"))
    reader.close()
    if not reader.copies and not reader.articles:
        return None
    return SavedPage(
        record="".join(reader.record).encode("utf-8", "replace"),
        words="".join(reader.words),
        struck="".join(reader.struck),
        around=_beginning("".join(reader.around).split()),
        strange=reader.strange or reader.copies > 1 or reader.articles > 1,
    )


def _is_envelope(data: bytes) -> bool:
    head = data[:2048].lower()
    return b"mime-version:" in head and b"multipart/related" in head


def _unpacked(data: bytes) -> str:
    """The page in an envelope (MHTML)."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            packed = part.get_payload(decode=True)
            return packed.decode("utf-8", "replace") if isinstance(packed, bytes) else ""
    return ""


def _beginning(words: list[str]) -> str:
    more = f" … and {len(words) - _SHOWN:,} words more" if len(words) > _SHOWN else ""
    return " ".join(words[:_SHOWN]) + more


@dataclass
class _Reader(HTMLParser):
    """Sorts a page's words into those of the record's element and the others."""

    words: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    record: list[str] = field(default_factory=list)
    copies: int = 0
    articles: int = 0
    strange: bool = False
    _inside: int = 0
    _deleted: int = 0
    _silent: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element begins."""
        # Of an attribute that is there twice, browsers take the first.
        given = dict(reversed(attrs))
        classes = (given.get("class") or "").split()
        if tag == "article" and (self._inside or "record" in classes):
            self.articles += not self._inside
            self._inside += 1
        if DATA in given:
            self.copies += 1
            self.record.append(given.pop(DATA) or "")
        if tag in _SILENT and not self._silent:
            self._silent = tag
        if not self._inside:
            self.around.append(" ")
            return
        plain = tag in _PICTURE or (tag in _KNOWN and _ATTRIBUTES.issuperset(given) and not self._silent)
        self.strange = self.strange or not plain or not _CLASSES.issuperset(classes)
        self._deleted += tag == "del"
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that says that it is empty. To a browser it is not, unless it is part of a picture."""
        self.handle_starttag(tag, attrs)
        if tag in _PICTURE:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """One element ends."""
        if tag == self._silent:
            self._silent = ""
        if tag == "article" and self._inside:
            self._inside -= 1
        if tag == "del" and self._deleted:
            self._deleted -= 1
            self.struck.append(" ")
        if tag not in _INLINE:
            (self.words if self._inside else self.around).append(" ")

    def handle_comment(self, data: str) -> None:
        """Browsers see the end of a comment in more places than we do. There is none among the record's words."""
        self.strange = self.strange or bool(self._inside)

    def handle_decl(self, decl: str) -> None:
        """To a browser this is a comment too, but for the first line of the page."""
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        """So is this."""
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        """And this."""
        self.handle_comment(data)

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._silent:
            (self.words if self._inside else self.around).append(data)
            if self._deleted:
                self.struck.append(data)
