"""What programs do about the people of a conference, and the shapes of it."""

from __future__ import annotations

from typing import Literal

from server.actions import inviting, participants
from server.actions.conferences import NewParticipant
from server.routes.api_shapes import ParticipantCreated, ParticipantRole, Taken
from server.routes.api_table import Call, Nothing
from shared_doc.permissions import Role


class ParticipantAdded(Taken):
    """Somebody more. `supports` is the id of a participant of the conference."""

    name: str
    role: ParticipantRole
    agency: str = ""
    supports: str | None = None


class HereTaken(Taken):
    """How somebody without a page is here. `promised`: they have promised the chair aloud to keep it private."""

    attending: Literal["room", "video", "phone", "voice_only"]
    promised: bool = False


class AttendingTaken(Taken):
    """How somebody takes part."""

    attending: Literal["room", "video", "phone", "voice_only", "writing"]


class RemovalTaken(Taken):
    """Why somebody is sent out. Addresses end up in logs on the way, so the words belong here and not there."""

    reason: str = ""


async def add_participant(call: Call[ParticipantAdded]) -> ParticipantCreated:
    """Invite somebody more."""
    given = call.body
    new = NewParticipant(given.name, Role(given.role), given.agency)
    made = await inviting.add(call.ctx, call.program(), call.path("id"), new, given.supports)
    return ParticipantCreated.model_validate(made)


async def admit_participant(call: Call[Nothing]) -> None:
    """Let in somebody who waits."""
    await participants.admit(call.ctx, call.leader(), call.path("participant"))


async def participant_is_here(call: Call[HereTaken]) -> None:
    """Somebody is here without a page. The chair says so, who has seen or heard them."""
    given = call.body
    await participants.mark_here(
        call.ctx, call.participant(), call.path("participant"), given.attending, given.promised
    )


async def change_attending(call: Call[AttendingTaken]) -> None:
    """Somebody takes part in another way than before."""
    await participants.set_attending(call.ctx, call.leader(), call.path("participant"), call.body.attending)


async def remove_participant(call: Call[RemovalTaken]) -> None:
    """Send somebody out, at once. The reason may be given in the body; as `?reason=` it is taken too."""
    given = call.body.reason or call.request.query_params.get("reason")
    reason = given or "Removed through the council’s own system."
    await participants.remove(call.ctx, call.leader(), call.path("participant"), reason)
