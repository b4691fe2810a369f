from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared_doc.structs import STRING, Struct, Update, joined, low_halves, utf16_length


@given(st.text(st.characters(codec="utf-8")))
def test_length_is_counted_as_javascript_counts_it(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 100))
def test_second_halves_of_pairs_are_found(text: str, clock: int) -> None:
    units = text.encode("utf-16-le")
    expected = [
        clock + at
        for at in range(len(units) // 2)
        if 0xDC00 <= int.from_bytes(units[2 * at : 2 * at + 2], "little") < 0xE000
    ]
    assert low_halves(text, clock) == expected


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=20))
def test_joined_spans_hold_every_clock_once(spans: list[tuple[int, int]]) -> None:
    clocks = [clock + at for clock, length in joined(spans) for at in range(length)]
    assert clocks == sorted({clock + at for clock, length in spans for at in range(length)})


def test_what_is_written_about_a_struct_never_shows_its_text() -> None:
    assert "confidential" not in repr(Struct(1, 2, 12, STRING, "confidential", origin=(3, 4)))


def test_an_update_is_empty_without_insertions_and_deletions() -> None:
    assert Update({}, {}).empty
    assert not Update({}, {1: [(0, 1)]}).empty
