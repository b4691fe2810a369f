"""What an operator can ask of a running server."""

from __future__ import annotations

import json
from typing import Any

import httpx2

from tests.server_process import NO_TLS, ServerProcess


def _get(server: ServerProcess, path: str) -> httpx2.Response:
    with httpx2.Client(trust_env=False, verify=NO_TLS, timeout=10) as client:
        return client.get(f"{server.address}{path}")


def ready(server: ServerProcess) -> tuple[int, list[str]]:
    """What the server says of itself: the status, and what stands in the way."""
    answer = _get(server, "/readyz")
    problems: list[str] = answer.json()["problems"]
    return answer.status_code, problems


def counter(server: ServerProcess, name: str) -> float:
    """One of the counters of the live side; 0 if nothing was counted yet."""
    lines = _get(server, "/metrics").text.splitlines()
    return next(
        (float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"truerecord_live_{name} ")), 0.0
    )


def log_lines(server: ServerProcess, what: str) -> list[dict[str, Any]]:
    """The lines of the server's log that begin with `what`."""
    lines = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["what"].startswith(what)]
