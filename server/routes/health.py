"""For whoever runs the server: is it alive, can it do its work, what has it done. Nothing of any conference
is told.
"""

from __future__ import annotations

from typing import Protocol, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.actions.readiness import Readiness

_PROMETHEUS = "text/plain; version=1.0.0; charset=utf-8"


class Counters(Protocol):
    """What the app counts; given by the app in `app.state.exposition`."""

    def text(self) -> bytes:
        """The counters in Prometheus' words."""


async def alive(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive")


async def ready(request: Request) -> Response:
    """The server can read and store now; otherwise 503 with what stands in the way."""
    readiness = cast("Readiness", request.app.state.readiness)
    problems = await readiness.problems()
    return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)


async def metrics(request: Request) -> Response:
    """The counters."""
    counters = cast("Counters", request.app.state.exposition)
    return Response(counters.text(), media_type=_PROMETHEUS)


routes = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
