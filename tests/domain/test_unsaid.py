"""What nobody said of a record is empty, nothing or not yet: it claims no more than was seen."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from bridge.domain.exchange import Answer, Draft, Page
from bridge.domain.life import Advice, HeldUp, Sight, Step
from bridge.domain.reading import LastRead, ProbeForm, SideState, Sweep
from bridge.domain.records import Happening, PairState, Run
from tests.domain.making import KORE, V2, at

NOTHING: tuple[object, ...] = (None, "", (), {}, 0, False)


def unsaid() -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Each record as bare as it can be, and what of it is to be more than nothing."""
    yield PairState(), {}
    # A run is one run, until idle ones are folded into it.
    yield Run(id=1, kind="sync", started_at=at(0)), {"id": 1, "kind": "sync", "times": 1}
    yield Happening(what="linked"), {"what": "linked"}
    # A side that was never read: its probes are untried, and its polls go deep.
    deep = {"deep_found_new": True, "probe_form": ProbeForm.UNTRIED}
    yield SideState(side=KORE), {"side": KORE, **deep}
    yield LastRead(), {}
    # A sweep that begins is in order, until a row is not.
    yield Sweep(side=KORE), {"side": KORE, "is_ordered": True}
    page = Page(side=V2, rows=(), length=0, offset=0, sent_at=at(0), is_sort_taken=True)
    yield page, {"side": V2, "is_sort_taken": True}
    yield Draft(side=V2, values={}, text=""), {"side": V2}
    yield Answer(sent_at=at(0), answered_at=at(0)), {}
    yield Advice(), {}
    yield HeldUp(text=""), {"advice": Advice("", ())}
    yield Sight(), {}
    yield Step(at=at(0), text=""), {}


def test_what_nobody_said_of_a_record_is_nothing() -> None:
    for record, said in unsaid():
        shown = {one.name: getattr(record, one.name) for one in fields(record)}
        more = {name: value for name, value in shown.items() if value not in NOTHING}
        assert {name: one for name, one in more.items() if one != at(0)} == said, record


def test_a_sweep_is_whole_only_at_its_end() -> None:
    assert not Sweep(side=KORE).is_complete
    assert Sweep(side=KORE, completed_at=at(0)).is_complete
    assert not Sweep(side=KORE, completed_at=at(0), had_fault=True).is_complete
    assert not Sweep(side=KORE, completed_at=at(0), is_ordered=False).is_complete
