from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server_process import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server. Tests share it, and may stop it if they start it again; each makes a conference of its own."""
    with ServerProcess(tmp_path_factory.mktemp("server")) as running:
        yield running
