"""`task-bridge check`: whether the bridge could work as configured, and what stands in its way.

Nothing is written to either side or to the database, which is not made if it is not there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json
from bridge.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.bootstrap import Bridge
    from bridge.config import Settings
    from bridge.domain.finding import Finding, Inspection
    from bridge.domain.side import Field


@click.command()
@format_option(csv=False)
@click.pass_obj
def command(invocation: Invocation, form: Format) -> Exit:
    """Try configuration, database, both connections and the mapping.

    Ends with 3 if something needs a person (a value without a counterpart, a route to nowhere, a
    guard that stands), 6 if a service cannot be reached or refuses the key, 2 if configuration or
    database are wrong.
    """
    from bridge.domain.finding import Inspection, fail, ok

    settings = invocation.settings()
    first = [ok("configuration", str(invocation.config_path))]
    try:
        first.append(_database(settings))
        found = _inspect(invocation, settings)
    except StoreError as error:
        whole = Inspection(findings=(*first, fail("database", str(error), "Do what it says.")))
        _show(whole, form)
        return Exit.USAGE
    _show(replace(found, findings=(*first, *found.findings)), form)
    if found.is_refused:
        return Exit.SERVICE
    return Exit.DONE if found.is_fine else Exit.DRIFT


def _database(settings: Settings) -> Finding:
    """The revision of the database. Raises StoreError if it is no database that can be read."""
    from bridge.domain.finding import ok
    from bridge.store.open import current
    from bridge.store.revision import HEAD_REVISION

    revision = current(settings.database.url)
    if not revision:
        return ok("database", "there is none yet; the first run makes it")
    return ok("database", f"revision {revision}, this release needs {HEAD_REVISION}")


def _inspect(invocation: Invocation, settings: Settings) -> Inspection:
    from bridge.bootstrap import Listeners, SystemClock, bridge_for
    from bridge.cli.watching import watching
    from bridge.sync.inspect import Settings as Wanted
    from bridge.sync.inspect import inspect

    clock, listeners = SystemClock(), Listeners()
    with bridge_for(settings, listeners, clock, is_dry=True) as bridge:
        desk = bridge.desk(is_dry=True)
        wanted = Wanted(
            token_seconds=settings.kore.token_seconds,
            call_seconds=_call_seconds(settings),
            named_ids=_named_ids(settings),
        )
        try:
            with watching(invocation, settings) as listener, invocation.signals.asking(clock.stop):
                listeners.all.append(listener)
                found = inspect(desk, wanted)
                return replace(found, findings=(*found.findings, *_calls(bridge)))
        finally:
            desk.store.close()


def _calls(bridge: Bridge) -> Iterator[Finding]:
    """What is left of both sides' calls after this check."""
    from bridge.domain.judge_calls import judge_calls

    for side, budget in bridge.budgets.items():
        yield judge_calls(side, budget.left(), budget.learnt())


def _call_seconds(settings: Settings) -> float:
    """How long Kore's tightest limit makes one call take."""
    return max((one.seconds / one.calls for one in settings.kore.limits), default=0.0)


def _named_ids(settings: Settings) -> dict[Field, frozenset[str]]:
    """The words of Kore whose ids the configuration tells, folded."""
    from bridge.domain.side import Field
    from bridge.domain.text import fold_word

    kore = settings.kore
    return {
        Field.STATUS: frozenset(map(fold_word, kore.status_ids)),
        Field.PRIORITY: frozenset(map(fold_word, kore.priority_ids)),
    }


def _show(inspection: Inspection, form: Format) -> None:
    from bridge.report.check_object import render_check_object
    from bridge.report.check_table import render_check_table

    if form is Format.JSON:
        show_json(render_check_object(inspection))
        return
    from rich.console import Console

    render_check_table(inspection, Console(highlight=False))
