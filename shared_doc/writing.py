"""Changes of one conference on their way: through the gate, to the disk, into the document, to everybody else.

The order is the promise of the protocol. A change is acknowledged when it is on disk and not before, and nobody is told
of it before that either.
"""

from __future__ import annotations

import json
from random import Random

from shared_doc.authors import Author, ClientIds, Rights
from shared_doc.compose import compose_point
from shared_doc.effects import Added, Append, Due, Effect, GoOn, LoadGate, LoadLane, Send, Shut, Written
from shared_doc.effort import Effort
from shared_doc.errors import RefusalCode, Refused
from shared_doc.gate import Accepted
from shared_doc.lane import NOTHING, Lane, Outstanding
from shared_doc.lane_index import Work
from shared_doc.limits import LIVE, STEP2, UpdateLimits
from shared_doc.messages import CloseCode, Stateless
from shared_doc.session import Session
from shared_doc.update import decode_update

JOINS_NOTHING = frozenset({RefusalCode.GAP, RefusalCode.UNKNOWN_PLACE})
"""Refusals of a change that would be good if something came before it."""


class NotTaken(Exception):
    """A change that is well-formed and not permitted. `code` is for programs, `reason` for the person."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


class Writing:
    """What a room does with changes. While `frozen`, they wait."""

    def __init__(self, clients: ClientIds, random: Random) -> None:
        self.clients = clients
        self.frozen = False
        self._effort = Effort()
        self._random = random
        self._last_ticket = 0
        self._own_clients: dict[str, int] = {}

    def meet(self, lane: Lane, session: Session, body: bytes, now: float, effects: list[Effect]) -> bool:
        """A Step2: everything the client has and we lack, and then what it had sent ahead of that."""
        session.met = True
        if session.ahead and (self.frozen or lane.gate is None):
            if lane.loaded:
                effects.extend(self.need_gate(lane))
            return False
        if not session.joined and not self.change(lane, session, body, STEP2, now, effects):
            return False
        session.joined = True
        while session.ahead and not session.closed:
            if not self.change(lane, session, session.ahead[0], LIVE, now, effects):
                return False
            session.ahead.pop(0)
        session.joined = False
        return True

    def change(
        self,
        lane: Lane,
        session: Session,
        body: bytes,
        limits: UpdateLimits,
        now: float,
        effects: list[Effect],
    ) -> bool:
        """An update of a client; False if it has to wait.

        Raises:
            Malformed: it is not an update.
            NotTaken: it is not permitted.
        """
        if body == NOTHING:
            effects.append(Send(session, lane.stored_frame))
            return True
        if not lane.loaded or self.frozen:
            return False
        if session.ahead and not session.met and session.may_send_ahead:
            session.ahead.append(body)
            return True
        if lane.gate is None or not session.access.writes:
            # Without a gate only what brings nothing new can be judged, and nothing else is ever asked of a
            # reader.
            if lane.knows(body, decode_update(body, limits)):
                effects.append(Send(session, lane.stored_frame))
                return True
            if not session.access.writes:
                raise NotTaken(session.access.code, session.access.why_not)
            effects.extend(self.need_gate(lane))
            return False
        author = Author(session.participant_id, session.access.rights)
        wait = self._effort.wait(author.participant, now)
        if wait > 0:
            effects.append(GoOn(session, wait))
            return False
        work = Work(limits.steps)
        try:
            accepted = lane.pass_gate(body, author, limits, session.wipe, now, work)
        except Refused as refused:
            if session.met or session.ahead or refused.code not in JOINS_NOTHING:
                raise NotTaken(refused.code, refused.reason) from None
            session.ahead.append(body)
            return True
        finally:
            self._effort.spend(author.participant, limits.steps - max(work.left, 0), now)
        if not accepted.empty:
            self._append(lane, session, session.participant_id, accepted, effects)
        elif lane.outstanding:
            # It may repeat what is still on its way to the disk: not before that is there.
            lane.outstanding.append(Outstanding(lane.outstanding[-1].ticket, session, None))
        else:
            effects.append(Send(session, lane.stored_frame))
        return True

    def _append(
        self,
        lane: Lane,
        session: Session | None,
        participant_id: str,
        accepted: Accepted,
        effects: list[Effect],
    ) -> int:
        self._last_ticket += 1
        ticket = self._last_ticket
        lane.outstanding.append(Outstanding(ticket, session, accepted))
        effects.append(
            Append(
                lane.name, ticket, participant_id, accepted.client, accepted.canonical, accepted.newly_bound
            )
        )
        return ticket

    def stored(self, lane: Lane, ticket: int) -> list[Effect]:
        """Everything of a lane up to and with `ticket` is on disk: now it is true, acknowledged, and told."""
        effects: list[Effect] = []
        told: list[tuple[Session | None, Accepted]] = []
        thanks: dict[Session, int] = {}
        while lane.outstanding and lane.outstanding[0].ticket <= ticket:
            done = lane.outstanding.popleft()
            if done.accepted is not None:
                lane.apply(done.accepted)
                told.append((done.session, done.accepted))
            if done.session is not None:
                thanks[done.session] = thanks.get(done.session, 0) + 1
            elif done.accepted is not None:
                effects.append(Written(done.ticket))
        for session, times in thanks.items():
            effects.append(Send(session, lane.stored_frame, times))
        if told:
            self._tell(lane, told, effects)
        return effects

    def _tell(self, lane: Lane, told: list[tuple[Session | None, Accepted]], effects: list[Effect]) -> None:
        frames: dict[int, bytes] = {}
        writers = {id(session) for session, _accepted in told}
        for listener in lane.prompt:
            if not listener.answered:
                continue
            # One frame for everybody who wrote none of it; a writer is not told their own again.
            key = id(listener) if id(listener) in writers else 0
            frame = frames.get(key)
            if frame is None:
                news = [accepted for session, accepted in told if session is not listener]
                frame = frames[key] = lane.change_frame(news) if news else b""
            if frame:
                effects.append(Send(listener, frame))
        if lane.merged:
            lane.fresh.extend(accepted for _session, accepted in told)
            if not lane.due:
                lane.due = True
                effects.append(Due(lane.name))

    def late(self, lane: Lane) -> list[Effect]:
        """Tell the writers of what is outstanding that it is not stored yet. Whether it will be is not known."""
        notice = Stateless(lane.name, json.dumps({"type": "not_stored_yet"})).encode()
        writers = dict.fromkeys(o.session for o in lane.outstanding if o.session is not None)
        return [Send(session, notice) for session in writers]

    def failed(self, lane: Lane) -> list[Effect]:
        """Nothing outstanding of a lane could be stored: say so, and read the lane again before anything
        else."""
        effects: list[Effect] = []
        notice = Stateless(lane.name, json.dumps({"type": "not_stored"})).encode()
        writers: dict[Session, None] = {}
        for lost in lane.drop():
            if lost.accepted is not None and lost.accepted.newly_bound and lost.accepted.client is not None:
                self.clients.release(lost.accepted.client)
            if lost.session is not None:
                effects.append(Send(lost.session, lane.refused_frame))
                writers[lost.session] = None
            elif lost.accepted is not None:
                effects.append(Written(lost.ticket, stored=False))
        for session in writers:
            effects.append(Send(session, notice))
            # Only a new connection makes a provider send again what was not acknowledged.
            effects.append(Shut(session, CloseCode.NOT_STORED, "not stored"))
        effects.append(LoadLane(lane.name, after_failure=True))
        return effects

    def need_gate(self, lane: Lane) -> list[Effect]:
        """Ask for the gate of a loaded lane, if nobody has asked."""
        if lane.gate is not None or lane.gate_loading:
            return []
        lane.gate_loading = True
        return [LoadGate(lane.name, lane.state)]

    def add_point(
        self, lane: Lane, participant_id: str, rights: Rights, text: str, kind: str, said_by: str
    ) -> Added:
        """Write a point at the end of a loaded lane under a participant's name. Whether they may was decided
        before; `rights` say whether they have a share of the lane only.

        Raises:
            Refused: the lane is frozen, or the point is not one that it takes.
        """
        if lane.gate is None or self.frozen:
            raise Refused(RefusalCode.READ_ONLY, "Nothing can be added just now. Try again in a moment.")
        author = Author(participant_id, rights)
        client = self._own_client(participant_id)
        try:
            point_id, updates = compose_point(
                lane.gate, client, text=text, kind=kind, said_by=said_by, random=self._random
            )
        except ValueError:
            raise Refused(RefusalCode.BAD_TEXT) from None
        effects: list[Effect] = []
        ticket = 0
        for update in updates:
            accepted = lane.pass_gate(update, author, LIVE)
            ticket = self._append(lane, None, participant_id, accepted, effects)
        return Added(point_id, ticket, effects)

    def _own_client(self, participant_id: str) -> int:
        """The client id under which the server writes for a participant, new each time the room opens."""
        client = self._own_clients.get(participant_id)
        while client is None or self.clients.owner(client) not in (None, participant_id):
            client = self._random.randrange(1, 1 << 32)
        self._own_clients[participant_id] = client
        return client
