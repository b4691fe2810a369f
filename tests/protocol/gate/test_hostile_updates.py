"""What the gate accepts could have come from an honest page: live, loaded, merged and in Yjs, it reads the same."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_doc.errors import Malformed, RefusalCode, Refused
from shared_doc.gate import Gate
from tests.protocol.gate.hostile import Hostile
from tests.protocol.gate.lane import Lane, Yjs, assert_all_agree, held, picture

BATCHES = int(os.environ.get("TRUERECORD_HOSTILE_BATCHES", "25"))
UPDATES = 240


@pytest.mark.parametrize("seed", range(BATCHES))
def test_what_is_accepted_reads_the_same_everywhere(seed: int, yjs: Yjs) -> None:
    lane = Lane()
    hostile = Hostile(Random(seed), lane)
    accepted = 0
    for _ in range(UPDATES):
        forged, author = hostile.next()
        try:
            accepted += not lane.put(forged, author).empty
        except (Malformed, Refused):
            continue
    assert UPDATES // 10 < accepted < UPDATES
    assert_all_agree(lane, yjs)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_no_short_sequence_makes_replicas_disagree(yjs: Yjs, random: Random, length: int) -> None:
    lane = Lane()
    hostile = Hostile(random, lane)
    for _ in range(length):
        lane.accepts(*hostile.next())
    assert_all_agree(lane, yjs)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 32))
def test_a_lane_loaded_again_judges_like_the_one_that_watched(seed: int) -> None:
    random = Random(seed)
    lane = Lane()
    hostile = Hostile(random, lane)
    for _ in range(60):
        lane.accepts(*hostile.next())
    loaded = Gate.load(lane.doc.get_update(), lane.clients)
    for _ in range(30):
        forged, author = hostile.next()
        verdicts = []
        for gate in (lane.gate, loaded):
            try:
                verdicts.append(gate.check(forged, author).canonical.hex())
            except (Malformed, Refused) as refusal:
                verdicts.append(str(refusal.code))
                if refusal.code == RefusalCode.HALF_A_CHARACTER:
                    break
        else:
            assert verdicts[0] == verdicts[1]
    assert picture(loaded) == picture(lane.gate)


def test_points_of_others_stay_as_they_are_whatever_one_sends() -> None:
    lane = Lane()
    hostile = Hostile(Random(3), lane)
    for _ in range(150):
        lane.accepts(*hostile.next())
    theirs = {point for point in held(lane.doc) if lane.gate.started_by(point) != "dot"}
    before = {point: held(lane.doc)[point] for point in theirs}
    changed = 0
    for _ in range(1_500):
        forged, author = hostile.next()
        if author.participant == "dot":
            changed += lane.accepts(forged, author)
    assert changed
    assert {point: held(lane.doc)[point] for point in theirs} == before
