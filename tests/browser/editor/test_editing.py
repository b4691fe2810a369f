"""The editor in a real browser: what one's keys, paste, undo and input method make of the points."""

from __future__ import annotations

from playwright.sync_api import CDPSession, Page

from tests.browser.editor.two_pages import TwoPages, write


def test_what_is_typed_is_a_point_and_enter_begins_the_next(two: TwoPages) -> None:
    write(two, "Noah has missed nursery.", "Keeley rang.")
    assert two.texts() == ["Noah has missed nursery.", "Keeley rang."]
    assert two.shown(1) == two.texts()
    assert two.caret() == ("Keeley rang.", 12)


def test_an_empty_field_is_no_point(two: TwoPages) -> None:
    write(two, "One.")
    two.press("Enter", "Enter", "Enter")
    assert two.texts() == ["One."]


def test_enter_inside_the_words_splits_the_point(two: TwoPages) -> None:
    write(two, "First. Second.")
    two.focus(0, 6)
    two.press("Enter")
    assert two.texts() == ["First.", " Second."]
    assert two.caret() == (" Second.", 0)
    two.press("Backspace")
    assert two.texts() == ["First. Second."]
    assert two.caret() == ("First. Second.", 6)


def test_enter_at_the_start_makes_room_above(two: TwoPages) -> None:
    write(two, "Second.")
    two.focus(0, 0)
    two.press("Enter")
    two.type("First.")
    assert two.texts() == ["First.", "Second."]


def test_enter_in_the_middle_of_the_list_begins_a_point_there(two: TwoPages) -> None:
    write(two, "One.", "Three.")
    two.focus(0)
    two.press("Enter")
    two.type("Two.")
    assert two.texts() == ["One.", "Two.", "Three."]


def test_enter_over_marked_words_takes_them_out(two: TwoPages) -> None:
    write(two, "one two three")
    two.page.evaluate("() => document.activeElement.setSelectionRange(3, 8)")
    two.press("Enter")
    assert two.texts() == ["one", "three"]


def test_backspace_in_an_emptied_point_removes_it(two: TwoPages) -> None:
    write(two, "One.", "x")
    two.press("Backspace", "Backspace")
    assert two.texts() == ["One."]
    assert two.caret() == ("One.", 4)
    assert two.shown(1) == ["One."]


def test_delete_at_the_end_draws_the_next_point_up(two: TwoPages) -> None:
    write(two, "One.", " Two.")
    two.focus(0)
    two.press("Delete")
    assert two.texts() == ["One. Two."]


def test_several_pasted_lines_become_several_points(two: TwoPages) -> None:
    write(two, "Before. After.")
    two.focus(0, 8)
    two.paste("one\r\n\n  two  \nthree")
    assert two.texts() == ["Before. one", "two", "threeAfter."]
    assert two.caret() == ("threeAfter.", 5)
    two.press("Control+z")
    assert two.texts() == ["Before. After."]


def test_lines_pasted_into_the_empty_field_are_points(two: TwoPages) -> None:
    two.focus(-1)
    two.paste("one\ntwo\n")
    assert two.texts() == ["one", "two"]
    assert two.shown(1) == ["one", "two"]


def test_a_text_with_a_line_break_that_came_by_another_way_becomes_points(two: TwoPages) -> None:
    write(two, "said: ")
    two.page.evaluate(
        """() => {
            const field = document.activeElement;
            field.value += 'first\\nsecond';
            field.dispatchEvent(new InputEvent('input', {bubbles: true}));
        }"""
    )
    assert two.texts() == ["said: first", "second"]


def test_undo_takes_back_one_s_own_words_only_and_goes_where_they_were(two: TwoPages) -> None:
    write(two, "mine")
    two.page.evaluate("() => two.editors[1].add('theirs')")
    two.focus(-1)
    two.press("Control+z")
    assert two.texts() == ["theirs"]
    two.press("Control+Shift+z")
    assert two.texts() == ["mine", "theirs"]


def test_undo_of_a_split_gives_the_words_back(two: TwoPages) -> None:
    write(two, "First. Second.")
    two.focus(0, 6)
    two.press("Enter", "Control+z")
    assert two.texts() == ["First. Second."]
    two.press("Control+y")
    assert two.texts() == ["First.", " Second."]


