"""In a still world the plan of a dry run is what the real run then does: for any small world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bridge.domain.policy import ConflictRule, Direction, Route, Scope, Unobserved
from bridge.domain.side import Field, Side
from bridge.domain.task import Case, Facts
from bridge.domain.values import Observed, text_value
from bridge.sync.cycle import Wish, run_cycle
from tests.sync.memory.bench import Bench
from tests.sync.memory.services import CONTACT, START
from tests.sync.plans import assert_came_true, plan_of

WRITES = {"create", "update", "probe", "complete"}
DUE = "2027-01-01T00:00:00.000Z"
LONG = "line of text\n" * 200
TITLES = ("Boiler", "Boiler", "Ladder", "Window", "Roof", "Door")
CHANGES: dict[str, tuple[Any, ...]] = {
    "title": ("Boiler", "Ladder", "Renamed"),
    "text": ("", "other text", LONG),
    "priority": ("High", "Low"),
    "assignee": (None, "Robin", "Nobody Knows"),
    "due": (None, DUE),
}
STATUS = {
    Side.KORE: ("Open", "In Progress", "On Hold", "Resolved", "Closed"),
    Side.V2: ("new", "open", "in_progress", "in_review", "completed", "cancelled"),
}
HIDES = (
    frozenset[Field](),
    frozenset({Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE}),
    frozenset({Field.DESCRIPTION, Field.DUE}),
    frozenset({Field.ASSIGNEE}),
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a run is made."""

    is_backfill: bool
    wanted: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()


# --- worlds --------------------------------------------------------------------------------------


@st.composite
def tasks_of(draw: Callable[..., Any], side: Side) -> dict[str, Any]:
    titles = TITLES if side is Side.KORE else (*TITLES, None)
    given_ = {name: draw(st.sampled_from(values)) for name, values in CHANGES.items()}
    given_ |= {"title": draw(st.sampled_from(titles))}
    given_ |= {"status": draw(st.sampled_from(STATUS[side]))}
    if side is Side.V2:
        given_["priority"] = draw(st.sampled_from((None, "low", "high", "urgent")))
        contact = draw(st.sampled_from((CONTACT, None)))
        given_["facts"] = Facts(tags=draw(st.sampled_from(((), ("no",)))), contact=contact)
    if side is Side.KORE:
        case = draw(st.sampled_from(("ci-1", "ci-1", "ci-2")))
        given_["case"] = Case(id=case, ref=f"CS-{case}", name="Cold house")
        given_["facts"] = Facts(queues=draw(st.sampled_from(((), ("Desk",)))), contact=CONTACT)
    given_["age"] = draw(st.sampled_from((0, 3600, 100_000)))
    return given_


@st.composite
def edits_of(draw: Callable[..., Any], side: Side) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from(["status", *CHANGES]), min_size=1, max_size=3))
    changed = {name: draw(st.sampled_from(CHANGES[name])) for name in names if name in CHANGES}
    if "status" in names:
        changed["status"] = draw(st.sampled_from(STATUS[side]))
    if "priority" in names and side is Side.V2:
        changed["priority"] = draw(st.sampled_from(("low", "high", "urgent")))
    return changed


def add(bench: Bench, side: Side, given_: dict[str, Any]) -> None:
    made = dict(given_)
    created_at = bench.clock.at - timedelta(seconds=made.pop("age"))
    bench.service(side).add(made.pop("title"), created_at=created_at, **made)


def edit(bench: Bench, side: Side, number: int, changed: dict[str, Any]) -> None:
    ids = sorted(bench.service(side).records)
    if ids:
        bench.service(side).edit(ids[number % len(ids)], **changed)


@st.composite
def worlds(draw: Callable[..., Any]) -> Bench:
    bench = Bench(
        direction=draw(st.sampled_from(Direction)),
        unobserved=draw(st.sampled_from(Unobserved)),
        conflict=draw(st.sampled_from(ConflictRule)),
    )
    bench.kore.hides = draw(st.sampled_from(HIDES))
    bench.kore.hides_facts = draw(st.booleans())
    bench.kore.probe_moves = draw(st.booleans())
    bench.v2.skew = timedelta(seconds=draw(st.sampled_from((0, 0, 7200))))
    draw_habits(draw, bench)
    bench.set_rules(scope=draw(scopes()), routes=draw(routes()))
    for side in Side:
        for made in draw(st.lists(tasks_of(side), max_size=3)):
            add(bench, side, made)
    if draw(st.booleans()):
        bench.backfill(match_window=draw(windows()))
        bench.sync()
        bench.sync()
        for side in Side:
            for made in draw(st.lists(tasks_of(side), max_size=1)):
                add(bench, side, made)
            for changed in draw(st.lists(edits_of(side), max_size=3)):
                edit(bench, side, draw(st.integers(0, 5)), changed)
    return bench


