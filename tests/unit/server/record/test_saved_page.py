"""A record's page as a browser saved it: what it shows is compared with the signed copy that it carries."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import authority
from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.passages import MOST_COMPARED, Passage, differing
from server.record.plain import to_plain
from server.record.report import report
from server.record.sealed import Record
from server.record.telling import tell
from server.record.verdict import Outcome, Verdict
from server.record.verify import verify
from server.routes.record import RecordPage
from server.templating import Templates
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE

URDU = "میں وقت پر نہیں آ سکی۔ </script><b>x</b> &amp; \"q\" it's ' > 😀"
WORRIES = "Part 1, “What we are worried about”"


def page_of(copy: Record) -> str:
    """The page as the server sends it."""
    templates = Templates(authority.load(Path("no folder")))
    return templates.text("record/record.html", RecordPage("/somewhere", tell(copy), to_plain(copy)))


@pytest.fixture(scope="session")
def page(key: SigningKey) -> str:
    odd = example.record(key, [example.point("p9", URDU, "view", example.KEELEY)])
    return page_of(copy_for(odd, PEOPLE[example.KEELEY], key))


@pytest.fixture(scope="session")
def known(key: SigningKey) -> frozenset[str]:
    return frozenset({key.public_key})


def changed(page: str, known: frozenset[str], old: str, new: str) -> Verdict:
    """The verdict where the first `old` of what the page shows is `new`."""
    data, end, shown = page.partition("'>\n<header")
    assert old in shown
    return verify((data + end + shown.replace(old, new, 1)).encode(), known)


def whats(verdict: Verdict) -> list[str]:
    return [misfit.what for misfit in verdict.misfits]


@pytest.mark.parametrize("person", [example.MARGARET, example.KEELEY, example.JANINE, example.ELLIE])
def test_the_page_of_everybody_verifies_as_it_was_sent(
    record: Record, key: SigningKey, known: frozenset[str], person: str
) -> None:
    copy = copy_for(record, PEOPLE[person], key)
    verdict = verify(page_of(copy).encode(), known)
    assert (verdict.outcome, verdict.misfits) == (Outcome.GENUINE, ())
    assert verdict.claim == verify(copy.to_bytes(), known).claim


def test_whatever_somebody_typed_neither_ends_the_data_nor_makes_the_page_unlike(
    page: str, known: frozenset[str]
) -> None:
    assert page.count("</script>") == page.count("<script")
    assert page.count("<b>x</b>") == 0
    assert verify(page.encode(), known).outcome is Outcome.GENUINE


def test_what_a_browser_does_to_a_page_that_it_saves_changes_nothing(
    page: str, known: frozenset[str]
) -> None:
    saved = page.replace(
        "<!doctype html>", "<!DOCTYPE html>\n<!-- saved from url=(0022)http://127.0.0.1/ -->"
    )
    saved = re.sub(r"\s+\n", "\n\n  ", saved).replace('<use href="#seal"/>', '<use href="#seal"></use>')
    saved = saved.replace('href="/', 'href="https://truerecord.example/')
    assert saved != page
    assert verify(saved.encode(), known).outcome is Outcome.GENUINE


def test_a_page_in_the_envelope_that_phones_save_is_read(page: str, known: frozenset[str]) -> None:
    head = (
        "From: <Saved by Blink>\r\nSubject: Record\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="x"\r\n\r\n'
    )
    part = "--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body = base64.encodebytes(page.encode()).decode().replace("\n", "\r\n")
    saved = f"{head}\r\n{part}{body}\r\n--x--\r\n".encode()
    assert verify(saved, known).outcome is Outcome.GENUINE
    other = base64.encodebytes(page.replace("two buses", "one bus", 1).encode()).decode()
    assert verify(saved.replace(body.encode(), other.encode()), known).outcome is Outcome.ALTERED


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("two buses", "one bus", f"{WORRIES}, point 3"),
        ("said by Keeley Marsh", "said by Ruth Adeyemi", f"{WORRIES}, point 3"),
        ("I asked in March", "I asked in May", f"{WORRIES}, point 2"),
        ("Left as it is", "Put right", f"{WORRIES}, point 1"),
        ("missed appointments", "nothing", f"{WORRIES}, point 1 of the chair’s summary"),
        ("right on point 2", "right on every point", f"{WORRIES}, the read-through"),
        ("every baby clinic", "no baby clinic", "Part 3, “What is working well”, point 1"),
        ("every baby clinic", "every single baby clinic", "Part 3, “What is working well”, point 1"),
        (" had nobody", "", f"{WORRIES}, point 3"),
        # A space more or less can change what words say.
        ("It was one", "It wasone", f"{WORRIES}, point 1"),
        ("Video", "Phone", "The first page, who was there: Ruth Adeyemi"),
        ("14 March 2013", "14 March 2003", "The first page"),
        ("Part 2 is not in this copy", "Nothing is left out of this copy", "What is not in this copy"),
        ("Signed for Harrowdale", "Signed for Another", "The last lines"),
    ],
)
def test_words_that_the_page_shows_otherwise_are_named_down_to_the_point(
    page: str, known: frozenset[str], old: str, new: str, named: str
) -> None:
    verdict = changed(page, known, old, new)
    assert verdict.outcome is Outcome.ALTERED
    assert whats(verdict) == [f"{named}, on the page"]


def test_a_point_put_into_the_page_is_named_by_what_it_follows(page: str, known: frozenset[str]) -> None:
    more = '<li class="rp" value="6"><span class="n">6</span><div><p>Made up.</p></div></li></ol>'
    verdict = changed(page, known, "</ol>", more)
    assert whats(verdict) == [f"{WORRIES}, point 5, on the page"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("had nobody", '<span class="vh">had</span> nobody'),
        ("had nobody", '<span style="display:none">had</span> nobody'),
        ("had nobody", "<span hidden>had</span> nobody"),
        ("had nobody", "<small>had</small> nobody"),
        ("had nobody", '<span class="vh" class="by">had</span> nobody'),
        ("had nobody", "had nobody<!-- --!> to help -->"),
        ("had nobody", "had nobody<![CDATA[ > to help ]]>"),
        ("had nobody", "had nobody<? > to help ?>"),
        ("had nobody", "had nobody<svg><p>to help</p></svg>"),
        ("</article>", '<img src="x" alt="other words"></article>'),
        ("</article>", "<style>.rp{display:none}</style></article>"),
        ("</article>", '</article><article class="record">More.</article>'),
    ],
)
def test_what_hides_words_or_shows_others_without_changing_them_is_found(
    page: str, known: frozenset[str], old: str, new: str
) -> None:
    assert changed(page, known, old, new).outcome is Outcome.ALTERED


@pytest.mark.parametrize(
    ("old", "new"),
    [("<del>This was said twice.</del>", "This was said twice."), ("had nobody", "had <del>nobody</del>")],
)
def test_what_is_struck_out_is_compared_as_well(page: str, known: frozenset[str], old: str, new: str) -> None:
    assert whats(changed(page, known, old, new)) == ["What is struck out on the page"]


def test_the_data_altered_with_the_words_is_found_by_its_hashes(page: str, known: frozenset[str]) -> None:
    verdict = verify(page.replace("two buses", "one bus").encode(), known)
    assert verdict.outcome is Outcome.ALTERED
    assert whats(verdict) == [f"{WORRIES}, point 3"]


def test_words_around_the_record_are_shown_as_not_signed(page: str, known: frozenset[str]) -> None:
    added = page.replace("</body>", "<p>She agreed to it all.</p></body>")
    told = not_signed(verify(added.encode(), known))
    assert told.endswith("She agreed to it all.")
    assert example.HEARING not in told
    many = added.replace("</body>", "more " * 10_000 + "</body>")
    told = not_signed(verify(many.encode(), known))
    assert "She agreed to it all." in told
    assert re.search(r"… and 9,\d{3} words more$", told)


def not_signed(verdict: Verdict) -> str:
    """What a report says of the words around the record on a page that is genuine."""
    assert verdict.outcome is Outcome.GENUINE
    return next(fact.text for fact in report(verdict).facts if fact.label == "Not signed")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (r"data-copy='[^']*'", "", "The record inside the page"),
        (r"data-copy='[^']*'", "data-copy='{}'", "The record inside the page"),
        (r'class="record"', 'class="rekord"', "The words of the page"),
        (r"(?s)'>\n<header.*</article>", "'></article>", "The words of the page"),
    ],
)
def test_a_page_without_its_data_or_its_words_is_altered(
    page: str, known: frozenset[str], old: str, new: str, what: str
) -> None:
    without = re.sub(old, new, page, count=1)
    assert without != page
    verdict = verify(without.encode(), known)
    assert verdict.outcome is Outcome.ALTERED
    assert whats(verdict) == [what]


@pytest.mark.parametrize(
    "data",
    [b"<", b"<html>", b"<!doctype html><p>true-record</p>", b"\xef\xbb\xbf <article>", b"<" * 5000,
     b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n"],
    ids=lambda data: repr(data[:20]),
)  # fmt: skip
def test_any_other_page_is_not_a_record(data: bytes) -> None:
    assert verify(data).outcome is Outcome.NOT_A_RECORD


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_changed_letter_of_a_page_stops_the_check(
    page: str, known: frozenset[str], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(page) - 1))
    letter = data.draw(st.characters())
    outcome = verify((page[:index] + letter + page[index + 1 :]).encode("utf-8", "replace"), known).outcome
    assert outcome in {Outcome.GENUINE, Outcome.ALTERED}


def test_words_changed_beyond_comparing_are_named_from_the_first_to_the_last() -> None:
    number = int(MOST_COMPARED**0.5) + 1
    old, new = (" ".join(f"{letter}{index}" for index in range(number)) for letter in "ab")
    parts = [Passage("one", "first"), Passage("two", old), Passage("three", "last")]
    assert differing(parts, f"first {old} last", f"first {new} last") == ["two"]
