"""Corrections, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.routes.word_changes import Stretch, word_changes


def plain(stretches: tuple[Stretch, ...], without: str) -> str:
    return "".join(one.text + one.gap for one in stretches if one.kind != without)


def test_old_words_stand_struck_before_the_new_ones() -> None:
    before = "Keeley first asked for help in May, after Dean had moved out."
    after = "Keeley first asked for help in March, before Dean had moved out."
    assert word_changes(before, after) == (
        Stretch("same", "Keeley first asked for help in", " "),
        Stretch("out", "May, after", " "),
        Stretch("in", "March, before", " "),
        Stretch("same", "Dean had moved out."),
    )


def test_words_that_only_went_out_or_only_came_in_are_marked_alone() -> None:
    assert [one.kind for one in word_changes("one two three", "one three")] == ["same", "out", "same"]
    assert [one.kind for one in word_changes("one three", "one two three")] == ["same", "in", "same"]


def test_a_struck_last_word_does_not_run_into_what_replaced_it() -> None:
    out, put = word_changes("three", "two")
    assert (out, put) == (Stretch("out", "three", " "), Stretch("in", "two"))


def test_nothing_changed_marks_nothing() -> None:
    assert [one.kind for one in word_changes("the same words", "the same words")] == ["same"]
    assert word_changes("", "") == ()


def test_a_very_long_text_is_compared_as_a_whole_and_not_word_by_word() -> None:
    before, after = "word " * 1000, "other " * 1000
    assert [one.kind for one in word_changes(before, after)] == ["out", "in"]


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12),
    st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12),
)
def test_leaving_out_what_came_in_gives_the_old_words_and_the_other_way_round(
    old: list[str], new: list[str]
) -> None:
    changes = word_changes(" ".join(old), " ".join(new))
    assert plain(changes, "in").split() == old
    assert plain(changes, "out").split() == new
