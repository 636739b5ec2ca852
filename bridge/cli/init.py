"""`task-bridge init`: write a commented configuration, readable by its owner alone."""

import os
from pathlib import Path

import click

from bridge.cli.invocation import DEFAULT_CONFIG, Invocation
from bridge.errors import UsageError

NEXT = """\
Wrote {path}; only you can read it, since secrets go in.

Next:
  1. Fill in the six empty values below [kore] and [v2]; the line above each says where it is found.
  2. task-bridge check{option}
  3. task-bridge backfill --dry-run{option}
"""


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@click.pass_obj
def command(invocation: Invocation, path: Path | None, force: bool) -> None:
    """Write a commented configuration.

    PATH is the file to write; without it the one that the other commands will read.
    """
    from bridge.resources import example_configuration

    target = path or invocation.config_path
    _write(target, example_configuration().read_bytes(), is_forced=force)
    option = "" if target == DEFAULT_CONFIG else f" --config {target}"
    click.echo(NEXT.format(path=target, option=option), nl=False)


def _write(path: Path, content: bytes, *, is_forced: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_forced else os.O_EXCL)
    try:
        number = os.open(path, flags, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} is there already. Overwrite it with --force.") from None
    with os.fdopen(number, "wb") as file:
        os.fchmod(number, 0o600)
        file.write(content)
