"""The end of the demo: the report, and the demo's own check of what the report says."""

from collections.abc import Sequence

from bridge.cli.demo_check import differences, doubles
from bridge.cli.demo_screen import FAILED, GOOD
from bridge.cli.demo_world import Stage
from bridge.domain.link import LinkState
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import FINE, Reconciliation, State
from bridge.report.report_table import render_report_table

EXPLAINED = FINE | {State.UNMAPPED, State.UNROUTABLE}


def show_report(stage: Stage) -> bool:
    """Show where every task stands; false if two tasks are not in step without a reason."""
    screen = stage.screen
    screen.heading("6  Where every task stands: task-bridge report")
    found = stage.look()
    report = reconcile(found.world)
    render_report_table(report, report.told, found.notes, screen.console)
    screen.heading("7  The demo's own check, in both services' memory")
    compared, problems = _checked(stage, report)
    for problem in problems:
        screen.sign(FAILED, problem)
    told = sum(bool(row.fields) for row in report.told)
    if not problems:
        screen.sign(
            GOOD,
            f"{compared} pairs compared field by field: in step, but for the {told} that the "
            "report explains. No task has two counterparts.",
        )
    return not problems


def _checked(stage: Stage, report: Reconciliation) -> tuple[int, Sequence[str]]:
    """How many pairs were compared, and everything that nobody explained."""
    told = {row.kore_id: {one.name for one in row.fields} for row in report.told}
    problems = [
        f"{row.kore_ref or row.v2_ref or row.title}: {row.state}, {row.reason}"
        for row in report.told
        if row.state not in EXPLAINED
    ]
    problems += [f"{origin} has more than one counterpart" for origin in doubles(stage)]
    with stage.bridge.store.begin() as unit:
        views = [view for view in unit.all_links() if view.link.state is LinkState.LINKED]
    for view in views:
        untold = set(differences(stage, view)) - told.get(view.link.kore_id, set())
        name = view.kore.task.name if view.kore else str(view.link.kore_id)
        problems += [f"{name}: the {field} differs and no row says why" for field in sorted(untold)]
    return len(views), problems
