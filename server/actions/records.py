"""Fetching the signed record: each person their own copy, made anew from the one that was signed.

A copy is the same bytes each time. Printing takes a tenth of a second of the processor, so it is done on a thread, one
copy at a time.
"""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from server import authority
from server.actions import audit
from server.actions.access import pass_or_refuse, rights_in
from server.actions.audit import Deed
from server.actions.context import Context
from server.auth.identity import Actor, Leader
from server.behind import threads_behind
from server.db import conferences, records
from server.db.update_log import Head
from server.errors import BadInput, Conflict, NotFound
from server.record.apart import verify_apart
from server.record.canonical import Plain
from server.record.copy import copy_for, parts_of
from server.record.keys import (
    PUBLIC_FILE,
    SigningKey,
    fingerprint,
    load_or_make,
    newest_key_in,
    public_keys_in,
)
from server.record.pdf import pdf_of
from server.record.plain import to_plain
from server.record.seal import breaks_in_chain, trusted_record
from server.record.sealed import Record
from server.record.telling import Told, tell
from server.record.verdict import Verdict
from shared_doc.permissions import Act, Person, Phase, Place, decide

# Not the threads that everybody shares: lanes are opened there, and those who write would wait behind who prints.
_PRINTER = ThreadPoolExecutor(1, thread_name_prefix="print")
_CHECKERS = threads_behind(2, "check")

Form = Literal["json", "pdf"]
_FINGERPRINT = re.compile("[0-9a-f]{64}")


async def fetch(ctx: Context, actor: Actor, form: Form, by: Leader | None = None) -> bytes:
    """The actor's copy as a file, which a program (`by`) may fetch for them. None leaves without a line of the trail.

    Raises:
        NotFound: no copy for this person, or no such conference.
        Conflict: not signed yet.
    """
    copy, key = await _copy(ctx, actor)
    file = copy.to_bytes() if form == "json" else await _printed(copy, key)
    await ctx.db.write(_fetched, ctx, actor, form, by or actor)
    return file


async def _printed(copy: Record, key: SigningKey) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(_PRINTER, pdf_of, copy, key)


def _fetched(session: Session, ctx: Context, actor: Actor, form: Form, by: Leader) -> None:
    audit.did(session, ctx, by, Deed.DOWNLOADED, code=form, copy=actor.participant_id)


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """A copy for its page: in words, and as the data by which a saved page can be checked."""

    told: Told
    data: Plain


async def read(ctx: Context, actor: Actor) -> ReadCopy:
    """The actor's copy, for its page. Raises as `fetch`."""
    copy, _ = await _copy(ctx, actor)
    audit.saw(ctx, actor, page="record", copy=actor.participant_id)
    return ReadCopy(tell(copy), to_plain(copy))


async def check_file(ctx: Context, data: bytes) -> Verdict:
    """Check a file that somebody handed in against this council's key. Nothing of it is kept.

    Raises:
        NotCheckedError: the machine was too busy to look at it.
    """
    return await asyncio.get_running_loop().run_in_executor(_CHECKERS, _check_file, ctx, data)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """The council's public key: the file to publish, and its fingerprint in hex."""

    pem: bytes
    fingerprint: str


async def published_key(ctx: Context) -> PublishedKey | None:
    """The public key that this council signs with; None before the first record was signed."""
    return await asyncio.to_thread(_published_key, ctx.settings.data / PUBLIC_FILE)


async def signed_when(ctx: Context, typed: str) -> datetime | None:
    """When the record with this fingerprint was signed here; None if none was.

    Raises:
        BadInput: what was typed cannot be a fingerprint.
    """
    digits = re.sub(r"[\s.:-]", "", typed).lower()
    if not _FINGERPRINT.fullmatch(digits):
        raise BadInput(
            "fingerprint", "A fingerprint is 64 letters and digits, 0 to 9 and a to f, in groups of four."
        )
    return await ctx.db.read(_signed_when, digits)


async def broken_chain(ctx: Context) -> list[str]:
    """The ids of conferences whose signed record does not follow the one signed before it; empty when all
    is well.
    """
    return await ctx.db.read(_broken_chain)


async def gone_from_under_records(ctx: Context) -> list[tuple[str, str, int]]:
    """(conference, lane, row) where a signed record names a row of a log that is missing, or another one now."""
    return await ctx.db.read(_gone_from_under)


def _gone_from_under(session: Session) -> list[tuple[str, str, int]]:
    return [
        (row.conference_id, end.lane, end.rows)
        for row in records.in_order_of_signing(session)
        for part in parts_of(trusted_record(row.body))
        for end in part.evidence
        if not records.log_holds(session, end.lane, Head(end.rows, bytes.fromhex(end.hash)))
    ]


async def _copy(ctx: Context, actor: Actor) -> tuple[Record, SigningKey]:
    person, body = await ctx.db.read(_signed_for, actor)
    key = await asyncio.to_thread(load_or_make, ctx.settings.data, authority.load(ctx.settings.data).name)
    return copy_for(trusted_record(body), person, key), key


def _signed_for(session: Session, actor: Actor) -> tuple[Person, bytes]:
    rights = rights_in(session, actor.conference_id)
    person = rights.person(actor.participant_id)
    if person is None:
        raise NotFound
    # Asked as if it were signed, so that someone who will never have a copy does not learn when others have.
    pass_or_refuse(
        session, rights, actor, Act.READ_RECORD, decide(person, Act.READ_RECORD, Place(Phase.SIGNED))
    )
    signed = conferences.signed_record(session, actor.conference_id)
    if signed is None:
        raise Conflict("not_signed", "The record is not signed yet.")
    return person, signed.body


def _signed_when(session: Session, root: str) -> datetime | None:
    signed = records.by_root(session, root)
    return signed.signed_at if signed else None


def _published_key(path: Path) -> PublishedKey | None:
    if not path.is_file():
        return None
    return PublishedKey(path.read_bytes(), fingerprint(newest_key_in(path)))


def _check_file(ctx: Context, data: bytes) -> Verdict:
    path = ctx.settings.data / PUBLIC_FILE
    # A council that has signed nothing yet has no key, and no file can be said to be its own.
    known = public_keys_in(path) if path.is_file() else frozenset({""})
    return verify_apart(data, known)


def _broken_chain(session: Session) -> list[str]:
    return breaks_in_chain([trusted_record(row.body) for row in records.in_order_of_signing(session)])
