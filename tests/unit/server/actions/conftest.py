"""One running server for all tests of a module, and a conference of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.unit.server.actions.council import (
    Council,
    Meeting,
    in_session,
    invited,
    open_council,
    waiting_room,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def council(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Council]:
    """A council's server. Time and what was told of are shared by the tests of a module."""
    async with open_council(tmp_path_factory.mktemp("council")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def prepared(council: Council) -> Meeting:
    """A conference to which nobody has come yet."""
    return await invited(council)


@pytest_asyncio.fixture(loop_scope="module")
async def meeting(council: Council) -> Meeting:
    """A conference in session, with everybody in it."""
    return await in_session(council)


@pytest_asyncio.fixture(loop_scope="module")
async def door(council: Council) -> Meeting:
    """A conference before it begins: the chair is in, Dr Iqbal waits, nobody else has come."""
    return await waiting_room(await invited(council))
