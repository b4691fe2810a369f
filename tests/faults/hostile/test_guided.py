"""The fuzzer aims for a few seconds in every test run, under a bound on its memory. The long run is `….guided`."""

from __future__ import annotations

import platform
import re
import resource
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.faults.hostile.corpus import seeds

PROJECT = Path(__file__).resolve().parents[3]
SECONDS = 10
MEMORY = 2 << 30
"""Bytes of address space of an attacking process; some hundred MB of it are only reserved by the libraries."""
HAS_WHEEL = (
    sys.platform == "linux"
    and platform.machine() == "x86_64"
    and platform.python_implementation() == "CPython"
    and sys.version_info < (3, 14)
)
WITHOUT = (
    "import sys; sys.modules['atheris'] = None\n"
    "from tests.faults.hostile.guided import main\n"
    "sys.exit(main(sys.argv[1:]))"
)


def aimed(program: list[str], aim: str, *options: str) -> tuple[int, str]:
    """Aim in a process of its own: how often, and what it said. Fails if anything broke, and says with which bytes."""
    process = subprocess.Popen(
        [sys.executable, *program, aim, "-seed=1", *options],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
    said, _nothing = process.communicate(timeout=280)
    assert process.returncode == 0, said
    done = re.search(r"^Done (\d+) runs", said, re.MULTILINE)
    assert done is not None, said
    return int(done[1]), said


@pytest.mark.parametrize("aim", ["updates", "frames"])
def test_what_a_fuzzer_finds_in_ten_seconds_breaks_nothing(aim: str, tmp_path: Path) -> None:
    options = (f"-max_total_time={SECONDS}", "-rss_limit_mb=1024", f"-artifact_prefix={tmp_path}/")
    times, said = aimed(["-m", "tests.faults.hostile.guided"], aim, *options)
    guided = find_spec("atheris") is not None
    assert guided or not HAS_WHEEL
    # Each seed at least, and more by what they reached, or by chance: which of the two, it says.
    assert times > len(seeds(aim))
    assert ("cov: " in said) is guided
    assert ("There is no atheris" in said) is not guided


@pytest.mark.parametrize("aim", ["updates", "frames"])
def test_without_a_fuzzer_the_same_is_aimed_at_by_chance_and_said_so(aim: str) -> None:
    times, said = aimed(["-c", WITHOUT], aim, "-runs=150")
    assert times == 150
    assert "There is no atheris" in said
