"""Where the meeting is for one person: the one page that shows it, and how that page is told from another. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from server.actions.views import ConferenceView, PartView, ReadThroughView
from shared_doc.permissions import COMPANIONS, Phase


@dataclass(frozen=True, slots=True)
class Where:
    """Where the meeting is for one person: what kind of page, and of which part. `detail` is all that changes it."""

    kind: str
    part: PartView | None = None
    detail: str = ""


def where(view: ConferenceView) -> Where:
    """The one page that shows this person where the meeting is."""
    if view.phase in {Phase.PREPARING, Phase.OPEN}:
        return Where("before")
    if view.phase is not Phase.SIGNED and (asked := _asked_now(view)) is not None:
        return asked
    if view.phase in {Phase.CLOSED, Phase.SIGNED}:
        return Where("end", detail=view.phase.value)
    if view.me.role in COMPANIONS and not view.parts:
        return Where("alone")
    if view.without_you:
        return Where("closed")
    part = view.part(view.current) if view.current else None
    return Where("between") if part is None else Where("points", part, part_detail(view, part))


def _asked_now(view: ConferenceView) -> Where | None:
    """What this person is asked before anything else.

    While the meeting goes on, that is the read-through alone: a point of another part that was changed since is offered
    beside what they read (`asked_again`), because nobody is taken out of what is being said. Once it is over it comes
    first.
    """
    running = view.read_through
    asked = [running] if running is not None and running.running else []
    if view.phase is Phase.CLOSED:
        asked += view.asked_again
    for one in asked:
        part = view.part(one.part_id)
        if part is not None and part.can.agree:
            return Where("ask", part, unanswered(one, view.me.id))
    return None


def part_detail(view: ConferenceView, part: PartView) -> str:
    """What a page of points depends on beside the points: the phase, and what this person may do here."""
    can = part.can
    return (
        f"{view.phase.value}:{can.edit_any:d}{can.edit_own:d}{can.add_point:d}{can.flag:d}:{part.state.value}"
    )


def place_of(at: Where) -> str:
    """A place as the page's script compares it."""
    return ":".join(word for word in (at.kind, at.part.id if at.part else "", at.detail) if word)


def unanswered(running: ReadThroughView, participant_id: str) -> str:
    """The points this person is still, or again, asked about."""
    mine = {
        point.point_id: any(
            one.person.id == participant_id and one.answer is not None and not one.stale
            for one in point.answers
        )
        for point in running.points
    }
    return ",".join(point for point, done in mine.items() if not done)
