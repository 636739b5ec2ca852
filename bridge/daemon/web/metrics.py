"""The figures of `/metrics`, in the form that Prometheus reads.

What happens is counted as it is told; how things stand is read from the database when asked.
Counts begin anew with the process, as a scraper expects. Every series bears the pair's name.
"""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bridge.bootstrap import Bridge
from bridge.domain.link import LinkState
from bridge.domain.operation import WaitKind
from bridge.domain.side import SIDES
from bridge.domain.task import Standing
from bridge.ports import Event
from bridge.store.unit import SqlUnit

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_TOO_MANY = 429
# The event of a request that cannot have left, and what is counted as its outcome.
_UNREACHED = "unreached"


class Meters:
    """Hears what a bridge tells, and gives all figures as text; it is the port `Events`."""

    def __init__(self, bridge: Bridge) -> None:
        self._pair = bridge.settings.name
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = self._counter(
            "requests", "Requests to a service", "side", "purpose", "outcome"
        )
        self._throttled = self._counter("throttled", "Answers 429 of a service", "side")
        self._carried = self._counter("carried", "Changes carried to a side", "side", "kind")
        self._cycles = Histogram(
            "task_bridge_cycle_seconds",
            "How long cycles and sweeps take",
            ("pair", "kind"),
            registry=self._registry,
            buckets=_SECONDS,
        )
        for side in SIDES:
            self._throttled.labels(self._pair, side)
        self._registry.register(_Standing(bridge))

    def tell(self, event: Event) -> None:
        """Count it, if it is a request or the end of a cycle."""
        facts = event.details
        if event.what in ("request", _UNREACHED):
            outcome = _UNREACHED if event.what == _UNREACHED else _outcome(facts["status"])
            self._requests.labels(self._pair, facts["side"], facts["purpose"], outcome).inc()
            if facts["status"] == _TOO_MANY:
                self._throttled.labels(self._pair, facts["side"]).inc()
        elif event.what == "cycle":
            self._cycles.labels(self._pair, facts["kind"]).observe(facts["seconds"])
            for kind in ("created", "updated"):
                for side, count in facts[kind].items():
                    self._carried.labels(self._pair, side, kind).inc(count)

    def text(self) -> bytes:
        """All figures. Raises StoreError if the database does not answer."""
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"task_bridge_{name}", what, ("pair", *labels), registry=self._registry)


def _outcome(status: int | None) -> str:
    return "no_answer" if status is None else f"{status // 100}xx"


class _Standing(Collector):
    """How things stand in the database of a bridge."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._now = bridge.clock.now()

    def collect(self) -> Iterator[Metric]:
        """A family for each thing that is counted."""
        self._now = self._bridge.clock.now()
        with self._bridge.store.look() as unit:
            yield from self._sides(unit)
            yield from self._waits(unit)
            yield from self._links(unit)
            yield self._guards(unit)
        yield self._budget()
        yield self._pace()

    def _sides(self, unit: SqlUnit) -> Iterator[Metric]:
        lag = self._family("lag_seconds", "Time since a side was last read", "side")
        success = self._family("last_success_timestamp_seconds", "When it was last read", "side")
        tasks = self._family("tasks", "Tasks known of a side", "side")
        paused = self._family("paused", "1 while people have paused a side", "side")
        pauses = unit.pair_state().paused
        for side in SIDES:
            polled_at = unit.side_state(side).polled_at
            if polled_at is not None:
                self._add(lag, (self._now - polled_at).total_seconds(), side)
                self._add(success, polled_at.timestamp(), side)
            self._add(tasks, unit.count_tasks(side), side)
            self._add(paused, side in pauses, side)
        yield from (lag, success, tasks, paused)

    def _waits(self, unit: SqlUnit) -> Iterator[Metric]:
        count = self._family("waiting", "Fields and tasks that wait, by reason", "kind")
        age = self._family("oldest_wait_seconds", "Age of the oldest of them, by reason", "kind")
        found = {kind: (number, since) for kind, number, since in unit.oldest_waits()}
        counts = unit.count_waits()
        for kind in WaitKind:
            _, since = found.get(kind, (0, self._now))
            self._add(count, counts.get(kind, 0), kind)
            self._add(age, (self._now - since).total_seconds(), kind)
        for standing in (Standing.UNROUTABLE, Standing.HELD):
            self._add(count, unit.count_standing(standing), f"task_{standing}")
        yield from (count, age)

    def _links(self, unit: SqlUnit) -> Iterator[Metric]:
        links = self._family("links", "Links by state", "state")
        found = unit.count_links()
        for state in LinkState:
            self._add(links, found.get(state, 0), state)
        yield links
        in_step = self._family("links_in_step", "Linked pairs with nothing to do or to wait for")
        self._add(in_step, unit.count_in_step())
        yield in_step

    def _guards(self, unit: SqlUnit) -> Metric:
        family = self._family("guards", "Guards that stand: nothing is written meanwhile")
        self._add(family, sum(one.holds for one in unit.guards()))
        return family

    def _budget(self) -> Metric:
        family = self._family("budget_left", "Calls left in a window", "side", "window")
        for side, budget in self._bridge.budgets.items():
            for window, left in budget.left().items():
                self._add(family, left, side, window)
        return family

    def _pace(self) -> Metric:
        what = "Calls a minute that refusals (429) have taught; absent where nothing is assumed"
        family = self._family("pace", what, "side")
        for side, budget in self._bridge.budgets.items():
            known = budget.learnt()
            if known is not None:
                self._add(family, known.calls_a_minute, side)
        return family

    def _family(self, name: str, what: str, *labels: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"task_bridge_{name}", what, labels=("pair", *labels))

    def _add(self, family: GaugeMetricFamily, value: float, *labels: str) -> None:
        family.add_metric((self._bridge.settings.name, *labels), value)
