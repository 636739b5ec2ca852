"""`task-bridge links rebuild`: the links from markers again, after the database is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.one_shot import Errand, done_once, wait_option
from bridge.cli.output import Column, Format, format_option, show_json, show_rows
from bridge.cli.run_ending import end_run
from bridge.cli.run_result import show_result
from bridge.domain.side import SIDES

if TYPE_CHECKING:
    from bridge.domain.task import Known
    from bridge.sync.cycle import Outcome
    from bridge.sync.rebuild import Remains, Surplus

_TASKS = (Column("side"), Column("id", is_id=True), Column("ref"), Column("title"))
_ORPHANS = (*_TASKS, Column("origin_id", "says it was created from", is_id=True))
_AMBIGUOUS = (*_TASKS, Column("reason"))
_SURPLUS = (
    Column("origin_side", "created from"),
    Column("origin_id", "id", is_id=True),
    Column("linked_id", "linked with", is_id=True),
    Column("surplus_ids", "surplus", is_id=True),
)
ORPHANS = """
Tasks whose marker names a task that the other side does not show. Nothing is created from them: \
link one by hand with task-bridge links add, or take the marker's line out of its description to \
make it a task of its own."""
SURPLUS = """
Tasks that several others say they were created from. The surplus ones are kept out of the sync: \
delete them, or take the marker's line out."""
AMBIGUOUS = """
Tasks whose counterpart cannot be told. task-bridge links add says which two belong together."""
NEXT = """
Of the tasks in scope {kore} of Kore and {v2} of v2 are not linked. Nothing was created or \
updated. Next:"""
AGAIN = """\
  task-bridge links rebuild        once more: what Kore did not show may join some of them"""
WAYS = """\
  task-bridge report               shows where the pairs differ and what is without a counterpart
  task-bridge sync                 brings the pairs in step: what agrees is left as it is
  task-bridge backfill --dry-run   shows what would be created for the rest"""


@click.command()
@wait_option()
@format_option(csv=False)
@click.pass_obj
def rebuild(invocation: Invocation, wait: int | None, form: Format) -> Exit:
    """Link again what belongs together, by its markers, after the database is lost.

    Both sides are read whole; nothing is created or updated. May be stopped and started again.
    Ends with 1 if failures or conflicts wait, a counterpart cannot be told or a task of Kore could
    not be seen, 4 if a decision is needed first, 5 if another process works on this pair, 6 if a
    service cannot be reached or refuses the key.
    """
    from bridge.cli.backfill import too_many
    from bridge.sync.backfill import TooManyProbes
    from bridge.sync.rebuild import remains, run_rebuild

    settings = invocation.settings()
    patience = settings.sync.give_up_seconds
    errand = Errand(settings=settings, work=lambda desk: run_rebuild(desk, patience), wait=wait)
    try:
        with done_once(invocation, errand) as (outcome, desk):
            with desk.store.begin() as unit:
                left = remains(unit)
            _show(outcome, left, form)
            return end_run(outcome, Exit.WAITING if _count(left) else Exit.DONE)
    except TooManyProbes as many:
        click.echo(too_many(many, settings.kore.limits), err=True)
        return Exit.GUARD


def _show(outcome: Outcome, left: Remains, form: Format) -> None:
    summary, is_whole = outcome.summary, not outcome.faults
    if form is Format.JSON:
        show_json({**summary, **_object(left), "unseen": outcome.put_off})
        return
    show_result(outcome, form, untold=_count(left))
    found = _object(left)
    for key, text, columns in (
        ("orphans", ORPHANS, _ORPHANS),
        ("duplicates", SURPLUS, _SURPLUS),
        ("ambiguous", AMBIGUOUS, _AMBIGUOUS),
    ):
        if found[key]:
            click.echo(text)
            show_rows(found[key], columns, Format.TABLE)
    if is_whole and not outcome.guards:
        click.echo(NEXT.format(**found["unlinked"]))
        click.echo(AGAIN if outcome.put_off else WAYS)


def _count(left: Remains) -> int:
    """How many tasks a person has to tell a counterpart of; the ambiguous ones are failures."""
    return len(left.orphans) + sum(len(one.surplus) for one in left.surplus)


def _object(left: Remains) -> dict[str, Any]:
    return {
        "orphans": [*map(_orphan, left.orphans)],
        "duplicates": [*map(_surplus, left.surplus)],
        "ambiguous": [{**_task(known), "reason": known.why} for known in left.ambiguous],
        "unlinked": {str(side): left.unlinked[side] for side in SIDES},
    }


def _task(known: Known) -> dict[str, Any]:
    task = known.task
    return {"side": str(task.side), "id": task.id, "ref": task.ref, "title": task.title or None}


def _orphan(known: Known) -> dict[str, Any]:
    marker = known.task.marker
    return {**_task(known), "origin_id": marker.task_id if marker else None}


def _surplus(one: Surplus) -> dict[str, Any]:
    return {
        "origin_side": str(one.origin_side),
        "origin_id": one.origin_id,
        "origin_ref": one.origin_ref,
        "linked_id": one.counterpart,
        "surplus_ids": [known.task.id for known in one.surplus],
    }
