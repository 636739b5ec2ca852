"""`task-bridge db`: which revision the database has, the way to this release's, and a backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.cli.output import Format, format_option, show_json
from bridge.errors import DatabaseInUse

if TYPE_CHECKING:
    from bridge.store.beside import Beside


@click.group()
def command() -> None:
    """The database: its revision, the way to this release's, a backup."""


@command.command()
@format_option(csv=False)
@click.pass_obj
def upgrade(invocation: Invocation, form: Format) -> None:
    """Bring the database to this release's revision; makes a new one.

    Ends with 5 while a daemon or another command works on it: stop that first.
    """
    from bridge import resources
    from bridge.bootstrap import SystemClock
    from bridge.store import open as database

    settings = invocation.settings()
    url, lease_seconds = settings.database.url, settings.sync.lease_seconds
    now = SystemClock().now()
    before = database.current(url)
    after = database.upgrade(
        url,
        resources.migrations_folder(),
        lambda beside: _refuse_beside_the_living(beside, now, lease_seconds),
    )
    if form is Format.JSON:
        show_json({"before": before or None, "revision": after})
    elif before == after:
        click.echo(f"The database is at revision {after} already.")
    else:
        click.echo(f"The database is now at revision {after} ({before or 'new'} before).")


def _refuse_beside_the_living(beside: Beside, now: datetime, lease_seconds: float) -> None:
    """Raises DatabaseInUse; who is known to be gone does not stand in the way."""
    from bridge.daemon.heart import is_fresh
    from bridge.processes import is_dead

    beats = [one for one in beside.heartbeats if is_fresh(one, now, lease_seconds)]
    held = [one for one in beside.leases if one.expires_at > now]
    since = {one.owner: one.taken_at for one in held}
    since |= {one.owner: one.started_at for one in beats}
    for owner, at in since.items():
        if not is_dead(owner):
            raise DatabaseInUse(owner, max(0.0, (now - at).total_seconds()))


@command.command()
@format_option(csv=False)
@click.pass_obj
def current(invocation: Invocation, form: Format) -> Exit:
    """Show the revision of the database, and that of this release.

    Ends with 2 if the two differ.
    """
    from bridge.store import open as database
    from bridge.store.revision import HEAD_REVISION

    found = database.current(invocation.settings().database.url)
    if form is Format.JSON:
        show_json({"revision": found or None, "release": HEAD_REVISION})
    elif not found:
        click.echo(f"There is no database yet; the first command makes one ({HEAD_REVISION}).")
    elif found == HEAD_REVISION:
        click.echo(f"{found}, this release's.")
    else:
        click.echo(f"{found}; this release needs {HEAD_REVISION}: task-bridge db upgrade")
    return Exit.DONE if found in ("", HEAD_REVISION) else Exit.USAGE


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@format_option(csv=False)
@click.pass_obj
def backup(invocation: Invocation, file: Path, form: Format) -> None:
    """Copy the database to a new FILE, also beside a running daemon.

    The copy is of one moment and is checked before this ends. Its mode is 0600; nothing is
    overwritten. To go back to it, stop the daemon and put it in the database's place.
    """
    from bridge.store.backup import back_up

    done = back_up(invocation.settings().database.url, file.absolute())
    if form is Format.JSON:
        show_json({"file": file, "revision": done.revision, "bytes": done.size})
    else:
        click.echo(f"{file}: {done.size} bytes, revision {done.revision}, checked.")
