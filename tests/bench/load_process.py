"""The load generator, a Node program on a core of its own, driven order by order."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests import node_runtime
from tests.bench.peers import LOAD_CORE, on_core

RUN = Path(__file__).resolve().parent / "load" / "run.mjs"


class LoadError(Exception):
    """The load could not do what it was told; the message is its own."""


class Load:
    """Give it orders as `load/run.mjs` describes them; each answer is a dict."""

    def __init__(self) -> None:
        with on_core(LOAD_CORE):
            self._process = subprocess.Popen(
                node_runtime.command(RUN), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )

    def order(self, what: str, **details: object) -> None:
        """Tell it to begin with something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the next line it says. Raises `LoadError` if it failed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise LoadError("the load ended")
        said: dict[str, Any] = json.loads(line)
        if "failed" in said:
            raise LoadError(f"{said['failed']}: {said['why']}")
        return said

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=240)
        if self._process.stdout is not None:
            self._process.stdout.close()
