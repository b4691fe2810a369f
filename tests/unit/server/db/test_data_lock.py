"""One server to a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.app import running
from server.db.data_lock import DataInUse, DataLock
from server.settings import Settings


def test_a_folder_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path / "data"), DataLock(tmp_path / "data")
    first.take()
    assert second.is_taken()
    with pytest.raises(DataInUse):
        second.take()
    first.let_go()
    assert not second.is_taken()
    second.take()
    second.let_go()


async def test_a_second_server_on_the_same_folder_does_not_start(tmp_path: Path) -> None:
    async with running(Settings(data=tmp_path)):
        with pytest.raises(DataInUse):
            async with running(Settings(data=tmp_path)):
                pass
    async with running(Settings(data=tmp_path)):
        pass
