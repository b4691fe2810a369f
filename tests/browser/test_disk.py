"""What a page says when the server's disk takes nothing, or has lost something."""

from __future__ import annotations

import sqlite3

from playwright.sync_api import expect

from tests.browser.desk import expect_texts, saved, sit_down, stored, write
from tests.browser.meeting import Meeting


def test_while_nothing_can_be_stored_the_page_says_so_takes_more_words_and_saves_them_by_itself(
    meeting: Meeting,
) -> None:
    typist = sit_down(meeting)
    write(typist, "First.")
    saved(typist)
    other = sqlite3.connect(meeting.server.data / "truerecord.sqlite3", isolation_level=None, timeout=60)
    other.execute("BEGIN IMMEDIATE")
    try:
        typist.keyboard.type(" Second.")
        expect(typist.locator("#saved")).to_contain_text("not saved yet")
        expect(typist.locator("#where")).to_contain_text("The server cannot save just now. Keep typing.")
        typist.keyboard.type(" Third.")
        expect(typist.locator("#saved")).to_contain_text("not saved yet")
        assert stored(meeting) == ["First."]
    finally:
        other.execute("ROLLBACK")
        other.close()
    saved(typist)
    expect(typist.locator("#where")).not_to_contain_text("cannot save")
    expect_texts(typist, "First. Second. Third.")
    assert stored(meeting) == ["First. Second. Third."]


def test_a_damaged_part_says_so_once_and_the_next_part_is_typed_in(meeting: Meeting) -> None:
    lane = meeting.parts[0]["lanes"]["minutes"]
    database = sqlite3.connect(meeting.server.data / "truerecord.sqlite3", timeout=60)
    with database:
        database.execute(
            "INSERT INTO update_log (lane, seq, participant_id, client, at, body, hash)"
            " VALUES (?, 1, 'nobody', 7, '2026-11-22 10:00:00.000000', x'00', x'00')",
            (lane,),
        )
    database.close()
    typist = sit_down(meeting)
    asked: list[str] = []
    typist.on("request", lambda request: asked.append(request.url))
    typist.reload()
    expect(typist.locator("#minutes-lane .notice")).to_contain_text("was damaged")
    expect(typist.locator("#minutes-lane textarea:visible")).to_have_count(0)
    saved(typist)
    typist = sit_down(meeting, part=1)
    write(typist, "Keeley asked for help in May.")
    saved(typist)
    assert stored(meeting, part=1) == ["Keeley asked for help in May."]
    # A fresh copy would only be refused like the one before it, again and again.
    assert [url for url in asked if url.endswith("/client-id")] == []
