"""The words that scenarios are written in: what people do, what is run, how the world begins.

A scenario is data. `given` is played once, without harm; every step of `phases` is a point at
which the bridge dies. `A'` names the counterpart that was created for the task named `A`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.domain.side import SIDES, Side
from bridge.sandbox import KoreSwitches, V2Switches
from tests.proof.sweep.points import Fate

KORE = KoreSwitches(limits=(), rows="full")
SPARSE = KoreSwitches(limits=())
V2 = V2Switches(create_answer="task", patch_answer="task")
NO_DATABASE, NEW_DATABASE = "none", "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that people do: `what` is a word of the services' own people, or `switch`."""

    what: str
    task: str = ""
    side: Side | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def side_of_service(self) -> Side:
        if self.side is None:
            raise ValueError(f"{self.what} needs a side")
        return self.side


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """The bridge dies at the n-th call of that name to that side (in `given`)."""

    side: Side
    call: str
    fate: Fate
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that is run: a command of the bridge with its options, perhaps killed."""

    what: str
    options: Mapping[str, Any] = field(default_factory=dict)
    killed: Killed | None = None

    def killed_at(self, side: Side, call: str, fate: Fate, number: int = 1) -> "Command":
        """The same, ended by a kill."""
        return replace(self, killed=Killed(side=side, call=call, fate=fate, number=number))


@dataclass(frozen=True, slots=True)
class Wait:
    """Time goes by, and nothing runs."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Configure:
    """Another configuration from here on: keys and values as the environment has them.

    As the first phase it holds in `given` as well.
    """

    settings: Mapping[str, str]


Phase = Act | Command | Wait | Configure


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story.

    `links`, `waits`, `unlinked`, `guards` and `paused` say what its uninterrupted end must look
    like, so that no sweep compares with a wrong one. `is_hasty`: people do not wait until a killed
    bridge has recovered. `polls` is the order in which the sides are polled. `is_blind`: nothing
    shows what stands in a description of Kore, so that a create there may have to be decided by a
    person (`blind.py`).
    """

    name: str
    phases: tuple[Phase, ...]
    given: tuple[Phase, ...] = ()
    kore: KoreSwitches = KORE
    v2: V2Switches = V2
    settings: Mapping[str, str] = field(default_factory=dict)
    database: str = NEW_DATABASE
    polls: tuple[Side, ...] = SIDES
    is_hasty: bool = False
    is_blind: bool = False
    links: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()


# ---- people -----------------------------------------------------------------------------------


def add(side: Side, task: str, **fields: Any) -> Act:
    """A new task, called `task` from here on."""
    return Act(what="add", side=side, task=task, fields=fields)


def edit(task: str, **fields: Any) -> Act:
    """People change fields of a task."""
    return Act(what="edit", task=task, fields=fields)


def remove(task: str) -> Act:
    """People take a task away."""
    return Act(what="remove", task=task)


def restore(task: str) -> Act:
    """People take a deletion back, in v2."""
    return Act(what="restore", task=task)


def switch(side: Side, **fields: Any) -> Act:
    """The service behaves otherwise from here on."""
    return Act(what="switch", side=side, fields=fields)


def administer(side: Side, what: str, **fields: Any) -> Act:
    """An administrator does something: add_status, add_priority, add_agent, add_user."""
    return Act(what=what, side=side, fields=fields)


CLOSE_CASE = Act(what="close_case")
REOPEN_CASE = Act(what="reopen_case")
OTHER_COMPANY = Act(what="other_company")


def pair(side: Side, **fields: Any) -> tuple[Phase, ...]:
    """A task `A` on that side, in step with its counterpart."""
    return (add(side, "A", **fields), backfill(), QUIET)


# ---- what is run ------------------------------------------------------------------------------


def backfill(**wanted: Any) -> Command:
    """`task-bridge backfill`."""
    return Command(what="backfill", options=wanted)


def say(what: str, **details: Any) -> Command:
    """What people tell the bridge by a command: a word of `people.py`, and what it is about."""
    return Command(what=what, options=details)


SYNC = Command(what="sync")
FULL = Command(what="full")
CONFIRMING = Command(what="sync", options={"confirms_guards": True})
REBUILD = Command(what="rebuild")
CYCLE = Command(what="cycle")  # a daemon's slice: polls, plans, applies
SWEEP = Command(what="sweep")  # a daemon's slice: reads everything
QUIET = Command(what="quiet")  # cycles until nothing is written any more
LOSE_DATABASE = Command(what="lose")
UPGRADE = Command(what="upgrade")


def settings(**given: str) -> Configure:
    """Another configuration from here on."""
    return Configure(given)
