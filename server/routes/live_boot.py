"""What a page's script needs to connect: the data in `<script type="application/json" id="boot">`. No code is in it."""

from __future__ import annotations

from datetime import timedelta

from server.actions.context import Context
from server.actions.views import ConferenceView, NameView, PartView
from server.auth import client_ids
from server.auth.identity import SCREEN, Actor
from server.auth.live_tokens import issue_page_token
from shared_doc.schema import EVENTS, SCHEMA_VERSION

SOCKET = "/ws"


async def live_boot(
    ctx: Context,
    actor: Actor,
    view: ConferenceView,
    *,
    base: str,
    csrf: str,
    part: PartView | None,
) -> dict[str, object]:
    """The boot data of one page load: a token that dies with the web session, and a client id of its own.

    `base` is the page's address without a slash at its end. `part` is the part whose lanes the page opens, which
    the caller has found in `view`: what this person may not read is not there to be found.
    """
    reads_only = actor.participant_id == SCREEN
    return {
        "schema": SCHEMA_VERSION,
        "socket": SOCKET,
        "token": issue_page_token(
            ctx.secret,
            schema=SCHEMA_VERSION,
            conference_id=view.id,
            participant_id=actor.participant_id,
            session=actor.session,
            until=ctx.steady() + timedelta(seconds=ctx.settings.page_token),
        ),
        "me": {"id": view.me.id, "name": view.me.name, "role": view.me.role.value},
        "base": base,
        "csrf": csrf,
        # The screen writes nothing, so it needs no id that would be kept for it.
        "client": 0
        if reads_only
        else await client_ids.issue(ctx.db, view.id, actor.participant_id, ctx.now()),
        "part": None if part is None else boot_part(part),
        "events": f"{view.id}/{EVENTS}",
        "people": [
            {"id": one.id, "name": one.name, "label": one.label}
            for one in (NameView(person.id, person.name, person.role_label) for person in view.people)
        ],
    }


def boot_part(part: PartView) -> dict[str, object]:
    """The part, its lanes' document names, and what this person may write there."""
    return {
        "id": part.id,
        "lanes": {"minutes": part.lanes.minutes, "summary": part.lanes.summary},
        "can": {"edit_any": part.can.edit_any, "edit_own": part.can.edit_own},
    }
