"""What every answer carries, and what every unsafe request must show, before any route sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import TooLarge
from server.refusals import Refusals
from server.routes.rate import SAFE
from server.settings import Settings

_KEPT = "/static/"
_PROGRAMS = "/api/"
_UPLOADS = frozenset({"/verify"})
_NOWHERE: Mapping[str, int] = {}

STRANGERS_BYTES: Final = 4 * 1024
"""Largest body (413) where nobody is known yet: an email address and a password, a code, a token. A stranger may send
many at once, and each is held until it is whole."""

_BY_STRANGERS = ("/sign-in", "/join/", "/live/open", "/verify/")


def content_policy(settings: Settings) -> str:
    """The Content-Security-Policy: everything from here, no code in pages, no frames, no plug-ins."""
    socket = ("wss://" if settings.https else "ws://") + urlsplit(settings.base_url).netloc
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "manifest-src 'self'; object-src 'none'"
    )


class SecurityHeaders:
    """Adds the headers, and notes what was refused. Nothing but static files may be kept by a browser or by anything
    on the way (C4, C5).
    """

    def __init__(self, app: ASGIApp, settings: Settings, refusals: Refusals) -> None:
        self._app = app
        self._refusals = refusals
        self._headers = {
            "Content-Security-Policy": content_policy(settings),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
            "X-Robots-Tag": "noindex",
        }
        if settings.https:
            self._headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        keep = scope["path"].startswith(_KEPT)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._refusals.saw(message["status"])
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not keep:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)


class SameOrigin:
    """Refuses unsafe requests that a browser sent from another site.

    Programs (`/api/`) are not asked: they carry a bearer token, which no browser adds by itself.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._own = urlsplit(settings.base_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or scope["path"].startswith(_PROGRAMS):
            await self._app(scope, receive, send)
            return
        if self._from_here(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        answer = PlainTextResponse("This did not come from a page of ours. Open the page again.", 403)
        await answer(scope, receive, send)

    def _from_here(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            # The browser's own word, which no page can put there. (Its Origin is "null": our pages send no referrer.)
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is None or origin == "null":
            # Old browsers say nothing more with a form; the form's own value (`guard.checked_form`) still decides.
            return True
        return urlsplit(origin).netloc in {self._own, headers.get("host", "")}


class BodyLimit:
    """Stops reading a body that is larger than we take, whether or not it said so beforehand.

    `larger` has the paths where that is more than a form, in bytes.
    """

    def __init__(self, app: ASGIApp, settings: Settings, larger: Mapping[str, int] = _NOWHERE) -> None:
        self._app = app
        self._usual = settings.request_bytes
        self._most = {**dict.fromkeys(_UPLOADS, settings.upload_bytes), **larger}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        most = STRANGERS_BYTES if path.startswith(_BY_STRANGERS) else self._most.get(path, self._usual)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        await self._app(scope, counted, send)
