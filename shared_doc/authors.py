"""Who writes in a lane: which participant a client id belongs to, and what a participant may change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shared_doc.errors import RefusalCode, Refused
from shared_doc.limits import CLIENTS_OF_ONE


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do in one lane. `edit_own`: in points that were started by one of their own pages."""

    edit_any: bool
    edit_own: bool
    add: bool

    def __bool__(self) -> bool:
        return self.edit_any or self.edit_own or self.add


READING: Rights = Rights(edit_any=False, edit_own=False, add=False)


class Author(NamedTuple):
    """The participant whose update is judged. It comes from the connection, never from the update."""

    participant: str
    rights: Rights


class ClientIds:
    """Which participant each Yjs client id of one conference belongs to. Shared by the conference's lanes.

    An id belongs to one participant for ever: it is what says who started a point.
    """

    __slots__ = ("_counts", "_owners")

    def __init__(self, owners: Mapping[int, str] | None = None) -> None:
        self._owners: dict[int, str] = dict(owners or {})
        self._counts = Counter(self._owners.values())

    def owner(self, client: int) -> str | None:
        """The participant, or None if nobody holds the id."""
        return self._owners.get(client)

    def require(self, client: int, participant: str) -> bool:
        """Raise `Refused` unless the participant holds the id, or may still take it; True if they would take it."""
        owner = self._owners.get(client)
        if owner == participant:
            return False
        if owner is not None:
            raise Refused(RefusalCode.NOT_YOUR_CLIENT)
        if self._counts[participant] >= CLIENTS_OF_ONE:
            raise Refused(RefusalCode.TOO_MUCH)
        return True

    def bind(self, client: int, participant: str) -> None:
        """Give the id to a participant. Raises `Refused` if another one holds it, or they hold too many."""
        if self.require(client, participant):
            self._owners[client] = participant
            self._counts[participant] += 1

    def release(self, client: int) -> None:
        """Forget a binding that could not be stored."""
        owner = self._owners.pop(client, None)
        if owner is not None:
            self._counts[owner] -= 1
