"""Migrations."""

from __future__ import annotations

import stat
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlmodel import SQLModel

from server.db import models
from server.db.migrate import applied, configuration, migrate, newest


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'new' / 'truerecord.sqlite3'}"


def test_an_empty_folder_becomes_a_database_only_its_owner_can_read(tmp_path: Path) -> None:
    assert applied(url(tmp_path)) is None
    migrate(url(tmp_path))
    assert applied(url(tmp_path)) == newest()
    path = tmp_path / "new" / "truerecord.sqlite3"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    migrate(url(tmp_path))
    before = (tmp_path / "new" / "truerecord.sqlite3").read_bytes()
    migrate(url(tmp_path))
    assert (tmp_path / "new" / "truerecord.sqlite3").read_bytes() == before


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    migrate(url(tmp_path))
    engine = create_engine(url(tmp_path))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        tables = set(inspect(connection).get_table_names())
    engine.dispose()
    assert models.UpdateRow.__tablename__ in tables


def test_the_newest_number_is_the_end_of_the_chain_of_migrations(tmp_path: Path) -> None:
    script = ScriptDirectory.from_config(configuration(url(tmp_path)))
    assert script.get_heads() == [newest()]


def test_a_file_that_is_no_database_of_ours_has_no_shape(tmp_path: Path) -> None:
    path = tmp_path / "new" / "truerecord.sqlite3"
    path.parent.mkdir()
    path.touch()
    assert applied(url(tmp_path)) is None
