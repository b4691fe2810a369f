"""A stranger's file is checked in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from server.record import apart
from server.record.apart import MEMORY_BYTES, NotCheckedError, verify_apart
from server.record.copy import copy_for
from server.record.keys import SigningKey
from server.record.pdf_check import ATTACHMENT
from server.record.sealed import Record
from server.record.verdict import Outcome
from server.record.verify import verify
from tests.unit.server.record import example

ROOT = Path(__file__).resolve().parents[4]
MEASURE = """
import resource, subprocess, sys
subprocess.run([sys.argv[1], "-m", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""From a small process, because a child begins with what its parent holds, and that would be counted as the child's."""

LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&a9;</x:xmpmeta>"
).encode()
"""Some hundred bytes of XML that a careless parser makes two thousand million of."""


def test_the_verdict_is_the_same_as_in_this_process(record: Record, key: SigningKey) -> None:
    file = copy_for(record, example.PEOPLE[example.KEELEY], key).to_bytes()
    known = frozenset({key.public_key})
    assert verify_apart(file, known) == verify(file, known)
    assert verify_apart(file.replace(b"March", b"April"), known) == verify(
        file.replace(b"March", b"April"), known
    )


def test_of_a_file_that_there_was_no_time_for_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(NotCheckedError):
        verify_apart(b"%PDF-1.7", frozenset())


@pytest.mark.parametrize(
    ("what", "ends_with"),
    [
        (f"bytearray({MEMORY_BYTES})", 1),  # a MemoryError
        ("while True: pass", -signal.SIGKILL),
    ],
    ids=["memory", "time"],
)
def test_a_checking_process_takes_no_more_than_it_may(what: str, ends_with: int) -> None:
    code = f"from server.record import apart\napart.PROCESSOR_SECONDS = 1\napart.hold_back()\n{what}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False, timeout=600
    )
    assert done.returncode == ends_with
    assert (b"MemoryError" in done.stderr) == (ends_with == 1)


def pdf(attached: bytes, filters: str, about: bytes = b"") -> bytes:
    """A PDF made by hand, with an attachment of the record's name, packed as `filters` say, and XML about it."""
    streams = {
        4: (f"/Type /EmbeddedFile /Filter [{filters}]", attached),
        5: ("/Type /Metadata /Subtype /XML", about),
    }
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R /Names << /EmbeddedFiles << /Names ["
        + f"({ATTACHMENT}) 3 0 R".encode()
        + b"] >> >> >>",
        2: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
        3: f"<< /Type /Filespec /F ({ATTACHMENT}) /EF << /F 4 0 R >> >>".encode(),
        6: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
    }
    for number, (head, body) in streams.items():
        objects[number] = f"<< {head} /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"
    file, places = b"%PDF-1.7\n", []
    for number in sorted(objects):
        places.append(len(file))
        file += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return file + f"{end}startxref\n{len(file)}\n%%EOF\n".encode()


def packed(size: int) -> bytes:
    """So many bytes of the same, packed twice: a thousandth, and of that a thousandth."""
    once = zlib.compressobj(9)
    piece = bytes(1 << 20)
    flat = b"".join(once.compress(piece) for _ in range(size >> 20)) + once.flush()
    return zlib.compress(flat, 9)


def test_an_attachment_is_read_from_such_a_file() -> None:
    small = pdf(zlib.compress(zlib.compress(b"not a record")), "/FlateDecode /FlateDecode", LAUGHS)
    assert (
        verify(small).outcome is not Outcome.NOT_A_RECORD
    )  # it has what our records have, and is none of them


@pytest.mark.parametrize(
    ("what", "file"),
    [
        ("packed", pdf(packed(4 * MEMORY_BYTES), "/FlateDecode /FlateDecode")),
        ("XML that grows", pdf(LAUGHS, "", LAUGHS)),
    ],
    ids=["packed", "XML"],
)
def test_a_file_that_grows_when_it_is_read_takes_no_more_memory_than_it_may(what: str, file: bytes) -> None:
    assert len(file) < 100_000, what
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, sys.executable, apart.__name__],
        input=json.dumps([]).encode() + b"\n" + file,
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert 0 < int(measured.stdout) * 1024 < MEMORY_BYTES
    assert verify_apart(file, frozenset()).outcome in {Outcome.NOT_A_RECORD, Outcome.ALTERED}
