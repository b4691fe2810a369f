"""Everything that must hold: lint, types, import rules, the pages' types, then every test.

`python3 run.py test` runs this in the environment. All checks run even if one fails; pytest comes last and its closing
line is the last line printed. The exit code is 0 only if everything passed. Arguments go to pytest. In a run of
everything, a few tests that failed beside others are run once more, alone (`again.py`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests import again, node_runtime, rules
from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
TYPESCRIPT = node_runtime.EDITOR / "node_modules" / "typescript" / "bin" / "tsc"
CHECKS: dict[str, list[str]] = {
    "ruff": [str(PROGRAMS / "ruff"), "check", "."],
    "mypy": [str(PROGRAMS / "mypy"), "run.py", "hatch_build.py", "server", "shared_doc", "tests"],
    "import rules": [str(PROGRAMS / "lint-imports"), "--no-cache"],
    "TypeScript": [str(node_runtime.node()), str(TYPESCRIPT), "-p", str(node_runtime.EDITOR)],
}
# Seconds, on a machine many times slower than any we know. A single test that hangs is ended and named after the
# `timeout` of pyproject.toml; this is for all of them.
LONGEST = 80 * 60
# Set for pytest: the checks that failed before it, which it repeats above its closing line.
FAILED_CHECKS = "TRUERECORD_FAILED_CHECKS"


def main(arguments: list[str]) -> int:
    """Run it all and return the exit code."""
    try:
        environment = os.environ | {chromium.VARIABLE: chromium.find_or_install()}
    except chromium.NoBrowserError as missing:
        print(f"\n{missing}", file=sys.stderr)
        return 1
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    environment[FAILED_CHECKS] = ", ".join(failed)
    try:
        code = run_pytest(arguments, environment) if arguments else run_everything(environment)
    except subprocess.TimeoutExpired:
        print(f"\nThe tests did not end within {LONGEST // 60} minutes and were stopped.", file=sys.stderr)
        return 1
    return code or (1 if failed else 0)


def run_everything(environment: Mapping[str, str]) -> int:
    """Run every test, and alone what may have failed for what ran beside it."""
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "failed"
        shared = ["-n", "2", "--dist", "loadscope"] if (os.cpu_count() or 1) > 1 else []
        notes = {rules.NOTE_IN: str(rules.SHOWN), again.NOTE_IN: str(note)}
        code = run_pytest(["--durations", "10", *shared], {**environment, **notes})
        failed = note.read_text(encoding="utf-8").splitlines() if note.is_file() else []
    if code != pytest.ExitCode.TESTS_FAILED or not again.worth_asking(failed):
        return code
    print("── once more, alone; what passes now is unsteady, and to be mended", flush=True)
    return run_pytest(["-v", *failed], environment)


def run_pytest(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the tests and return pytest's exit code."""
    print("── pytest", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=LONGEST).returncode


def passes(name: str, command: list[str]) -> bool:
    """Run one check, under a line with its name."""
    print(f"── {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
