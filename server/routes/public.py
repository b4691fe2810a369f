"""Pages that anybody may read: help to join, complaints, privacy, accessibility, and where Hide leads."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.routes.error_pages import templates_of


@dataclass(frozen=True, slots=True)
class PublicPage:
    """These pages hold nothing but the council's own words."""


async def show(request: Request) -> Response:
    """The page of that address."""
    return templates_of(request).page(f"public/{request.url.path.strip('/')}.html", PublicPage())


routes = [
    Route(f"/{name}", show, name=name)
    for name in ("help", "complaints", "privacy", "accessibility", "hidden")
]
