"""The guards that are judged once a cycle has read, and what people confirm of any of them.

Nothing is written while one stands; the cause goes away by itself, or a person confirms exactly
what stands. What a cause goes by is what is missing, due or changed: an idle cycle asks little.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from bridge.domain.guard import ITEMS, Guard, GuardKind, Item, nothing_stands
from bridge.domain.instruction import Instruction, InstructionOutcome
from bridge.domain.link import UNSAVED, LinkState
from bridge.domain.operation import OperationKind
from bridge.domain.plan import Pair, plan_pair, wants_probe
from bridge.domain.probe_question import probe_question
from bridge.domain.scope import outside
from bridge.domain.side import SIDES, LinkId, Side
from bridge.domain.table_change import loses_base
from bridge.domain.task import Known, Standing
from bridge.ports import LinkView, Unit
from bridge.sync.admit import take_account
from bridge.sync.desk import Desk
from bridge.sync.record import pair_of
from bridge.sync.standing import Cause, agree, guard_of, note_holds, stand

MOST_UNASKED_PROBES = 100
AT_ONCE = 200
MOST_NAMED = 5
_APART = frozenset({Standing.LEFT, Standing.DUPLICATE, Standing.ORPHAN})
Result = tuple[InstructionOutcome, str]


def stand_guard(desk: Desk, unit: Unit) -> None:
    """Judge every cause anew; what stands is confirmed if a person said so for this run."""
    guards = unit.guards()
    _judge_missing(desk, unit, guards)
    _judge_table(desk, unit, guards)
    _judge_probes(desk, unit, guards)
    if desk.confirms_guards:
        for guard in [one for one in unit.guards() if one.holds]:
            desk.confirmed.append(guard)
            _confirm(desk, unit, guard, guard.items)
    note_holds(desk, unit)


def confirm(desk: Desk, unit: Unit, wanted: Instruction) -> Result:
    """Confirm `details["guards"]`: of each `kind` and `side` exactly the `items` that were shown.

    What has come to it since then still stands.
    """
    after: list[Guard] = []
    for shown in wanted.details["guards"]:
        kind, side = GuardKind(shown["kind"]), Side(shown["side"]) if shown["side"] else None
        guard = guard_of(unit.guards(), kind, side)
        items = [one for one in shown[ITEMS] if guard and one in guard.items]
        if guard is not None and items:
            after.append(_confirm(desk, unit, guard, items))
    if not after:
        return InstructionOutcome.VOID, "What was to be confirmed does not stand any more."
    is_left = any(one.holds for one in after)
    rest = " Something has come to it since; see task-bridge guard show." if is_left else ""
    return InstructionOutcome.DONE, f"Confirmed: {_count(len(after), 'guard')}.{rest}"


def await_count(unit: Unit) -> None:
    """A mapping table has changed: nothing is written until it was counted what that hits."""
    unit.save_guard(Guard(kind=GuardKind.TABLE, side=None, reason=_COUNTING))


# --- missing -------------------------------------------------------------------------------------


def _judge_missing(desk: Desk, unit: Unit, guards: Sequence[Guard]) -> None:
    missing = unit.links_in(LinkState.MISSING)
    items = frozenset(missing).union(*desk.vanished.values())
    before = guard_of(guards, GuardKind.MISSING, None)
    cause = Cause(
        kind=GuardKind.MISSING,
        items=items,
        is_too_much=partial(_are_too_many, desk, unit),
        reason=partial(_why_missing, desk, unit),
        still=before.confirmed_items if before else (),
    )
    stand(desk, unit, cause, guards)


def _are_too_many(desk: Desk, unit: Unit, hit: Sequence[Item]) -> bool:
    if len(hit) <= desk.rules.limits.count:
        return False
    return desk.rules.limits.are_exceeded(len(hit), _count_links(unit))


def _count_links(unit: Unit) -> int:
    counts = unit.count_links()
    return sum(counts.get(state, 0) for state in (LinkState.LINKED, LinkState.MISSING))


def _why_missing(desk: Desk, unit: Unit, hit: Sequence[Item]) -> str:
    vanished = {link: side for side, links in desk.vanished.items() for link in links}
    sides = {**vanished, **unit.links_in(LinkState.MISSING)}
    found = [side for one in hit if (side := sides.get(LinkId(int(one))))]
    by_side = [f"{found.count(side)} of {side.label}" for side in SIDES if side in found]
    return (
        f"{len(hit)} of {_count(_count_links(unit), 'link')} have lost a task: "
        f"{' and '.join(by_side)} are not shown any more. {_examples(unit, hit)}"
    )


def _examples(unit: Unit, hit: Sequence[Item]) -> str:
    views = (unit.link(LinkId(int(one))) for one in sorted(hit, key=int)[:MOST_NAMED])
    names = [_pair_name(view) for view in views if view is not None]
    more = f", and {len(hit) - MOST_NAMED} more" if len(hit) > MOST_NAMED else ""
    return f"{'; '.join(names)}{more}."


def _pair_name(view: LinkView) -> str:
    """The references of both; no title, for what is said of a guard goes to the log as well."""
    known = [one for one in (view.kore, view.v2) if one is not None]
    return " / ".join(one.task.name for one in known)


# --- a changed table -----------------------------------------------------------------------------

_COUNTING = "The mapping has changed; which pairs that hits is being counted."


def _judge_table(desk: Desk, unit: Unit, guards: Sequence[Guard]) -> None:
    """Judged from a change of the tables on until it hits no pair: only then is the row there."""
    if guard_of(guards, GuardKind.TABLE, None) is None:
        return
    hit = [pair.link.id for pair in _due_pairs(unit) if loses_base(pair, desk.agreement)]
    cause = Cause(
        kind=GuardKind.TABLE,
        items=hit,
        is_too_much=partial(_are_too_many, desk, unit),
        reason=partial(_why_table, unit),
    )
    stand(desk, unit, cause, guards)


def _why_table(unit: Unit, hit: Sequence[Item]) -> str:
    return (
        f"Under the changed mapping {len(hit)} of {_count(_count_links(unit), 'link')} no longer "
        f"agree, so that the conflict rule would write one side of each. {_examples(unit, hit)}"
    )


def _due_pairs(unit: Unit) -> Iterator[Pair]:
    after = UNSAVED
    while views := unit.due_links(AT_ONCE, after):
        yield from (pair_of(view) for view in views if view.kore and view.v2)
        after = views[-1].link.id


# --- probes --------------------------------------------------------------------------------------


def _judge_probes(desk: Desk, unit: Unit, guards: Sequence[Guard]) -> None:
    state, limits = unit.side_state(Side.KORE), desk.rules.probe_limits
    is_asked = desk.rules.asks_before_probing and state.hidden
    items = {*_probes(desk, unit)} if is_asked else set[str]()
    cause = Cause(
        kind=GuardKind.PROBES,
        side=Side.KORE,
        items=items,
        is_too_much=lambda left: len(left) > MOST_UNASKED_PROBES,
        reason=lambda left: probe_question(len(left), state.probe_moves, limits),
    )
    stand(desk, unit, cause, guards)


def _probes(desk: Desk, unit: Unit) -> Iterator[str]:
    """The Kore tasks that this cycle would probe."""
    for pair in _due_pairs(unit):
        plan = plan_pair(pair, desk.agreement, desk.policy)
        if any(one.kind is OperationKind.PROBE for one in plan.operations):
            yield pair.kore.task.id
    if unit.pair_state().first_contact_ended_at is not None:
        yield from (one.task.id for one in _due_tasks(unit) if _is_probed(desk, one))


def _due_tasks(unit: Unit) -> Iterable[Known]:
    after = ""
    while tasks := unit.due_tasks(Side.KORE, AT_ONCE, after):
        yield from tasks
        after = tasks[-1].task.id


def _is_probed(desk: Desk, known: Known) -> bool:
    if known.standing in _APART or not wants_probe(known, desk.policy):
        return False
    rules = desk.rules
    verdict = outside(known.task, rules.scope, rules.policy.direction, desk.vocabulary)
    return verdict is None or verdict.standing is Standing.HELD


# --- confirmed -----------------------------------------------------------------------------------


def _confirm(desk: Desk, unit: Unit, guard: Guard, items: Sequence[Item]) -> Guard:
    """What follows from a confirmation beside that the guard holds nothing up any more."""
    after = agree(desk, unit, guard, items)
    if guard.kind is GuardKind.IDENTITY and guard.side is not None:
        take_account(desk, unit, guard.side, str(items[0]))
    if guard.kind is GuardKind.EMPTY:
        _confirm_lost(desk, unit, [one for one in items if isinstance(one, int)])
    return after


def _confirm_lost(desk: Desk, unit: Unit, links: Sequence[Item]) -> None:
    """Who says that a side truly is empty has said of each of its links that it is missing."""
    found = guard_of(unit.guards(), GuardKind.MISSING, None)
    if links:
        agree(desk, unit, found or nothing_stands(GuardKind.MISSING, None), links)


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
