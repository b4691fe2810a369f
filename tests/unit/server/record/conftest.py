"""One signing key for all tests of the record: making one is the slow part."""

from __future__ import annotations

import pytest

from server.record.keys import SigningKey
from server.record.sealed import Record
from tests.unit.server.record import example


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return example.new_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def record(key: SigningKey) -> Record:
    return example.record(key)
