"""What every answer carries, and what an unsafe request must show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.app import create_app
from server.errors import ActionError, TooLarge
from server.refusals import Refusals
from server.routes.headers import STRANGERS_BYTES, BodyLimit, SameOrigin, SecurityHeaders, content_policy
from server.settings import Settings
from tests.unit.server.routes.house import open_house

OWN = "https://minutes.council.example"


async def take(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ActionError)
    return PlainTextResponse(error.code, int(error.status))


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    settings = Settings(base_url=OWN, request_bytes=1024)
    app = Starlette(
        routes=[
            Route(path, take, methods=["GET", "POST"]) for path in ("/page", "/api/v1/x", "/static/a.js")
        ],
        middleware=[
            Middleware(SecurityHeaders, settings=settings, refusals=Refusals()),
            Middleware(SameOrigin, settings=settings),
            Middleware(BodyLimit, settings=settings),
        ],
        exception_handlers={TooLarge: refuse},
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=OWN) as opened:
        yield opened


async def test_nothing_confidential_is_kept_framed_sniffed_or_referred(client: httpx2.AsyncClient) -> None:
    headers = (await client.get("/page")).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_a_refusal_carries_the_headers_too(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/page", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers


async def test_a_static_file_may_be_kept(client: httpx2.AsyncClient) -> None:
    assert "no-store" not in (await client.get("/static/a.js")).headers.get("cache-control", "")


def test_the_policy_allows_no_code_in_pages_and_no_other_site() -> None:
    policy = content_policy(Settings(base_url=OWN))
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "object-src 'none'" in policy
    assert "wss://minutes.council.example" in policy
    assert "https:" not in policy


def test_without_https_nobody_is_sent_there() -> None:
    settings = Settings(base_url="http://127.0.0.1:8000")
    assert "ws://127.0.0.1:8000" in content_policy(settings)
    assert (
        "Strict-Transport-Security"
        not in SecurityHeaders(create_app(settings), settings, Refusals())._headers
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": OWN},
        {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
        {"Sec-Fetch-Site": "none"},
        # What a browser says of a page that sends no referrer, as ours do.
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "null"},
    ],
)
async def test_a_form_from_here_passes(client: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    assert (await client.post("/page", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": ""},
        {"Origin": f"{OWN}.evil.example"},
        {"Origin": "https://minutes.council.example@evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": OWN},
    ],
)
async def test_a_form_from_another_site_is_refused(
    client: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await client.post("/page", headers=headers)).status_code == 403
    assert (await client.get("/page", headers=headers)).status_code == 200


async def test_a_program_is_not_asked_where_its_page_is_from(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/api/v1/x", headers={"Origin": "https://else.example"})).status_code == 200


async def test_a_body_that_is_too_large_is_stopped_while_it_comes(client: httpx2.AsyncClient) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"x" * 512

    answer = await client.post("/page", content=pieces())
    assert (answer.status_code, answer.text) == (413, "too_large")
    assert (await client.post("/page", content=b"x" * 1024)).text == "1024"


@pytest.mark.parametrize("path", ["/sign-in", "/join/a-link", "/live/open", "/verify/fingerprint"])
async def test_where_nobody_is_known_yet_little_is_taken(tmp_path: Path, path: str) -> None:
    async with open_house(tmp_path) as house:
        assert (await house.browser().post(path, data={"more": "x" * STRANGERS_BYTES})).status_code == 413
