"""A run says whether real typing is played, and does not pass over recordings it was told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import recordings


def folder(place: Path, *names: str) -> Path:
    place.mkdir(exist_ok=True)
    for name in names:
        (place / name).touch()
    return place


def test_recordings_in_the_named_folder_are_found_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(recordings.VARIABLE, str(folder(tmp_path, *recordings.NAMES)))
    assert recordings.recording(recordings.NAMES[0]) == tmp_path / recordings.NAMES[0]
    assert recordings.told() == f"recordings of real typing: 3, from {tmp_path}"


def test_a_recording_missing_from_the_named_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = recordings.NAMES
    monkeypatch.setenv(recordings.VARIABLE, str(folder(tmp_path, *others)))
    with pytest.raises(FileNotFoundError, match=first):
        recordings.recording(first)
    assert f"1 of 3 missing from {tmp_path}" in recordings.told()


def test_where_nothing_was_named_and_nothing_lies_beside_the_checkout_the_run_says_it_makes_typing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(recordings.VARIABLE, raising=False)
    monkeypatch.setattr(recordings, "BESIDE", tmp_path)
    assert recordings.recording(recordings.NAMES[0]) is None
    assert "typing that is made up is played" in recordings.told()
    folder(tmp_path, *recordings.NAMES)
    assert recordings.recording(recordings.NAMES[0]) == tmp_path / recordings.NAMES[0]


def test_the_head_of_every_run_says_so(pytestconfig: pytest.Config) -> None:
    heads = pytestconfig.hook.pytest_report_header(config=pytestconfig, start_path=Path.cwd())
    assert recordings.told() in heads
