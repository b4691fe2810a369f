"""What an operator can ask of a running server."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx2

from tests.server_process import NO_TLS, SECONDS_TO_ANSWER, ServerProcess

GLANCE = 0.05


def _get(server: ServerProcess, path: str) -> httpx2.Response:
    with httpx2.Client(trust_env=False, verify=NO_TLS, timeout=SECONDS_TO_ANSWER) as client:
        return client.get(f"{server.address}{path}")


def ready(server: ServerProcess) -> tuple[int, list[str]]:
    """What the server says of itself: the status, and what stands in the way."""
    answer = _get(server, "/readyz")
    problems: list[str] = answer.json()["problems"]
    return answer.status_code, problems


async def until_ready(server: ServerProcess, *problems: str) -> None:
    """Wait until the server says that these problems stand in its way, and no others; without any, that none does.

    Whether a disk that takes two seconds is slow, or the machine is, it cannot know: it may say so for a while.
    """
    wanted = (503 if problems else 200, list(problems))
    limit = time.monotonic() + SECONDS_TO_ANSWER
    while (told := await asyncio.to_thread(ready, server)) != wanted:
        assert time.monotonic() < limit, f"the server never was {wanted}: {told}"
        await asyncio.sleep(GLANCE)  # the pace of asking


def counter(server: ServerProcess, name: str) -> float:
    """One of the counters of the live side; 0 if nothing was counted yet."""
    lines = _get(server, "/metrics").text.splitlines()
    return next(
        (float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"truerecord_live_{name} ")), 0.0
    )


async def until_counted(server: ServerProcess, name: str, least: float) -> None:
    """Wait until one of the counters has come so far."""
    limit = time.monotonic() + SECONDS_TO_ANSWER
    while (count := await asyncio.to_thread(counter, server, name)) < least:
        assert time.monotonic() < limit, f"{name} is {count}"
        await asyncio.sleep(GLANCE)  # the pace of asking


def log_lines(server: ServerProcess, what: str, after: int = 0) -> list[dict[str, Any]]:
    """The lines of the server's log that begin with `what`; those of an earlier test end at byte `after`."""
    lines = [json.loads(line) for line in server.log.read_bytes()[after:].decode("utf-8").splitlines()]
    return [line for line in lines if line["what"].startswith(what)]
