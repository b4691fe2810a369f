"""Slowing down guesses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, SQLModel, create_engine, select

from server.auth import throttle
from server.auth.throttle import Limit
from server.db.models import Throttle
from server.errors import Throttled
from server.settings import Settings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SETTINGS = Settings(attempt_window=600, attempt_wait=300)
LINK = Limit("link:abc", 3)
ADDRESS = Limit("address:192.0.2.7", 5)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def attempt(session: Session, *limits: Limit, at: datetime = NOW) -> None:
    throttle.attempt(session, SETTINGS, list(limits), at)
    session.flush()


def test_attempts_up_to_the_limit_pass_and_then_wait(session: Session) -> None:
    for _ in range(3):
        attempt(session, LINK)
    with pytest.raises(Throttled) as stopped:
        attempt(session, LINK)
    assert 290 <= stopped.value.wait <= 301


def test_after_the_wait_there_are_as_many_tries_again(session: Session) -> None:
    for _ in range(3):
        attempt(session, LINK)
    later = NOW + timedelta(seconds=301)
    for _ in range(3):
        attempt(session, LINK, at=later)
    with pytest.raises(Throttled):
        attempt(session, LINK, at=later)


def test_trying_while_blocked_does_not_make_it_longer(session: Session) -> None:
    for _ in range(3):
        attempt(session, LINK)
    for seconds in (10, 100, 200):
        with pytest.raises(Throttled):
            attempt(session, LINK, at=NOW + timedelta(seconds=seconds))
    attempt(session, LINK, at=NOW + timedelta(seconds=301))


def test_old_attempts_are_forgotten(session: Session) -> None:
    for _ in range(2):
        attempt(session, LINK)
    later = NOW + timedelta(seconds=601)
    for _ in range(3):
        attempt(session, LINK, at=later)


def test_a_right_attempt_starts_the_link_afresh_and_gives_the_address_one_back(session: Session) -> None:
    for _ in range(4):
        attempt(session, LINK, ADDRESS)
        throttle.was_right(session, [LINK, ADDRESS])
        session.flush()
    for _ in range(3):
        attempt(session, LINK, ADDRESS)


def test_being_right_does_not_pay_for_other_peoples_guesses_from_the_same_address(session: Session) -> None:
    for number in range(4):
        attempt(session, Limit(f"link:{number}", 3), ADDRESS)
    attempt(session, LINK, ADDRESS)
    throttle.was_right(session, [LINK, ADDRESS])
    attempt(session, Limit("link:x", 3), ADDRESS)
    with pytest.raises(Throttled):
        attempt(session, Limit("link:y", 3), ADDRESS)


def test_one_link_that_is_blocked_blocks_no_other(session: Session) -> None:
    for _ in range(3):
        attempt(session, LINK)
    attempt(session, Limit("link:other", 3))


def test_what_is_counted_is_kept_under_a_hash_and_not_for_long(session: Session) -> None:
    attempt(session, LINK, ADDRESS)
    assert not any("192.0.2.7" in row.key for row in session.exec(select(Throttle)))
    attempt(session, LINK, at=NOW + timedelta(days=2))
    assert len(session.exec(select(Throttle)).all()) == 1
