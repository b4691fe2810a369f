"""A copy of everything a server needs, made while it runs, and brought back on an empty machine.

The database is copied by SQLite's own online backup: one consistent moment, while people type. The keys
and the council's profile go with it, so a backup is as confidential as the data folder and is made
readable by its owner only.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

_DATABASE = "truerecord.sqlite3"
_LIST = "backup.json"
_NOT_COPIED = frozenset({"lock", _DATABASE, _LIST})


class BackupError(Exception):
    """The backup could not be made or brought back; its text says why and what to do."""


def backup(database: str, data: Path, target: Path) -> int:
    """Copy the database and the data folder's other files to `target`, a new or empty folder; how many files.

    Raises:
        BackupError: there is nothing to copy, or something in the way.
    """
    source = _file_of(database)
    if not source.is_file():
        raise BackupError(f"There is no database at {source}. Name the data folder with --data.")
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty. Name a new folder.")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy_database(source, target / _DATABASE)
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data)
        if path.is_file() and str(name) not in _NOT_COPIED and not path.name.startswith(source.name):
            (target / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(path, target / name)
    files = {str(p.relative_to(target)): p for p in sorted(target.rglob("*")) if p.is_file()}
    for path in files.values():
        path.chmod(0o600)
    # The list is written last: a backup without it was cut short and is not brought back.
    listed = {name: _digest(path) for name, path in files.items()}
    (target / _LIST).write_text(json.dumps({"files": listed}, indent=1), encoding="utf-8")
    _to_disk(target)
    return len(listed)


def restore(database: str, data: Path, source: Path) -> int:
    """Bring a backup back into an empty data folder; how many files.

    Raises:
        BackupError: it is not a whole backup, a file in it was altered, or the folder has a database already.
    """
    goal = _file_of(database)
    if goal.exists():
        raise BackupError(
            f"There is a database at {goal} already. Move it away first: nothing is overwritten."
        )
    try:
        listed: dict[str, str] = json.loads((source / _LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} is not a whole backup: its list of files is missing.") from error
    for name, digest in listed.items():
        path = source / name
        # A name that leads out of the folder is not one we wrote.
        if (
            not path.resolve().is_relative_to(source.resolve())
            or not path.is_file()
            or _digest(path) != digest
        ):
            raise BackupError(f"The file {name} in the backup is missing or was altered. Use another backup.")
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in listed:
        place = goal if name == _DATABASE else data / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source / name, place)
        place.chmod(0o600)
    _to_disk(data)
    return len(listed)


def _copy_database(source: Path, target: Path) -> None:
    from_, to = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(target)
    try:
        from_.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        (found,) = to.execute("PRAGMA quick_check").fetchone()
    finally:
        to.close()
        from_.close()
    if found != "ok":
        raise BackupError("The database is damaged: its copy does not hold together. Run the command check.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _file_of(database: str) -> Path:
    path = make_url(database).database
    if not path:
        raise BackupError("Only a database in a file can be backed up.")
    return Path(path)
