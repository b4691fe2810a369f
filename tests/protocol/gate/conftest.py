from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.protocol.gate.lane import Yjs
from tests.protocol.gate.lane import yjs as running_yjs


@pytest.fixture(scope="session")
def yjs() -> Iterator[Yjs]:
    with running_yjs() as one:
        yield one
