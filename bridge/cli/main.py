"""The command `task-bridge`: its commands, and the one place where a command begins and ends.

A new command is a line in COMMANDS and a module `bridge/cli/<name>.py` whose `command` is a click
command; it returns an Exit, or None for done, and raises errors of the bridge.
"""

import os
import sys
from collections.abc import Mapping, Sequence

import click

from bridge import __version__
from bridge.cli.collecting import collect_no_more, collect_rarely
from bridge.cli.endings import end, keep_unprintable_readable
from bridge.cli.invocation import Invocation
from bridge.cli.lazy import LazyGroup

_NAME = "task-bridge"
_COMPLETION = "_TASK_BRIDGE_COMPLETE"
COMMANDS = {
    "demo": "Show the bridge at work between two simulated services.",
    "init": "Write a commented configuration.",
    "check": "Try configuration, database, both connections and the mapping.",
    "db": "The database: its revision, the way to this release's, a backup.",
    "run": "Keep both services in step until a signal ends it.",
    "sandbox": "Start simulated services to try the bridge on.",
    "status": "Tell how the daemon and both sides are, without asking either.",
    "guard": "What keeps the bridge from writing until a person has looked.",
    "pause": "Stop writing to one side, or to both.",
    "resume": "Write to a paused side again, or to both.",
    "sync": "Carry what changed on either side to the other, once.",
    "backfill": "Link what belongs together, create what is missing.",
    "report": "Show where every task of both sides stands, read live.",
    "links": "The links: which task of Kore and which of v2 are one.",
    "explain": "Tell the life of one task: what was done, what is still to do.",
    "conflicts": "What both sides changed: list it, decide it, take it back.",
    "failures": "What was refused or gave up: list it, retry it, discard it.",
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Keep the tasks of Kore case management and of a v2 /tasks service in step."""


def run(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run one command line; its exit code. It raises nothing: every end is told in one place."""
    invocation = Invocation(environ=os.environ if environ is None else environ)
    keep_unprintable_readable()
    try:
        with invocation.signals.caught():
            code = _invoke(list(arguments), invocation)
            sys.stdout.flush()
    except BaseException as error:
        return end(error, invocation)
    return code


def _invoke(arguments: list[str], invocation: Invocation) -> int:
    """As click's own `main` does, which would keep a broken pipe and signals to itself."""
    if _COMPLETION in invocation.environ:
        cli.main(prog_name=_NAME, complete_var=_COMPLETION)
    try:
        with cli.make_context(_NAME, arguments, obj=invocation) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return result if isinstance(result, int) else 0


def main() -> None:
    """The console script."""
    collect_rarely()
    code = run(sys.argv[1:])
    collect_no_more()
    sys.exit(code)
