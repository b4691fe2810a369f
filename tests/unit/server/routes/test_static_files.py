"""Scripts and styles on the wire."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from server.routes.static_files import PackedFiles

STYLE = "p { color: black }\n" * 200


@pytest.fixture
def client(tmp_path: Path) -> httpx2.AsyncClient:
    (tmp_path / "site.css").write_text(STYLE)
    (tmp_path / "note.txt").write_text("plain")
    app = Starlette(routes=[Mount("/static", PackedFiles(tmp_path))])
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def test_a_style_is_packed_for_whoever_takes_it(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/static/site.css", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/css")
    assert int(answer.headers["content-length"]) == len(gzip.compress(STYLE.encode(), 9, mtime=0))
    assert answer.text == STYLE


async def test_whoever_does_not_take_it_packed_gets_it_plain(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/static/site.css", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.text == STYLE
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_an_address_that_says_what_is_in_it_is_kept(client: httpx2.AsyncClient) -> None:
    assert "immutable" in (await client.get("/static/site.css?v=abc")).headers["cache-control"]
    assert "cache-control" not in (await client.get("/static/site.css")).headers


async def test_a_changed_file_is_packed_anew(client: httpx2.AsyncClient, tmp_path: Path) -> None:
    await client.get("/static/site.css")
    (tmp_path / "site.css").write_text("a {}")
    assert (await client.get("/static/site.css")).text == "a {}"


async def test_a_copy_that_is_still_good_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    first = await client.get("/static/site.css")
    again = await client.get("/static/site.css", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["nothing.css", "../secret.css", "%2e%2e/secret.css"])
async def test_what_is_not_there_is_not_found(client: httpx2.AsyncClient, tmp_path: Path, path: str) -> None:
    (tmp_path.parent / "secret.css").write_text("secret")
    assert (await client.get(f"/static/{path}")).status_code == 404
