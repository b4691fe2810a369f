"""`run.py` on a machine that is not ready: each trouble ends in one sentence that says what to do."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"


@pytest.fixture
def run() -> ModuleType:
    """`run.py` as a module."""
    spec = importlib.util.spec_from_file_location("run_for_tests", RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sentence(folder: Path, *arguments: str) -> str:
    """What a copy of `run.py` alone in `folder` complains of; it must be one line, and no traceback."""
    shutil.copy(RUN, folder / "run.py")
    done = subprocess.run(
        [sys.executable, "run.py", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    said = done.stderr.strip()
    assert "\n" not in said
    return said


def test_a_port_in_use_is_told_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = sentence(tmp_path, "--port", str(port))
    assert said == (
        f"Port {port} is in use by another program: stop that, or choose another with --port {port + 1}."
    )


def test_a_port_that_cannot_be_is_told(tmp_path: Path) -> None:
    assert "from 1 to 65535" in sentence(tmp_path, "--port", "70000")


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    assert "is not an address of this machine" in sentence(tmp_path, "--host", "192.0.2.1", "--port", "0")


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / ".venv" / "somebody's"
    kept.parent.mkdir()
    kept.write_text("work")
    assert "is in the way and is not a Python environment" in sentence(tmp_path, "--port", "0")
    assert kept.read_text() == "work"


def test_an_older_python_is_told_which_one_is_needed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = namedtuple("version", "major minor micro")
    monkeypatch.setattr(sys, "version_info", version(3, 10, 4))
    with pytest.raises(run.Stop, match=r"This is Python 3\.10\.4, and True Record needs 3\.11 or newer"):
        run.check_python()


def test_a_python_without_venv_is_told_what_to_install(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(run.Stop, match=r"comes without `venv`.*apt-get install python3"):
        run.make_environment()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES ... do not match the hashes", "not the one that was locked"),
        ("npm error code EAI_AGAIN", "is the network there?"),
        ("WARNING: Retrying after NewConnectionError('Name or service not known')", "is the network there?"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/lib'", "belongs to another user"),
        ("SomethingElse: went wrong", "SomethingElse: went wrong"),
        ("", "it said nothing"),
    ],
)
def test_a_failed_installation_is_told_with_a_remedy(run: ModuleType, said: str, remedy: str) -> None:
    assert remedy in run.remedy(said)


def test_a_stamp_that_was_cut_short_counts_as_none(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp.json")
    (tmp_path / "stamp.json").write_text('{"run.txt": "ab')
    assert run.read_stamp() == {}
