"""What people read when something did not work."""

import logging
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server import authority
from server.errors import (
    ActionError,
    BadInput,
    Conflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Reason,
    Throttled,
    TooLarge,
)
from server.routes import error_pages
from server.templating import Templates

SECRET = "what somebody typed"


async def answer_to(error: Exception, path: str = "/page", **headers: str) -> httpx2.Response:
    """What somebody gets whose page met this error."""

    async def page(request: Request) -> Response:
        raise error

    def action(request: Request, error: Exception) -> Response:
        assert isinstance(error, ActionError)
        return error_pages.action_error(request, error)

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return error_pages.http_error(request, error)

    app = Starlette(
        routes=[Route(path.partition("?")[0], page, methods=["GET", "POST"])],
        exception_handlers={ActionError: action, HTTPException: refused, Exception: error_pages.server_error},
    )
    app.state.templates = Templates(authority.load(Path("/nowhere")))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as browser:
        return await browser.get(path, headers=headers)


async def test_missing_and_forbidden_have_one_page() -> None:
    missing = await answer_to(NotFound())
    no_address = await answer_to(HTTPException(404))
    no_method = await answer_to(HTTPException(405))
    assert missing.status_code == no_address.status_code == no_method.status_code == 404
    assert missing.text == no_address.text == no_method.text
    assert "There is nothing here that you can open" in missing.text


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotAllowed("x", "Only the chair does this."), 403, "Only the chair does this."),
        (BadInput("x", "Write a name."), 422, "Go back: what you typed is still there."),
        (Throttled(600), 429, "Please wait 10 minutes"),
        (TooLarge(), 413, "more than can be sent at once"),
        (HTTPException(413), 413, "more than can be sent at once"),
        (HTTPException(400), 400, "Open the page again"),
    ],
)
async def test_every_refusal_says_in_plain_words_what_to_do(
    error: Exception, status: int, words: str
) -> None:
    answer = await answer_to(error)
    assert answer.status_code == status
    assert words in answer.text
    assert "If you are stuck, phone the helper" in answer.text


async def test_what_is_missing_is_listed() -> None:
    error = Conflict(
        "not_ready", "The record cannot be signed yet.", [Reason("flag", "Answer the flag on point 4.")]
    )
    answer = await answer_to(error)
    assert answer.status_code == 409
    assert "<li>Answer the flag on point 4.</li>" in answer.text


async def test_whoever_has_to_wait_is_told_how_long_by_the_answer_itself() -> None:
    assert (await answer_to(Throttled(90))).headers["retry-after"] == "90"


async def test_staff_who_are_not_signed_in_go_to_sign_in_and_participants_to_their_link() -> None:
    staff = await answer_to(NotSignedIn(), "/conferences/new")
    assert (staff.status_code, staff.headers["location"]) == (303, "/sign-in?next=/conferences/new")
    participant = await answer_to(NotSignedIn(), "/conferences/c1/as/n1/")
    assert participant.status_code == 401
    assert "Open the link you were sent again" in participant.text


async def test_whose_time_is_over_learns_how_to_come_back_and_that_their_words_wait() -> None:
    over = await answer_to(NotSignedIn(), "/conferences/c1/as/n1/?expired")
    assert over.status_code == 401
    for said in ("open the link you were sent again", "sign in again", "waits in this tab"):
        assert said in over.text
    # Where it was ended, nothing waits, whatever the address says.
    ended = await answer_to(NotSignedIn("ended"), "/conferences/c1/as/n1/?expired")
    assert "waits in this tab" not in ended.text
    assert "Nothing of the meeting is kept on this device." in ended.text


async def test_a_fragment_gets_the_reason_and_no_page() -> None:
    answer = await answer_to(NotAllowed("x", "Only the chair does this."), **{"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (403, "Only the chair does this.")


async def test_a_mistake_of_ours_tells_nobody_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await answer_to(RuntimeError(SECRET))
    assert answer.status_code == 500
    assert "It is not your fault" in answer.text
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert "RuntimeError at test_error_pages.py" in caplog.text


async def test_the_page_that_says_nothing_is_kept_erases_what_a_tab_still_keeps() -> None:
    closed = (await answer_to(NotSignedIn(), "/conferences/c/as/p/")).text
    assert "Nothing of the meeting is kept on this device." in closed
    assert "data-nothing-kept" in closed
    assert "doors" in closed.partition("<script")[2]


async def test_the_page_whose_time_is_over_leaves_unsaved_words_in_their_tab() -> None:
    over = (await answer_to(NotSignedIn(), "/conferences/c/as/p/?expired")).text
    assert "waits in this tab" in over
    assert "data-nothing-kept" not in over
