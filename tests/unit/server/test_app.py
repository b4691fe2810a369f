"""The whole app, as it is joined."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


def paths(routes: list[BaseRoute]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for route in routes:
        if isinstance(route, Route):
            found += [(route.path, method) for method in sorted(route.methods or ()) if method != "HEAD"]
        elif isinstance(route, Mount | WebSocketRoute):
            found.append((route.path, "any"))
    return found


def test_no_two_routes_have_one_address(tmp_path: Path) -> None:
    found = paths(create_app(Settings(data=tmp_path)).routes)
    assert len(found) == len(set(found)), [path for path in found if found.count(path) > 1]


@pytest.mark.parametrize(
    "path", ["/healthz", "/metrics", "/ws", "/sign-in", "/join/{token}", "/verify", "/static"]
)
def test_the_addresses_other_software_relies_on_are_there(tmp_path: Path, path: str) -> None:
    assert path in {route for route, _ in paths(create_app(Settings(data=tmp_path)).routes)}


def test_nothing_is_touched_before_it_starts(tmp_path: Path) -> None:
    create_app(Settings(data=tmp_path / "data"))
    assert not (tmp_path / "data").exists()


def test_a_process_host_gets_the_app_from_the_environment(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from server.asgi import app; print(app.state.settings.data)"],
        env={**os.environ, "TRUERECORD_DATA": str(tmp_path / "elsewhere")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == str(tmp_path / "elsewhere")


async def fails(_request: Request) -> Response:
    raise ValueError("Keeley Marsh said this")


def app_with_a_mistake(folder: Path) -> Starlette:
    app = create_app(Settings(data=folder))
    app.router.routes[:0] = [Route("/api/v1/fails", fails), Route("/fails", fails)]
    return app


@pytest.mark.parametrize("path", ["/api/v1/fails", "/fails"])
async def test_a_mistake_of_ours_is_told_calmly_and_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    app = app_with_a_mistake(tmp_path)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client,
    ):
        answer = await client.get(path)
    assert answer.status_code == 500
    assert "Keeley" not in answer.text
    assert "not your fault" in answer.text
    assert "Keeley" not in caplog.text
    assert ("problem+json" in answer.headers["content-type"]) == path.startswith("/api/")


async def test_an_address_that_is_not_there_is_a_calm_page(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1:8000") as client,
    ):
        for path in (
            "/nothing",
            "/conferences/c0/as/n0/nothing",
            "/static/nothing.js",
            "/%00",
            "/../etc/passwd",
        ):
            answer = await client.get(path)
            assert answer.status_code == 404, path
