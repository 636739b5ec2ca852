"""What cannot simply be carried, acted out: a conflict, a value without a counterpart, no route."""

from collections.abc import Sequence
from typing import Any

from bridge.cli.demo_arrivals import Arrivals
from bridge.cli.demo_scenes import settle
from bridge.cli.demo_screen import EDIT, GOOD, WAITS, quoted
from bridge.cli.demo_world import Stage
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.ports import LinkView
from bridge.sandbox import Edit

TITLES = ("Replace the pump, bring the long ladder", "Replace the pump, ask for the key first")
NEWCOMER = "Nils Newcomer"
UNROUTED = ("Inspection", "INS")
UNROUTED_TITLE = "Yearly inspection of the lift"


def show_troubles(stage: Stage) -> None:
    """Three things that end in a list that a person reads, or in a rule's decision."""
    stage.screen.heading("4  What cannot simply be carried")
    first, second = _candidates(stage)[:2]
    _conflict(stage, first)
    _unmapped(stage, second)
    _unroutable(stage)


def _candidates(stage: Stage) -> list[LinkView]:
    """Linked pairs in open cases, with titles and nothing waiting, in the order of Kore's ids."""
    kore = stage.sandbox.kore
    with stage.bridge.store.begin() as unit:
        views = sorted(unit.all_links(), key=lambda view: view.link.kore_id or "")
    return [view for view in views if _is_plain(view) and _is_open(kore.world, view)]


def _is_plain(view: LinkView) -> bool:
    tasks = [known.task for known in (view.kore, view.v2) if known]
    return (
        not view.waits
        and len(tasks) == len(Side)
        and all(task.title and task.ref and not task.is_finished for task in tasks)
    )


def _is_open(world: Any, view: LinkView) -> bool:
    return not world.is_closed(world.tasks.rows[view.link.kore_id].case_id)


# --- a conflict ----------------------------------------------------------------------------------


def _conflict(stage: Stage, view: LinkView) -> None:
    screen = stage.screen
    screen.say("Two people rename the same task before the bridge looks again:")
    kore, v2 = _ids(view)
    stage.sandbox.kore.edit_task(kore, name=TITLES[0])
    _show_rename(stage, Side.KORE, view, TITLES[0])
    stage.sandbox.v2.edit_task(v2, title=TITLES[1])
    _show_rename(stage, Side.V2, view, TITLES[1])
    stage.bridge.clock.sleep(stage.size.pace / 2)
    list(settle(stage, Arrivals(stage)))
    with stage.bridge.store.begin() as unit:
        decided = _titles_of(unit.conflicts(is_settled=True), view)
    for conflict in decided:
        winner = Side(conflict["winner"])
        screen.sign(
            GOOD,
            f"{_decided(stage, conflict['rule'], winner)}: {winner.other.label} calls it "
            f"“{_title_now(stage, winner.other, view)}” now. The title that lost is kept: "
            f"“{quoted(conflict[winner.other].text)}”.",
        )


def _decided(stage: Stage, rule: str, winner: Side) -> str:
    if not rule.startswith("tie"):
        return f"{winner.label} wins by the rule “{rule}”"
    seconds = stage.bridge.settings.sync.clock_tolerance_seconds or 0
    return f"Less than {seconds:g} s apart, so sync.tie decides for {winner.label}"


def _titles_of(conflicts: Sequence[Any], view: LinkView) -> list[Any]:
    return [
        one
        for one in conflicts
        if one["field"] == Field.TITLE and one["kore_id"] == view.link.kore_id
    ]


def _show_rename(stage: Stage, side: Side, view: LinkView, title: str) -> None:
    known = view.kore if side is Side.KORE else view.v2
    name = known.task.name if known else ""
    stage.screen.line(EDIT, side.label, name, f"{_who(stage, side)} renamed it to “{title}”")


def _title_now(stage: Stage, side: Side, view: LinkView) -> str:
    """The title as the service itself holds it."""
    kore, v2 = _ids(view)
    if side is Side.KORE:
        return stage.sandbox.kore.world.tasks.rows[kore].name
    return stage.sandbox.v2.world.tasks.rows[v2].title or ""


# --- a value without a counterpart, a task without a route ---------------------------------------


def _unmapped(stage: Stage, view: LinkView) -> None:
    stage.screen.say("Somebody whom v2 does not know is put in charge:")
    task_id, kore = _ids(view)[0], stage.sandbox.kore
    kore.edit_task(task_id, assignee=kore.add_agent(NEWCOMER))
    arrivals = Arrivals(stage)
    arrivals.made(
        Edit(
            side="kore",
            task_id=task_id,
            reference=kore.tasks[task_id]["refId"],
            what=f"assigned it to {NEWCOMER}",
            who=_who(stage, Side.KORE),
        )
    )
    stage.bridge.clock.sleep(stage.size.pace / 2)
    list(settle(stage, arrivals))


def _unroutable(stage: Stage) -> None:
    stage.screen.say("A task of a kind for which no case is configured:")
    name, prefix = UNROUTED
    v2 = stage.sandbox.v2
    task_id = v2.add_task(title=UNROUTED_TITLE, task_type_id=v2.add_task_type(name, prefix))
    reference = f"{prefix}-{v2.world.tasks.rows[task_id].identifier}"
    text = f"{_who(stage, Side.V2)} opened “{UNROUTED_TITLE}” ({name})"
    stage.screen.line(EDIT, Side.V2.label, reference, text)
    stage.bridge.clock.sleep(stage.size.pace / 2)
    list(settle(stage, Arrivals(stage)))
    with stage.bridge.store.begin() as unit:
        known = unit.known(Side.V2, [task_id])[task_id]
    if known.standing is Standing.UNROUTABLE:
        stage.screen.line(WAITS, Side.KORE.label, "", f"not created: {known.why}")


def _ids(view: LinkView) -> tuple[str, str]:
    return view.link.kore_id or "", view.link.v2_id or ""


def _who(stage: Stage, side: Side) -> str:
    """Who acts on that side just now."""
    if side is Side.KORE:
        return stage.sandbox.kore.author.name
    return stage.sandbox.v2.world.users[stage.sandbox.v2.author].name
