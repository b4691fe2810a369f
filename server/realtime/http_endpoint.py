"""`POST /live/open`, `/live/send`, `/live/wait`: the live protocol without a WebSocket (`PROTOCOL.md`, §11).

Trust boundary. No cookie is read here: who somebody is, they say in the frames, as on a socket, and whose a line is,
its id says, which is given to the page that opened it and to nobody else. The id and the numbers travel in headers, not
in the address, so that no log on the way holds them and no other site's page can send them.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive

from server.actions.context import Context
from server.auth.live_tokens import resolve
from server.realtime.bounded_http import STOPPING
from server.realtime.http_line import POST_BYTES, STRANGER, Fetched, HttpLine, HttpLines, Superseded
from shared_doc.messages import CloseCode

SEND = "/live/send"
BODY_BYTES = {SEND: POST_BYTES}
"""What may be posted where it is more than a form."""

LINE, NUMBER, CLOSE = "line", "line-number", "line-close"
_MOST_DIGITS = 9


def _lines(request: Request) -> HttpLines:
    lines: HttpLines = request.app.state.http_lines
    return lines


async def open_line(request: Request) -> Response:
    """The body is a token; the answer is the new line's id.

    A token that does not count opens a line too: there its page is told so, as it would be on a socket.
    """
    ctx: Context = request.app.state.context
    token = (await request.body()).decode("utf-8", "replace")
    identity = await resolve(ctx.db, ctx.secret, token, ctx.steady())
    holder = STRANGER if identity is None else (identity.conference_id, identity.participant_id)
    line = _lines(request).open(holder)
    if line is None:
        return Response(status_code=HTTPStatus.TOO_MANY_REQUESTS)
    return PlainTextResponse(line.id)


async def send(request: Request) -> Response:
    """The body is frames, each behind its length. 204 says that they arrived, not that they are stored."""
    found = _asked_for(request)
    if found is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    line, number = found
    if number <= line.taken:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if number != line.taken + 1 or line.taking:
        return Response(status_code=HTTPStatus.CONFLICT)
    line.taking = True
    try:
        await line.take(number, await request.body())
    except ClientDisconnect:
        # It was not whole, so nothing of it was taken.
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    finally:
        line.taking = False
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def wait(request: Request) -> Response:
    """The answer comes when there are frames for this line: all of them, each behind its length."""
    found = _asked_for(request)
    if found is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    line, number = found
    stopping = asyncio.Event()
    request.scope[STOPPING] = stopping.set
    lines = _lines(request)
    lines.fetching(line)
    try:
        fetched = await _fetch(line, number, request.receive, stopping)
    except Superseded:
        return Response(status_code=HTTPStatus.CONFLICT)
    finally:
        lines.left(line)
    headers = {}
    if fetched.goodbye is not None:
        code, reason = fetched.goodbye
        headers[CLOSE] = f"{int(code)} {reason}"
    return Response(fetched.frames, media_type="application/octet-stream", headers=headers)


async def _fetch(line: HttpLine, number: int, receive: Receive, stopping: asyncio.Event) -> Fetched:
    """Wait for frames, and no longer than somebody is there to take them."""
    fetching = asyncio.ensure_future(line.outbox.fetch(number))
    others = [asyncio.ensure_future(_hung_up(receive)), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait([fetching, *others], return_when=asyncio.FIRST_COMPLETED)
        if fetching.done():
            return fetching.result()
        # The server stops, or there is nobody to read this.
        return Fetched(b"", (CloseCode.GOING_AWAY, "restarting"))
    finally:
        for task in (fetching, *others):
            task.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _asked_for(request: Request) -> tuple[HttpLine, int] | None:
    line = _lines(request).find(request.headers.get(LINE, ""))
    number = request.headers.get(NUMBER, "")
    if line is None or not number.isdecimal() or not number.isascii() or len(number) > _MOST_DIGITS:
        return None
    return line, int(number)


routes = [
    Route("/live/open", open_line, methods=["POST"]),
    Route(SEND, send, methods=["POST"]),
    Route("/live/wait", wait, methods=["POST"]),
]
