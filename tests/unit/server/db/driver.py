"""The driver's own connection of a session, in its transaction, as the writer thread uses it for the update log."""

from __future__ import annotations

import sqlite3

from sqlmodel import Session


def driver_of(session: Session) -> sqlite3.Connection:
    """The connection. What is done with it is committed with the session."""
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
