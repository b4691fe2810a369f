"""The PDF of a copy: readable by everyone, signed, the same each time, and altered only in plain sight."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path

import pikepdf
import pypdf
import pytest
import typst
from pyhanko.pdf_utils.generic import NameObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from server.record import glyphs
from server.record import pdf as printing
from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.pdf import pdf_of
from server.record.plain import from_plain, to_plain
from server.record.sealed import Record
from server.record.telling import Told, tell
from server.record.verdict import Outcome
from server.record.verify import verify
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE


@pytest.fixture(scope="session")
def copy(record: Record, key: SigningKey) -> Record:
    return copy_for(record, PEOPLE[example.KEELEY], key)


@pytest.fixture(scope="session")
def file(copy: Record, key: SigningKey) -> bytes:
    return pdf_of(copy, key)


def text_of(file: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_printed_copy_is_genuine(file: bytes, key: SigningKey) -> None:
    verdict = verify(file, frozenset({key.public_key}))
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.claim is not None
    assert verdict.claim.made_for == "Keeley Marsh"


async def test_a_printed_copy_is_genuine_wherever_it_is_checked(file: bytes, key: SigningKey) -> None:
    # Here an event loop is running already.
    assert verify(file, frozenset({key.public_key})).outcome is Outcome.GENUINE


def test_the_same_copy_is_printed_to_the_same_bytes(copy: Record, key: SigningKey, file: bytes) -> None:
    assert pdf_of(copy, key) == file


def test_the_pages_hold_the_words_and_who_said_them(file: bytes) -> None:
    text = text_of(file)
    assert example.HEARING in text
    assert "Keeley Marsh, mother" in text
    assert "Put right at 10:45 by Tom Whitcombe" in text
    assert "typed" not in text.lower()


def test_a_closed_part_is_nowhere_in_the_file_of_a_parent(file: bytes) -> None:
    document = pikepdf.open(io.BytesIO(file))
    streams = b"".join(
        each.read_bytes()
        for each in document.objects
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") != "/Image"
    )
    for hidden in (example.SECRET, example.SECRET_TITLE, example.CLOSED_PART + '"'):
        assert hidden not in text_of(file)
        assert hidden.encode() not in streams


def test_the_pdf_is_tagged_for_screen_readers_and_made_for_the_archive(file: bytes) -> None:
    document = pikepdf.open(io.BytesIO(file))
    assert document.Root.MarkInfo.Marked
    assert document.Root.StructTreeRoot.K is not None
    assert str(document.Root.Lang) == "en-GB"
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


def test_headings_tables_and_languages_are_in_the_structure(record: Record, key: SigningKey) -> None:
    urdu = example.record(key, [example.point("p9", "میں وقت پر نہیں آ سکی۔", "view", example.KEELEY)])
    document = pikepdf.open(io.BytesIO(pdf_of(copy_for(urdu, PEOPLE[example.KEELEY], key), key)))
    kinds = {
        str(each.S)
        for each in document.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem"
    }
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/LBody"} <= kinds
    assert any(b"/Lang(ur" in page.Contents.read_bytes() for page in document.pages)


@pytest.mark.parametrize(
    "text",
    [
        "😀 👨‍👩‍👧 👍🏽",
        "میں وقت پر نہیں آ سکی۔ Keeley said \u202b",
        "control \x00\x07\x1b[31m \x7f \x9b",
        "\ud83d half",
        "中文 \ue000 \U0010ffff \ufeff \u2028",
        "a\u0301\u0301\u0301\u0301 z\u0335\u0489 \u0e33 \u200d\u200d \ufe0f",
        "ক\u09cd\u200dষ ਕ\u0a4dਰ क्ष",
        '#import "x" $x^2$ *b* _i_ `c` <l> @r \\ // /* [ ] { }',
        "x" * 4000,
        "word " * 3000,
        "   ",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_nothing_anyone_types_stops_a_record_from_being_printed(key: SigningKey, text: str) -> None:
    odd = example.record(key, [example.point("p9", text, "view", example.KEELEY)])
    copy = copy_for(odd, PEOPLE[example.KEELEY], key)
    assert verify(pdf_of(copy, key), frozenset({key.public_key})).outcome is Outcome.GENUINE


def test_what_the_fonts_cannot_shape_is_printed_by_name(
    copy: Record, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_text: str) -> str:
        # A printer that lets through what no font has: the export refuses, and the plainest form is printed.
        return "\ue000"

    monkeypatch.setattr(glyphs, "printable", cannot)
    with pytest.raises(typst.TypstError):
        printing._typeset(copy, glyphs.line)
    assert example.HEARING in text_of(pdf_of(copy, key))


def test_a_text_can_never_become_a_command_of_the_typesetter(key: SigningKey) -> None:
    command = '#read("/etc/passwd") #panic("x")'
    odd = example.record(key, [example.point("p9", command)])
    assert command in text_of(pdf_of(copy_for(odd, PEOPLE[example.KEELEY], key), key))


def test_words_changed_in_an_added_revision_are_detected(file: bytes, tmp_path: Path) -> None:

    writer = IncrementalPdfFileWriter(io.BytesIO(file))
    writer.root[NameObject("/Changed")] = pdf_string("other words")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(file)
    verdict = verify(out.getvalue())
    assert verdict.outcome is Outcome.ALTERED
    assert "Something was added to the PDF after signing." in [misfit.why for misfit in verdict.misfits]


def test_a_pdf_written_anew_without_its_signature_is_detected(file: bytes) -> None:
    document = pikepdf.open(io.BytesIO(file))
    del document.Root.AcroForm
    for page in document.pages:
        if "/Annots" in page:
            del page.Annots
    out = io.BytesIO()
    document.save(out)
    verdict = verify(out.getvalue())
    assert verdict.outcome is Outcome.ALTERED
    assert verdict.fitting == (1, 3)
    assert [misfit.what for misfit in verdict.misfits] == ["The signature of the PDF"]


def test_a_pdf_whose_record_was_taken_out_is_detected(file: bytes) -> None:
    document = pikepdf.open(io.BytesIO(file))
    del document.Root.Names
    out = io.BytesIO()
    document.save(out)
    assert verify(out.getvalue()).outcome is Outcome.ALTERED


def test_pages_of_one_record_with_the_data_of_another_are_detected(
    copy: Record, key: SigningKey, tmp_path: Path
) -> None:
    forger = example.new_key(tmp_path)
    mixed = printing._sign(printing.print_copy(copy), copy, forger)
    verdict = verify(mixed, frozenset({key.public_key}))
    assert verdict.outcome is Outcome.ALTERED
    assert [misfit.what for misfit in verdict.misfits] == ["The signature of the PDF"]


@pytest.mark.parametrize("seed", range(40))
def test_any_single_changed_byte_of_a_pdf_is_detected(file: bytes, seed: int) -> None:
    chance = random.Random(seed)
    index = chance.randrange(len(file))
    changed = bytearray(file)
    changed[index] ^= 1 << chance.randrange(8)
    assert verify(bytes(changed)).outcome is Outcome.ALTERED


@pytest.mark.parametrize("offset", [1, 40, 1500, 3000, 6000, 8100])
def test_a_byte_changed_in_the_room_of_the_signature_is_detected(file: bytes, offset: int) -> None:
    start = file.index(b"/Contents <") + len(b"/Contents <")
    changed = bytearray(file)
    changed[start + offset] = ord("1") if changed[start + offset] != ord("1") else ord("2")
    assert verify(bytes(changed)).outcome is Outcome.ALTERED


@pytest.mark.parametrize("length", [0, 9, 1000, 40_000])
def test_a_pdf_cut_short_is_altered_or_no_record(file: bytes, length: int) -> None:
    assert verify(file[:length]).outcome in {Outcome.ALTERED, Outcome.NOT_A_RECORD}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("two buses", "one bus", "Part 1, “What we are worried about”, point 3, on the printed page"),
        ("every baby", "no baby", "Part 3, “What is working well”, point 1, on the printed page"),
        ("Video", "Phone", "The first page, who was there: Ruth Adeyemi, on the printed page"),
    ],
)
def test_what_was_altered_on_a_printed_page_is_named_down_to_the_point(
    copy: Record, key: SigningKey, monkeypatch: pytest.MonkeyPatch, old: str, new: str, named: str
) -> None:
    honest = tell(copy)
    with monkeypatch.context() as forger:
        # Somebody who edits a PDF changes its pages, keeps the data in it, and cannot sign it.
        changed = json.dumps(to_plain(honest), ensure_ascii=False).replace(old, new)
        forger.setattr(printing, "tell", lambda _copy: from_plain(Told, json.loads(changed)))
        file = printing.print_copy(copy)
    verdict = verify(file, frozenset({key.public_key}))
    assert verdict.outcome is Outcome.ALTERED
    assert [misfit.what for misfit in verdict.misfits] == ["The signature of the PDF", named]


def test_another_pdf_is_not_a_record() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out)
    assert verify(out.getvalue()).outcome is Outcome.NOT_A_RECORD
