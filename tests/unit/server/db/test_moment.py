"""Times in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session, SQLModel, create_engine, select

from server.db.models import ApiToken


def test_a_time_comes_back_as_the_same_moment_in_utc() -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    at = datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with Session(engine) as session:
        session.add(ApiToken(id="t", name="n", token_hash="h", created_at=at))
        session.commit()
    with Session(engine) as session:
        row = session.exec(select(ApiToken)).one()
        assert row.created_at == at
        assert row.created_at.tzinfo is UTC
        assert row.revoked_at is None
    engine.dispose()


def test_a_time_without_its_zone_is_refused() -> None:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(ApiToken(id="t", name="n", token_hash="h", created_at=datetime(2026, 7, 1)))  # noqa: DTZ001
        with pytest.raises(StatementError):
            session.commit()
    engine.dispose()
