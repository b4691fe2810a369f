"""Backup and restore."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from server.db.backup import BackupError, backup, restore
from server.db.migrate import migrate


def url(data: Path) -> str:
    return f"sqlite:///{data / 'truerecord.sqlite3'}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a row, a key, and somebody who is writing."""
    folder = tmp_path / "data"
    migrate(url(folder))
    (folder / "secret").write_bytes(b"key")
    (folder / "keys").mkdir()
    (folder / "keys" / "record.pem").write_bytes(b"pem")
    (folder / "lock").touch()
    with closing(sqlite3.connect(folder / "truerecord.sqlite3")) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "INSERT INTO throttle (key, failures, since) VALUES ('k', 1, '2026-11-23 10:00:00')"
        )
    return folder


def rows(data: Path) -> int:
    with closing(sqlite3.connect(data / "truerecord.sqlite3")) as connection:
        return int(connection.execute("SELECT count(*) FROM throttle").fetchone()[0])


def test_a_backup_made_while_somebody_writes_holds_what_was_committed(data: Path, tmp_path: Path) -> None:
    writing = sqlite3.connect(data / "truerecord.sqlite3")
    writing.execute("INSERT INTO throttle (key, failures, since) VALUES ('open', 1, '2026-11-23 10:00:00')")
    backup(url(data), data, tmp_path / "copy")
    writing.rollback()
    writing.close()
    restore(url(tmp_path / "new"), tmp_path / "new", tmp_path / "copy")
    assert rows(tmp_path / "new") == 1


def test_keys_go_with_it_and_the_lock_does_not(data: Path, tmp_path: Path) -> None:
    backup(url(data), data, tmp_path / "copy")
    restore(url(tmp_path / "new"), tmp_path / "new", tmp_path / "copy")
    assert (tmp_path / "new" / "secret").read_bytes() == b"key"
    assert (tmp_path / "new" / "keys" / "record.pem").read_bytes() == b"pem"
    assert not (tmp_path / "new" / "lock").exists()
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600


def test_a_backup_goes_into_a_new_or_empty_folder(data: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "old").touch()
    with pytest.raises(BackupError, match="not empty"):
        backup(url(data), data, tmp_path / "copy")


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        backup(url(tmp_path), tmp_path, tmp_path / "copy")


def test_nothing_is_overwritten(data: Path, tmp_path: Path) -> None:
    backup(url(data), data, tmp_path / "copy")
    with pytest.raises(BackupError, match="already"):
        restore(url(data), data, tmp_path / "copy")


@pytest.mark.parametrize("name", ["secret", "truerecord.sqlite3"])
def test_a_backup_with_an_altered_file_is_not_brought_back(data: Path, tmp_path: Path, name: str) -> None:
    backup(url(data), data, tmp_path / "copy")
    file = tmp_path / "copy" / name
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(BackupError, match=name):
        restore(url(tmp_path / "new"), tmp_path / "new", tmp_path / "copy")
    assert not (tmp_path / "new").exists()


def test_a_backup_that_was_cut_short_is_not_brought_back(data: Path, tmp_path: Path) -> None:
    backup(url(data), data, tmp_path / "copy")
    (tmp_path / "copy" / "backup.json").unlink()
    with pytest.raises(BackupError, match="not a whole backup"):
        restore(url(tmp_path / "new"), tmp_path / "new", tmp_path / "copy")


def test_a_list_that_names_a_file_elsewhere_is_refused(data: Path, tmp_path: Path) -> None:
    backup(url(data), data, tmp_path / "copy")
    listed = tmp_path / "copy" / "backup.json"
    files = json.loads(listed.read_text())["files"]
    listed.write_text(json.dumps({"files": files | {"../data/secret": "0"}}))
    with pytest.raises(BackupError):
        restore(url(tmp_path / "new"), tmp_path / "new", tmp_path / "copy")
