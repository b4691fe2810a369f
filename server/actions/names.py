"""How people, kinds and conferences are called on every page and in every answer."""

from __future__ import annotations

from collections.abc import Mapping

from server.actions.views import NameView
from server.db.models import Participant
from shared_doc.permissions import Role

KIND_LABELS: Mapping[str, str] = {
    "point": "Point",
    "strength": "Strength",
    "worry": "Worry",
    "view": "View",
    "question": "Question",
    "answer": "Answer",
    "action": "To do",
}

CONFERENCE_KINDS: Mapping[str, str] = {
    "initial": "First conference",
    "review": "Review",
    "pre_birth": "Before birth",
    "transfer_in": "Moved here from another council",
}

_ROLE_LABELS: Mapping[Role, str] = {
    Role.CHAIR: "chair",
    Role.MINUTE_TAKER: "minutes",
    Role.SOCIAL_WORKER: "social worker",
    Role.PROFESSIONAL: "professional",
    Role.PARENT: "parent or carer",
    Role.CHILD: "child",
    Role.SUPPORTER: "supporter",
    Role.SOLICITOR: "solicitor",
    Role.INTERPRETER: "interpreter",
    Role.OBSERVER: "observer",
    Role.SCREEN: "screen",
}

_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "professor", "rev", "sir", "dame", "pc", "dc", "ds"}
)

_KNOWN_BY_AGENCY = frozenset({Role.PROFESSIONAL, Role.PARENT, Role.CHILD})


def role_label(role: Role, agency: str = "", supports: str = "") -> str:
    """What stands after a name: "mother", "health visitor", "with Keeley". `supports` is that person's full
    name.
    """
    if role in _KNOWN_BY_AGENCY and agency:
        return agency
    if supports and role is Role.SUPPORTER:
        return f"with {first_name(supports)}"
    if supports and role is Role.SOLICITOR:
        return f"solicitor, with {first_name(supports)}"
    return _ROLE_LABELS[role]


def first_name(name: str) -> str:
    """What somebody is called in a sentence: "Margaret", or "Dr Iqbal" for a name that begins with a title."""
    words = name.split()
    if len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        return f"{words[0]} {words[-1]}"
    return words[0] if words else name


def named(participant: Participant, people: Mapping[str, Participant]) -> NameView:
    """A person with their label. `people` are all of the conference, by id."""
    supported = people.get(participant.supports_id or "")
    label = role_label(Role(participant.role), participant.agency, supported.name if supported else "")
    return NameView(participant.id, participant.name, label)
