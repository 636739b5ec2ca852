"""Following edits across: what became of each one, and how long it took.

How long is the difference of two change times, each by the clock of the service that holds the
task: of the edit on one side, of the bridge's write on the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bridge.cli.demo_screen import AGREES, ARRIVED, EDIT, FAILED, WAITS, Sign, quoted
from bridge.cli.demo_world import Stage
from bridge.domain.marker import without_marker
from bridge.domain.operation import OperationKind, Outcome, Wait
from bridge.domain.side import Field, Side
from bridge.sandbox import Edit
from bridge.store.unit import SqlUnit
from bridge.sync.tally import Report

OPEN = (Outcome.UNCERTAIN, Outcome.DROPPED)
Ending = tuple[Sign, str, str]


@dataclass(frozen=True, slots=True)
class Begun:
    """An edit that has not reached the other side yet."""

    edit: Edit
    at: datetime

    @property
    def side(self) -> Side:
        """Where it was made."""
        return Side(self.edit.side)


@dataclass(slots=True)
class Arrivals:
    """Shows each edit as it is made, and again when it is known what became of it."""

    stage: Stage
    edits: int = 0
    seconds: list[float] = field(default_factory=list)
    _begun: list[Begun] = field(default_factory=list)

    def made(self, edit: Edit) -> None:
        """Somebody did something."""
        begun = Begun(edit, self.stage.changed_at(Side(edit.side), edit.task_id))
        self._begun.append(begun)
        self.edits += 1
        text = f"{edit.who} {edit.what}"
        self.stage.screen.line(EDIT, begun.side.label, edit.reference, text)

    def after(self, reports: Sequence[Report]) -> None:
        """A cycle is over: tell what it carried."""
        waiting, self._begun = self._begun, []
        for begun in waiting:
            mine = [one for one in reports if _is_about(one, begun)]
            if any(one.outcome in OPEN for one in mine):
                self._begun.append(begun)
                continue
            with self.stage.bridge.store.begin() as unit:
                sign, name, text = self._ending(unit, begun, mine)
            self.stage.screen.line(sign, begun.side.other.label, name, text)

    def _ending(self, unit: SqlUnit, begun: Begun, reports: Sequence[Report]) -> Ending:
        side, task_id = begun.side, begun.edit.task_id
        link = unit.links_of(side, [task_id]).get(task_id)
        other = link.task_id(side.other) if link else None
        if link is None or other is None:
            return AGREES, "", _why_alone(unit, side, task_id)
        known = unit.known(side.other, [other])[other]
        done = [one for one in reports if one.outcome is Outcome.DONE]
        if done:
            took = (self.stage.changed_at(side.other, other) - begun.at).total_seconds()
            self.seconds.append(took)
            return ARRIVED, known.task.name, f"{_written(done)} after {took:.2f} s"
        failed = [one.note for one in reports if one.outcome is Outcome.FAILED]
        if failed:
            return FAILED, known.task.name, f"refused: {failed[0]}"
        view = unit.link(link.id)
        for wait in _fresh(view.waits if view else (), begun.at):
            return WAITS, known.task.name, f"{wait.field or 'the task'} waits: {wait.reason}"
        return AGREES, known.task.name, "agrees already, nothing is written"


def _is_about(report: Report, begun: Begun) -> bool:
    operation = report.operation
    is_probe = operation.kind is OperationKind.PROBE
    is_across = operation.side is begun.side.other and not is_probe
    return is_across and operation.task_id(begun.side) == begun.edit.task_id


def _written(reports: Sequence[Report]) -> str:
    if any(one.operation.kind is OperationKind.CREATE for one in reports):
        return "created"
    return ", ".join(_values(reports))


def _values(reports: Sequence[Report]) -> Iterator[str]:
    for report in reports:
        for name, value in report.operation.values.items():
            text = value.text if value else ""
            if name is Field.DESCRIPTION:
                yield f"{name} now ends “{quoted(_last_line(text))}”"
            else:
                yield f"{name} is now {quoted(_moment(text) if name is Field.DUE else text)}"


def _last_line(text: str) -> str:
    return without_marker(text).rpartition("\n")[2]


def _moment(text: str) -> str:
    """A due date as people write it; another form than ISO 8601 stays as it is."""
    is_iso = text[10:11] == "T" and text.endswith("Z")
    return f"{text[:10]} {text[11:16]} UTC" if is_iso else text


def _fresh(waits: Sequence[Wait], at: datetime) -> Iterator[Wait]:
    return (wait for wait in waits if wait.since is not None and wait.since >= at)


def _why_alone(unit: SqlUnit, side: Side, task_id: str) -> str:
    known = unit.known(side, [task_id]).get(task_id)
    why = known.why if known and known.why else "not read yet"
    return f"no counterpart: {why}"
