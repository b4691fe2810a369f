"""Data folders as earlier versions left them (`folders/`, made by `folders/make.py`): a server of now starts on them,
and everything in them is there.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from server.db.migrate import applied, newest
from server.record.keys import PUBLIC_FILE
from tests.server_process import ServerProcess
from tests.unit.server.db.folders.make import SHAPES, TYPED

FOLDERS = Path(__file__).resolve().parent / "folders"


def left(shape: str, folder: Path) -> tuple[ServerProcess, dict[str, str]]:
    """A server that has not started yet on a copy of an old folder, and what is told of it."""
    server = ServerProcess(folder)
    shutil.copytree(FOLDERS / shape, server.data)
    told: dict[str, str] = json.loads((server.data / "told.json").read_text())
    assert applied(f"sqlite:///{server.data / 'truerecord.sqlite3'}") == shape
    return server, told


@pytest.mark.parametrize("shape", SHAPES)
def test_a_server_starts_on_an_old_folder_and_everything_in_it_is_there(shape: str, tmp_path: Path) -> None:
    server, told = left(shape, tmp_path)
    with pytest.raises(AssertionError, match="the shape of an older version"):
        server.command("check")
    server.start_again()
    try:
        assert applied(f"sqlite:///{server.data / 'truerecord.sqlite3'}") == newest()

        def seen() -> tuple[dict[str, Any], list[str]]:
            with server.http(told["chair"]) as chair:
                answer = chair.get(f"/conferences/{told['going_on']}")
                assert answer.status_code == 200, answer.text
                conference: dict[str, Any] = answer.json()
            part = next(one for one in conference["parts"] if one["id"] == told["part"])
            return conference, [point["text"] for point in part["points"]]

        conference, texts = seen()
        assert tuple(texts) == TYPED
        assert [flag["words"] for flag in conference["flags"]] == ["It was five days."]
        # And it goes on: what is typed now comes after what was typed then.
        with server.http(told["chair"]) as chair:
            added = chair.post(
                f"/conferences/{told['going_on']}/points",
                json={"part": told["part"], "text": "Typed now.", "kind": "point"},
            )
            assert added.is_success, added.text
        assert seen()[1] == [*TYPED, "Typed now."]
    finally:
        server.stop()
    assert "Everything holds." in server.command("check")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_record_that_an_earlier_version_signed_is_genuine_before_and_after(
    shape: str, tmp_path: Path
) -> None:
    server, told = left(shape, tmp_path)
    verify = ("verify", str(server.data / "record.json"), "--key", str(server.data / PUBLIC_FILE))
    before = server.command(*verify)
    server.command("migrate")
    assert "Everything holds." in server.command("check")
    assert server.command(*verify) == before
    assert "genuine" in before.lower()
    with sqlite3.connect(server.data / "truerecord.sqlite3") as database:
        signed = database.execute("SELECT conference_id FROM signed_record").fetchall()
    database.close()
    assert signed == [(told["signed"],)]


def test_the_trail_of_then_goes_on(tmp_path: Path) -> None:
    server, told = left("0002", tmp_path)

    def trail() -> list[tuple[int, bytes]]:
        with sqlite3.connect(server.data / "truerecord.sqlite3") as database:
            rows = database.execute(
                "SELECT seq, hash FROM audit_log WHERE conference_id = ? ORDER BY seq", (told["going_on"],)
            ).fetchall()
        database.close()
        return rows

    then = trail()
    assert len(then) > 3
    server.command("migrate")
    assert trail()[: len(then)] == then
