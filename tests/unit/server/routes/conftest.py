from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.server.routes.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The app with a conference, and nobody in it yet."""
    async with open_house(tmp_path) as opened:
        yield opened
