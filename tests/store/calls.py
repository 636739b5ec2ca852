"""Any call of the port, drawn from a small world so that calls meet each other's rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import OperationKind, Outcome, Wait, WaitKind
from bridge.domain.overview import COUNTED
from bridge.domain.reading import Sweep
from bridge.domain.records import Happening, Heartbeat, PairState
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.domain.values import text_value
from bridge.domain.vocabulary import Word, WordKind
from bridge.ports import Unit
from tests.store import making, samples
from tests.store.clocks import after

IDS = ("a1", "a2", "A2", "a3")
NUMBERS = (1, 2, 3, 4)
TITLES = ("Boiler", "Ladder")
OWNERS = ("first", "second", "third")


@dataclass(frozen=True)
class Call:
    """A method of a unit, and what it is given."""

    name: str
    args: tuple[Any, ...] = ()
    named: dict[str, Any] = field(default_factory=dict)

    def on(self, unit: Unit) -> Any:
        """What it gives; what it would give bit by bit is taken whole."""
        found = getattr(unit, self.name)(*self.args, **self.named)
        return [*found] if hasattr(found, "__next__") else found


Calls = st.SearchStrategy[Call]


def _call(name: str, *args: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Calls:
    return st.builds(Call, st.just(name), st.tuples(*args), st.fixed_dictionaries(named))


side, name = st.sampled_from(SIDES), making.names
task_id, number = st.sampled_from(IDS), st.sampled_from(NUMBERS)
ids, numbers = st.lists(task_id, max_size=3), st.lists(number, max_size=3)
moment = st.integers(0, 6).map(lambda minutes: after(minutes * 60 + 0.0625))
maybe_moment = st.none() | moment
owner, word_text = st.sampled_from(OWNERS), st.sampled_from(("kore:status:open", "v2:person:x", ""))
state, standing = st.sampled_from(LinkState), st.sampled_from([*Standing][:3])
limit, text = st.integers(0, 3), st.sampled_from(("", "refused", "Böiler"))
maybe_side, run = st.none() | side, st.integers(1, 3)
details = st.dictionaries(st.sampled_from(("a", "b")), making.shown | making.json, max_size=2)


def _known(one: Known, where: Side, own: str, title: str, at: datetime | None, of: str) -> Known:
    fields = {**one.task.fields, Field.TITLE: text_value(title)}
    names = samples.marker(where.other, of) if of else None
    task = replace(
        one.task, side=where, id=TaskId(own), fields=fields, created_at=at, marker=names,
        ref=title[:2],
    )  # fmt: skip
    return replace(one, task=task, written_at=at)


known = st.builds(
    _known, making.knowns, side, task_id, st.sampled_from(TITLES), maybe_moment,
    st.sampled_from(("", *IDS)),
).flatmap(lambda one: standing.map(lambda stands: replace(one, standing=stands)))  # fmt: skip
link = st.builds(
    lambda one, kore_id, v2_id, its_state, gone: replace(
        one, kore_id=kore_id, v2_id=v2_id, state=its_state, gone_side=gone
    ),
    making.links, st.none() | task_id, st.none() | task_id, state, maybe_side,
)  # fmt: skip
saved_link: st.SearchStrategy[Link] = st.builds(lambda one, own: replace(one, id=own), link, number)
wait: st.SearchStrategy[Wait] = st.builds(
    lambda one, kind, its_field, waits_for, since, decided: replace(
        one, kind=kind, field=its_field, waits_for=waits_for, since=since, decided=decided
    ),
    making.waits,
    st.sampled_from((WaitKind.CONFLICT, WaitKind.FAILED)),
    st.sampled_from((None, *list(Field)[:2])),
    word_text, maybe_moment, maybe_side,
)  # fmt: skip
operation = st.builds(
    lambda one, link_id, kind, kore_id: replace(
        one, link_id=link_id, kind=kind, kore_id=kore_id, origin=one.values
    ),
    making.operations, st.none() | number,
    st.sampled_from((OperationKind.UPDATE, OperationKind.CREATE)), st.none() | task_id,
)  # fmt: skip
sweep: st.SearchStrategy[Sweep] = st.builds(
    lambda one, own, its_side, began, done: replace(
        one, id=own, side=its_side, started_at=began, completed_at=done
    ),
    making.sweeps, st.sampled_from((0, 0, *NUMBERS)), st.just(Side.KORE),
    maybe_moment, maybe_moment,
)  # fmt: skip
word = st.builds(
    Word, side, st.just(WordKind.STATUS), st.sampled_from(("open", "shut")), text,
    st.dictionaries(st.sampled_from(("id", "category")), st.none() | text, max_size=2),
)  # fmt: skip
happening = st.builds(
    Happening, what=st.just("seen"), why=text, link_id=st.none() | number, side=maybe_side,
    task_id=st.none() | task_id, details=details, at=maybe_moment, field=st.none() | name,
)  # fmt: skip
guard = st.builds(
    Guard, kind=st.sampled_from(GuardKind), side=maybe_side, reason=text, since=maybe_moment,
    shown=st.dictionaries(text, making.json, max_size=1),
    confirmed=st.none() | st.dictionaries(text, making.json, max_size=1),
    confirmed_at=maybe_moment, is_standing=st.booleans(),
)  # fmt: skip
pair_state = st.builds(
    PairState, first_contact_ended_at=maybe_moment, first_contact_how=text,
    tables=st.dictionaries(text, text, max_size=1), settings=text,
    paused=st.dictionaries(side, moment, max_size=1), pruned_at=maybe_moment,
)  # fmt: skip
heartbeat = st.builds(
    Heartbeat, owner=owner, beat_at=moment, started_at=moment, interval_seconds=st.floats(1, 9)
)
task = st.tuples(side, task_id)
tokens = st.integers(0, 2)

_EVERY: dict[str, tuple[Calls, ...]] = {
    "save_known": (_call("save_known", st.lists(known, max_size=3)),),
    "mark_due": (_call("mark_due", side, ids),),
    "clear_due_task": (_call("clear_due_task", side, task_id),),
    "set_standing": (_call("set_standing", side, ids, st.sampled_from(Standing)),),
    "set_gone": (_call("set_gone", side, ids, moment),),
    "add_link": (_call("add_link", link),),
    "save_link": (_call("save_link", saved_link),),
    "drop_link": (_call("drop_link", number),),
    "set_due": (_call("set_due", number, st.booleans()),),
    "set_all_due": (_call("set_all_due"),),
    "waiting_for": (_call("waiting_for", st.lists(word, max_size=2)),),
    "replace_waits": (
        _call("replace_waits", st.lists(wait, max_size=3), link_id=number, at=moment),
        _call("replace_waits", st.lists(wait, max_size=3), task=task, at=moment),
    ),
    "save_conflict": (
        _call(
            "save_conflict",
            number,
            name,
            details,
            rule=text,
            winner=maybe_side,
            at=moment,
            is_written=st.booleans(),
        ),
    ),
    "settle_written": (_call("settle_written", number, st.lists(name, max_size=2), moment),),
    "turn_conflict": (_call("turn_conflict", number, text, side, moment),),
    "commit_operation": (
        _call("commit_operation", operation, making.requests, run_id=run, token=tokens, at=moment),
    ),
    "mark_sent": (_call("mark_sent", number, token=tokens, at=moment),),
    "settle": (_call("settle", number, st.sampled_from(Outcome), text, moment),),
    "leave_open": (_call("leave_open", number, text, settles_at=moment, is_success=st.booleans()),),
    "prune": (_call("prune", moment, st.integers(1, 4)),),
    "take_lease": (_call("take_lease", owner, moment, st.sampled_from((30.0, 200.0)), over=owner),),
    "want_lease": (_call("want_lease", owner, moment),),
    "release_lease": (_call("release_lease", owner),),
    "forget_texts": (_call("forget_texts", number),),
    "keep_texts": (_call("keep_texts", side, task_id),),
    "remember": (_call("remember", st.lists(happening, max_size=3), run, moment),),
    "give_instruction": (
        _call("give_instruction", st.sampled_from(InstructionKind), details, by=text, at=moment),
    ),
    "close_instruction": (
        _call("close_instruction", number, st.sampled_from(InstructionOutcome), text, moment),
    ),
    "save_side_state": (_call("save_side_state", making.side_states),),
    "save_sweep": (_call("save_sweep", sweep),),
    "mark_seen": (_call("mark_seen", number, st.just(Side.KORE), ids),),
    "pass_marks_on": (_call("pass_marks_on", number, number),),
    "forget_reading": (_call("forget_reading", side),),
    "learn": (_call("learn", st.lists(word, max_size=3), moment),),
    "save_pair_state": (_call("save_pair_state", pair_state),),
    "start_run": (_call("start_run", st.sampled_from(("sync", "backfill")), moment),),
    "finish_run": (
        _call(
            "finish_run",
            run,
            st.fixed_dictionaries({"is_idle": st.booleans()}),
            st.dictionaries(text, st.integers(0, 9), max_size=1),
            moment,
        ),
    ),
    "save_guard": (_call("save_guard", guard),),
    "drop_guard": (_call("drop_guard", st.sampled_from(GuardKind), maybe_side),),
    "beat": (_call("beat", heartbeat),),
    "end_heartbeat": (_call("end_heartbeat", owner),),
}
# What meets each other: a call is tried among those that read or change the same rows.
_TOPICS = {
    "tasks": (
        "save_known set_standing mark_due clear_due_task set_gone add_link save_link drop_link "
        "set_due set_all_due waiting_for"
    ),
    "waiting": ("replace_waits save_conflict settle_written turn_conflict waiting_for drop_link"),
    "journal": (
        "commit_operation mark_sent settle leave_open prune take_lease want_lease release_lease"
    ),
    "forgetting": (
        "forget_texts keep_texts save_known remember give_instruction close_instruction "
        "commit_operation save_link replace_waits save_conflict"
    ),
    "reading": (
        "save_side_state save_sweep mark_seen pass_marks_on forget_reading set_gone save_known"
    ),
    "records": (
        "learn save_pair_state start_run finish_run remember prune save_guard "
        "drop_guard beat end_heartbeat"
    ),
}


def _some(names: str) -> st.SearchStrategy[list[Call]]:
    calls = [one for name in names.split() for one in _EVERY[name]]
    return st.lists(st.one_of(calls), min_size=8, max_size=25)


TOPICS = {topic: _some(names) for topic, names in _TOPICS.items()}


def _begun() -> Iterator[Call]:
    """A world in which each call has something to meet."""
    seen = [samples.known(of, own, title=TITLES[0]) for of in SIDES for own in IDS[:3]]
    yield Call("save_known", (seen,))
    for own, its_state in zip(IDS, (LinkState.LINKED, LinkState.CREATING), strict=False):
        yield Call("add_link", (samples.link(own, own, its_state),))
    for number, kind in ((1, WaitKind.CONFLICT), (2, WaitKind.FAILED)):
        waits = [samples.wait(kind, waits_for="kore:status:open")]
        yield Call("replace_waits", (waits,), {"link_id": number, "at": after(0)})
        conflict = {"rule": "newest", "winner": None, "at": after(0)}
        yield Call("save_conflict", (number, Field.TITLE, {}), conflict)
    alone = {"task": (Side.KORE, "a1"), "at": after(0)}
    yield Call("replace_waits", ([samples.wait(waits_for="kore:status:open")],), alone)
    for number, link_id in enumerate((1, 1, 2, None), 1):
        written = {"run_id": number % 2 + 1, "token": 0, "at": after(0)}
        write = samples.update(LinkId(link_id) if link_id else None, title="Boiler")
        yield Call("commit_operation", (write, samples.request()), written)
    yield Call("settle", (1, Outcome.DONE, "done", after(60)))
    for began in (0, 60):
        yield Call("save_sweep", (Sweep(side=Side.KORE, started_at=after(began)),))
    yield Call("mark_seen", (1, Side.KORE, ["a1", "a2"]))
    for asked in (InstructionKind.RESOLVE, InstructionKind.PAUSE):
        given = {"by": "me", "at": after(0)}
        yield Call("give_instruction", (asked, {"a": 1}), given)
    for lone in (None, LinkId(1)):
        line = Happening(what="seen", side=Side.KORE, task_id=TaskId("a1"), link_id=lone)
        yield Call("remember", ([line], 1, after(0)))
    yield from (Call("start_run", ("sync", after(60 * number))) for number in range(2))


BEGUN = (*_begun(),)
_ONE = (*IDS, *TITLES, "bo", "BO")
READS: tuple[Call, ...] = (
    *(Call(name) for name in (
        "count_links", "count_in_step", "all_links", "count_waits", "waits",
        "unread", "open_operations", "vocabulary", "pair_state", "last_run", "open_instructions",
        "guards", "lease", "heartbeat",
    )),
    *(Call("find_task", (one,)) for one in _ONE),
    *(Call("links_in", (one,)) for one in LinkState),
    *(Call("due_links", (9, 0, one)) for one in LinkState),
    *(Call("due_links", (1, 1), {"only": [2, 3]}) for _ in "1"),
    *(Call("all_links", ([2, 3],)) for _ in "1"),
    *(Call("settled_links", (names,)) for names in ((), (Field.TITLE,), (*Field,))),
    *(Call("count_texts", (of, one, NUMBERS)) for of in SIDES for one in ((), COUNTED, (*Field,))),
    *(Call("waits", ([one],)) for one in WaitKind),
    *(Call("waits_until", (one,)) for one in ("", "kore:status:open")),
    Call("count_standings", ([*Standing],)),
    *(Call("count_standing", (one, of)) for one in Standing for of in (None, *SIDES)),
    *(Call("conflicts", (), {"is_settled": one}) for one in (True, False)),
    *(Call(name, (one,)) for one in NUMBERS for name in (
        "link", "history", "conflict", "conflicts_of", "operations_of", "is_link_due",
        "instruction",
    )),
    *(Call("done_updates", (one, after(60))) for one in NUMBERS),
    *(Call("lost_updates", (NUMBERS,)) for _ in "1"),
    *(Call("operations_about", (NUMBERS,)) for _ in "1"),
    *(Call(name, (of,)) for of in SIDES for name in (
        "count_tasks", "unlinked", "side_state", "open_sweep", "last_sweep", "complete_sweeps",
    )),
    *(Call(name, (of, IDS)) for of in SIDES for name in (
        "digests", "known", "links_of", "forgotten",
    )),
    *(Call("due_tasks", (of, 9)) for of in SIDES),
    *(Call("due_tasks", (of, 1, "a1"), {"only": ["a2", "a3"]}) for of in SIDES),
    *(Call("unlinked", (of, [*Standing][:2], "a1")) for of in SIDES),
    *(Call("unlinked_titled", (of, TITLES)) for of in SIDES),
    *(Call("unlinked_titled", (of, ["boiler"])) for of in SIDES),
    *(Call("unlinked_titled", (of, TITLES, (after(60), after(200)))) for of in SIDES),
    *(Call("unseen_titled", (of, TITLES)) for of in SIDES),
    *(Call("unseen", (Side.KORE, given)) for given in ([], [1], [2], [2, 3])),
    Call("unseen", (Side.V2, [])),
    *(Call("seen_ids", (one, of)) for of in SIDES for one in NUMBERS),
    *(Call("last_values", (one, of)) for of in SIDES for one in NUMBERS),
    *(Call(name, (of, one)) for of in SIDES for one in IDS for name in (
        "bearers", "waits_on_task", "is_task_due",
    )),
    *(Call("was_seen", (1, of, one)) for of in SIDES for one in IDS),
    *(Call("story", ([(of, one)], link_id))
      for of in SIDES for one in IDS for link_id in (None, 1)),
    *(Call("last_run", (kind,)) for kind in ("sync", "backfill")),
)  # fmt: skip
