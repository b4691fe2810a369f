"""The command line, as an operator uses it."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
from pathlib import Path

import pytest

from server.actions import checking
from server.actions.context import Context
from server.cli import main
from server.db.data_lock import DataLock
from server.record.copy import copy_for
from server.record.keys import KEY_FILE, PUBLIC_FILE, load_or_make
from tests.unit.server.record import example

GIVEN = {
    "title": "First conference",
    "kind": "initial",
    "starts_at": "2026-11-23T10:00:00+00:00",
    "children": [{"name": "Ellie"}],
    "participants": [{"name": "Margaret Osei", "role": "chair"}],
}


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(tmp_path / "data")


def test_a_token_alone_is_on_standard_output(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", data, "token", "create", "--name", "tests"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert len(told.out.split()) == 1
    assert told.out.endswith("\n")


def test_the_data_folder_may_come_from_the_environment(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRUERECORD_DATA", data)
    assert main(["migrate"]) == 0
    assert (Path(data) / "truerecord.sqlite3").is_file()
    assert "newest shape" in capsys.readouterr().out


def test_a_conference_is_made_from_a_file(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "conference.json"
    file.write_text(json.dumps(GIVEN))
    assert main(["--data", data, "conference", "create", str(file)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["participants"][0]["join_code"]
    assert len(made["parts"]) == 8


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"{", "JSON"), (json.dumps(GIVEN | {"children": []}).encode(), "children"), (b"{}", "title")],
)
def test_a_file_that_is_no_conference_is_told_in_a_sentence(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    file = tmp_path / "conference.json"
    file.write_bytes(content)
    assert main(["--data", data, "conference", "create", str(file)]) == 1
    assert sentence in capsys.readouterr().err
    assert main(["--data", data, "conference", "create", str(tmp_path / "missing.json")]) == 1


def test_a_user_is_added_with_the_password_from_standard_input(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add = ["--data", data, "user", "add", "--email", "pat@council.example", "--name", "Pat Lee"]
    monkeypatch.setattr("sys.stdin", io.StringIO("three quiet green words\n"))
    assert main([*add, "--administrator"]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("three quiet green words\n"))
    assert main(add) == 1
    assert "already" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(add) == 1
    assert "password" in capsys.readouterr().err


def test_a_new_password_is_read_from_standard_input_and_an_account_can_be_closed(
    data: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account = ["--email", "jo@council.example"]
    for command in (["add", "--name", "Jo", *account], ["password", *account]):
        monkeypatch.setattr("sys.stdin", io.StringIO("three quiet green words\n"))
        assert main(["--data", data, "user", *command]) == 0
    assert main(["--data", data, "user", "close", *account]) == 0
    assert "three quiet" not in capsys.readouterr().out
    assert main(["--data", data, "user", "close", "--email", "nobody@council.example"]) == 1
    assert "no account" in capsys.readouterr().err


def test_a_token_is_revoked_by_its_name(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", data, "token", "create", "--name", "case system"]) == 0
    assert main(["--data", data, "token", "revoke", "--name", "case system"]) == 0
    assert main(["--data", data, "token", "revoke", "--name", "case system"]) == 1
    assert "1 token was revoked" in capsys.readouterr().out


def test_the_demonstration_is_made_once_and_its_links_are_printed_again(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _ in range(2):
        assert main(["--data", data, "demo"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    for name in ("Margaret Osei, chair", "Keeley Marsh, mother", "Dr Sam Iqbal, GP", "administrator"):
        assert name in printed[0]
    assert printed[0].count("/join/") == 11
    assert main(["--data", data, "demo", "--again"]) == 0
    assert capsys.readouterr().out != printed[0]
    assert main(["--data", data, "check"]) == 0
    assert "Everything holds." in capsys.readouterr().out


def test_backup_and_restore_bring_the_demonstration_back(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--data", data, "demo"])
    first = capsys.readouterr().out
    assert main(["--data", data, "backup", str(tmp_path / "copy")]) == 0
    assert main(["--data", data, "backup", str(tmp_path / "copy")]) == 1
    other = str(tmp_path / "other")
    assert main(["--data", other, "restore", str(tmp_path / "copy")]) == 0
    assert main(["--data", other, "restore", str(tmp_path / "copy")]) == 1
    assert main(["--data", other, "check"]) == 0
    capsys.readouterr()
    assert main(["--data", other, "demo"]) == 0
    assert capsys.readouterr().out == first


def test_what_is_no_record_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")
    assert main(["verify", str(file)]) == 2
    assert "Not a record" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "missing")]) == 2


def test_a_record_is_checked_with_the_keys_of_the_data_folder_and_nothing_is_made_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = {name: tmp_path / name for name in ("own", "other", "empty")}
    keys = {name: load_or_make(folders[name], name) for name in ("own", "other")}
    file = tmp_path / "record.json"
    copy = copy_for(example.record(keys["own"]), example.PEOPLE[example.KEELEY], keys["own"])
    file.write_bytes(copy.to_bytes())
    (folders["own"] / KEY_FILE).unlink()
    load_or_make(folders["own"], "A new key")
    said = {}
    for name, code, strict in (("own", 0, 0), ("other", 1, 1), ("empty", 0, 1)):
        assert main(["--data", str(folders[name]), "verify", str(file)]) == code
        said[name] = capsys.readouterr().out
        assert main(["--data", str(folders[name]), "verify", "--strict", str(file)]) == strict
        assert capsys.readouterr().out == said[name]
    assert said["own"].startswith("Genuine.")
    assert [name for name in said if "enuine" in said[name]] == ["own"]
    assert not folders["empty"].exists()
    published = str(folders["own"] / PUBLIC_FILE)
    assert main(["--data", str(folders["other"]), "verify", "--key", published, str(file)]) == 0


def test_a_port_in_use_is_told_in_a_sentence(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--data", data, "serve", "--port", str(taken.getsockname()[1])]) == 1
    assert "choose another with --port" in capsys.readouterr().err


def test_a_data_folder_in_use_is_told_in_a_sentence(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    lock = DataLock(Path(data))
    lock.take()
    try:
        assert main(["--data", data, "serve", "--port", "0"]) == 1
        assert "Another server uses" in capsys.readouterr().err
        assert main(["--data", data, "demo"]) == 1
        assert "Another server uses" in capsys.readouterr().err
    finally:
        lock.let_go()


def test_a_setting_that_cannot_be_used_is_named(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUERECORD_BASE_URL", "nowhere")
    with pytest.raises(SystemExit, match="TRUERECORD_BASE_URL"):
        main(["--data", data, "migrate"])


def test_without_a_command_it_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "COMMAND" in capsys.readouterr().err


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a folder: what is in it, and when it was last written to."""
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir() if path.is_file()
    }


