"""Settling flags, letting people in, reading through and leading the meeting at the desk, mostly by keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.checks import assert_accessible
from tests.browser.desk import caret, expect_texts, fields, flag, saved, sit_down, stored, write
from tests.browser.meeting import Meeting
from tests.browser.patience import patient
from tests.browser.reading import act, say, up_to_date

STORING_MS = 5_000
"""What waits for words to be stored gives up after so long, and says so."""


@pytest.mark.rule("R-57")
def test_a_flag_arrives_and_nothing_under_the_typist_moves(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    typist = sit_down(meeting)
    write(typist, "In the middle of a sen")
    saved(typist)
    typist.keyboard.press("ArrowLeft")
    place = """() => [document.activeElement.tagName, document.activeElement.selectionStart,
        document.activeElement.getBoundingClientRect().top, document.getElementById('list').scrollTop, scrollY]"""
    before = typist.evaluate(place)
    flag(meeting, point, words="I asked in March.")
    flag(meeting, point, "missing", who="social_worker")
    expect(typist.locator("#queue .count")).to_have_text("2")
    assert typist.evaluate(place) == before
    mark = typist.get_by_label("2 flags on point 1. Go to it")
    expect(mark).to_be_visible()
    assert_accessible(typist)


def test_f2_goes_to_the_oldest_flag_and_back_to_the_very_same_letter(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    first = flag(meeting, point)
    flag(meeting, point, "missing", who="social_worker")
    typist = sit_down(meeting)
    write(typist, "In the middle of a sentence")
    for _ in range(8):
        typist.keyboard.press("ArrowLeft")
    typist.keyboard.press("F2")
    expect(typist.locator(f"#flag-{first}")).to_be_focused()
    typist.keyboard.press("F2")
    assert caret(typist) == ("In the middle of a sentence", 19)
    typist.keyboard.press("F2")
    expect(typist.locator(f"#flag-{first}")).to_be_focused()
    typist.keyboard.press("Escape")
    assert caret(typist) == ("In the middle of a sentence", 19)


def test_a_point_is_put_right_by_keys_alone_and_the_flag_shows_both_wordings(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point, words="I asked in March.")
    typist = sit_down(meeting)
    patient(typist, STORING_MS)
    typist.reload()
    saved(typist)
    write(typist, "Something else")
    typist.keyboard.press("F2")
    typist.keyboard.press("p")
    assert caret(typist) == ("Keeley asked in May.", 20)
    for _ in range(4):
        typist.keyboard.press("Backspace")
    typist.keyboard.type("March.")
    typist.keyboard.press("F2")
    typist.keyboard.press("p")
    queue = typist.locator("#queue")
    expect(queue).to_contain_text("Put right,")
    expect(queue.locator("del")).to_have_text("May.")
    expect(queue.locator("ins")).to_have_text("March.")
    assert_accessible(typist)
    expect(typist.get_by_label("One flag on point 1, settled. See it")).to_be_visible()


def test_a_flag_is_put_right_when_only_who_said_its_point_was_wrong(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point, words="Kelly said it.")
    typist = sit_down(meeting)
    saved(typist)
    typist.keyboard.press("F2")
    typist.keyboard.press("p")
    assert caret(typist) == ("Keeley asked in May.", 20)
    typist.keyboard.press("F4")
    expect(typist.get_by_role("combobox")).to_be_focused()
    typist.keyboard.type("kel")
    typist.keyboard.press("Enter")
    saved(typist)
    assert stored(meeting) == ["Keeley asked in May."]
    typist.keyboard.press("F2")
    typist.keyboard.press("p")
    expect(typist.locator("#queue")).to_contain_text("Put right,")


def test_a_flag_whose_point_is_as_it_was_is_not_put_right(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point)
    typist = sit_down(meeting)
    saved(typist)
    for _ in range(2):
        typist.keyboard.press("F2")
        typist.keyboard.press("p")
    expect(typist.locator("#queue")).to_contain_text("Change the point first")
    expect(typist.locator("#queue .count")).to_have_text("1")


@pytest.mark.rule("R-57")
def test_leaving_it_as_it_is_needs_a_reason(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    made = flag(meeting, point)
    chair = sit_down(meeting, "chair")
    chair.keyboard.press("F2")
    chair.keyboard.press("l")
    reason = chair.locator(f"#left-{made}")
    expect(reason).to_be_focused()
    assert_accessible(chair)
    chair.keyboard.press("Tab")
    chair.keyboard.press("Enter")
    expect(chair.locator("#queue .count")).to_have_text("1")
    reason.fill("It is what was said.")
    chair.keyboard.press("Tab")
    chair.keyboard.press("Enter")
    expect(chair.locator("#queue")).to_contain_text("Left as it is,")
    (flagged,) = act(meeting, "parent", "GET", "")["flags"]
    assert (flagged["outcome"], flagged["answer"]) == ("left", "It is what was said.")


def test_what_is_being_written_in_the_queue_is_not_drawn_over(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    made = flag(meeting, point, "question", words="Who rings?")
    chair = sit_down(meeting, "chair")
    chair.keyboard.press("F2")
    chair.keyboard.press("a")
    answer = chair.locator(f"#answer-{made}")
    expect(answer).to_be_focused()
    chair.keyboard.type("Ruth rings ")
    act(meeting, "social_worker", "POST", "/requests", kind="speak")
    expect(chair.locator("#queue .count")).to_have_text("2")
    expect(chair.locator(".q__rest")).to_contain_text("Would like to speak")
    expect(answer).to_be_focused()
    chair.keyboard.type("today.")
    expect(answer).to_have_value("Ruth rings today.")
    chair.get_by_role("button", name="Send the answer").click()
    expect(chair.locator("#queue")).to_contain_text("Answered,")


def test_a_flag_settled_by_the_other_shows_what_became_of_it(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    made = flag(meeting, point)
    chair = sit_down(meeting, "chair")
    chair.keyboard.press("F2")
    expect(chair.locator(f"#flag-{made}")).to_be_focused()
    act(meeting, "minute_taker", "POST", f"/flags/{made}/answer", outcome="answered", words="Yes.")
    expect(chair.locator(f"#flag-{made}")).to_contain_text("Answered,")
    expect(chair.locator(f"#flag-{made}")).to_be_focused()


@pytest.mark.rule("R-58")
def test_spelling_waits_for_afterwards(meeting: Meeting) -> None:
    point = say(meeting, "Keely asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point, "spelling")
    chair = sit_down(meeting, "chair")
    expect(chair.locator("#queue")).to_contain_text("Nothing is waiting")
    expect(chair.locator("#queue")).to_contain_text("1 spelling flag waits for afterwards.")
    meeting.phase("closed")
    expect(chair.locator("#about")).to_contain_text("The meeting is over.")
    chair.reload()
    expect(chair.locator("#queue .count")).to_have_text("1")


def test_requests_are_seen_to(meeting: Meeting) -> None:
    act(meeting, "parent", "POST", "/requests", kind="break")
    act(meeting, "child", "POST", "/requests", kind="not_safe")
    chair = sit_down(meeting, "chair")
    first = chair.locator("#queue article")
    # Who is not safe does not wait behind anybody.
    expect(first).to_contain_text("It is not safe for this person")
    chair.keyboard.press("F2")
    chair.keyboard.press("d")
    expect(first).to_contain_text("Needs a break")


def test_somebody_who_waits_is_let_in_and_somebody_is_sent_out(meeting: Meeting) -> None:
    chair = sit_down(meeting, "chair")
    parent = meeting.knock("parent", phone=True)
    expect(chair.locator("#present .wants")).to_contain_text("Kelly Marsh")
    chair.get_by_role("button", name="Let in Kelly Marsh").click()
    expect(chair.locator("#present .wants")).to_have_count(0)
    up_to_date(parent)
    row = chair.locator(f"#person-{meeting.person('parent')['id']}")
    row.locator("summary").click()
    assert_accessible(chair)
    row.locator("input[name=reason]").fill("Threatened somebody.")
    row.get_by_role("button", name="Send out Kelly Marsh").click()
    expect(row).to_contain_text("removed")
    expect(parent.locator("main")).to_contain_text("The chair has ended your part in the meeting")


def test_the_areas_are_walked_with_f6(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point)
    chair = sit_down(meeting, "chair")
    area = "() => document.activeElement.closest('[data-area]')?.dataset.area"
    fields(chair).first.focus()
    found = []
    for _ in range(5):
        found.append(chair.evaluate(area))
        chair.keyboard.press("F6")
    assert found == ["minutes", "summary", "queue", "people", "parts"]
    chair.keyboard.press("Shift+F6")
    assert chair.evaluate(area) == "parts"


@pytest.mark.rule("R-65")
def test_the_chair_reads_through_by_keys_and_enters_what_is_said_by_voice(meeting: Meeting) -> None:
    say(meeting, "First point.", who="Nadia Rahman", part=0)
    say(meeting, "Second point.", who="Nadia Rahman", part=0)
    chair = sit_down(meeting, "chair")
    typist = sit_down(meeting)
    chair.keyboard.press("F9")
    reading = chair.locator("#reading")
    expect(reading.locator(".now__text")).to_have_text("First point.")
    assert_accessible(chair)
    row = reading.locator(f"#answer-{meeting.person('parent')['id']}")
    expect(row).to_contain_text("Not answered yet")
    row.get_by_text("By voice", exact=True).click()
    row.get_by_role("button", name="Right, by voice: Kelly Marsh", exact=True).click()
    expect(row).to_contain_text("Right, by voice,")
    # The typist puts a word right: the chair reads the new wording, and asks again.
    fields(typist).first.focus()
    typist.keyboard.press("End")
    typist.keyboard.press("Backspace")
    typist.keyboard.type(", put right.")
    expect(reading.locator(".now__text")).to_have_text("First point, put right.")
    chair.keyboard.press("F9")
    expect(reading.locator(".now__text")).to_have_text("Second point.")
    chair.keyboard.press("Shift+F9")
    expect(reading.locator(".now__text")).to_have_text("First point, put right.")
    expect(row).to_contain_text("Asked again")
    chair.get_by_role("button", name="End the read-through").click()
    expect(chair.locator("#points")).to_be_visible()


def test_a_part_is_begun_and_the_other_page_says_so(meeting: Meeting) -> None:
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    chair.locator("#parts a", has_text="What is going well").click()
    chair.get_by_role("button", name="Begin this part").click()
    expect(chair.locator("#parts [aria-current]")).to_contain_text("Now")
    now = typist.locator("#parts li", has_text="What is going well")
    expect(now).to_contain_text("Now")
    # The typist is still where they were.
    expect(typist.locator("#head h1")).to_have_text("Introductions")


def test_leaving_the_page_waits_until_the_words_are_stored(meeting: Meeting) -> None:
    chair = sit_down(meeting, "chair")
    patient(chair, STORING_MS)
    chair.reload()
    saved(chair)
    write(chair, "The last words before the break.")
    chair.get_by_role("button", name="Take a break").click()
    expect(chair.locator("#about")).to_contain_text("The meeting has stopped for now.")
    assert stored(meeting) == ["The last words before the break."]


def test_the_pen_is_handed_over_and_taken_back_from_the_list_of_commands(meeting: Meeting) -> None:
    chair = sit_down(meeting, "chair")
    chair.keyboard.press("Control+k")
    chair.keyboard.type("hand nadia")
    chair.keyboard.press("Enter")
    expect(chair.locator("#about")).to_contain_text("Nadia")
    saved(chair)
    chair.keyboard.press("Control+k")
    chair.keyboard.type("take nadia")
    chair.keyboard.press("Enter")
    expect(chair.locator("#about")).not_to_contain_text("Nadia")


def test_signing_is_refused_with_what_is_missing_and_then_freezes_every_page(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    made = flag(meeting, point)
    typist = sit_down(meeting)
    chair = sit_down(meeting, "chair")
    chair.keyboard.press("Control+k")
    chair.keyboard.type("sign")
    chair.keyboard.press("Enter")
    expect(chair.locator("h1")).to_have_text("Not ready to sign")
    assert_accessible(chair)
    chair.get_by_role("link", name="has no answer yet").click()
    expect(chair.locator(f"#flag-{made}")).to_be_visible()
    act(meeting, "chair", "POST", f"/flags/{made}/answer", outcome="answered")
    chair.goto(f"{meeting.base('chair')}/?sign=1")
    assert_accessible(chair)
    chair.get_by_role("button", name="Sign the record").click()
    expect_texts(typist, "Keeley asked in May.")
    expect(typist.locator("#about")).to_contain_text("Nothing can be changed after signing.")
    expect(fields(typist).first).to_have_attribute("readonly", "")
    assert typist.locator("#points .pt--next").count() == 0
    assert_accessible(typist)


def test_the_desk_works_without_scripts(meeting: Meeting) -> None:
    point = say(meeting, "Keeley asked in May.", who="Nadia Rahman", part=0)
    flag(meeting, point, words="In March.")
    act(meeting, "social_worker", "POST", "/requests", kind="speak")
    with_script = sit_down(meeting, "chair")
    address = with_script.url
    kept = with_script.context.storage_state()
    chair = meeting._new_context(java_script_enabled=False, storage_state=kept).new_page()
    chair.goto(address)
    expect(chair.locator("#points")).to_contain_text("Keeley asked in May.")
    assert chair.locator("#points textarea").count() == 0
    chair.fill("#add", "Added without scripts.")
    chair.click("text=Add the point")
    expect(chair.locator("#points")).to_contain_text("Added without scripts.")
    chair.locator("#queue summary", has_text="Answer").click()
    chair.locator("#queue textarea:visible").fill("Thank you.")
    chair.click("text=Send the answer")
    expect(chair.locator("#queue")).to_contain_text("Would like to speak")
    chair.click("text=Seen to")
    expect(chair.locator("#queue")).to_contain_text("Nothing is waiting")
    chair.click("text=Read through")
    expect(chair.locator("#reading .now__text")).to_have_text("Keeley asked in May.")
    chair.click("text=Next point")
    expect(chair.locator("#reading .now__text")).to_have_text("Added without scripts.")
    chair.click("text=End the read-through")
    expect(chair.locator("#points")).to_contain_text("Added without scripts.")
    chair.click("text=Take a break")
    expect(chair.locator("#about")).to_contain_text("The meeting has stopped for now.")
