"""The only place where ports meet classes: settings in, a desk ready to work out."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bridge import resources
from bridge.config import KoreSettings as KoreConfig
from bridge.config import LimitWindow, Settings, mapping_of
from bridge.config import V2Settings as V2Config
from bridge.domain.policy import (
    ConflictRule,
    Direction,
    Limits,
    MergePolicy,
    OnMissing,
    Route,
    Scope,
    Unobserved,
)
from bridge.domain.side import SIDES, Side
from bridge.domain.task import Contact
from bridge.domain.vocabulary import Vocabulary, WordKind
from bridge.errors import Stopped
from bridge.ports import Event, Events, Service
from bridge.processes import is_dead, this_process
from bridge.services.kore.client import KoreService
from bridge.services.kore.settings import KoreSettings
from bridge.services.v2.client import V2Service
from bridge.services.v2.settings import V2Settings
from bridge.store.budget import SqlBudget
from bridge.store.open import is_there, memory_store, open_store
from bridge.store.sql_store import SqlStore
from bridge.sync.desk import Desk, Rules

FRESH_SECONDS = 10.0
MOST_FRESH_SECONDS = 60.0
CALLS_OF_A_PLAN = 20
# A poll takes one of so many calls at the most.
POLLS_SHARE = 2.0


class SystemClock:
    """The machine's clock; `stop` ends every wait, from a signal or another thread."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait; raises Stopped as soon as a stop is asked for."""
        if self._stop.wait(max(0.0, seconds)):
            raise Stopped

    def check(self) -> None:
        """Raises Stopped if a stop was asked for."""
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """Ask everything to end."""
        self._stop.set()


@dataclass(slots=True)
class Listeners:
    """Hands every event to all who listen, and counts the requests of each side."""

    all: list[Events] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, event: Event) -> None:
        """Take one event."""
        if event.what == "request":
            with self._lock:
                self.requests[Side(str(event.details["side"]))] += 1
        for listener in self.all:
            listener.tell(event)


@dataclass(slots=True, kw_only=True)
class Bridge:
    """Everything of one pair, put together: what every command works with."""

    settings: Settings
    store: SqlStore
    services: Mapping[Side, Service]
    budgets: Mapping[Side, SqlBudget]
    clock: SystemClock
    listeners: Listeners
    rules: Rules

    def desk(self, *, is_dry: bool = False, rules: Rules | None = None) -> Desk:
        """A desk for one cycle; a dry one works on a copy of the database in memory."""
        self.listeners.requests = Counter()
        desk = Desk(
            store=self.store.scratch() if is_dry else self.store,
            services=self.services,
            clock=self.clock,
            events=self.listeners,
            rules=rules or self.rules,
            is_dry=is_dry,
            is_dead=is_dead,
        )
        desk.tally.requests = self.listeners.requests
        return desk


@contextmanager
def bridge_for(
    settings: Settings,
    listeners: Listeners,
    clock: SystemClock | None = None,
    *,
    is_dry: bool = False,
) -> Iterator[Bridge]:
    """The bridge of these settings; closed at the end of the block.

    A dry run with no database yet works on one in memory. Raises StoreError or ConfigError.
    """
    clock = clock or SystemClock()
    store = _store(settings, clock, is_dry=is_dry)
    budgets = budgets_for(settings, store, clock)
    with store.begin() as unit:
        vocabulary = unit.vocabulary()
    kore = KoreService(
        kore_settings(settings.kore),
        clock,
        listeners,
        budgets[Side.KORE],
        carried_columns=vocabulary.keys(Side.KORE, WordKind.COLUMN),
    )
    v2 = V2Service(
        v2_settings(settings.v2),
        clock,
        listeners,
        budgets[Side.V2],
        prefixes=_prefixes(vocabulary),
    )
    try:
        yield Bridge(
            settings=settings,
            store=store,
            services={Side.KORE: kore, Side.V2: v2},
            budgets=budgets,
            clock=clock,
            listeners=listeners,
            rules=rules_of(settings, clock.now()),
        )
    finally:
        kore.close()
        v2.close()
        store.close()


@contextmanager
def remembering_desk(settings: Settings, clock: SystemClock) -> Iterator[Desk]:
    """A dry desk on a copy of the database, for what asks no service; closed with the block.

    Raises StoreError.
    """
    store = store_for(settings, clock)
    try:
        copy = store.scratch()
    finally:
        store.close()
    try:
        yield Desk(
            store=copy,
            services={},
            clock=clock,
            events=Listeners(),
            rules=rules_of(settings, clock.now()),
            is_dry=True,
        )
    finally:
        copy.close()


def rules_of(settings: Settings, now: datetime) -> Rules:
    """What the settings decide, in the form of the steps."""
    sync = settings.sync
    return Rules(
        owner=str(this_process()),
        mapping=mapping_of(settings),
        policy=_policy(settings),
        scope=_scope(settings, now),
        routes=_routes(settings.kore),
        requester=_requester(settings.kore),
        identities={
            Side.KORE: f"{settings.kore.stream_id}/{settings.kore.account_id}",
            Side.V2: settings.v2.base_url,
        },
        fresh_seconds={side: fresh_seconds(_service(settings, side).limits) for side in SIDES},
        asks_before_probing=settings.kore.unobserved is None,
        limited=frozenset(side for side in SIDES if _service(settings, side).limits),
        probe_limits=tuple((one.calls, one.seconds) for one in settings.kore.limits),
        on_missing=OnMissing(sync.on_missing),
        limits=Limits(percent=sync.max_missing_percent, count=sync.max_missing_count),
        tags_origin=settings.v2.backlink == "tag",
        poll_seconds=poll_interval(settings),
        sweep_seconds=sync.sweep_seconds,
        overlap_seconds=sync.overlap_seconds,
        settle_seconds=sync.settle_seconds,
        timeout_seconds={side: _service(settings, side).timeout_seconds for side in SIDES},
        lease_seconds=sync.lease_seconds,
        tolerance_seconds=sync.clock_tolerance_seconds,
        flap_reversals=sync.flap_reversals,
        flap_seconds=sync.flap_seconds,
        workers=sync.workers,
        keep_days=settings.history.keep_days,
        fingerprint=settings.fingerprint(),
    )


