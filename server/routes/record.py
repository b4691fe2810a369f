"""The signed record as a page and as files, and the public page that checks a file.

Trust boundary: the file to be checked comes from anyone. It is held in memory, checked apart, and forgotten.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions import records
from server.auth.network import network_of
from server.errors import BadInput, NotFound
from server.record.apart import NotCheckedError
from server.record.canonical import Plain
from server.record.keys import PUBLIC_FILE
from server.record.report import Report, report
from server.record.telling import Told
from server.record.verdict import Outcome
from server.record.words import grouped
from server.routes.error_pages import templates_of
from server.routes.guard import address_of, context_of, current_actor, text_of
from server.routes.once import form_of
from server.routes.rate import PRINTING, bill_of

AS = "/conferences/{cid}/as/{pid}"
_TYPES = {"json": "application/json", "pdf": "application/pdf"}
_LONGEST_TYPED = 200
UPLOADS: Final = 6
"""Files that are taken in at one time (503): each is held in memory, and anybody can send one."""

UPLOADS_OF_ONE: Final = 2
"""And from one address (503), so that nobody keeps everybody else from it."""

STEP_SECONDS: Final = 5.0
STEP_BYTES: Final = 32 * 1024
"""So much of a file comes in every so many seconds, or it is given up (408): a phone on a bad line sends twice that.
Who sends a byte a minute holds a place that others wait for.
"""

# Each check takes a processor for a moment; more than two at once would be felt in meetings.
TRY_AGAIN = "Many files are being checked. Try again in a minute."
_CHECKS = asyncio.Semaphore(2)
_taking_in = asyncio.Semaphore(UPLOADS)
_from_one: Counter[str] = Counter()


class _TooSlow(Exception):
    """Less of a file came than any line brings."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One recipient's copy. `base` is the address of their page; `data` goes with it when it is saved."""

    base: str
    told: Told
    data: Plain


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The two forms. `file_problem` and `typed_problem` say why nothing could be checked; `key` is the fingerprint
    of the council's key, empty before it has one.
    """

    key: str
    file_problem: str = ""
    typed: str = ""
    typed_problem: str = ""


@dataclass(frozen=True, slots=True)
class FingerprintPage:
    """What is known of a fingerprint. `signed_at` is unset for one of no record of this council."""

    typed: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerdictPage:
    """What was found: one word first."""

    tone: str
    shape: str
    report: Report


async def record_page(request: Request) -> Response:
    """The copy of whoever asks."""
    actor = await current_actor(request)
    copy = await records.read(context_of(request), actor)
    base = f"/conferences/{actor.conference_id}/as/{actor.participant_id}"
    return templates_of(request).page("record/record.html", RecordPage(base, copy.told, copy.data))


async def record_json(request: Request) -> Response:
    """The copy as data."""
    return await _download(request, "json")


async def record_pdf(request: Request) -> Response:
    """The copy to print and keep."""
    return await _download(request, "pdf")


async def verify_form(request: Request) -> Response:
    """Where anybody can hand in a file, or type what is printed under a record on paper."""
    return await _forms(request)


async def verify_file(request: Request) -> Response:
    """What became of the file that was handed in. It is not stored anywhere, not even for a moment on the disk."""
    network = network_of(address_of(request))
    if _taking_in.locked() or _from_one[network] >= UPLOADS_OF_ONE:
        return await _forms(request, 503, file_problem=TRY_AGAIN)
    with _one_more_from(network):
        async with _taking_in:
            try:
                data = await _handed_in(request)
            except _TooSlow:
                return await _forms(
                    request,
                    408,
                    file_problem="The file came too slowly. Try again where the signal is better.",
                )
            if not data:
                return await _forms(
                    request,
                    422,
                    file_problem="Choose a file first. It can be a PDF, a JSON file or a saved page.",
                )
            try:
                async with _CHECKS:
                    verdict = await records.check_file(context_of(request), data)
            except NotCheckedError:
                return await _forms(request, 503, file_problem=TRY_AGAIN)
    tone, shape = ("ok", "seal") if verdict.outcome is Outcome.GENUINE else ("stop", "warn")
    return templates_of(request).page("verify/verdict.html", VerdictPage(tone, shape, report(verdict)))


async def verify_fingerprint(request: Request) -> Response:
    """Whether a fingerprint belongs to a record of this council. It tells nothing else of the record."""
    form = await form_of(request, files=0, fields=2)
    typed = text_of(form, "fingerprint").strip()[:_LONGEST_TYPED]
    try:
        signed_at = await records.signed_when(context_of(request), typed)
    except BadInput as error:
        return await _forms(request, 422, typed=typed, typed_problem=error.reason)
    return templates_of(request).page("verify/fingerprint.html", FingerprintPage(typed, signed_at))


async def public_key(request: Request) -> Response:
    """The council's public key, to be published and to be given to `truerecord verify --key`."""
    key = await records.published_key(context_of(request))
    if key is None:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{PUBLIC_FILE}"'}
    return Response(key.pem, media_type="application/x-pem-file", headers=headers)


async def _forms(request: Request, status: int = 200, **problems: str) -> Response:
    key = await records.published_key(context_of(request))
    page = VerifyPage(grouped(key.fingerprint) if key else "", **problems)
    return templates_of(request).page("verify/verify.html", page, status)


async def _download(request: Request, form: records.Form) -> Response:
    actor = await current_actor(request)
    if form == "pdf":
        bill_of(request.scope).milliseconds += PRINTING
    file = await records.fetch(context_of(request), actor, form)
    # The name of a file is seen in lists of downloads: it names nobody.
    name = f"true-record-{actor.conference_id}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(file, media_type=_TYPES[form], headers=headers)


@contextmanager
def _one_more_from(network: str) -> Iterator[None]:
    _from_one[network] += 1
    try:
        yield
    finally:
        _from_one[network] -= 1
        if not _from_one[network]:
            del _from_one[network]


async def _in_good_time(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece, as long as it comes as fast as a bad line brings it. Raises _TooSlow."""
    loop = asyncio.get_running_loop()
    pieces = request.stream()
    until, came = loop.time() + STEP_SECONDS, 0
    while True:
        try:
            async with asyncio.timeout_at(until):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise _TooSlow from error
        came += len(piece)
        if came >= STEP_BYTES:
            until, came = loop.time() + STEP_SECONDS, 0
        yield piece


async def _handed_in(request: Request) -> bytes:
    """The file of the form, or nothing if there is none that can be read."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return b""
    parser = MultiPartParser(request.headers, _in_good_time(request), max_files=1, max_fields=2)
    # A file that is larger than the whole request may be does not come so far; no other is spooled to the disk.
    parser.spool_max_size = context_of(request).settings.upload_bytes
    try:
        form = await parser.parse()
    except MultiPartException:
        return b""
    try:
        file = form.get("file")
        return await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await form.close()


routes = [
    Route(f"{AS}/record", record_page, name="record"),
    Route(f"{AS}/record.json", record_json),
    Route(f"{AS}/record.pdf", record_pdf),
    Route("/verify", verify_form, name="verify"),
    Route("/verify", verify_file, methods=["POST"]),
    Route("/verify/fingerprint", verify_fingerprint, methods=["POST"]),
    Route("/verify/key.pem", public_key),
]