def draw_habits(draw: Callable[..., Any], bench: Bench) -> None:
    """How the services answer, what they leave out, refuse and make of a value."""
    bench.kore.add_case("ci-2", is_closed=draw(st.booleans()))
    for service in (bench.kore, bench.v2):
        service.create_answer = draw(st.sampled_from(("nothing", "id", "task")))
        service.page_size = draw(st.sampled_from((2, 50)))
        service.sorts = draw(st.integers(0, 3)) > 0
        if not draw(st.integers(0, 3)):
            service.ignores = {draw(st.sampled_from(Field))}
        if not draw(st.integers(0, 3)):
            service.alters = shortened
    if not draw(st.integers(0, 3)):
        bench.kore.probes_taken = frozenset()
    bench.v2.update_answer = draw(st.sampled_from(("nothing", "task")))


def shortened(name: Field, value: Observed) -> Observed:
    """A service that cuts texts."""
    is_text = name in (Field.TITLE, Field.DESCRIPTION) and value is not None
    return text_value(value.text[:5]) if is_text and value else value


def scopes() -> st.SearchStrategy[Scope]:
    return st.builds(
        Scope,
        has_finished=st.booleans(),
        kore_queues=st.sampled_from(((), (), ("Desk",))),
        created_since=st.sampled_from((None, None, START - timedelta(hours=2))),
    )


def routes() -> st.SearchStrategy[tuple[Route, ...]]:
    to_all = Route(case="ci-1", task_template="t")
    to_some = Route(case="ci-1", task_template="t", tag="no")
    to_other = Route(case="ci-2", task_template="t")
    return st.sampled_from(((to_all,), (to_some,), (to_some, to_other), ()))


def windows() -> st.SearchStrategy[timedelta | None]:
    return st.sampled_from((None, timedelta(days=1), timedelta(minutes=10)))


@st.composite
def options(draw: Callable[..., Any]) -> Options:
    names = st.sampled_from(("k0001", "k0002", "v0001", "v0002", "TS3", "REC-3"))
    only = tuple(draw(st.sets(names, max_size=2))) if draw(st.booleans()) else ()
    if not draw(st.integers(0, 2)):
        return Options(is_backfill=False, only=only)
    wanted = {
        "match_window": draw(windows()),
        "includes_finished": draw(st.booleans()),
        "sides": draw(st.sampled_from((tuple(Side), (Side.KORE,), (Side.V2,)))),
        "skips": draw(st.integers(0, 5)) == 0,
        "limit": draw(st.sampled_from((None, None, 1, 2))),
    }
    return Options(is_backfill=True, wanted=wanted, only=only)


# --- the oracle ----------------------------------------------------------------------------------


def run(bench: Bench, wanted: Options, *, is_dry: bool) -> dict[str, Any]:
    """Both runs see the same seconds: a still world."""
    named = {*bench.kore.records, *bench.v2.records}
    named |= {one.ref for side in Side for one in bench.service(side).records.values()}
    only = tuple(name for name in wanted.only if name in named)
    if wanted.is_backfill:
        return bench.backfill(is_dry=is_dry, only=only, **wanted.wanted).summary
    bench.clock.pass_time(30)
    bench.desk = bench.new_desk(is_dry=is_dry)
    return run_cycle(bench.desk, Wish(sweep_seconds=None, forces_sweep=True, only=only)).summary


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(bench=worlds(), wanted=options())
def test_what_a_dry_run_plans_is_what_the_real_run_does(bench: Bench, wanted: Options) -> None:
    before = bench.rows()
    bench.forget_calls()
    planned = run(bench, wanted, is_dry=True)
    plan = plan_of(bench.reports)
    assert not WRITES & {*bench.kore.calls, *bench.v2.calls}
    assert bench.rows() == before
    done = run(bench, wanted, is_dry=False)
    event(f"{len(plan)} operations" if len(plan) < 4 else "4 or more operations")
    assert_came_true(plan, plan_of(bench.reports))
    assert planned["linked"] == done["linked"]
