"""Days in the life of a bridge, short ones, which their chronicles tell word by word.

Each is a few steps of people and services, and what the bridge does about them in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from bridge.domain.instruction import InstructionKind
from bridge.domain.links_csv import read_links
from bridge.domain.operation import WaitKind
from bridge.domain.policy import (
    ConflictRule,
    Direction,
    Limits,
    OnMissing,
    Route,
    Scope,
    Unobserved,
)
from bridge.domain.reading import ProbeForm
from bridge.domain.side import Field, Side
from bridge.domain.task import Facts
from bridge.domain.values import text_value
from bridge.domain.wordtable import Default, WordRow
from bridge.errors import KeyRefused, LeaseTaken, NotYet, OverBudget, Unreachable
from bridge.sync.import_links import details_of as rows_told
from bridge.sync.inspect import Settings, inspect
from bridge.sync.obey import carry_out_alone
from bridge.sync.rebuild import remains, run_rebuild
from tests.sync.memory.bench import Bench, mapping
from tests.sync.memory.chronicle import use_pair
from tests.sync.memory.deciding import the_conflict
from tests.sync.memory.services import CONTACT, START

Tell: TypeAlias = Callable[..., None]
Day: TypeAlias = Callable[[Bench, Tell], None]
DAYS: dict[str, Day] = {}
KORE, V2 = Side.KORE, Side.V2
DUE = "2026-05-01T12:00:00Z"
LATER = "2026-06-01T12:00:00Z"
FEW = Limits(percent=10.0, count=1)
HIDDEN = frozenset({Field.DESCRIPTION, Field.ASSIGNEE, Field.DUE})

OTHER_WORDS: dict[str, Any] = {
    "replaced": ["status"],
    "status": [
        WordRow("open", "in_progress", Default.BOTH),
        WordRow("in progress", "open", Default.BOTH),
        WordRow("closed", "completed", Default.BOTH),
        WordRow("resolved", "completed", Default.TO_V2),
        WordRow("on hold", "new", Default.BOTH),
        WordRow("closed", "cancelled", Default.TO_KORE),
        WordRow("in progress", "in_review", Default.TO_KORE),
    ],
}


def day(function: Day) -> Day:
    DAYS[function.__name__] = function
    return function


def lost(side: Side) -> Unreachable:
    return Unreachable(side, "no answer came", is_outcome_unknown=True)


def say(bench: Bench, kind: InstructionKind, **details: Any) -> str:
    """A person tells the bridge something, and it is carried out at once."""
    with bench.store.begin() as unit:
        number = unit.give_instruction(kind, details, by="me", at=bench.clock.now())
    bench.desk = bench.new_desk()
    carry_out_alone(bench.desk)
    with bench.store.begin() as unit:
        found = unit.instruction(number)
    assert found is not None
    return f"{found.outcome}: {found.note}"


def decide(bench: Bench, take: Side, row: Mapping[str, Any] | None = None) -> str:
    found = row or the_conflict(bench)
    shown = {side: found[side] for side in ("kore", "v2") if side in found}
    return say(bench, InstructionKind.RESOLVE, conflict=found["id"], take=str(take), **shown)


def about_failures(bench: Bench, kind: InstructionKind, *kinds: WaitKind) -> str:
    waits = bench.waits(*(kinds or (WaitKind.FAILED,)))
    return say(bench, kind, failures=[{"id": w.id, "kore": w.kore, "v2": w.v2} for w in waits])


def take_link_away(bench: Bench, kore_id: str, **more: Any) -> str:
    with bench.store.begin() as unit:
        link = unit.links_of(KORE, [kore_id])[kore_id]
    ids = {"link_id": link.id, "kore_id": link.kore_id, "v2_id": link.v2_id}
    return say(bench, InstructionKind.REMOVE_LINK, **ids, **more)


def confirm(bench: Bench) -> str:
    with bench.store.begin() as unit:
        guards = [one for one in unit.guards() if one.holds]
    shown = [{"kind": one.kind, "side": one.side, "items": list(one.items)} for one in guards]
    return say(bench, InstructionKind.CONFIRM, guards=shown)


def lose_database(bench: Bench) -> list[str]:
    links = [view.link for view in bench.links()]
    rows = [
        f"{one.kore_id or ''},{one.v2_id or ''},{one.state},{one.origin or ''}" for one in links
    ]
    use_pair(bench, "day after")
    return rows


def rich(bench: Bench, side: Side, title: str = "Boiler", **more: Any) -> str:
    """A task with something in every field."""
    names = {"status": "In Progress" if side is KORE else "in_progress"}
    names["priority"] = "High" if side is KORE else "high"
    return bench.service(side).add(title, "words", assignee="Robin", due=DUE, **{**names, **more})


# --- carrying ------------------------------------------------------------------------------------


@day
def everything_is_new(bench: Bench, tell: Tell) -> None:
    rich(bench, KORE)
    rich(bench, V2, "Ladder")
    bench.kore.add("Done", status="Closed")
    bench.v2.add(None)
    tell("a first look", bench.sync())
    tell("a dry run of a backfill", bench.backfill(is_dry=True))
    tell("a backfill", bench.backfill())
    tell("a cycle", bench.sync())
    tell("an idle one", bench.sync())


@day
def new_tasks_after_the_first_contact(bench: Bench, tell: Tell) -> None:
    bench.sync()
    bench.sync(is_full=True)
    rich(bench, KORE)
    rich(bench, V2, "Ladder", facts=Facts(tags=("a",), contact=None))
    tell("a dry run", bench.sync(is_dry=True))
    tell("a cycle", bench.sync())
    tell("the next", bench.sync())


@day
def people_edit_every_field(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    tell("a pair")
    more = {"text": "more words", "assignee": "Kim", "due": DUE}
    bench.v2.add("Other", assignee="Kim")
    bench.kore.edit("k0001", title="Renamed", status="Resolved", priority="Low", **more)
    tell("Kore was edited", bench.sync())
    bench.v2.edit(
        "v0001",
        title="Again",
        text="",
        status="cancelled",
        priority="urgent",
        assignee=None,
        due=None,
    )
    tell("v2 was edited", bench.sync())
    bench.kore.edit("k0001", status="Open", priority="High", due=LATER)
    bench.v2.edit("v0001", status="open", priority="high", title="Both")
    tell("both were edited", bench.sync())
    tell("idle", bench.sync())


@day
def the_newest_wins_and_people_take_it_back(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    tell("a pair")
    bench.kore.edit("k0001", title="Of Kore", due=DUE)
    bench.clock.pass_time(60)
    bench.v2.edit("v0001", title="Of v2", due=LATER)
    tell("both were edited, v2 later", bench.sync())
    tell("people take Kore's title back", decide(bench, KORE, bench.conflicts()[0]))
    tell("a cycle", bench.sync())
    tell("once more", decide(bench, KORE, bench.conflicts()[0]))


@day
def a_conflict_waits_for_people(bench: Bench, tell: Tell) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    bench.pair()
    bench.settle()
    tell("a pair")
    bench.kore.edit("k0001", title="Of Kore", priority="High")
    bench.v2.edit("v0001", title="Of v2", due=DUE)
    tell("both changed the title", bench.sync())
    tell("nothing new", bench.sync())
    shown = the_conflict(bench)
    bench.kore.edit("k0001", title="Of Kore, later")
    tell("people decide by what was shown", decide(bench, V2, shown))
    tell("a cycle", bench.sync())
    tell("people decide", decide(bench, KORE))
    tell("and a cycle", bench.sync())
    bench.kore.edit("k0001", title="One")
    bench.v2.edit("v0001", title="Two")
    bench.sync()
    bench.v2.edit("v0001", title="One")
    tell("settled in the services", bench.sync())


@day
def values_without_a_counterpart(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    tell("a pair")
    bench.kore.edit("k0001", assignee="Nobody Knows", title="New")
    tell("a stranger", bench.sync())
    bench.v2.add("Other", assignee="Nobody Knows")
    tell("v2 shows the stranger", bench.sync())
    tell("settled", bench.sync())
    bench.kore.edit("k0001", queue="First")
    tell("a queue", bench.sync())
    bench.v2.edit("v0001", assignee="Nobody Knows", priority=None)
    tell("taken from the queue", bench.sync())


@day
def one_way_only(bench: Bench, tell: Tell) -> None:
    bench.set_policy(direction=Direction.KORE_TO_V2)
    rich(bench, KORE)
    bench.v2.add("Of v2")
    bench.backfill()
    tell("a backfill")
    bench.v2.edit("v0002", title="Drift", due=LATER)
    tell("the target was edited", bench.sync())
    bench.kore.edit("k0001", title="Source")
    tell("the source was edited", bench.sync())


@day
def what_the_service_shows_is_the_truth(bench: Bench, tell: Tell) -> None:
    bench.v2.alters = lambda name, value: (
        text_value(value.text[:6]) if name is Field.TITLE and value else value
    )
    bench.v2.ignores = {Field.PRIORITY}
    bench.kore.add("A long title")
    bench.backfill()
    tell("a title that was cut")
    bench.kore.edit("k0001", priority="High", title="Another title")
    tell("a field that was ignored", bench.sync())
    tell("settled", bench.sync())
    bench.v2.ignores = set()
    tell("retried", about_failures(bench, InstructionKind.RETRY))
    tell("and a cycle", bench.sync())


@day
def a_title_that_stands_in(bench: Bench, tell: Tell) -> None:
    bench.v2.add(None, "words")
    bench.backfill()
    tell("created in Kore")
    bench.v2.edit("v0001", text="other words")
    tell("edited", bench.sync())
    bench.v2.edit("v0001", title="A title")
    tell("named", bench.sync())


@day
def back_and_forth(bench: Bench, tell: Tell) -> None:
    bench.set_rules(flap_reversals=2)
    bench.pair()
    bench.settle()
    tell("a pair")
    for number, status in enumerate(("Resolved", "Open", "Resolved", "Open")):
        bench.kore.edit("k0001", status=status, title=f"Title {number}")
        tell(f"to {status}", bench.sync())
    tell("retried", about_failures(bench, InstructionKind.RETRY))
    tell("a cycle", bench.sync())


@day
def tags_tell_the_origin(bench: Bench, tell: Tell) -> None:
    bench.set_rules(tags_origin=True)
    bench.pair()
    bench.v2.add("Ladder", facts=Facts(tags=("red",), contact=CONTACT))
    tell("created", bench.sync())
    bench.v2.fail("update", Unreachable(V2, "down"))
    bench.kore.add("Window")
    tell("the tag fails", bench.sync())
    tell("and is set", bench.sync())
    tell("settled", bench.sync())


# --- waits and failures --------------------------------------------------------------------------


@day
def a_write_that_is_refused(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.v2.refuses = lambda request: "title" in request.body.get("values", {})
    bench.kore.edit("k0001", title="Refused", due=DUE)
    tell("refused", bench.sync())
    bench.kore.edit("k0001", title="Refused again")
    tell("folded into it", bench.sync())
    tell("retried", about_failures(bench, InstructionKind.RETRY))
    tell("refused once more", bench.sync())
    tell("discarded", about_failures(bench, InstructionKind.DISCARD))
    tell("let be", bench.sync())
    bench.v2.refuses = lambda request: False
    bench.kore.edit("k0001", title="Taken")
    tell("another edit is taken", bench.sync())


@day
def creates_that_are_refused(bench: Bench, tell: Tell) -> None:
    bench.sync()
    bench.sync(is_full=True)
    for side in Side:
        bench.service(side).refuses = lambda request: True
        bench.service(side).add(f"Of {side}")
        tell(f"the one from {side} is refused", bench.sync())
    bench.kore.edit("k0001", title="Edited")
    tell("edited", bench.sync())
    bench.v2.refuses = lambda request: False
    tell("retried", about_failures(bench, InstructionKind.RETRY))
    tell("a cycle", bench.sync())
    tell("discarded", about_failures(bench, InstructionKind.DISCARD))
    tell("a cycle after", bench.sync())


@day
def no_case_to_be_created_in(bench: Bench, tell: Tell) -> None:
    bench.set_rules(routes=(Route(case="ci-1", task_template="t", tag="in"),), requester=None)
    bench.v2.add("Unroutable", facts=Facts(tags=("out",), contact=CONTACT))
    bench.v2.add("Nobody asks", facts=Facts(tags=("in",), contact=None))
    tell("a backfill", bench.backfill())
    bench.v2.edit("v0001", facts=Facts(tags=("in",), contact=CONTACT))
    bench.kore.add_case(is_closed=True)
    tell("routed to a closed case", bench.sync())
    bench.kore.add_case()
    tell("the case is open again", bench.sync(is_full=True))
    tell("and a cycle", bench.sync())


@day
def a_closed_case(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.kore.add_case(is_closed=True)
    bench.v2.edit("v0001", title="New")
    tell("its case is closed", bench.sync())
    tell("a sweep", bench.sync(is_full=True))
    bench.kore.add_case()
    bench.clock.pass_time(4000)
    tell("open again", bench.sync(is_full=True))
    tell("a cycle", bench.sync())


@day
def two_of_one_title(bench: Bench, tell: Tell) -> None:
    for _ in range(2):
        bench.v2.add("Twin")
    bench.kore.add("Twin")
    bench.kore.add("Single")
    bench.v2.add("single ")
    tell("matched", bench.backfill(match_window=timedelta(days=1)))
    tell("a cycle", bench.sync())
    tell("linked by hand", say(bench, InstructionKind.ADD_LINK, first="TS1", second="REC-2"))
    tell("settled", bench.sync())
    tell("and again", bench.sync())


@day
def what_differs_between_two_found_alike(bench: Bench, tell: Tell) -> None:
    rich(bench, KORE)
    bench.v2.add("Boiler", "other words", status="new", priority="low")
    tell("matched", bench.backfill(match_window=timedelta(days=1)))
    tell("a cycle", bench.sync())


# --- lost answers --------------------------------------------------------------------------------


def _lost_create(bench: Bench, tell: Tell, side: Side, *, applied: bool) -> None:
    bench.sync()
    bench.sync(is_full=True)
    rich(bench, side.other)
    service = bench.service(side)
    service.fail("create", lost(side), applied=applied)
    tell("the answer is lost", bench.sync())
    bench.service(side.other).edit(f"{str(side.other)[0]}0001", title="Edited meanwhile")
    tell("looked for", bench.sync())
    for _ in range(3):
        bench.clock.pass_time(60)
        tell("a minute later", bench.sync())


@day
def a_create_in_v2_was_applied(bench: Bench, tell: Tell) -> None:
    _lost_create(bench, tell, V2, applied=True)


@day
def a_create_in_v2_was_not_applied(bench: Bench, tell: Tell) -> None:
    _lost_create(bench, tell, V2, applied=False)


@day
def a_create_in_kore_was_applied(bench: Bench, tell: Tell) -> None:
    _lost_create(bench, tell, KORE, applied=True)


@day
def a_create_in_kore_was_not_applied(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    _lost_create(bench, tell, KORE, applied=False)


@day
def a_namesake_of_what_may_have_been_created(bench: Bench, tell: Tell) -> None:
    bench.sync()
    bench.sync(is_full=True)
    bench.kore.hides = HIDDEN
    bench.v2.add("Boiler")
    bench.kore.fail("create", lost(KORE), applied=True)
    bench.kore.left_out = {"k0001"}
    bench.kore.search_finds = False
    tell("the answer is lost", bench.sync())
    bench.kore.add("Boiler", "of a person")
    tell("a person adds its namesake", bench.sync())
    bench.kore.left_out = set()
    bench.kore.search_finds = True
    bench.clock.pass_time(120)
    tell("it shows late", bench.sync(is_full=True))
    tell("settled", bench.sync())


@day
def refused_in_one_form_and_taken_in_another(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.v2.forms, bench.v2.taken_form = 2, 1
    bench.kore.edit("k0001", due=DUE)
    tell("taken in the second form", bench.sync())
    bench.v2.completes_by_patch = False
    bench.v2.forms = 1
    bench.kore.edit("k0001", status="Closed")
    tell("completed by its own call", bench.sync())
    bench.v2.unreadable = {"v0001"}
    bench.kore.edit("k0001", title="New")
    tell("its record cannot be read", bench.sync())
    bench.v2.unreadable = set()
    bench.v2.edit("v0001", text="mended")
    tell("it can again", bench.sync())


@day
def an_update_whose_answer_is_lost(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.pair("Ladder", V2)
    bench.settle()
    for side, task_id, across, applied in (
        (V2, "v0001", "k0001", True),
        (KORE, "k0002", "v0002", False),
    ):
        bench.service(side).fail("update", lost(side), applied=applied)
        bench.service(side.other).edit(across, title=f"For {side}", due=DUE)
        tell(f"lost at {side}", bench.sync())
        bench.service(side.other).edit(across, title="Edited meanwhile")
        bench.service(side).edit(task_id, text="words")
        tell("looked at", bench.sync())
        tell("settled", bench.sync())


@day
def found_too_late(bench: Bench, tell: Tell) -> None:
    bench.sync()
    bench.sync(is_full=True)
    bench.kore.add("Boiler")
    bench.v2.fail("create", lost(V2), applied=True)
    bench.v2.left_out = {"v0001"}
    bench.v2.search_finds = False
    tell("the answer is lost", bench.sync())
    for _ in range(4):
        bench.clock.pass_time(60)
        bench.sync(is_full=True)
    tell("created once more")
    bench.v2.left_out = set()
    bench.v2.search_finds = True
    bench.v2.edit("v0001", text=bench.v2.records["v0001"].text)
    tell("a surplus task", bench.sync(is_full=True))
    tell("a cycle", bench.sync())


@day
def the_task_to_be_updated_is_not_there(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.v2.remove("v0001")
    bench.kore.edit("k0001", title="New")
    tell("not found", bench.sync())
    tell("a sweep", bench.sync(is_full=True))
    tell("and another", bench.sync(is_full=True))


# --- hidden fields -------------------------------------------------------------------------------


@day
def a_list_that_hides_fields(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    bench.kore.probe_moves = True
    rich(bench, KORE)
    rich(bench, V2, "Ladder")
    tell("a dry run", bench.backfill(is_dry=True))
    tell("a backfill", bench.backfill())
    bench.v2.edit("v0002", text="changed in v2")
    tell("a hidden field waits", bench.sync(is_dry=True))
    tell("a probe first", bench.sync())
    bench.kore.edit("k0001", text="changed in Kore")
    tell("its time moved", bench.sync())
    tell("settled", bench.sync())


@day
def probes_are_refused(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    bench.kore.probes_taken = frozenset()
    rich(bench, KORE)
    tell("a backfill", bench.backfill())
    bench.v2.edit("v0001", text="changed in v2", title="New")
    tell("on hold", bench.sync())
    tell("settled", bench.sync())


@day
def only_the_second_probe_is_taken(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    bench.kore.probes_taken = frozenset({ProbeForm.ID_ONLY})
    rich(bench, KORE)
    bench.kore.fail("probe", lost(KORE), applied=True)
    tell("a backfill", bench.backfill())
    tell("a cycle", bench.sync())


@day
def hidden_fields_are_written_without_a_look(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    rich(bench, V2)
    bench.backfill()
    for unobserved in (Unobserved.WRITE, Unobserved.HOLD):
        bench.set_policy(unobserved=unobserved)
        bench.v2.edit("v0001", text=f"under {unobserved}")
        tell(f"under {unobserved}", bench.sync())
        tell("a cycle", bench.sync())


# --- guards and what is gone ---------------------------------------------------------------------


def _three_pairs(bench: Bench) -> None:
    bench.set_rules(limits=FEW)
    for number in range(3):
        bench.kore.add(f"Task {number}")
    bench.backfill()
    bench.sync(is_full=True)


@day
def one_task_is_gone_and_comes_back(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.pair("Ladder", V2)
    bench.settle()
    tell("two pairs")
    kept = bench.kore.records["k0001"]
    bench.kore.remove("k0001")
    bench.v2.remove("v0002")
    for number in range(3):
        tell(f"sweep {number}", bench.sync(is_full=True))
    bench.v2.edit("v0001", title="Left alone")
    tell("the other is edited", bench.sync())
    bench.kore.records["k0001"] = replace(kept, changed_at=bench.clock.now())
    tell("it is back", bench.sync(is_full=True))
    tell("a cycle", bench.sync())


@day
def a_survivor_is_closed(bench: Bench, tell: Tell) -> None:
    bench.set_rules(on_missing=OnMissing.CLOSE)
    bench.pair()
    bench.pair("Ladder", V2)
    bench.settle()
    bench.kore.remove("k0001")
    bench.v2.remove("v0002")
    bench.kore.fail("update", lost(KORE), applied=True)
    for number in range(3):
        tell(f"sweep {number}", bench.sync(is_full=True))
    tell("a cycle", bench.sync())


@day
def many_are_missing(bench: Bench, tell: Tell) -> None:
    _three_pairs(bench)
    tell("three pairs")
    for task_id in ("k0001", "k0002"):
        bench.kore.remove(task_id)
    tell("two are not shown", bench.sync(is_full=True))
    tell("not shown again", bench.sync(is_full=True))
    bench.kore.edit("k0003", title="Waits")
    tell("nothing is written", bench.sync())
    tell("confirmed", confirm(bench))
    tell("a cycle", bench.sync())
    tell("and a sweep", bench.sync(is_full=True))


@day
def a_side_is_suddenly_empty(bench: Bench, tell: Tell) -> None:
    _three_pairs(bench)
    tell("three pairs")
    kept = {**bench.v2.records}
    bench.v2.records.clear()
    bench.kore.edit("k0001", title="Waits")
    tell("empty", bench.sync())
    bench.v2.records.update(kept)
    tell("full again", bench.sync())
    bench.v2.records.clear()
    tell("empty again", bench.sync(is_full=True))
    tell("confirmed in the run", bench.sync(is_full=True, confirms_guards=True))
    tell("a sweep", bench.sync(is_full=True))


@day
def another_account(bench: Bench, tell: Tell) -> None:
    bench.set_rules(identities={KORE: "https://kore/1", V2: "https://v2"})
    bench.pair()
    bench.settle()
    tell("a pair")
    bench.set_rules(identities={KORE: "https://kore/2", V2: "https://v2"})
    bench.kore.edit("k0001", title="Of another account")
    tell("asked at another place", bench.sync())
    tell("still", bench.sync())
    tell("confirmed", confirm(bench))
    tell("a cycle", bench.sync())
    tell("a sweep", bench.sync(is_full=True))


@day
def another_account_is_confirmed_by_who_runs(bench: Bench, tell: Tell) -> None:
    bench.set_rules(identities={KORE: "https://kore/1", V2: "https://v2"})
    bench.v2.account = "acme"
    bench.pair()
    bench.settle()
    tell("a pair")
    bench.v2.account = "other"
    tell("v2 shows another account", bench.sync())
    bench.v2.account = "acme"
    tell("and the old one again", bench.sync())
    bench.set_rules(identities={KORE: "https://kore/2", V2: "https://v2"})
    tell("another place, confirmed", bench.sync(confirms_guards=True))
    bench.set_rules(identities={})
    tell("no place is known", bench.sync())


@day
def a_side_is_empty_before_anything_is_linked(bench: Bench, tell: Tell) -> None:
    bench.kore.add("Boiler")
    bench.v2.add("Ladder")
    tell("a first look", bench.sync())
    bench.v2.records.clear()
    tell("v2 is empty", bench.sync())
    tell("a backfill", bench.backfill())
    tell("confirmed", confirm(bench))
    tell("a backfill then", bench.backfill())


@day
def a_changed_table(bench: Bench, tell: Tell) -> None:
    _three_pairs(bench)
    tell("three pairs")
    bench.set_rules(mapping=mapping(**OTHER_WORDS))
    tell("the table is another", bench.sync())
    tell("still", bench.sync(is_full=True))
    tell("confirmed", confirm(bench))
    tell("a cycle", bench.sync())


@day
def out_of_scope(bench: Bench, tell: Tell) -> None:
    bench.set_rules(scope=Scope(kore_queues=("Desk",), created_since=START - timedelta(hours=1)))
    bench.kore.add("Not of the desk", facts=Facts(tags=(), queues=("Yard",), contact=CONTACT))
    bench.kore.add("Of the desk", facts=Facts(tags=(), queues=("Desk",), contact=CONTACT))
    bench.v2.add("Old", created_at=START - timedelta(days=2))
    bench.v2.add("Finished", status="completed")
    tell("a backfill", bench.backfill())
    bench.kore.edit("k0002", facts=Facts(tags=(), queues=("Yard",), contact=CONTACT), title="Moved")
    tell("moved out", bench.sync())
    bench.set_rules(scope=Scope())
    tell("another scope", bench.sync())
    tell("a backfill then", bench.backfill(includes_finished=True))


# --- links ---------------------------------------------------------------------------------------


@day
def links_are_taken_away_and_added(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.pair("Ladder", V2)
    bench.settle()
    tell("removed", take_link_away(bench, "k0001"))
    tell("forgotten", take_link_away(bench, "k0002", forget=True))
    bench.kore.edit("k0001", title="Alone")
    bench.v2.edit("v0002", title="Alone as well")
    tell("a cycle", bench.sync())
    tell("two of a side", say(bench, InstructionKind.ADD_LINK, first="TS1", second="TS2"))
    tell("one that is not there", say(bench, InstructionKind.ADD_LINK, first="TS9", second="v0001"))
    tell("crosswise", say(bench, InstructionKind.ADD_LINK, first="TS1", second="REC-2"))
    tell("and a cycle", bench.sync())
    tell("settled", bench.sync())


@day
def the_database_is_lost(bench: Bench, tell: Tell) -> None:
    bench.pair("Boiler", text="words")
    bench.pair("Ladder", V2)
    bench.settle()
    lose_database(bench)
    bench.desk = bench.new_desk()
    outcome = run_rebuild(bench.desk, 30.0)
    bench.heard.events.clear()
    assert outcome.summary["linked"] == 2
    with bench.store.begin() as unit:
        assert not remains(unit).orphans
    bench.kore.edit("k0001", title="New")
    tell("rebuilt, and a cycle", bench.sync())


@day
def links_from_a_file(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.pair("Ladder", V2)
    bench.kore.add("Third")
    bench.v2.add("Third")
    rows = lose_database(bench)
    tell("a first look", bench.sync())
    wanted, _ = read_links("\n".join(("kore_id,v2_id,state,origin", *rows, "k0003,v0003,removed,")))
    tell("imported", say(bench, InstructionKind.IMPORT_LINKS, **rows_told(wanted)))
    tell("a sweep", bench.sync(is_full=True))
    clash, _ = read_links("kore_id,v2_id\nk0001,v0002\nk0009,v0009")
    tell("a clash", say(bench, InstructionKind.IMPORT_LINKS, **rows_told(clash)))


# --- outages and leases --------------------------------------------------------------------------


@day
def a_side_that_does_not_answer(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.kore.edit("k0001", title="New")
    bench.v2.is_down = True
    tell("down", bench.sync())
    tell("still down", bench.sync())
    bench.v2.is_down = False
    bench.v2.fail("page", NotYet(V2, "wait for me", seconds=45.0))
    tell("asked to wait", bench.sync())
    tell("waiting", bench.sync())
    bench.kore.fail("page", KeyRefused(KORE, "no such key", status=401))
    tell("the key is refused", bench.sync())
    tell("left alone", bench.sync())
    bench.clock.pass_time(600)
    tell("all is well", bench.sync())


@day
def over_budget(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.kore.edit("k0001", title="New")
    bench.v2.fail("page:sweep", OverBudget(V2, "the budget is spent", seconds=20.0), times=2)
    bench.v2.fail("update", OverBudget(V2, "the budget is spent", seconds=20.0))
    tell("a sweep waits", bench.sync(is_full=True))
    bench.v2.faults.clear()
    tell("a cycle", bench.sync())


@day
def a_backfill_rides_an_outage_out(bench: Bench, tell: Tell) -> None:
    rich(bench, KORE)
    bench.v2.fail("page", Unreachable(V2, "away"), times=3)
    bench.v2.fail("create", NotYet(V2, "wait for me", seconds=7.0))
    tell("ridden out", bench.backfill())
    bench.kore.add("Another")
    bench.v2.is_down = True
    tell("given up", bench.backfill(gives_up_seconds=5.0))
    bench.v2.is_down = False
    tell("skipped", bench.backfill(skips=True))


@day
def paused_by_people(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    tell("paused", say(bench, InstructionKind.PAUSE, side=str(V2)))
    bench.kore.edit("k0001", title="New")
    bench.kore.add("Ladder")
    tell("a cycle", bench.sync())
    tell("both", say(bench, InstructionKind.PAUSE, side=None))
    tell("one goes on", say(bench, InstructionKind.RESUME, side=str(V2)))
    tell("and a cycle", bench.sync())
    tell("all go on", say(bench, InstructionKind.RESUME, side=None))


@day
def another_process_has_the_lease(bench: Bench, tell: Tell) -> None:
    bench.pair()
    with bench.store.begin() as unit:
        unit.take_lease("another", bench.clock.now(), 30.0)
    bench.clock.pass_time(-25)
    try:
        bench.sync()
    except LeaseTaken as taken:
        tell("it is taken", str(taken))
    bench.rules = replace(bench.rules, owner="second")
    bench.clock.pass_time(60)
    tell("it has run out", bench.sync())


@day
def rows_that_cannot_be_read(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.pair("Ladder", V2)
    bench.settle()
    bench.kore.unreadable = {"k0001"}
    bench.v2.rotten = {"v0002"}
    bench.kore.nameless = 1
    bench.v2.edit("v0001", title="New")
    bench.kore.edit("k0001", text="odd")
    tell("a cycle", bench.sync())
    tell("a sweep", bench.sync(is_full=True))
    bench.kore.unreadable = set()
    bench.v2.rotten = set()
    bench.kore.nameless = 0
    bench.kore.edit("k0001", text="read again")
    tell("all can be read", bench.sync(is_full=True))
    tell("settled", bench.sync())


@day
def a_list_that_ignores_the_sort(bench: Bench, tell: Tell) -> None:
    bench.v2.sorts = False
    bench.v2.page_size = bench.kore.page_size = 2
    bench.set_rules(workers=1)
    for number in range(3):
        bench.v2.add(f"Task {number}")
        bench.kore.add(f"Thing {number}", created_at=START - timedelta(hours=number))
    tell("a first look", bench.sync())
    tell("a backfill", bench.backfill(limit=2, is_whole=False))
    bench.v2.edit("v0001", title="New")
    tell("a sweep takes the poll's place", bench.sync())


@day
def a_backfill_of_some(bench: Bench, tell: Tell) -> None:
    for side in Side:
        for number in range(2):
            bench.service(side).add(f"{side} {number}")
    tell("of one task", bench.backfill(only=("TS1",)))
    tell("of one side", bench.backfill(sides=(V2,), limit=1, is_whole=False))
    tell("the rest is left", bench.backfill(skips=True))
    bench.kore.edit("k0002", title="Left alone")
    tell("a cycle", bench.sync())
    tell("taken up after all", bench.backfill())


# --- checks and reports --------------------------------------------------------------------------


def check(bench: Bench, tell: Tell, what: str) -> None:
    found = inspect(bench.new_desk(is_dry=True), Settings(token_seconds=300.0, call_seconds=1.0))
    tell(what, (found.is_refused, found.findings, found.people))


@day
def a_check_of_what_is_fine(bench: Bench, tell: Tell) -> None:
    check(bench, tell, "nothing is there")
    rich(bench, KORE)
    rich(bench, V2)
    bench.v2.add("Ladder", assignee="Kim", facts=Facts(tags=("a",), contact=None))
    bench.kore.hides = HIDDEN
    bench.set_rules(requester=None, routes=())
    check(bench, tell, "neither routes nor a requester")
    bench.set_rules(routes=(Route(case="ci-1", task_template="t", tag="a"),))
    bench.v2.add("Done", status="completed", facts=Facts(tags=(), contact=None))
    check(bench, tell, "a route that does not fit all")
    bench.kore.add_case("ci-2", is_closed=True)
    routes = [Route(case=name, task_template="t") for name in ("ci-1", "ci-2", "ci-3")]
    bench.set_rules(routes=tuple(routes), tags_origin=True, mapping=mapping(matches_names=False))
    check(bench, tell, "routes to cases of every kind")
    bench.kore.fail("find_case", Unreachable(KORE, "away"))
    bench.set_policy(direction=Direction.KORE_TO_V2)
    check(bench, tell, "nothing is created in Kore")


@day
def a_check_of_what_is_odd(bench: Bench, tell: Tell) -> None:
    bench.kore.page_size = bench.v2.page_size = 2
    for number in range(5):
        bench.kore.add(f"Thing {number}", status="On Hold", assignee="Robin")
        bench.v2.add(f"Task {number}")
    bench.kore.unreadable = {"k0002"}
    bench.v2.rotten = {"v0003"}
    bench.v2.total = lambda: 5
    bench.kore.skew = timedelta(seconds=90)
    bench.v2.sorts = False
    check(bench, tell, "rows that cannot be read, clocks and sorts")
    bench.kore.fail("find_case", Unreachable(KORE, "away"))
    bench.kore.page_size = 1
    for number in range(11):
        bench.kore.add(f"More {number}")
    check(bench, tell, "more than is looked at")
    bench.v2.is_down = True
    check(bench, tell, "a side that does not answer")
    bench.kore.fail("learn", KeyRefused(KORE, "no such key", status=401))
    check(bench, tell, "nor the other")
    bench.v2.is_down = False


@day
def a_report_waits_for_a_side(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.v2.add("Ladder", facts=Facts(tags=(), contact=CONTACT))
    bench.kore.edit("k0001", title="New")
    bench.kore.fail("page:poll", NotYet(KORE, "wait for me", seconds=50.0))
    tell("Kore asks to wait", bench.sync(sweeps=False))
    bench.clock.pass_time(18)
    bench.v2.fail("page", Unreachable(V2, "away"), times=2)
    bench.v2.fail("page", NotYet(V2, "wait for me", seconds=8.0))


@day
def a_report_of_what_waits_for_people(bench: Bench, tell: Tell) -> None:
    bench.set_policy(conflict=ConflictRule.MANUAL)
    for number in range(3):
        bench.pair(f"Task {number}")
    bench.settle()
    bench.kore.edit("k0001", title="Of Kore", assignee="Nobody Knows")
    bench.v2.edit("v0001", title="Of v2")
    bench.v2.refuses = lambda request: "due" in request.body.get("values", {})
    bench.kore.edit("k0002", due=DUE)
    bench.kore.add_case(is_closed=True)
    bench.v2.edit("v0003", title="Waits for its case")
    tell("three that wait", bench.sync())
    bench.v2.sorts = bench.v2.is_stable = False
    bench.v2.page_size = 2
    bench.v2.edit("v0003", title="Changed since")
    bench.v2.add("Unlinked")


@day
def a_report_without_a_database(bench: Bench, tell: Tell) -> None:
    bench.kore.hides = HIDDEN
    rich(bench, KORE)
    rich(bench, V2, "Ladder")
    bench.v2.unreadable = {"v0001"}
    bench.kore.nameless = 2


@day
def the_key_of_a_side_is_refused_before_a_report(bench: Bench, tell: Tell) -> None:
    bench.pair()
    bench.settle()
    bench.v2.fail("page", KeyRefused(V2, "no such key", status=403))
    tell("refused", bench.sync())
    bench.kore.nameless = 1
    tell("a sweep of the other", bench.sync(is_full=True))
    bench.kore.nameless = 0
