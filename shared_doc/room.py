"""One conference while anybody is connected to it: sessions × lanes, frames in, effects out.

Nothing here waits, writes or sends. A caller hands in what came (`receive`), what was read from disk
(`lane_loaded`, `gate_loaded`) and what was written to it (`stored`, `failed`), and carries the returned
effects out **in order**.

The order of one change, which is the promise of the protocol: gate → `Append` → (on disk) → document →
acknowledgement → everybody else. Whoever edits everything is told at once; the others at the next `tick`,
several changes in one frame.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from random import Random
from typing import Any

from pycrdt import Doc

from shared_doc import cursors
from shared_doc.authors import ClientIds, Rights
from shared_doc.effects import Added, Broadcast, Effect, LoadLane, Refusal, Send, Shut
from shared_doc.errors import Malformed, RefusalCode, Refused
from shared_doc.gate import Gate
from shared_doc.lane import Lane
from shared_doc.limits import LIVE
from shared_doc.messages import (
    Authenticated,
    Awareness,
    Change,
    ClientMessage,
    Close,
    CloseCode,
    Denied,
    QueryAwareness,
    Stateless,
    Step1,
    Step2,
    SyncStatus,
)
from shared_doc.notices import Notices, gone
from shared_doc.permissions import Phase
from shared_doc.presence import User
from shared_doc.schema import parse_lane
from shared_doc.session import NOT_FOR_YOU, Access, Roster, Session, State, access_of
from shared_doc.writing import NotTaken, Writing


class Room:
    """The live side of one conference."""

    def __init__(
        self,
        conference_id: str,
        roster: Roster,
        users: Mapping[str, User],
        clients: ClientIds,
        random: Random,
        epoch: int = 1,
    ) -> None:
        self.conference_id = conference_id
        self.epoch = epoch
        self.notices = Notices(conference_id)
        self.events_name = self.notices.name
        self.lanes: dict[str, Lane] = {}
        self.clients = clients
        self.writing = Writing(clients, random)
        self._roster = roster
        self._phase = roster.phase
        self._users = users

    # Coming and going

    def join(self, session: Session, participant_id: str, now: float) -> list[Effect]:
        """Take in a session whose token named `participant_id`. What it may not open looks as if it did not exist."""
        session.participant_id = participant_id
        if session.name == self.events_name:
            heard = self.notices.join(session, self._roster)
            self._catch_up(session, now, heard)
            return heard
        access = self._access(session)
        if access is None:
            session.close()
            return [Send(session, Denied(session.name, NOT_FOR_YOU).encode())]
        session.access = access
        session.state = State.SYNCING
        lane = self.lanes.get(session.name)
        if lane is None:
            lane = self.lanes[session.name] = Lane(session.name)
        lane.sessions.append(session)
        lane.sort_sessions()
        effects: list[Effect] = [Send(session, Authenticated(session.name, access.scope).encode())]
        if not lane.loaded:
            effects.append(LoadLane(lane.name))
        else:
            self._begin(lane, session, now, effects)
        return effects

    def _begin(self, lane: Lane, session: Session, now: float, effects: list[Effect]) -> None:
        session.state = State.LIVE
        if session.access.prompt:
            effects.extend(cursors.show(lane, session))
        self._catch_up(session, now, effects)

    def leave(self, session: Session) -> list[Effect]:
        """Forget a session: its socket closed, or it said goodbye to the document."""
        session.close()
        if session in self.notices.listeners:
            self.notices.listeners.remove(session)
        lane = self.lanes.get(session.name)
        if lane is None or session not in lane.sessions:
            return []
        lane.sessions.remove(session)
        lane.sort_sessions()
        return cursors.gone(lane, session)

    @property
    def sessions(self) -> list[Session]:
        """Every session that is in the room."""
        return [
            *self.notices.listeners,
            *(session for lane in self.lanes.values() for session in lane.sessions),
        ]

    # Frames

    def receive(self, session: Session, message: ClientMessage, size: int, now: float) -> list[Effect]:
        """Handle a frame of `size` bytes, or keep it until it can be.

        Raises:
            Malformed: the frame ends the connection it came on.
        """
        if session.state is State.CLOSED:
            return []
        effects: list[Effect] = []
        if (
            session.state is not State.LIVE
            or session.waiting
            or not self._handle(session, message, now, effects)
        ):
            session.hold(message, size)
        return effects

    def go_on(self, session: Session, now: float) -> list[Effect]:
        """Handle what waited because a person had used up their share of the work."""
        effects: list[Effect] = []
        self._catch_up(session, now, effects)
        return effects

    def _catch_up(self, session: Session, now: float, effects: list[Effect]) -> None:
        """Handle what waited, as far as it can be."""
        while session.waiting and session.state is State.LIVE:
            try:
                handled = self._handle(session, session.waiting[0][0], now, effects)
            except Malformed as malformed:
                session.close()
                effects.append(Shut(session, CloseCode.MALFORMED, malformed.code))
                return
            if not handled:
                break
            if session.waiting:
                session.drop_first()

    def _handle(self, session: Session, message: ClientMessage, now: float, effects: list[Effect]) -> bool:
        """Handle one frame of a live session; False if it has to wait."""
        if isinstance(message, Change):
            return self._change(session, message, now, effects)
        if isinstance(message, Step1):
            return self._answer(session, message.state_vector, effects)
        if isinstance(message, Step2):
            return self._change(session, message, now, effects)
        if isinstance(message, Awareness):
            lane, user = self.lanes.get(session.name), self._users.get(session.participant_id)
            effects.extend(cursors.heard(lane, session, message.body, user, self.clients, now))
        elif isinstance(message, QueryAwareness):
            lane = self.lanes.get(session.name)
            if lane is not None and session.access.prompt:
                effects.extend(cursors.show(lane, session))
        elif isinstance(message, Close):
            effects.extend(self.leave(session))
        return True

    def _answer(self, session: Session, state_vector: bytes, effects: list[Effect]) -> bool:
        if session.name == self.events_name:
            effects.extend(self.notices.answer(session))
            return True
        lane = self.lanes[session.name]
        if not lane.loaded:
            return False
        step1, step2 = lane.answer(state_vector)
        session.answered = True
        effects.append(Send(session, step1))
        effects.append(Send(session, step2))
        return True

    def _change(self, session: Session, message: Change | Step2, now: float, effects: list[Effect]) -> bool:
        lane = self.lanes.get(session.name)
        try:
            if lane is None:
                effects.extend(self.notices.write(session, message.update))
                return True
            if isinstance(message, Step2):
                return self.writing.meet(lane, session, message.update, now, effects)
            return self.writing.change(lane, session, message.update, LIVE, now, effects)
        except NotTaken as not_taken:
            self._refuse(session, not_taken.code, not_taken.reason, effects)
            return True

    def _refuse(self, session: Session, code: str, reason: str, effects: list[Effect]) -> None:
        """Tell a refusal and close the document: the client's copy holds what nobody else will ever have."""
        effects.append(Send(session, SyncStatus(session.name, stored=False).encode()))
        notice = json.dumps({"type": "refused", "code": str(code), "reason": reason})
        effects.append(Send(session, Stateless(session.name, notice).encode()))
        effects.append(Send(session, Close(session.name, str(code)).encode()))
        effects.append(Refusal(session, str(code)))
        effects.extend(self.leave(session))

    # The disk

    def lane_loaded(self, name: str, doc: Doc[Any], now: float) -> list[Effect]:
        """Take a lane's document, read from disk, and go on with whoever waits for it."""
        lane = self.lanes.get(name)
        if lane is None:
            lane = self.lanes[name] = Lane(name)
        lane.load(doc)
        effects: list[Effect] = []
        resumed = [session for session in lane.sessions if session.answered]
        if resumed:
            effects.append(Broadcast(resumed, lane.whole_frame()))
        for session in list(lane.sessions):
            if session.state is State.SYNCING:
                self._begin(lane, session, now, effects)
            else:
                self._catch_up(session, now, effects)
        return effects

    def lane_unusable(self, name: str, reason: str) -> list[Effect]:
        """Close a lane that cannot be read; the rest of the conference goes on."""
        lane = self.lanes.pop(name, None)
        effects: list[Effect] = []
        for session in lane.sessions if lane is not None else ():
            notice = json.dumps({"type": "refused", "code": "damaged", "reason": reason})
            effects.append(Send(session, Stateless(name, notice).encode()))
            effects.append(Send(session, Close(name, "damaged").encode()))
            session.close()
        return effects

    def gate_loaded(self, name: str, state: bytes, gate: Gate, now: float) -> list[Effect]:
        """Take the gate of a lane, made from the state that `LoadGate` gave; go on with whoever waits for it."""
        lane = self.lanes.get(name)
        effects: list[Effect] = []
        # A gate made from what the lane held before it was read again would let the wrong things pass.
        if lane is None or not lane.gate_loading or lane.state is not state:
            return effects
        lane.gate = gate
        lane.gate_loading = False
        for session in list(lane.sessions):
            self._catch_up(session, now, effects)
        return effects

    def stored(self, name: str, ticket: int) -> list[Effect]:
        """Everything of a lane up to and with `ticket` is on disk."""
        return self.writing.stored(self.lanes[name], ticket)

    def late(self, name: str) -> list[Effect]:
        """What is outstanding of a lane is not stored yet, longer than a writer should not know."""
        return self.writing.late(self.lanes[name])

    def failed(self, name: str) -> list[Effect]:
        """Nothing outstanding of a lane could be stored."""
        return self.writing.failed(self.lanes[name])

    def need_gate(self, name: str) -> list[Effect]:
        """Ask for the gate of a loaded lane, if nobody has asked."""
        return self.writing.need_gate(self.lanes[name])

    def add_point(self, name: str, participant_id: str, text: str, kind: str, said_by: str) -> Added:
        """Write a point at the end of a lane under a participant's name. Raises Refused."""
        lane = self.lanes[name]
        access = access_of(self._roster, participant_id, lane.place)
        # Whether they may add was decided by an action, some time ago if the lane had to be read first.
        if access is None or access.code in {"signed", "adjourned"}:
            raise Refused(RefusalCode.MAY_NOT_ADD, NOT_FOR_YOU if access is None else access.why_not)
        rights = Rights(edit_any=access.rights.edit_any, edit_own=True, add=True)
        return self.writing.add_point(lane, participant_id, rights, text, kind, said_by)

    def tick(self, name: str) -> list[Effect]:
        """Tell those who follow what is new since the last tick: one frame, encoded once, for all of them."""
        lane = self.lanes.get(name)
        if lane is None:
            return []
        frame = lane.take_fresh()
        if frame is None or not lane.merged:
            return []
        return [Broadcast([session for session in lane.merged if session.answered], frame)]

    def expire(self, now: float) -> list[Effect]:
        """Take away cursors that were not renewed."""
        return [effect for lane in self.lanes.values() for effect in cursors.expired(lane, now)]

    # Rights

    def rights_changed(self, roster: Roster, users: Mapping[str, User], now: float) -> list[Effect]:
        """Look at every open session again: who lost a lane loses it now, who may do more is told."""
        signed_before = self._phase is Phase.SIGNED
        self._roster = roster
        self._phase = roster.phase
        self._users = users
        effects: list[Effect] = []
        for session in self.sessions:
            if gone(self._roster, session.participant_id):
                self._send_out(session, "removed", effects)
            elif session.name != self.events_name:
                self._look_again(session, now, effects)
        if self._phase is Phase.SIGNED and not signed_before:
            for lane in self.lanes.values():
                if lane.sessions:
                    frame = Stateless(lane.name, json.dumps({"type": "frozen"})).encode()
                    effects.append(Broadcast(list(lane.sessions), frame))
        return effects

    def _look_again(self, session: Session, now: float, effects: list[Effect]) -> None:
        access = self._access(session)
        if access is None:
            effects.append(Send(session, Close(session.name, "not_found").encode()))
            effects.extend(self.leave(session))
            return
        before = session.access
        session.access = access
        if access.rights == before.rights:
            return
        lane = self.lanes[session.name]
        effects.append(Send(session, Authenticated(session.name, access.scope).encode()))
        if access.prompt and not before.prompt and lane.fresh and session.answered:
            # It was to follow at the next tick, which is no longer for this session.
            effects.append(Send(session, lane.change_frame(lane.fresh)))
        lane.sort_sessions()
        if before.prompt and not access.prompt:
            effects.extend(cursors.gone(lane, session))
            effects.extend(cursors.hide(lane, session))
        elif access.prompt and not before.prompt:
            effects.extend(cursors.show(lane, session))
        self._catch_up(session, now, effects)

    def send_out(self, sessions: Iterable[Session], why: str) -> list[Effect]:
        """End sessions whose token no longer counts: `why` is "removed", or "expired" if only their time is over."""
        effects: list[Effect] = []
        for session in sessions:
            self._send_out(session, why, effects)
        return effects

    def _send_out(self, session: Session, why: str, effects: list[Effect]) -> None:
        if session.name == self.events_name:
            effects.append(Send(session, Stateless(session.name, json.dumps({"type": why})).encode()))
        effects.extend(self.leave(session))
        effects.append(Shut(session, CloseCode.REMOVED, why))

    def _access(self, session: Session) -> Access | None:
        try:
            place = parse_lane(session.name)
        except Malformed:
            return None
        if place.conference_id != self.conference_id:
            return None
        return access_of(self._roster, session.participant_id, place)

    # Notices and freezing

    def notice(
        self, what: Collection[str], part_id: str | None = None, only: Collection[str] | None = None
    ) -> list[Effect]:
        """Tell those who may know it which structured state changed."""
        return self.notices.changed(self._roster, what, part_id, only)

    def reload(self, why: str, epoch: int) -> list[Effect]:
        """Tell every page that it is too old to go on."""
        self.epoch = epoch
        payload = json.dumps({"type": "reload", "why": why})
        return [Send(session, Stateless(session.name, payload).encode()) for session in self.sessions]

    def freeze(self) -> None:
        """From now on no lane takes anything. What came before is stored as usual; what comes waits."""
        self.writing.frozen = True

    def thaw(self, now: float) -> list[Effect]:
        """Go on with what waited, under the rights of now."""
        self.writing.frozen = False
        effects: list[Effect] = []
        for session in self.sessions:
            self._catch_up(session, now, effects)
        return effects

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way to the disk."""
        return not any(lane.outstanding for lane in self.lanes.values())

    def forget(self, name: str) -> None:
        """Let go of a lane that nobody has open."""
        lane = self.lanes.get(name)
        if lane is not None and not lane.sessions and not lane.outstanding:
            del self.lanes[name]
