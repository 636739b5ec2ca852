"""What every step has at hand: the ports, the rules, and the state of the cycle under way."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bridge.domain.agreement import Agreement
from bridge.domain.agreement import Mapping as WordMapping
from bridge.domain.guard import Guard
from bridge.domain.policy import Limits, MergePolicy, OnMissing, Route, Scope, Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.side import SIDES, LinkId, Side, TaskId
from bridge.domain.task import Contact
from bridge.domain.text import fold_name
from bridge.domain.unsure import Unsure
from bridge.domain.vocabulary import Vocabulary, Word, WordKind
from bridge.errors import KeyRefused, NotYet, OverBudget, ServiceError
from bridge.ports import Clock, Event, Events, Service, Store, Unit
from bridge.sync.slots import Slots
from bridge.sync.tally import Tally

MOST_WAIT_SECONDS = 3600.0
REFUSED_WAIT_SECONDS = 300.0
# What a wait waits for that the next cycle looks at by itself.
NEXT_CYCLE = "next cycle"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the configuration decides. Durations are seconds.

    `fresh_seconds`: how long a plan is good after the poll of the side that it writes to.
    `asks_before_probing`: the configuration leaves open what to do about hidden fields;
    `probe_limits` are the calls in so many seconds that Kore's budget allows; `limited` are the
    sides whose budget has limits. `poll_seconds`: the interval that regular polls keep.
    `timeout_seconds`: of a whole request to that side. `fingerprint` changes when a setting that
    decides does.
    """

    owner: str
    mapping: WordMapping
    policy: MergePolicy = field(default_factory=MergePolicy)
    scope: Scope = field(default_factory=Scope)
    routes: tuple[Route, ...] = ()
    requester: Contact | None = None
    identities: Mapping[Side, str] = field(default_factory=dict)
    fresh_seconds: Mapping[Side, float] = field(default_factory=dict)
    asks_before_probing: bool = False
    probe_limits: tuple[tuple[int, float], ...] = ()
    limited: frozenset[Side] = frozenset()
    on_missing: OnMissing = OnMissing.REPORT
    limits: Limits = field(default_factory=Limits)
    tags_origin: bool = False
    poll_seconds: float = 30.0
    sweep_seconds: float = 3600.0
    overlap_seconds: float = 120.0
    settle_seconds: float = 60.0
    timeout_seconds: Mapping[Side, float] = field(default_factory=dict)
    lease_seconds: float = 30.0
    tolerance_seconds: float = 5.0
    flap_reversals: int = 4
    flap_seconds: float = 600.0
    workers: int = 4
    keep_days: float = 90.0
    fingerprint: str = ""


