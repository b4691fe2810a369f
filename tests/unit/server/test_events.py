"""Events."""

from __future__ import annotations

import logging

import pytest

from server.events import Changed, Event, Events, Removed, RightsChanged


def test_every_listener_hears_in_order_until_it_stops() -> None:
    events, first, second = Events(), list[Event](), list[Event]()
    stop = events.subscribe(first.append)
    events.subscribe(second.append)
    events.publish(RightsChanged("c1"), Removed("c1", "n1"))
    stop()
    events.publish(Changed("c1", frozenset({"people"})))
    assert first == [RightsChanged("c1"), Removed("c1", "n1")]
    assert second == [*first, Changed("c1", frozenset({"people"}))]


def test_a_listener_that_fails_silences_nobody_and_its_words_are_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    events, heard = Events(), list[Event]()

    def fails(_event: Event) -> None:
        raise ValueError("Keeley Marsh")

    events.subscribe(fails)
    events.subscribe(heard.append)
    with caplog.at_level(logging.ERROR):
        events.publish(RightsChanged("c1"))
    assert heard == [RightsChanged("c1")]
    assert [record.message for record in caplog.records] == ["a listener failed"]


def test_a_listener_may_stop_while_it_hears() -> None:
    events, heard = Events(), list[Event]()

    def once(event: Event) -> None:
        heard.append(event)
        stop()

    stop = events.subscribe(once)
    events.publish(RightsChanged("c1"), RightsChanged("c2"))
    assert heard == [RightsChanged("c1")]
