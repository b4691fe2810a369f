"""The measurement measures: it counts what it sent, times what arrived, and says so when something did not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.killing import Kept
from tests.bench.measure import Figures, Times, Work, measure
from tests.bench.peers import FanOut, Hocuspocus, Peer, PlainYjs, TrueRecord, on_core
from tests.bench.process_figures import cpu_seconds, memory_mib
from tests.bench.table import kept_table, table


@pytest.mark.parametrize("peer", [TrueRecord, Hocuspocus, PlainYjs, FanOut])
def test_two_conferences_are_typed_into_and_everything_arrives(peer: type[Peer], tmp_path: Path) -> None:
    figures = measure(peer(tmp_path), Work(conferences=2, seconds=1, cursors=True))
    assert figures.faults == ()
    assert figures.reader is not None
    assert figures.reader.count > 0
    assert (figures.stored is not None) == peer.stores
    assert figures.cpu > 0


def test_a_process_has_used_some_time_and_some_memory() -> None:
    assert cpu_seconds(os.getpid()) > 0
    assert memory_mib(os.getpid()) > 10


def test_one_core_is_given_and_taken_back() -> None:
    before = os.sched_getaffinity(0)
    with on_core(0):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_the_table_tells_faults_below_and_leaves_nothing_out() -> None:
    figures = Figures(
        peer="Some server",
        conferences=20,
        cursors=True,
        reader=Times(1.23, 45.6, 50, 100),
        typist=None,
        stored=None,
        cpu=31.25,
        server_busy=0.5,
        load_busy=0.25,
        memory=0.5,
        burst={"stored": 20_000, "lost": True, "refused": 3, "milliseconds": 1500},
        faults=("3 refused", "1 connections lost"),
    )
    said = table([figures])
    assert "| Some server | 20, cursors | 1.2 / 46 | – | – | 31.2 | 50% / 25% | 0.50 |" in said
    assert "20,000 stored in 1.5 s, connection lost" in said
    assert said.endswith("Some server, 20 conferences: 2 faults: 3 refused; 1 connections lost")


def test_what_was_lost_is_told_as_a_share_of_what_was_acknowledged() -> None:
    assert kept_table([Kept("Some server", 25, 1000, 310)]).endswith(
        "| Some server | 25 s | 1,000 | 690 (69%) |"
    )
