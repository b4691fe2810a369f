"""Which characters our fonts can print, and a visible name for every other.

A PDF for screen readers must map each character to a glyph; one without aborts the export. Nothing a person
types may stop a record from being printed, so a character that we cannot print is written out: `[U+2603
SNOWMAN]`. Characters that only turn the direction of others are written out as well: they can make words
read differently from what was signed.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from server.record.words import MISLEADING, named

# Atkinson Hyperlegible was drawn for readers with low vision; Noto has the scripts and the emoji it lacks.
FAMILIES = (
    "Atkinson Hyperlegible", "Noto Sans", "Noto Emoji", "Noto Sans Symbols", "Noto Sans Arabic", "Noto Sans Armenian",
    "Noto Sans Bengali", "Noto Sans Devanagari", "Noto Sans Ethiopic", "Noto Sans Georgian", "Noto Sans Gujarati",
    "Noto Sans Gurmukhi", "Noto Sans Hebrew", "Noto Sans Kannada", "Noto Sans Khmer", "Noto Sans Lao",
    "Noto Sans Malayalam", "Noto Sans Myanmar", "Noto Sans Oriya", "Noto Sans Sinhala", "Noto Sans Tamil",
    "Noto Sans Telugu", "Noto Sans Thai",
)  # fmt: skip

# They join letters or mark an emoji's look, have no glyph of their own, and real words need them.
_INVISIBLE = frozenset("\u200c\u200d\u200e\u200f\ufe0e\ufe0f")
_LANGUAGE_OF = {"HEBREW": "he", "SYRIAC": "syr", "THAANA": "dv"}
# Letters of Urdu that Arabic does not have.
_URDU = frozenset("ٹڈڑںےہھگچپکی")


@dataclass(frozen=True, slots=True)
class Line:
    """A text as it can be printed: its characters, its direction (`ltr` or `rtl`) and its language."""

    text: str
    direction: str
    language: str


def font_folders() -> list[Path]:
    """Return the folders that hold the fonts."""
    return [Path(str(files("fontpkg_atkinson_hyperlegible"))) / "files", Path(str(files("manimgx_fonts")))]


def line(text: str) -> Line:
    """Return `text` as it can be printed, with the direction of its first letter."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            break
        if kind in ("R", "AL"):
            return Line(printable(text), "rtl", _language(letter, text))
    return Line(printable(text), "ltr", "en")


def printable(text: str) -> str:
    """Return `text` with a visible name for every character that our fonts cannot print. Line breaks stay."""
    known = coverage()
    return "".join(letter if ord(letter) in known or letter == "\n" else _instead(letter) for letter in text)


def plainest(text: str) -> str:
    """Return `text` with a name for everything beyond the letters of Western Europe: the form that cannot
    fail.
    """
    return "".join(
        letter
        if " " <= letter <= "~" or "\u00a1" <= letter <= "\u00ff" or letter in "–—‘’“”…\n"
        else named(letter)
        for letter in text
    )


@cache
def coverage() -> frozenset[int]:
    """Return the code points that one of our fonts has a glyph for."""
    found: set[int] = set(map(ord, _INVISIBLE))
    for folder in font_folders():
        for path in sorted(folder.glob("*.ttf")):
            # Bold and italic lack a few letters of the upright face; a letter counts only if every style has it.
            if "Italic" not in path.name and "Bold" not in path.name:
                found |= set(_mapped(path.read_bytes()))
    return frozenset(found - MISLEADING - set(range(0x20)))


def _instead(letter: str) -> str:
    return " " if letter == "\t" else named(letter)


def _language(letter: str, text: str) -> str:
    script = unicodedata.name(letter, "").partition(" ")[0]
    if script != "ARABIC":
        return _LANGUAGE_OF.get(script, "ar")
    return "ur" if _URDU & set(text) else "ar"


def _mapped(font: bytes) -> Iterator[int]:
    """Read the code points of a TrueType font's character map (formats 4 and 12)."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {
        font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * count, 16)
    }
    cmap = tables[b"cmap"]
    (subtables,) = struct.unpack_from(">H", font, cmap + 2)
    for index in range(subtables):
        (offset,) = struct.unpack_from(">I", font, cmap + 8 + 8 * index)
        (form,) = struct.unpack_from(">H", font, cmap + offset)
        if form == 12:
            yield from _format_12(font, cmap + offset)
        elif form == 4:
            yield from _format_4(font, cmap + offset)


def _format_12(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    for index in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * index)
        yield from (code for code in range(first, last + 1) if glyph + code - first)


def _format_4(font: bytes, at: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", font, at + 6)
    ends, starts, deltas, offsets = (at + 14, at + 16 + double, at + 16 + 2 * double, at + 16 + 3 * double)
    for step in range(0, double, 2):
        (last,) = struct.unpack_from(">H", font, ends + step)
        (first,) = struct.unpack_from(">H", font, starts + step)
        (delta,) = struct.unpack_from(">H", font, deltas + step)
        (offset,) = struct.unpack_from(">H", font, offsets + step)
        for code in range(first, last + 1):
            glyph = code + delta
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets + step + offset + 2 * (code - first))
                glyph = glyph + delta if glyph else 0
            if glyph & 0xFFFF and code != 0xFFFF:
                yield code