def test_the_browser_s_own_undo_is_the_editor_s(two: TwoPages) -> None:
    write(two, "mine")
    taken = two.page.evaluate(
        """() => {
            const event = new InputEvent('beforeinput', {inputType: 'historyUndo', bubbles: true, cancelable: true});
            return !document.activeElement.dispatchEvent(event);
        }"""
    )
    assert taken
    assert two.texts() == []


def test_an_emoji_is_never_cut(two: TwoPages) -> None:
    write(two, "a😀b")
    two.page.evaluate(
        """() => {
            const field = document.activeElement;
            field.value = 'a😁b';
            field.setSelectionRange(3, 3);
            field.dispatchEvent(new InputEvent('input', {bubbles: true}));
        }"""
    )
    assert two.texts() == ["a😁b"]
    assert two.shown(1) == ["a😁b"]
    assert two.page.evaluate("() => JSON.stringify(two.points(1)).isWellFormed()")


def composing(page: Page) -> CDPSession:
    """The browser's own door to an input method."""
    return page.context.new_cdp_session(page)


def test_an_input_method_is_not_disturbed_by_what_arrives(two: TwoPages) -> None:
    write(two, "ab")
    two.focus(0, 1)
    method = composing(two.page)
    method.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    method.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    two.page.evaluate(
        """() => {
            const [point] = two.points(1);
            two.docs[1].getMap('points').get(point.id).get('text').insert(0, '>>');
        }"""
    )
    assert two.shown() == ["aにほb"]
    method.send("Input.imeSetComposition", {"text": "日本", "selectionStart": 2, "selectionEnd": 2})
    method.send("Input.insertText", {"text": "日本"})
    assert two.shown() == [">>a日本b"]
    assert two.texts() == two.texts(1) == [">>a日本b"]
    assert two.caret() == (">>a日本b", 5)


def test_enter_that_ends_a_composition_makes_no_point(two: TwoPages) -> None:
    two.focus(-1)
    method = composing(two.page)
    method.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
    two.page.evaluate(
        "() => document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    method.send("Input.insertText", {"text": "か"})
    assert two.texts() == ["か"]
    assert two.caret() == ("か", 1)


def test_moving_a_point_keeps_the_caret_in_it(two: TwoPages) -> None:
    write(two, "one", "two", "three")
    two.focus(2, 3)
    two.press("Alt+ArrowUp", "Alt+ArrowUp")
    assert two.texts() == ["three", "one", "two"]
    assert two.caret() == ("three", 3)
    two.type("!")
    two.press("Alt+ArrowDown")
    assert two.texts() == ["one", "thr!ee", "two"]


def test_arrows_walk_through_the_list_in_the_same_column(two: TwoPages) -> None:
    write(two, "0123456789 0123456789", "short", "abcdefghij abcdefghij")
    two.focus(0, 12)
    two.press("ArrowDown")
    assert two.caret() == ("short", 5)
    two.press("ArrowDown")
    text, at = two.caret()
    assert text.startswith("abc")
    assert 9 <= at <= 15
    two.press("ArrowUp", "ArrowUp")
    assert two.caret()[0].startswith("012")


def test_a_sign_in_an_empty_field_asks_who_said_it_and_what_kind_it_is(two: TwoPages) -> None:
    two.focus(-1)
    two.type("@")
    two.page.wait_for_selector("[role=combobox]")
    two.type("keel")
    two.press("Enter")
    two.type("/")
    two.page.wait_for_selector("[role=combobox]")
    two.type("w")
    two.type("I did ring.")
    (point,) = two.page.evaluate("() => two.points(0)")
    assert (point["text"], point["saidBy"], point["kind"]) == ("I did ring.", "n2", "worry")


def test_a_sign_typed_twice_is_the_sign(two: TwoPages) -> None:
    two.focus(-1)
    two.type("//")
    two.type("@x")
    assert two.texts() == ["/@x"]


def test_leaving_the_list_of_people_gives_the_caret_back(two: TwoPages) -> None:
    write(two, "hello")
    two.focus(0, 2)
    two.page.click("#points-0 .pt .pt__by")
    two.press("Escape")
    assert two.caret() == ("hello", 2)