def _service(settings: Settings, side: Side) -> KoreConfig | V2Config:
    return settings.kore if side is Side.KORE else settings.v2


def fresh_seconds(limits: tuple[LimitWindow, ...]) -> float:
    """How long a plan is good: ten seconds, or as long as twenty calls take, a minute at most."""
    slowest = max((CALLS_OF_A_PLAN * one.seconds / one.calls for one in limits), default=0.0)
    return min(max(FRESH_SECONDS, slowest), MOST_FRESH_SECONDS)


def poll_interval(settings: Settings) -> float:
    """The pace of polls: `poll_seconds`, or what half of the tightest budget allows."""
    windows = (*settings.kore.limits, *settings.v2.limits)
    slowest = max((POLLS_SHARE * one.seconds / one.calls for one in windows), default=0.0)
    return max(settings.sync.poll_seconds, slowest)


def kore_settings(kore: KoreConfig) -> KoreSettings:
    """The client's settings. Raises ConfigError if a key file went away."""
    wrapping = kore.wrapping_key()
    signing = kore.signing_key().get_secret_value()
    is_shared = kore.algorithm.startswith("HS")
    return KoreSettings(
        base_url=kore.base_url,
        stream_id=kore.stream_id,
        account_id=kore.account_id,
        client_id=kore.client_id,
        client_secret=kore.client_secret.get_secret_value() if kore.client_secret else "",
        subject=kore.subject,
        algorithm=kore.algorithm,
        jti=kore.jti,
        token_seconds=kore.token_seconds,
        private_key=None if is_shared else signing,
        jwe_key=wrapping.get_secret_value() if wrapping else None,
        page_size=kore.page_size,
        timeout_seconds=kore.timeout_seconds,
        requester=_requester(kore),
        status_ids=kore.status_ids,
        priority_ids=kore.priority_ids,
    )


def v2_settings(v2: V2Config) -> V2Settings:
    """The client's settings."""
    return V2Settings(
        base_url=v2.base_url,
        api_key=v2.api_key.get_secret_value(),
        page_size=v2.page_size,
        timeout_seconds=v2.timeout_seconds,
        timezone=v2.timezone,
        task_type_id=v2.task_type_id,
    )


def _store(settings: Settings, clock: SystemClock, *, is_dry: bool) -> SqlStore:
    if is_dry and not is_there(settings.database.url):
        return memory_store(settings.name, clock)
    return store_for(settings, clock)


def store_for(settings: Settings, clock: SystemClock) -> SqlStore:
    """The pair's database alone, for what asks no service. Raises StoreError."""
    migrations: Path = resources.migrations_folder()
    return open_store(settings.database.url, settings.name, clock, migrations)


def budgets_for(settings: Settings, store: SqlStore, clock: SystemClock) -> dict[Side, SqlBudget]:
    """The budget of each side, as every process of every pair shares it."""
    limits = {Side.KORE: settings.kore.limits, Side.V2: settings.v2.limits}
    accounts = {
        Side.KORE: f"{settings.kore.base_url}/{settings.kore.stream_id}",
        Side.V2: settings.v2.base_url,
    }
    return {
        side: SqlBudget(
            store,
            side,
            accounts[side],
            [(one.calls, int(one.seconds)) for one in limits[side]],
            clock,
            settings.sync.poll_seconds,
        )
        for side in SIDES
    }


def _prefixes(vocabulary: Vocabulary) -> dict[str, str]:
    """The prefix of each v2 task type that has one."""
    return {
        word.key: str(word.details["prefix"])
        for word in vocabulary.all(Side.V2, WordKind.TASK_TYPE)
        if word.details.get("prefix")
    }


def _routes(kore: KoreConfig) -> tuple[Route, ...]:
    return tuple(
        Route(
            case=row.case,
            task_template=row.task_template,
            task_type=row.task_type or "",
            tag=row.tag or "",
            customer=row.customer or "",
        )
        for row in kore.routes
    )


def _requester(kore: KoreConfig) -> Contact | None:
    if kore.requester is None:
        return None
    return Contact(name=kore.requester.name, email=kore.requester.email)


def _policy(settings: Settings) -> MergePolicy:
    sync = settings.sync
    return MergePolicy(
        direction=Direction(sync.direction),
        conflict=ConflictRule(sync.conflict),
        conflict_fields={name: ConflictRule(rule) for name, rule in sync.conflict_fields.items()},
        tie=Side(sync.tie),
        tolerance_seconds=sync.clock_tolerance_seconds,
        unobserved=Unobserved(settings.kore.unobserved or "probe"),
    )


def _scope(settings: Settings, now: datetime) -> Scope:
    scope = settings.scope
    return Scope(
        created_since=scope.since.resolve(now) if scope.since else None,
        kore_queues=scope.kore_queues,
        v2_task_types=scope.v2_task_types,
        has_finished=scope.finished,
    )
