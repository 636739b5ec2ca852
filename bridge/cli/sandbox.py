"""`task-bridge sandbox`: the simulated services alone, to try a bridge on.

How to point a bridge at them goes to stdout, ready to paste; what simulated people do and what
comes of typed lines, to stderr.
"""

import signal
import threading
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.invocation import Invocation
from bridge.errors import UsageError

if TYPE_CHECKING:
    from bridge.sandbox import Sandbox

PORT = click.IntRange(0, 65_535)
LONGEST_PAUSE_SECONDS = 604_800


@click.command()
@click.option("--kore-port", type=PORT, default=8081, show_default=True, help="0: a free one.")
@click.option("--v2-port", type=PORT, default=3001, show_default=True, help="0: a free one.")
@click.option(
    "--tasks",
    type=click.IntRange(0, 1_000_000),
    default=20,
    show_default=True,
    help="Tasks that each service starts with.",
)
@click.option(
    "--people",
    type=click.FloatRange(min=0, min_open=True, max=LONGEST_PAUSE_SECONDS),
    metavar="SECONDS",
    help="Let simulated people edit something every so many seconds.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another world.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="SWITCH=VALUE",
    help="Turn a switch, as in kore.rows=full; may be given several times.",
)
@click.option("--switches", "shows_switches", is_flag=True, help="List all switches and end.")
@click.pass_obj
def command(invocation: Invocation, /, shows_switches: bool, **options: Any) -> None:
    """Start simulated services to try the bridge on.

    Both serve on 127.0.0.1 until Ctrl-C. Their worlds live in memory. Meanwhile lines typed here
    (or piped in) edit tasks, take them away or order faults: `help` lists them.
    """
    if shows_switches:
        _show_switches()
    else:
        _serve(invocation, **options)


def _show_switches() -> None:
    from bridge.cli.output import Column, Format, show_rows
    from bridge.cli.switches import switches_of

    rows = [
        {"switch": one.name, "values": one.values, "default": one.usual, "fact": one.fact}
        for side, kind in _kinds().items()
        for one in switches_of(side, kind)
    ]
    columns = [Column("switch", is_id=True), Column("values"), Column("default"), Column("fact")]
    show_rows(rows, columns, Format.TABLE)


def _serve(
    invocation: Invocation,
    *,
    kore_port: int,
    v2_port: int,
    tasks: int,
    people: float | None,
    seed: int,
    settings: tuple[str, ...],
) -> None:
    from bridge.cli.switches import parse_switches
    from bridge.sandbox import Sandbox, describe_connection

    kinds = _kinds()
    chosen = parse_switches(settings, kinds)
    switches = {side: kind(**chosen[side]) for side, kind in kinds.items()}
    sandbox = Sandbox(**switches, kore_port=kore_port, v2_port=v2_port, seed=seed)
    sandbox.kore.seed(tasks=tasks, cases=max(1, tasks // 5))
    sandbox.v2.seed(tasks=tasks)
    stop = threading.Event()
    with invocation.signals.asking(stop.set):
        _start(sandbox)
        try:
            click.echo(describe_connection(sandbox))
            click.echo("Serving; end it with Ctrl-C. Type `help` for what can be done.", err=True)
            threading.Thread(target=_obey, args=(sandbox,), name="lines", daemon=True).start()
            _wait(sandbox, stop, people, seed)
        finally:
            sandbox.stop()


def _start(sandbox: "Sandbox") -> None:
    try:
        sandbox.start()
    except RuntimeError as error:
        raise UsageError(f"{error}. Choose another one: --kore-port, --v2-port.") from error


def _obey(sandbox: "Sandbox") -> None:
    """Do what is typed, line by line, until there is no more; a wrong line changes nothing."""
    from bridge.cli.rehearsal import Rehearsal

    rehearsal = Rehearsal(sandbox)
    # In the background of a terminal there is nothing to read, and no reason to be stopped.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN})
    # Unbuffered: a thread that waits in `sys.stdin` holds a lock that the interpreter wants when
    # it ends. No standard input at all is as good as an empty one.
    with suppress(OSError), open(0, "rb", buffering=0, closefd=False) as lines:
        for line in lines:
            try:
                said = rehearsal.do(line.decode("utf-8", "replace"))
            except UsageError as error:
                said = str(error)
            if said:
                click.echo(said, err=True)


def _wait(sandbox: "Sandbox", stop: threading.Event, seconds: float | None, seed: int) -> None:
    """Until a signal; with simulated people at work if there is a pace for them."""
    from bridge.sandbox import People

    people = People(sandbox, seed)
    while not stop.wait(seconds):
        edit = people.act()
        now = datetime.now().astimezone()
        click.echo(f"{now:%H:%M:%S} {edit.side} {edit.reference} {edit.who}: {edit.what}", err=True)


def _kinds() -> dict[str, type[Any]]:
    from bridge.sandbox import KoreSwitches, V2Switches

    return {"kore": KoreSwitches, "v2": V2Switches}
