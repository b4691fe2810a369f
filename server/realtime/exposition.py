"""The counters of the live side, and of refused requests, in Prometheus' words, for `GET /metrics`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from server.realtime.hub import Hub
from server.realtime.metrics import BUCKETS, Seconds

_PREFIX = "truerecord_live_"
_HELP = {
    "frames": "Frames taken in",
    "changes": "Changes accepted and stored",
    "commits": "Commits of the update log",
    "not_stored": "Changes that could not be stored, and were not acknowledged",
    "late": "Times that a change was not stored when its writer had to be told so",
    "broadcasts": "Changes passed on to others",
    "sent": "Frames sent",
    "corrupt_lanes": "Lanes found damaged when they were opened",
}


class LiveCollector(Collector):
    """Reads the hub's counters at the moment they are asked for."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Every counter, the gauges, and how long commits and acknowledgements took."""
        metrics = self._hub.metrics
        for name, value in metrics.counters():
            yield CounterMetricFamily(_PREFIX + name, _HELP[name], value=value)
        refusals = CounterMetricFamily(_PREFIX + "refusals", "Changes and frames refused", labels=["reason"])
        for reason, count in metrics.refusals.items():
            refusals.add_metric([str(reason)], count)
        yield refusals
        closes = CounterMetricFamily(
            _PREFIX + "closes",
            "Sockets closed by us (4408: silent, 4409: too slow a reader)",
            labels=["code"],
        )
        for code, count in metrics.closes.items():
            closes.add_metric([str(int(code))], count)
        yield closes
        yield from self._gauges()
        yield _histogram("commit_seconds", "How long a commit of the update log took", metrics.commit_seconds)
        yield _histogram(
            "stored_seconds",
            "How long a change waited from being judged to its acknowledgement",
            metrics.stored_seconds,
        )

    def _gauges(self) -> Iterator[Metric]:
        connections, rooms = self._hub.connections, self._hub.rooms
        yield GaugeMetricFamily(_PREFIX + "sockets", "Open sockets", value=len(connections))
        yield GaugeMetricFamily(_PREFIX + "rooms", "Open conferences", value=len(rooms.open))
        lanes = sum(lane.loaded for place in rooms.open.values() for lane in place.room.lanes.values())
        yield GaugeMetricFamily(_PREFIX + "lanes", "Open lanes", value=lanes)
        waiting = GaugeMetricFamily(
            _PREFIX + "waiting",
            "What waits: frames for their turn, changes for the disk, writings for the writing thread",
            labels=["queue"],
        )
        waiting.add_metric(["frames"], sum(len(connection.inbox) for connection in connections.values()))
        waiting.add_metric(["changes"], rooms.journal.waiting)
        waiting.add_metric(["writings"], rooms.writings_waiting)
        yield waiting


class RequestCollector(Collector):
    """How requests were refused, by their status."""

    def __init__(self, refused: Mapping[int, int]) -> None:
        self._refused = refused

    def collect(self) -> Iterator[Metric]:
        """One counter for each status."""
        refused = CounterMetricFamily(
            "truerecord_requests_refused",
            "Requests refused (401, 403: not theirs, or from another site; 413: too large; 429: too many)",
            labels=["status"],
        )
        for status, count in self._refused.items():
            refused.add_metric([str(status)], count)
        yield refused


def _histogram(name: str, about: str, seconds: Seconds) -> Metric:
    buckets = [(str(bound), float(count)) for bound, count in zip(BUCKETS, seconds.at_most, strict=True)]
    return HistogramMetricFamily(
        _PREFIX + name, about, buckets=[*buckets, ("+Inf", seconds.count)], sum_value=seconds.total
    )


class Exposition:
    """`GET /metrics` as bytes. A registry of our own: nothing is counted that is not named here."""

    def __init__(self, hub: Hub, requests_refused: Mapping[int, int]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(LiveCollector(hub))
        self._registry.register(RequestCollector(requests_refused))

    def text(self) -> bytes:
        """The counters now."""
        return generate_latest(self._registry)
