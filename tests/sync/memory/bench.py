"""A bench: both services in memory, a store in memory, rules, and what people and tests do."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from bridge.domain.agreement import Mapping as WordMapping
from bridge.domain.agreement import build_mapping
from bridge.domain.operation import Outcome as Result
from bridge.domain.operation import Wait, WaitKind
from bridge.domain.people import Twin
from bridge.domain.policy import MergePolicy, Route
from bridge.domain.side import Field, Side, TaskId
from bridge.domain.task import Known
from bridge.ports import LinkView
from bridge.store.sql_store import SqlStore
from bridge.sync.backfill import Backfill, run_backfill
from bridge.sync.cycle import Outcome, Wish, run_cycle
from bridge.sync.desk import Desk, Rules
from bridge.sync.tally import Report
from tests.plain.store import PlainStore
from tests.sync.memory.laws.court import Court
from tests.sync.memory.services import CONTACT, Clock, MemoryService, kore_service, v2_service
from tests.sync.memory.stores import Rows, new_ground
from tests.watched import Heard

# What an idle cycle may touch: that it ran, what it called, who holds the lease, how far a side
# was read and when.
BOOKKEEPING = frozenset({"runs", "calls", "leases", "sides"})


class Bench:
    """One pair in memory."""

    def __init__(self, **policy: Any) -> None:
        self.clock = Clock()
        self.kore = kore_service(self.clock)
        self.v2 = v2_service(self.clock)
        self.begin_anew()
        self.heard = Heard()
        self.rules = Rules(
            owner="bench",
            mapping=mapping(),
            policy=MergePolicy(**policy),
            routes=(Route(case="ci-1", task_template="tt-1"),),
            requester=CONTACT,
            fingerprint="first",
        )
        self.desk = self.new_desk()

    def begin_anew(self) -> None:
        """With an empty database, whatever the services hold."""
        self.ground = new_ground(self.clock)
        self.store: PlainStore | SqlStore = self.ground.store
        self.court = Court(self.store, self.writes_of_a_cycle)

    # ---- runs --------------------------------------------------------------------------

    def new_desk(self, *, is_dry: bool = False) -> Desk:
        desk = Desk(
            store=self.store.scratch() if is_dry else self.store,
            services={Side.KORE: self.kore, Side.V2: self.v2},
            clock=self.clock,
            events=self.heard,
            rules=self.rules,
            is_dry=is_dry,
        )
        return self.court.watch(desk)

    def sync(
        self,
        *,
        is_full: bool = False,
        is_dry: bool = False,
        sweeps: bool = True,
        confirms_guards: bool = False,
    ) -> Outcome:
        """A cycle, half a minute after what was before."""
        self.clock.pass_time(30)
        self.desk = desk = self.new_desk(is_dry=is_dry)
        wish = Wish(sweep_seconds=60.0 if sweeps else 0.0)
        if is_full:
            wish = Wish(sweep_seconds=None, forces_sweep=True)
        wish = dataclasses.replace(wish, confirms_guards=confirms_guards)
        return self.court.over(desk, run_cycle(desk, wish))

    def backfill(self, *, is_dry: bool = False, **wanted: Any) -> Outcome:
        self.clock.pass_time(30)
        self.desk = desk = self.new_desk(is_dry=is_dry)
        return self.court.over(desk, run_backfill(desk, Backfill(**wanted)))

    def settle(self, most: int = 4) -> None:
        """Cycles until one writes nothing."""
        for _ in range(most):
            self.sync()
            if not self.done():
                return
        raise AssertionError([str(one.operation) for one in self.reports])

    def writes_of_a_cycle(self) -> int:
        """A cycle; how many writes it sent to either side, taken or not."""
        before = len(self.court.sent)
        self.sync()
        return len(self.court.sent) - before

    def set_rules(self, **changed: Any) -> None:
        """Other settings, under another fingerprint."""
        number = f"{self.rules.fingerprint}+"
        self.rules = dataclasses.replace(self.rules, **{"fingerprint": number, **changed})

    def set_policy(self, **changed: Any) -> None:
        self.set_rules(policy=dataclasses.replace(self.rules.policy, **changed))

    def forget_calls(self) -> None:
        self.kore.forget_calls()
        self.v2.forget_calls()

    # ---- looking -----------------------------------------------------------------------

    @property
    def reports(self) -> list[Report]:
        return self.desk.tally.reports

    def done(self) -> list[Report]:
        return [one for one in self.reports if one.outcome is Result.DONE]

    def service(self, side: Side) -> MemoryService:
        return self.kore if side is Side.KORE else self.v2

    def pair(
        self, title: str = "Boiler", origin: Side = Side.KORE, **given: Any
    ) -> tuple[TaskId, TaskId]:
        """A task and its counterpart, in step; gives Kore's and v2's id."""
        mine = self.service(origin).add(title, **given)
        self.sync()
        other = self.across(origin, mine)
        return (mine, other) if origin is Side.KORE else (other, mine)

    def across(self, side: Side, task_id: str) -> TaskId:
        """The id of the counterpart."""
        with self.store.begin() as unit:
            link = unit.links_of(side, [task_id])[task_id]
        found = link.task_id(side.other)
        assert found is not None
        return found

    def is_linked(self, side: Side, task_id: str) -> bool:
        with self.store.begin() as unit:
            return task_id in unit.links_of(side, [task_id])

    def links(self) -> list[LinkView]:
        with self.store.begin() as unit:
            return list(unit.all_links())

    def waits(self, *kinds: WaitKind) -> list[Wait]:
        with self.store.begin() as unit:
            return list(unit.waits(kinds))

    def known(self, side: Side, task_id: str) -> Known:
        with self.store.begin() as unit:
            return unit.known(side, [task_id])[task_id]

    def conflicts(self) -> list[Mapping[str, Any]]:
        with self.store.begin() as unit:
            return list(unit.conflicts(is_settled=True))

    def values(self, name: Field, kore_id: str, v2_id: str) -> tuple[str | None, str | None]:
        """What both sides hold now."""
        return self.kore.value(kore_id, name), self.v2.value(v2_id, name)

    def rows(self) -> Rows:
        """Every row of every table."""
        return self.ground.rows()

    def dump(self) -> Rows:
        """Every row of every table that an idle cycle must leave alone."""
        return {name: rows for name, rows in self.rows().items() if name not in BOOKKEEPING}


def mapping(**given: Any) -> WordMapping:
    """The mapping; people are matched by name unless said otherwise."""
    wanted: dict[str, Any] = {"matches_names": True, **given}
    twins = [Twin(*pair) for pair in wanted.pop("people", ())]
    made, problems = build_mapping(twins=twins, **wanted)
    assert problems == ()
    return made
