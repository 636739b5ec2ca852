"""A progress bar on stderr for people at a terminal: how far, how fast, how long still."""

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bridge.cli.meter import Meter
from bridge.cli.output import table_cell
from bridge.ports import Event

RATE_OVER_SECONDS = 60.0
LONG_WAIT_SECONDS = 5.0


class Rate(ProgressColumn):
    """How many in a second, or in a minute where it is fewer than one."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if speed is None:
            return Text("")
        return Text(f"{speed:.0f}/s" if speed >= 1 else f"{speed * 60:.0f}/min")


class ProgressBar:
    """One line a step while a run lasts; gone at its end. It is the port `Events`."""

    def __init__(self, meter: Meter, console: Console | None = None) -> None:
        self._meter = meter
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeRemainingColumn(compact=True),
            console=console or Console(stderr=True, highlight=False),
            transient=True,
            speed_estimate_period=RATE_OVER_SECONDS,
        )

    def tell(self, event: Event) -> None:
        """Take one event."""
        if event.what == "waiting" and event.details["seconds"] >= LONG_WAIT_SECONDS:
            reason = table_cell(event.details["reason"])
            text = f"Waiting {event.details['seconds']:.0f} s: {reason}"
            self._progress.console.print(text, markup=False, highlight=False)
        step = self._meter.take(event)
        if step is None:
            return
        if step.name not in self._tasks:
            self._tasks[step.name] = self._progress.add_task(step.label, total=step.total)
        self._progress.update(self._tasks[step.name], completed=step.done, total=step.total)

    def __enter__(self) -> "ProgressBar":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()
