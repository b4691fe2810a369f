"""The editor in a real browser: what arrives from others while one types, and what the list does with it."""

from __future__ import annotations

from tests.browser.checks import assert_accessible
from tests.browser.editor.two_pages import TwoPages, write


def test_words_that_arrive_before_the_caret_do_not_move_it(two: TwoPages) -> None:
    write(two, "hello")
    two.focus(0, 3)
    two.page.evaluate(
        "() => two.docs[1].getMap('points').get(two.points(1)[0].id).get('text').insert(0, 'well ')"
    )
    assert two.shown() == ["well hello"]
    assert two.caret() == ("well hello", 8)


def test_both_type_in_one_point_at_once_and_no_letter_is_lost(two: TwoPages) -> None:
    write(two, "____")
    two.page.evaluate("() => two.part()")
    two.focus(0, 2)
    two.type("mine")
    two.focus(0, 4, which=1)
    two.type("theirs")
    two.page.evaluate("() => two.meet()")
    assert two.shown(0) == two.shown(1) == ["__mine__theirs"]


def test_a_key_pressed_before_what_arrived_was_drawn_goes_where_it_was_meant(two: TwoPages) -> None:
    write(two, "abc")
    two.focus(0, 3)
    two.page.evaluate(
        """() => {
            two.docs[1].getMap('points').get(two.points(1)[0].id).get('text').insert(0, 'XYZ');
            const field = document.activeElement;
            field.setRangeText('d', 3, 3, 'end');
            field.dispatchEvent(new InputEvent('input', {bubbles: true}));
        }"""
    )
    assert two.shown() == ["XYZabcd"]
    assert two.caret() == ("XYZabcd", 7)


def test_a_point_that_arrives_above_moves_neither_the_caret_nor_the_screen(two: TwoPages) -> None:
    two.page.evaluate("() => two.fill(30)")
    two.shown()
    two.focus(15, 10)
    place = "() => document.activeElement.getBoundingClientRect().top"
    before = two.page.evaluate(place)
    two.page.evaluate(
        """() => {
            const points = two.points(1);
            const text = two.docs[1].getMap('points').get(points[0].id).get('text');
            text.insert(0, 'long words before it all '.repeat(20));
            two.editors[1].add('at the end');
        }"""
    )
    two.focus(15, 10)
    two.shown()
    assert abs(two.page.evaluate(place) - before) <= 1
    assert two.caret()[1] == 10


def test_somebody_may_be_writing_in_a_point_that_has_not_come_yet(two: TwoPages) -> None:
    write(two, "One.")
    two.page.evaluate("() => two.editors[0].setWriters(new Map([['p000000000000000000000', 'Tom']]))")
    assert two.shown() == ["One."]


def test_words_put_into_a_point_that_was_struck_meanwhile_stay_to_be_seen(two: TwoPages) -> None:
    write(two, "First.", "Second.")
    two.page.evaluate("() => two.part()")
    two.focus(1, 0)
    two.press("Backspace")
    two.focus(1, None, which=1)
    two.type(" More.")
    two.page.evaluate("() => two.meet()")
    assert two.shown(0) == ["First.Second.", " More."]
    assert two.page.locator("#points-0 .pt--struck textarea").get_attribute("readonly") is not None
    two.page.click("#points-0 .pt--struck >> text=Put it back")
    assert two.page.locator("#points-0 .pt--struck").count() == 0


def test_who_may_not_write_reads(two: TwoPages) -> None:
    write(two, "One.")
    two.page.evaluate("() => two.allow(0, false)")
    assert two.page.locator("#points-0 .pt--next").count() == 0
    two.focus(0, 4)
    two.type("x")
    two.press("Enter", "Backspace")
    assert two.texts() == ["One."]
    two.press("Control+z")
    assert two.texts() == ["One."], "after the rights changed there is nothing to undo"


def test_a_fresh_document_takes_the_place_of_the_old_one_without_moving_the_caret(two: TwoPages) -> None:
    write(two, "One.", "Two.")
    two.focus(1, 2)
    two.page.evaluate("() => two.editors[0].attach(two.docs[1])")
    assert two.caret() == ("Two.", 2)
    two.type("x")
    assert two.texts(1) == ["One.", "Twxo."]


def test_one_keystroke_is_one_update(two: TwoPages) -> None:
    write(two, "a")
    before = two.page.evaluate("() => two.sent()")
    two.type("bcdef")
    assert two.page.evaluate("() => two.sent()") - before == 5


def test_typing_in_a_long_list_touches_nothing_but_the_field(two: TwoPages) -> None:
    two.page.evaluate("() => two.fill(150)")
    two.shown()
    two.focus(75, 5)
    touched = two.page.evaluate(
        """async () => {
            let touched = 0;
            const watcher = new MutationObserver(records => { touched += records.length; });
            const watched = {childList: true, subtree: true, attributes: true, characterData: true};
            for (const list of ['points-0', 'points-1']) watcher.observe(document.getElementById(list), watched);
            const field = document.activeElement;
            for (let i = 0; i < 50; i += 1) {
                field.setRangeText('a', 5, 5, 'end');
                field.dispatchEvent(new InputEvent('input', {bubbles: true}));
            }
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            return touched;
        }"""
    )
    # Growing with its words may be written to the field itself; with 150 points every other redrawing would show.
    assert touched <= 2 * 50


def test_redrawing_touches_only_what_changed(two: TwoPages) -> None:
    two.page.evaluate("() => two.fill(20)")
    two.shown()
    changed = two.page.evaluate(
        """async () => {
            let touched = 0;
            const watcher = new MutationObserver(records => { touched += records.length; });
            const watched = {childList: true, subtree: true, attributes: true, characterData: true};
            watcher.observe(document.getElementById('points-0'), watched);
            const [first] = two.points(1);
            two.docs[1].getMap('points').get(first.id).get('text').insert(0, 'x');
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            return touched;
        }"""
    )
    # The text of a field is no part of the tree; nothing else had to change.
    assert changed == 0


def test_the_list_is_accessible(two: TwoPages) -> None:
    write(two, "One.", "Two.")
    two.page.evaluate("() => two.editors[0].strike(two.editors[0].current())")
    assert_accessible(two.page)
    two.focus(0)
    two.press("Enter")
    two.type("@")
    two.page.wait_for_selector("[role=combobox]")
    assert_accessible(two.page)
