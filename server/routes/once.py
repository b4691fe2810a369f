"""Each name comes once in what is sent: a form or a body that says something twice is refused.

Trust boundary. Of two values one reader would take the first and another the last, so that what was checked might not
be what is done. In an address a name may come twice: every reader there takes the last, to check as to act.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

from starlette.datastructures import FormData
from starlette.requests import Request

from server.errors import BadInput

_NAME = re.compile(r"[a-z_0-9-]{1,60}", re.ASCII)


class SentTwice(BadInput):
    """The field came twice."""

    def __init__(self, field: str) -> None:
        super().__init__(
            field, "This was sent with two answers to one question. Open the page again.", "sent_twice"
        )


async def form_of(request: Request, *, files: int, fields: int, size: int = 1024 * 1024) -> FormData:
    """The form that was sent, with so many files and fields at most. `size`: bytes of one field.

    Raises:
        SentTwice: a field came twice.
    """
    form = await request.form(max_files=files, max_fields=fields, max_part_size=size)
    _refuse_twice(name for name, _ in form.multi_items())
    return form


def json_of(body: bytes) -> object:
    """The JSON of a body; nothing is an empty object.

    Raises:
        BadInput: it is not JSON.
        SentTwice: an object in it has a key twice.
    """
    try:
        given: object = json.loads(body or b"{}", object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise BadInput("body", "This is not JSON.", "not_json") from error
    return given


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    _refuse_twice(name for name, _ in pairs)
    return dict(pairs)


def _refuse_twice(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            # A name that could not be one of ours is the sender's own text, and is not told back.
            raise SentTwice(name if _NAME.fullmatch(name) else "body")