@dataclass(slots=True, kw_only=True)
class Desk:
    """The ports and rules, with what one cycle has learnt so far; shared by its threads.

    `faults` are the sides that this cycle does not write to any more, and why. `seen_at` tells
    when (own clock) a task that changed was last asked for, `tries` how often a job was sent.
    `asked_at` tells when (own clock) this run last made a regular poll of a side.
    `swept` are the sides whose sweep ended in this cycle, `unsorted` those where it was the poll.
    `paused` are the sides that people paused; `guards` are those that hold all writes up. `barred`
    are the sides that show another account's tasks, or may. `confirms_guards`: a person said that
    what stands is confirmed once it was looked at; `confirmed` is what that came to. `vanished`
    are the links whose task no list shows any more and that was not asked for yet.
    `only` are the tasks that this run is about, None if about all.
    `is_dead` tells of an owner of the lease whether its process is known to be gone, `held_since`
    when this run took it. `refused` are the unlinked tasks of Kore, as they were, that were probed
    in vain, and why; `veiled` counts those that may still be what a lost database knew: while first
    contact lasts nothing is created in Kore beside them. `unsure` are the creates whose outcome
    is open, by link. `makers` tells of users whether they made tasks with a marker, `claims` which
    v2 tasks of a batch name a task of Kore by a tag (None: not looked up yet).
    `lock` is never held where a unit of the store is begun, for units ask for it; `first_probe`
    is held from before the first probe of an account until its answer is recorded. `slots` bound
    the writes under way.
    """

    store: Store
    services: Mapping[Side, Service]
    clock: Clock
    events: Events
    rules: Rules
    is_dry: bool = False
    run_id: int = 0
    token: int = 0
    held_since: datetime | None = None
    is_dead: Callable[[str], bool] = lambda owner: False
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    probe_form: ProbeForm = ProbeForm.UNTRIED
    polled_at: dict[Side, datetime] = field(default_factory=dict)
    asked_at: dict[Side, datetime] = field(default_factory=dict)
    swept: set[Side] = field(default_factory=set)
    unsorted: set[Side] = field(default_factory=set)
    paused: frozenset[Side] = frozenset()
    guards: tuple[Guard, ...] = ()
    unsure: dict[LinkId, Unsure] = field(default_factory=dict)
    only: frozenset[tuple[Side, TaskId]] | None = None
    barred: set[Side] = field(default_factory=set)
    confirms_guards: bool = False
    confirmed: list[Guard] = field(default_factory=list)
    vanished: dict[Side, frozenset[LinkId]] = field(default_factory=dict)
    seen_at: dict[tuple[Side, str], datetime] = field(default_factory=dict)
    faults: dict[Side, ServiceError] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    refused: dict[tuple[TaskId, datetime | None], str] = field(default_factory=dict)
    veiled: int = 0
    makers: dict[tuple[Side, str | None], bool] = field(default_factory=dict)
    claims: Mapping[TaskId, Sequence[TaskId]] | None = None
    tally: Tally = field(default_factory=Tally)
    lock: threading.RLock = field(default_factory=threading.RLock)
    first_probe: threading.Lock = field(default_factory=threading.Lock)
    slots: Mapping[Side, Slots] = field(init=False)

    def __post_init__(self) -> None:
        self.slots = {side: Slots(self.rules.workers) for side in SIDES}

    @property
    def agreement(self) -> Agreement:
        """The agreement of all fields for the words known now."""
        return Agreement(self.rules.mapping, self.vocabulary)

    @property
    def policy(self) -> MergePolicy:
        """The policy in force: where the account refuses probes, hidden fields are on hold."""
        takes_probes = self.probe_form is not ProbeForm.REFUSED
        return self.rules.policy.in_force(takes_probes=takes_probes)

    @property
    def can_probe(self) -> bool:
        """Whether a Kore task can be seen whole by an update of nothing."""
        return self.policy.unobserved is Unobserved.PROBE

    def tell(self, what: str, **details: object) -> None:
        """Tell whoever watches."""
        self.events.tell(Event(what, details))

    def learn(self, unit: Unit, words: tuple[Word, ...]) -> None:
        """Keep words that are new, and wake what waits for them."""
        with self.lock:
            news = self.vocabulary.news(words)
            if not news:
                return
            self.vocabulary = self.vocabulary.learn(news)
        unit.learn(news, self.clock.now())
        unit.waiting_for([*news, *_by_name(news)])

    def give_up(self, side: Side, error: ServiceError) -> None:
        """This cycle does not use that side any more; what it asked to wait is remembered."""
        now = self.clock.now()
        with self.lock:
            is_first = side not in self.faults
            self.faults.setdefault(side, error)
        if not is_first:
            return
        wait = _wait_of(error)
        with self.store.begin() as unit:
            state = replace(
                unit.side_state(side),
                failed_at=now,
                fault=str(error),
                is_refused=isinstance(error, KeyRefused),
            )
            if wait is not None:
                until = now + timedelta(seconds=wait)
                state = replace(state, not_before=until, not_before_reason=str(error))
            unit.save_side_state(state)
        self.tell("side_failed", side=side, reason=str(error), kind=type(error).__name__)

    def has_failed(self, side: Side) -> bool:
        """Whether that side gave up in this cycle."""
        return side in self.faults

    def may_write(self, side: Side) -> bool:
        """Whether this cycle may still write to that side."""
        is_open = side not in self.faults and side not in self.paused
        return is_open and side not in self.barred and not self.guards

    def outdate_polls(self) -> None:
        """Somebody else had the lease meanwhile: nothing that was planned before may be sent."""
        self.polled_at = dict.fromkeys(self.polled_at, _LONG_AGO)
        self.seen_at.clear()

    def is_fresh(self, side: Side) -> bool:
        """Whether a plan that writes to that side is still good."""
        polled_at = self.polled_at.get(side)
        if polled_at is None:
            return False
        if side in self.unsorted:
            # No poll can tell what changed since: the sweep that took its place must do.
            return True
        age = (self.clock.now() - polled_at).total_seconds()
        return age < self.rules.fresh_seconds.get(side, 10.0)


def _wait_of(error: ServiceError) -> float | None:
    """For how many seconds the side is left alone; our own limit leaves polls their share."""
    if isinstance(error, OverBudget):
        return None
    if isinstance(error, NotYet):
        return min(error.seconds, MOST_WAIT_SECONDS)
    return REFUSED_WAIT_SECONDS if isinstance(error, KeyRefused) else None


def _by_name(words: tuple[Word, ...]) -> list[Word]:
    """People again, under their folded names: what waits for a person knows only the name."""
    return [
        Word(word.side, word.kind, fold_name(word.label), word.label)
        for word in words
        if word.kind is WordKind.PERSON
    ]
