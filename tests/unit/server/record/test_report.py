"""The command that checks a file, and its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.record.copy import copy_for, whole_copy
from server.record.keys import SigningKey, load_or_make
from server.record.report import verify_command
from server.record.sealed import Record
from tests.unit.server.record import example
from tests.unit.server.record.example import PEOPLE


@pytest.fixture
def file(record: Record, key: SigningKey, tmp_path: Path) -> Path:
    path = tmp_path / "record.json"
    path.write_bytes(copy_for(record, PEOPLE[example.KEELEY], key).to_bytes())
    return path


def test_a_genuine_file_exits_0_and_is_told_in_plain_words(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_command(file) == 0
    said = capsys.readouterr().out
    assert said.startswith("Genuine. This copy is exactly what was signed. Not one letter has been changed.")
    assert "Signed by: Margaret Osei, for Harrowdale Council" in said
    assert "This copy was made for: Keeley Marsh, 3 of 6" in said
    assert "2 of 3. Part 2 was left out of this copy on purpose." in said
    assert "Compare it with the fingerprint that the council publishes." in said


def test_the_councils_own_file_says_so(
    record: Record, key: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.json").write_bytes(whole_copy(record, key).to_bytes())
    assert verify_command(tmp_path / "own.json") == 0
    assert "made for: the council’s own file" in capsys.readouterr().out


def test_with_the_published_key_it_says_whose_key_it_is(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = load_or_make(tmp_path, "Harrowdale")
    (tmp_path / "a.json").write_bytes(whole_copy(example.record(key), key).to_bytes())
    assert verify_command(tmp_path / "a.json", tmp_path / "record-public-key.pem") == 0
    assert "Signed with this council’s own key." in capsys.readouterr().out


def test_with_another_councils_key_it_is_not_genuine(file: Path, tmp_path: Path) -> None:
    load_or_make(tmp_path / "other", "Another council")
    assert verify_command(file, tmp_path / "other" / "record-public-key.pem") == 1


def test_an_altered_file_exits_1_and_names_the_point(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_bytes().replace(b"two buses", b"one bus"))
    assert verify_command(file) == 1
    said = capsys.readouterr().out
    assert said.startswith("Altered. This file is not what was signed. Do not rely on it.")
    assert "Part 1, “What we are worried about”, point 3." in said
    assert "What fits: Part 3\n" in said


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4", b'{"a": 1}'])
def test_any_other_file_exits_2(tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other").write_bytes(data)
    assert verify_command(tmp_path / "other") == 2
    assert "This is not a record from True Record." in capsys.readouterr().out


def test_a_file_that_is_not_there_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_command(tmp_path / "none") == 2
    assert "cannot be read" in capsys.readouterr().out


def test_a_key_that_cannot_be_read_exits_2_and_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_command(file, tmp_path / "none.pem") == 2
    assert "no public key" in capsys.readouterr().out