def test_a_folder_that_is_not_there_is_not_checked_and_not_made(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", data, "check"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"There is no database at {data}/truerecord.sqlite3." in told.err
    assert list(tmp_path.iterdir()) == []
    Path(data).mkdir()
    assert main(["--data", data, "check"]) == 2
    assert files(Path(data)) == {}


def test_checking_leaves_a_folder_as_it_was(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", data, "migrate"]) == 0
    before = files(Path(data))
    assert main(["--data", data, "check"]) == 0
    assert files(Path(data)) == before
    assert main(["--data", data, "token", "create", "--name", "tests"]) == 0
    before = files(Path(data))
    assert main(["--data", data, "check"]) == 0
    assert files(Path(data)) == before
    assert capsys.readouterr().out.count("Everything holds.") == 2


@pytest.mark.parametrize(
    ("shape", "sentence"), [("0001", "Make a backup, run migrate"), ("9999", "made by a newer version")]
)
def test_a_database_of_another_version_is_said_to_be_that_and_not_brought_up(
    data: str, capsys: pytest.CaptureFixture[str], shape: str, sentence: str
) -> None:
    assert main(["--data", data, "migrate"]) == 0
    with sqlite3.connect(Path(data) / "truerecord.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (shape,))
    database.close()
    before = files(Path(data))
    assert main(["--data", data, "check"]) == 2
    assert sentence in capsys.readouterr().err
    assert files(Path(data)) == before


def test_what_is_no_database_does_not_hold(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(data).mkdir()
    file = Path(data) / "truerecord.sqlite3"
    file.write_bytes(b"")
    assert main(["--data", data, "check"]) == 2
    assert "is no database of True Record" in capsys.readouterr().err
    file.write_bytes(b"SQLite format 3\0" + b"x" * 4096)
    assert main(["--data", data, "check"]) == 1
    assert "The database file is damaged" in capsys.readouterr().out


def test_a_server_that_begins_while_it_is_checked_makes_it_be_checked_again(
    data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--data", data, "migrate"]) == 0
    journal = Path(data) / "truerecord.sqlite3-wal"
    check, times = checking.check, []

    async def slow(ctx: Context) -> checking.Checked:
        times.append(journal.exists())
        journal.touch()
        return await check(ctx)

    monkeypatch.setattr(checking, "check", slow)
    assert main(["--data", data, "check"]) == 0
    assert times == [False, True]
