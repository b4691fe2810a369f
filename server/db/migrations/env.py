"""How Alembic runs a migration here: one connection, batches (SQLite cannot alter a table in place)."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel

from server.db import models  # noqa: F401 - the tables register themselves

url = context.config.get_main_option("sqlalchemy.url")
if url is None:
    raise RuntimeError("no database was named")
engine = create_engine(url, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
