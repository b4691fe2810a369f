from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.server.realtime.meeting import Meeting


@pytest.fixture
async def meeting(tmp_path: Path) -> AsyncIterator[Meeting]:
    """A hub with a conference in session."""
    one = Meeting(tmp_path)
    one.fill()
    await one.start()
    yield one
    await one.stop()
    one.dispose()
