"""A new conference, from what a program (or a file on the command line) gives to what it is told."""

from __future__ import annotations

from server.actions.conferences import CreatedConference, NewChild, NewConference, NewPart, NewParticipant
from server.routes.api_shapes import (
    ConferenceCreated,
    ConferenceTaken,
    LanesTold,
    PartCreated,
    ParticipantCreated,
)
from shared_doc.permissions import Role


def taken(given: ConferenceTaken) -> NewConference:
    """As the action takes it."""
    return NewConference(
        title=given.title,
        kind=given.kind,
        starts_at=given.starts_at,
        children=[NewChild(child.name, child.date_of_birth) for child in given.children],
        parts=[NewPart(part.title, part.audience) for part in given.parts],
        participants=[
            NewParticipant(person.name, Role(person.role), person.agency, person.supports)
            for person in given.participants
        ],
    )


def created(made: CreatedConference) -> ConferenceCreated:
    """As it is told."""
    return ConferenceCreated(
        id=made.id,
        url=made.url,
        parts=[
            PartCreated(
                id=part.id, title=part.title, lanes=LanesTold(minutes=part.minutes, summary=part.summary)
            )
            for part in made.parts
        ],
        participants=[ParticipantCreated.model_validate(person) for person in made.participants],
    )
