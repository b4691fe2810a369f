"""Every role × standing × phase over every act of a live lane: what the room does is what the one table says.

By somebody who came before their rights changed, with the page still open, and by somebody who comes afterwards. Both
know the lane's whole document, and try whether or not a page would offer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from shared_doc.messages import Scope
from shared_doc.permissions import Act, Person, Phase, Role, Standing
from shared_doc.presence import User
from shared_doc.schema import parse_lane
from tests.protocol.meeting import MINUTES, POLICE, SUMMARY, Meeting, Page

ME = "me"
ROLES = [role for role in Role if role is not Role.SCREEN]
WRITES = (Act.ADD_POINT, Act.EDIT_OWN_POINT, Act.EDIT_ANY_POINT)


class Trial:
    """One lane with a point of somebody else's in it and, where they could ever write there, one of this person's."""

    def __init__(self, role: Role, lane: str) -> None:
        self.lane = lane
        meeting = self.meeting = Meeting()
        kelly = meeting.rights.people["kelly"]
        meeting.users[ME] = User(ME, "Me", role)
        meeting.rights.people[ME] = Person(
            ME, role, Standing.ADMITTED, supports=kelly, released=frozenset({"p1"})
        )
        meeting.rights_changed()
        # In the summary only the chair writes.
        self.theirs = meeting.page("ruth", lane).type("Harper is six")
        meeting.commit()
        meeting.change(ME, pens=frozenset({"p1", "p2"}))
        page = meeting.page(ME, lane)
        self.own = page.type("He likes school") if page.scope is Scope.READ_WRITE else None
        meeting.commit()
        meeting.change(ME, pens=frozenset())
        self.stayed = {act: meeting.page(ME, lane) for act in WRITES}

    def may(self, *acts: Act) -> bool:
        """What the table says of any of these."""
        name = parse_lane(self.lane)
        return any(bool(self.meeting.rights.decide(ME, act, name.part_id, name.lane)) for act in acts)

    def writes(self, page: Page, act: Act) -> bool:
        """Try it; whether anything of it is in what a restart would find, or on anybody's page."""
        before = self.found()
        page.know(self.meeting.stored(self.lane).get_update())
        if act is Act.ADD_POINT:
            page.type("something new")
        else:
            point = self.own if self.own and act is Act.EDIT_OWN_POINT else self.theirs
            page.type(" and a half", point)
            page.rub_out(4, point)
        self.meeting.commit()
        return self.found() != before

    def found(self) -> list[object]:
        meeting = self.meeting
        return [meeting.stored(self.lane).get_update(), meeting.page("ruth", self.lane).texts()]


def wrong_of(role: Role, lane: str, standing: Standing, phase: Phase) -> Iterator[str]:
    trial = Trial(role, lane)
    meeting = trial.meeting
    meeting.rights.people[ME] = replace(meeting.rights.people[ME], standing=standing)
    meeting.rights.phase = phase
    meeting.rights_changed()
    case = f"{role} {standing} {phase} {lane}"
    readable = trial.may(Act.READ)
    came = {act: meeting.page(ME, lane) for act in WRITES}
    for page in came.values():
        if (page.scope is not None) != readable:
            yield f"{case}: opened {page.scope}"
        if bool(page.texts()) != readable:
            yield f"{case}: was sent {page.texts()}"
    for (how, pages), act in product({"stayed": trial.stayed, "came": came}.items(), WRITES):
        if act is Act.EDIT_OWN_POINT and trial.own is None:
            continue
        allowed = (
            trial.may(Act.EDIT_OWN_POINT, Act.EDIT_ANY_POINT) if act is Act.EDIT_OWN_POINT else trial.may(act)
        )
        if trial.writes(pages[act], act) != allowed:
            yield f"{case} {how}: {act} is {'refused' if allowed else 'done'}"


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("standing", list(Standing))
def test_the_room_does_what_the_table_says(standing: Standing, phase: Phase) -> None:
    wrong = [
        one
        for role, lane in product(ROLES, (MINUTES, SUMMARY, POLICE))
        for one in wrong_of(role, lane, standing, phase)
    ]
    assert not wrong, "\n" + "\n".join(wrong)
