"""`task-bridge demo`: the bridge at work between two simulated services; ends by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from bridge.cli.exits import Exit
from bridge.cli.invocation import Invocation
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.cli.demo_screen import Screen
    from bridge.cli.demo_world import Stage

HOW_TO_LOOK = ("status", "links list", "failures list")


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Another world and story.")
@click.option("--quick", "is_quick", is_flag=True, help="A small world, over in ten seconds.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Leave database and configuration in this new or empty folder.",
)
@click.pass_obj
def command(invocation: Invocation, seed: int, is_quick: bool, keep: Path | None) -> Exit:
    """Show the bridge at work between two simulated services.

    Needs no configuration, reaches nothing outside this machine, and leaves nothing behind unless
    told to. Ends with 1 if the two services are not in step at the end and nothing says why.
    """
    from rich.console import Console

    from bridge.cli.demo_screen import Screen

    started_at = time.monotonic()
    screen = Screen(Console(highlight=False))
    screen.title("task-bridge demo: Kore case management and a v2 /tasks service kept in step")
    with _folder(keep) as folder:
        is_fine = _play(invocation, screen, folder, seed, is_quick=is_quick)
        if keep is not None:
            _tell_what_is_kept(screen, keep)
    screen.say(f"Over after {time.monotonic() - started_at:.0f} s.", style="dim")
    return Exit.DONE if is_fine else Exit.WAITING


def _play(
    invocation: Invocation, screen: Screen, folder: Path, seed: int, *, is_quick: bool
) -> bool:
    from bridge.cli.demo_world import QUICK, WHOLE, new_sandbox, set_up

    size = QUICK if is_quick else WHOLE
    sandbox = new_sandbox(size, seed)
    with sandbox, set_up(invocation, sandbox, size, seed, folder, screen) as stage:
        return _show(stage, seed)


def _show(stage: Stage, seed: int) -> bool:
    from bridge.cli.demo_ending import show_report
    from bridge.cli.demo_scenes import show_backfill, show_live, show_quiet, show_world
    from bridge.cli.demo_troubles import show_troubles

    show_world(stage)
    show_backfill(stage)
    show_live(stage, seed)
    show_troubles(stage)
    show_quiet(stage)
    return show_report(stage)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the database lies: a temporary folder, or the one that is kept."""
    if keep is None:
        with TemporaryDirectory(prefix="task-bridge-demo-") as name:
            yield Path(name)
        return
    keep.mkdir(parents=True, exist_ok=True)
    if any(keep.iterdir()):
        raise UsageError(f"{keep} is not empty. Choose a new folder: --keep DIR.")
    yield keep


def _tell_what_is_kept(screen: Screen, keep: Path) -> None:
    screen.heading("To look into it")
    screen.say("Both services ended with the demo; these commands ask the database alone:")
    screen.commands(f"task-bridge --config {keep / 'bridge.toml'} {one}" for one in HOW_TO_LOOK)
