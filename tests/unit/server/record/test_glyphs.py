"""Every character that someone types can be printed, by its glyph or by its name."""

from __future__ import annotations

import pytest

from server.record.glyphs import coverage, font_folders, line, plainest, printable


def test_the_fonts_come_with_the_package() -> None:
    assert all(list(folder.glob("*.ttf")) for folder in font_folders())


@pytest.mark.parametrize(
    "text",
    [
        "Zoë’s mum said “no”… £5 – ½",
        "Łukasz, Brânduşa, Ngũgĩ",
        "میں وقت پر نہیں آ سکی۔",
        "আমি আসতে পারিনি",
        "ਮੈਂ ਨਹੀਂ ਆ ਸਕੀ",
        "હું આવી શકી નહીં",
        "لم أستطع الحضور",
        "😀 👍🏽 👨‍👩‍👧",
    ],
)
def test_the_languages_and_signs_people_use_are_printed_as_they_are(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x07b", "a[U+0007 control character]b"),
        ("snow \u2603", "snow [U+2603 SNOWMAN]"),
        ("\u4e2d", "[U+4E2D CJK UNIFIED IDEOGRAPH-4E2D]"),
        ("\ue000", "[U+E000 character]"),
        ("a\tb", "a b"),
        ("two\nlines", "two\nlines"),
        ("not \u202edlog", "not [U+202E RIGHT-TO-LEFT OVERRIDE]dlog"),
        ("\u2066x\u2069", "[U+2066 LEFT-TO-RIGHT ISOLATE]x[U+2069 POP DIRECTIONAL ISOLATE]"),
    ],
)
def test_what_cannot_be_printed_or_could_mislead_is_named(text: str, shown: str) -> None:
    printed = printable(text)
    assert printed == shown or ("\u2603" in text and ord("\u2603") in coverage())


@pytest.mark.parametrize(
    ("text", "direction", "language"),
    [
        ("Keeley", "ltr", "en"),
        ("12 سال", "rtl", "ar"),
        ("میں نہیں آ سکی", "rtl", "ur"),
        ("שלום", "rtl", "he"),
        ("😀", "ltr", "en"),
        ("", "ltr", "en"),
    ],
)
def test_a_line_has_the_direction_and_language_of_its_first_letter(
    text: str, direction: str, language: str
) -> None:
    found = line(text)
    assert (found.direction, found.language) == (direction, language)


def test_the_plainest_form_keeps_western_letters_and_names_the_rest() -> None:
    assert plainest("Zoë 😀") == "Zoë [U+1F600 GRINNING FACE]"
