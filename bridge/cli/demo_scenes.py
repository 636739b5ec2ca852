"""The scenes of the demo before its report, in the order in which they are shown."""

import random
import statistics
from collections.abc import Iterator

from bridge.cli.demo_arrivals import Arrivals
from bridge.cli.demo_screen import FAILED, GOOD
from bridge.cli.demo_world import Stage
from bridge.domain.side import SIDES
from bridge.sandbox.v2.task import PRIORITIES, STATUSES
from bridge.sync.cycle import Outcome

TWO_EDITS_SHARE = 0.35
MOST_SETTLING = 5


def show_world(stage: Stage) -> None:
    """What there is before the bridge begins."""
    kore, v2 = stage.sandbox.kore, stage.sandbox.v2
    own = [
        sum(word["type"] == "custom" for word in words)
        for words in (kore.statuses, kore.priorities)
    ]
    screen = stage.screen
    screen.heading("1  What there is")
    screen.say(
        "Two services, simulated, each behind a port of its own: real HTTP, real tokens, and lists "
        "as sparse as Kore documents them. Nothing is linked yet."
    )
    screen.table(
        ["", "Kore", "v2"],
        [
            ("tasks", len(kore.tasks), len(v2.tasks)),
            ("cases", len(kore.cases), "-"),
            ("task types", "-", len(v2.task_types)),
            ("people", len(kore.agents), len(v2.users)),
            ("statuses (custom)", f"{len(kore.statuses)} ({own[0]})", len(STATUSES)),
            ("priorities (custom)", f"{len(kore.priorities)} ({own[1]})", len(PRIORITIES)),
        ],
    )


def show_backfill(stage: Stage) -> None:
    """First contact: everything gets its counterpart."""
    screen = stage.screen
    screen.heading("2  First contact: task-bridge backfill")
    screen.say("Link what belongs together, create what is missing, guess nothing.")
    outcome = _with_bar(stage)
    summary = outcome.summary
    probes = sum(one["kind"] == "probe" for one in summary["operations"])
    screen.table(
        ["", *(side.label for side in SIDES)],
        [
            (name, *(summary[key][side] for side in SIDES))
            for name, key in (("read", "read"), ("created", "created"), ("requests", "requests"))
        ],
    )
    _tell_faults(stage, outcome)
    made = sum(summary["created"].values())
    screen.sign(
        GOOD,
        f"{made} counterparts in {summary['seconds']:.1f} s. {probes} updates of nothing showed "
        "what Kore's sparse list hides.",
    )
    screen.say(_left_over(stage, summary["unmapped"]))


def _with_bar(stage: Stage) -> Outcome:
    if not stage.screen.is_terminal:
        return stage.backfill()
    from bridge.cli.meter import Meter
    from bridge.cli.progress_bar import ProgressBar

    with ProgressBar(Meter(), stage.screen.console) as bar:
        stage.bridge.listeners.all.append(bar)
        try:
            return stage.backfill()
        finally:
            stage.bridge.listeners.all.remove(bar)


def _left_over(stage: Stage, unmapped: int) -> str:
    with stage.bridge.store.begin() as unit:
        alone = sum(1 for side in SIDES for _ in unit.unlinked(side))
    return (
        f"Finished before, so left alone: {alone} tasks. Waiting, since the other side has no such "
        f"value: {unmapped} {'field' if unmapped == 1 else 'fields'}."
    )


def show_live(stage: Stage, seed: int) -> None:
    """People edit both sides, cycles carry it across."""
    pace = "every second" if stage.size.pace == 1 else f"every {stage.size.pace:g} s"
    stage.screen.heading(f"3  Live: people edit both sides, a cycle {pace}")
    arrivals, rng = Arrivals(stage), random.Random(seed)  # noqa: S311 - a story, not a secret
    cycles = [_turn(stage, arrivals, rng) for _ in range(stage.size.cycles)]
    cycles += list(settle(stage, arrivals))
    for outcome in cycles:
        _tell_faults(stage, outcome)
    requests = sum(sum(outcome.summary["requests"].values()) for outcome in cycles)
    stage.screen.sign(
        GOOD,
        f"{arrivals.edits} edits, {len(arrivals.seconds)} carried{_how_long(arrivals.seconds)}; "
        f"{len(cycles)} cycles, {requests} requests.",
    )


def _turn(stage: Stage, arrivals: Arrivals, rng: random.Random) -> Outcome:
    """People do something, a moment passes, a cycle runs, the rest of the second passes."""
    clock = stage.bridge.clock
    before = rng.uniform(0.2, 0.7) * stage.size.pace
    for _ in range(2 if rng.random() < TWO_EDITS_SHARE else 1):
        arrivals.made(stage.people.act())
    clock.sleep(before)
    outcome, desk = stage.cycle()
    arrivals.after(desk.tally.reports)
    clock.sleep(max(0.0, stage.size.pace - before - outcome.summary["seconds"]))
    return outcome


def settle(stage: Stage, arrivals: Arrivals) -> Iterator[Outcome]:
    """Cycles until one has nothing to do."""
    for _ in range(MOST_SETTLING):
        outcome, desk = stage.cycle()
        arrivals.after(desk.tally.reports)
        yield outcome
        if desk.tally.is_idle:
            return


def _how_long(seconds: list[float]) -> str:
    if not seconds:
        return ""
    return (
        f", half of them within {statistics.median(seconds):.2f} s, all within {max(seconds):.2f} s"
    )


def show_quiet(stage: Stage) -> None:
    """A cycle in which nothing happened."""
    stage.screen.heading("5  Nobody does anything")
    stage.bridge.clock.sleep(stage.size.pace)
    outcome, desk = stage.cycle()
    requests, reports = outcome.summary["requests"], desk.tally.reports
    _tell_faults(stage, outcome)
    stage.screen.sign(
        GOOD if not reports else FAILED,
        f"A quiet cycle: {requests['kore']} request to Kore, {requests['v2']} to v2, "
        f"{len(reports)} writes, {outcome.summary['seconds'] * 1000:.0f} ms.",
    )


def _tell_faults(stage: Stage, outcome: Outcome) -> None:
    for side, error in outcome.faults.items():
        stage.screen.sign(FAILED, f"{side.label}: {error}")
