"""Pages on the wire."""

from __future__ import annotations

import gzip

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from server.routes.packed_pages import PADDING, PackedPages, pack

PAGE = "<p>Noah likes nursery. 😀</p>" * 200


def client() -> httpx2.AsyncClient:
    def page(_: Request) -> Response:
        return HTMLResponse(PAGE)

    def pieces(_: Request) -> Response:
        return StreamingResponse(
            (PAGE[at : at + 100] for at in range(0, len(PAGE), 100)), media_type="text/html"
        )

    def short(_: Request) -> Response:
        return HTMLResponse("<p>short</p>")

    def data(_: Request) -> Response:
        return JSONResponse({"page": PAGE})

    paths = {"/page": page, "/pieces": pieces, "/short": short, "/data": data}
    app = Starlette(
        routes=[Route(path, answer) for path, answer in paths.items()], middleware=[Middleware(PackedPages)]
    )
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test", headers={"Accept-Encoding": "gzip"}
    )


async def test_a_page_comes_packed_and_is_the_same_page() -> None:
    for path in ("/page", "/pieces"):
        answer = await client().get(path)
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.text == PAGE
        assert int(answer.headers["content-length"]) < len(PAGE) / 2
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_whoever_does_not_take_it_packed_gets_it_plain() -> None:
    answer = await client().get("/page", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.text == PAGE


async def test_short_pages_and_other_answers_are_left_alone() -> None:
    assert "content-encoding" not in (await client().get("/short")).headers
    assert (await client().get("/short")).text == "<p>short</p>"
    assert "content-encoding" not in (await client().get("/data")).headers


def test_the_same_page_is_not_always_as_long() -> None:
    lengths = {len(pack(PAGE.encode())) for _ in range(40)}
    assert len(lengths) > 5
    assert max(lengths) - min(lengths) <= PADDING


def test_any_bytes_come_back_as_they_were() -> None:
    for page in (b"", b"x", bytes(range(256)) * 40):
        assert gzip.decompress(pack(page)) == page
