"""What holds for every address the app answers, whatever is asked there: taken from the app's own list of routes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from server.routes.headers import content_policy
from shared_doc.permissions import Phase, Role
from tests.unit.server.rights.everyone import ADDRESS, ROLES, Everyone, marks_in, open_everyone, routes_of
from tests.unit.server.rights.ways import FORMS, LEAVING, PAGES, Way

pytestmark = pytest.mark.asyncio(loop_scope="module")

TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everyone(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    async with open_everyone(tmp_path_factory.mktemp("routes")) as opened:
        await opened.set(Phase.IN_SESSION)
        for role in ROLES:
            assert (await opened.ask(role, "GET", "/help")).status_code == 200
        yield opened


def filled(everyone: Everyone, path: str) -> str:
    """The address with ids of the meeting in it; the chair's where it is somebody's."""
    ids = {"pid": everyone.here.person(Role.CHAIR), "part": everyone.here.part(0), "token": "x" * 26}
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], everyone.here.id), path)


async def answers(everyone: Everyone) -> list[tuple[str, httpx2.Response]]:
    """Every route once, as the chair's browser asks; unsafe ones without the form's proof, so that nothing changes."""
    found = []
    for method, path in routes_of(everyone.app):
        address = filled(everyone, path)
        if method == "GET":
            found += [(f"GET {path}", await everyone.ask(Role.CHAIR, "GET", address))]
        elif method != "ALL":
            found += [(f"{method} {path}", await everyone.browser.request(method, address))]
    return [*found, ("static", await everyone.browser.get("/static/site.css"))]


async def test_every_answer_carries_the_policy_and_is_kept_nowhere(everyone: Everyone) -> None:
    policy = content_policy(everyone.ctx.settings)
    for what, answer in await answers(everyone):
        headers = answer.headers
        assert answer.status_code < 500, what
        assert headers["content-security-policy"] == policy, what
        assert headers["x-content-type-options"] == "nosniff", what
        assert headers["referrer-policy"] == "no-referrer", what
        assert headers["cross-origin-opener-policy"] == "same-origin", what
        assert headers["x-frame-options"] == "DENY", what
        assert (headers.get("cache-control") == "no-store") == (what != "static"), what
        assert "access-control-allow-origin" not in headers, what
        assert not {"server", "x-powered-by"} & set(headers), what
        if answer.content:
            kind = headers["content-type"]
            assert "charset=utf-8" in kind or not kind.startswith("text/"), what


async def test_no_title_names_anybody_or_anything_of_a_meeting(everyone: Everyone) -> None:
    for role in (Role.CHAIR, Role.PARENT):
        for way in PAGES:
            path, _ = way.fill(everyone.here, everyone.here.person(role))
            answer = await everyone.ask(role, "GET", path)
            assert not marks_in("".join(TITLE.findall(answer.text))), way.name
            assert not marks_in(str(answer.headers)), way.name


def who_sends(way: Way) -> Role:
    """Somebody who may open the page that this form is on."""
    return way.theirs or (Role.CHAIR if way.desk else Role.SOCIAL_WORKER)


async def test_every_form_needs_the_proof_that_its_own_page_was_given(everyone: Everyone) -> None:
    for way in (*FORMS, LEAVING):
        role = who_sends(way)
        path, form = way.fill(everyone.here, everyone.here.person(role))
        cookies = everyone.cookies(role)
        for proof in ({}, {"X-CSRF": "0" * 64}, everyone.proof(Role.OBSERVER)):
            answer = await everyone.browser.post(path, data=form, headers=cookies | proof)
            assert answer.status_code == 403, f"{way.name} {proof}"
            assert "did not come from a page of ours" in answer.text


async def test_no_unsafe_request_of_another_site_comes_through(everyone: Everyone) -> None:
    for method, path in routes_of(everyone.app):
        if method in {"GET", "ALL"} or path.startswith("/api/"):
            continue
        headers = everyone.cookies(Role.CHAIR) | everyone.proof(Role.CHAIR)
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await everyone.browser.request(method, filled(everyone, path), headers=headers | foreign)
            assert answer.status_code == 403, f"{method} {path}"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "CONNECT", "PROPFIND"])
async def test_methods_that_nobody_needs_are_answered_with_nothing(everyone: Everyone, method: str) -> None:
    for path in ("/", "/sign-in", "/static/site.css", "/api/v1/openapi.json"):
        answer = await everyone.browser.request(method, path, headers={"X-Secret": "Zqheaderq"})
        assert answer.status_code in {403, 404, 405}, path
        assert "Zqheaderq" not in answer.text


async def test_an_address_that_a_request_claims_to_be_for_is_never_believed(everyone: Everyone) -> None:
    claims = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    for path in (
        "/",
        "/sign-in",
        "/conferences/new",
        "/api/v1/openapi.json",
        "/verify",
        "/nowhere",
        "/conferences",
    ):
        answer = await everyone.browser.get(path, headers=claims)
        assert "evil.example" not in answer.text + str(answer.headers), path


async def test_there_is_no_list_of_files_and_no_way_out_of_their_folder(everyone: Everyone) -> None:
    for path in (
        "/static/",
        "/static/build/",
        "/static/../base.html",
        "/static/%2e%2e/templates/base.html",
        "/.git/HEAD",
    ):
        answer = await everyone.browser.get(f"{ADDRESS}{path}")
        assert answer.status_code == 404, path
        assert "<!doctype html" in answer.text.lower()
