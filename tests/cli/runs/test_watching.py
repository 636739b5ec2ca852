"""While a run goes on people at a terminal see how far it is; elsewhere log lines tell."""

import io

import pytest
from rich.console import Console

from bridge.cli.meter import Meter, Step
from bridge.cli.progress_bar import ProgressBar
from bridge.domain.side import Side
from bridge.ports import Event
from tests.cli.runs.conftest import Pair


def progress(step: str, done: int, total: int | None, **more: object) -> Event:
    return Event("progress", {"step": step, "done": done, "total": total, **more})


def request(operation: str) -> Event:
    return Event("request", {"operation": operation})


def test_reading_is_told_per_side() -> None:
    meter = Meter()
    step = meter.take(progress("read", 50, 200, side=Side.KORE))
    assert step == Step("read kore", "Reading Kore", 50, 200)


def test_a_total_that_nobody_knows_stays_open_and_is_never_less_than_what_is_done() -> None:
    meter = Meter()
    assert meter.take(progress("read", 50, None, side=Side.V2)).total is None  # type: ignore[union-attr] # it moved
    assert meter.take(progress("read", 50, 40, side=Side.V2)).total == 50  # type: ignore[union-attr] # it moved


@pytest.mark.parametrize("operation", ["createTask", "POST /tasks/"])
def test_each_create_moves_its_step_and_never_beyond_the_total(operation: str) -> None:
    meter = Meter()
    assert meter.take(request(operation)) is None
    meter.take(progress("create", 0, 1))
    assert meter.take(request(operation)) == Step("create", "Creating", 1, 1)
    assert meter.take(request(operation)) is None
    assert meter.take(request("getTasks")) is None


def test_the_bar_tells_how_far_it_is_and_is_gone_at_its_end() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=120, legacy_windows=False)
    with ProgressBar(Meter(), console) as bar:
        bar.tell(progress("create", 0, 20))
        bar.tell(request("createTask"))
        bar.tell(Event("waiting", {"seconds": 42.0, "reason": "kore.limits [60/60s] is used up"}))
    text = stream.getvalue()
    assert "Creating" in text
    assert "1/20" in text
    assert "Waiting 42 s: kore.limits [60/60s] is used up" in text


def test_without_a_terminal_there_are_log_lines(pair: Pair) -> None:
    pair.seed(kore=1, v2=0)
    err = pair.run("backfill").err
    assert '"event": "swept"' in err
    assert '"event": "progress"' not in err, "seldom, and not for what is over at once"
    assert '"event": "progress"' in pair.run("-v", "backfill").err
