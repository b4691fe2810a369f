"""Brings a database up to the newest shape. Run at every start and by `truerecord migrate`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Apply what is missing. Makes the database (and its folder) if there is none."""
    if applied(url) == newest():
        return
    # Only here: loading Alembic takes longer than everything else at a start at which nothing is to be done.
    from alembic import command

    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    command.upgrade(configuration(url), "head")
    if path:
        # Confidential from its first byte: nobody else on the machine may read it.
        Path(path).chmod(0o600)


def configuration(url: str) -> Config:
    """Alembic's configuration, made here so that no file has to name a place."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def newest() -> str:
    """The newest shape this version knows: migrations are numbered, and their files begin with the number."""
    return max(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def applied(url: str) -> str | None:
    """The shape a SQLite database file is in; None for an empty one."""
    path = make_url(url).database
    if not path or not Path(path).exists():
        return None
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])
