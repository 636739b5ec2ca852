"""Every task is in exactly one state, the first that fits, and the totals add up."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.judge_missing import IN_STEP_AGAIN
from bridge.domain.judge_pair import troubles_of
from bridge.domain.link import FieldBase, Link, LinkState
from bridge.domain.operation import OperationKind, Wait, WaitKind
from bridge.domain.overview import overview
from bridge.domain.policy import Direction, MergePolicy, Unobserved
from bridge.domain.reconcile import reconcile
from bridge.domain.reconciled import (
    STATES,
    Joined,
    Lone,
    Reconciliation,
    Settled,
    State,
    World,
)
from bridge.domain.side import SIDES, Field, LinkId, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.domain.values import (
    UNSEEN,
    Shown,
    ShownText,
    person_value,
    priority_value,
    shown_as_text,
    text_value,
)
from tests.domain.making import (
    KORE,
    NOON,
    V2,
    a_known,
    a_link,
    at,
    kore_status,
    text,
    v2_status,
)
from tests.domain.worlds import BOTH, a_lone, a_pair, a_wait, a_world, bases, row_of

# --- pairs ---------------------------------------------------------------------------------------


def test_a_pair_that_agrees_is_in_step_and_counts_once_and_on_both_sides() -> None:
    report = reconcile(a_world(joined=(a_pair(),)))
    assert [row.state for row in report.rows] == [State.IN_STEP]
    assert report.totals.states[State.IN_STEP] == 1
    assert [report.totals.tasks(side) for side in SIDES] == [1, 1]
    assert report.told == ()
    assert report.is_fine


def test_a_change_is_drift_while_nothing_carries_it_and_waits_while_a_daemon_lives() -> None:
    pair = a_pair(kore={"title": text("Broken pump")})
    row = row_of(pair)
    assert (row.state, row.reason) == (
        State.DRIFTED,
        "Title: changed in Kore, not in v2 yet.",
    )
    assert "task-bridge run" in row.next
    (only,) = row.fields
    assert (only.name, only.kore, only.v2) == (
        Field.TITLE,
        text("Broken pump"),
        text("Broken boiler"),
    )
    assert only.base == (text("Broken boiler"), text("Broken boiler"))
    row = row_of(pair, is_carried_soon=True)
    assert (row.state, row.next) == (State.WAITING, "The next cycle writes it to v2.")


def test_a_change_on_both_sides_that_a_rule_decides_is_a_change_like_any_other() -> None:
    pair = a_pair(kore={"title": text("One")}, v2={"title": text("Two")})
    row = row_of(pair)
    assert row.state is State.DRIFTED
    assert "changed on both sides; Kore's value wins" in row.reason


def test_a_change_that_the_direction_does_not_carry_is_drift_also_beside_a_daemon() -> None:
    policy = MergePolicy(direction=Direction.KORE_TO_V2)
    row = row_of(a_pair(v2={"title": text("Two")}), policy=policy, is_carried_soon=True)
    assert row.state is State.DRIFTED
    assert "sync.direction" in row.next


def test_a_value_without_a_counterpart_is_unmapped_with_both_values() -> None:
    row = row_of(a_pair(kore={"assignee": person_value("a-9", "Nobody Known")}))
    assert row.state is State.UNMAPPED
    assert "Nobody Known" in row.reason
    assert [one.name for one in row.fields] == [Field.ASSIGNEE]


def test_a_field_whose_write_was_refused_is_failed_until_its_value_changes() -> None:
    wait = a_wait(field=Field.TITLE, value=text("One"))
    failed = row_of(a_pair(kore={"title": text("One")}, waits=(wait,)), is_carried_soon=True)
    assert (failed.state, failed.since) == (State.FAILED, at(60))
    later = row_of(a_pair(kore={"title": text("Another")}, waits=(wait,)), is_carried_soon=True)
    assert later.state is State.WAITING


def test_a_conflict_that_waits_for_a_person_comes_before_all_but_missing() -> None:
    waits = (a_wait(WaitKind.CONFLICT, field=Field.TITLE, reason="Both changed."),)
    kore = {"title": text("1"), "status": kore_status("", "Odd")}
    pair = a_pair(kore=kore, v2={"title": text("2")}, waits=waits)
    assert row_of(pair).state is State.CONFLICT
    assert row_of(pair, shown={KORE: BOTH[KORE], V2: frozenset()}).state is State.MISSING


def test_a_conflict_that_people_settled_in_the_services_is_none() -> None:
    waits = (a_wait(WaitKind.CONFLICT, field=Field.TITLE),)
    assert row_of(a_pair(waits=waits)).state is State.IN_STEP


def test_a_change_waits_for_its_case_while_that_is_closed() -> None:
    wait = a_wait(WaitKind.CASE_CLOSED, side=KORE, field=Field.TITLE, reason="The case is closed.")
    pair = a_pair(v2={"title": text("Two")}, waits=(wait,), is_case_closed=True)
    row = row_of(pair)
    assert (row.state, row.reason) == (State.WAITING, "Title: The case is closed.")


def test_a_change_to_a_hidden_field_waits_where_hidden_fields_are_on_hold() -> None:
    pair = a_pair(kore={"description": ...}, v2={"description": text("Other")})
    held = row_of(pair, policy=MergePolicy(unobserved=Unobserved.HOLD))
    assert held.state is State.WAITING
    (only,) = held.fields
    assert only.kore is UNSEEN


def test_a_task_that_changed_and_hides_fields_waits_for_the_probe() -> None:
    kore = {"description": ..., "changed_at": at(5), "own_changed_at": NOON}
    row = row_of(a_pair(kore=kore), is_carried_soon=True)
    assert row.state is State.WAITING
    assert "hides description" in row.reason


def test_a_visible_change_is_not_covered_up_by_a_probe_that_is_due() -> None:
    kore = {"description": ..., "changed_at": at(5), "own_changed_at": NOON, "title": text("New")}
    assert row_of(a_pair(kore=kore)).state is State.DRIFTED


@pytest.mark.parametrize("side", SIDES)
def test_a_task_that_a_whole_reading_does_not_show_is_missing_and_its_twin_counts(
    side: Side,
) -> None:
    report = reconcile(a_world(joined=(a_pair(),), shown={**BOTH, side: frozenset()}))
    assert [row.state for row in report.rows] == [State.MISSING]
    assert report.totals.tasks(side) == 0
    assert report.totals.by_side[side.other][State.MISSING] == 1
    assert side.label in report.rows[0].reason


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("is_finished", [True, False])
def test_a_link_that_is_missing_says_since_when_what_is_done_and_how_to_take_it_out(
    side: Side, is_finished: bool
) -> None:
    status = {"status": kore_status("closed") if side is V2 else v2_status("completed")}
    given: dict[str, Any] = {"v2" if side is KORE else "kore": status if is_finished else {}}
    pair = a_pair(**given)
    link = replace(pair.link, state=LinkState.MISSING, gone_side=side, gone_at=at(9))
    pair = replace(pair, link=link)
    row = row_of(pair, shown={**BOTH, side: frozenset()}, is_whole={KORE: False, V2: False})
    assert (row.state, row.since, row.sides) == (State.MISSING, at(9), (side.other,))
    assert f"{side.label} does not show" in row.reason
    assert "not found when asked for" in row.reason
    assert ("finished" in row.next) == is_finished
    assert "links remove" in row.next


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("value", "told"),
    [(text_value("closed"), "failures list"), (UNSEEN, "next cycle tries to close it")],
)
def test_a_link_whose_rest_could_not_be_closed_says_so_and_what_to_do(
    side: Side, value: Shown, told: str
) -> None:
    pair = a_pair()
    link = replace(pair.link, state=LinkState.MISSING, gone_side=side, gone_at=at(9))
    refused = Wait(
        kind=WaitKind.FAILED,
        reason="Not allowed.",
        side=side.other,
        field=Field.STATUS,
        value=value,
    )
    carried = replace(refused, side=side, reason="Of the one that is gone.")
    for waits, is_told in (([carried, refused], True), ([carried], False)):
        row = row_of(
            replace(pair, link=link, waits=tuple(waits)),
            shown={**BOTH, side: frozenset()},
            is_whole={KORE: False, V2: False},
            is_carried_soon=True,
        )
        assert row.state is State.MISSING
        assert ("was refused: Not allowed." in row.reason) == is_told
        assert (told in row.next) == is_told
        assert ("Nothing is written" in row.next) != is_told
        assert "links remove" in row.next


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("is_finished", [True, False])
def test_of_a_task_that_is_not_shown_but_not_known_to_be_gone_nothing_is_said_as_if_it_were(
    side: Side, is_finished: bool
) -> None:
    status = {"status": kore_status("closed") if side is V2 else v2_status("completed")}
    given: dict[str, Any] = {"v2" if side is KORE else "kore": status if is_finished else {}}
    refused = Wait(kind=WaitKind.FAILED, reason="Not allowed.", side=side.other, field=Field.STATUS)
    pair = replace(a_pair(**given), waits=(refused,))
    row = row_of(pair, shown={**BOTH, side: frozenset()})
    assert row.state is State.MISSING
    assert row.next == IN_STEP_AGAIN
    assert "close" not in row.reason


def test_what_a_reading_without_an_order_does_not_show_is_not_missing() -> None:
    shown, is_whole = {**BOTH, V2: frozenset()}, {KORE: True, V2: False}
    assert row_of(a_pair(), shown=shown, is_whole=is_whole).state is State.IN_STEP


def test_an_open_create_waits_and_a_parked_one_is_failed() -> None:
    link = a_link(state=LinkState.CREATING, v2_id=None, created_at=NOON)
    pair = Joined(link=link, kore=a_known(KORE))
    assert row_of(pair).state is State.WAITING
    parked = a_wait(operation=OperationKind.CREATE, reason="Nobody knows.")
    row = row_of(replace(pair, waits=(parked,)))
    assert (row.state, row.reason, row.sides) == (State.FAILED, "Nobody knows.", (KORE,))


def test_a_pair_with_an_unreadable_record_is_failed() -> None:
    row = row_of(a_pair(waits=(a_wait(operation=OperationKind.READ, task_id=TaskId("65f0")),)))
    assert row.state is State.FAILED


def test_a_removed_link_is_no_row_and_no_link() -> None:
    report = reconcile(a_world(joined=(a_pair(link=a_link(state=LinkState.REMOVED)),)))
    assert (report.rows, report.totals.links) == ((), 0)


# --- tasks without a link ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing.NEW, State.ONLY_KORE),
        (Standing.LINKED, State.ONLY_KORE),
        (Standing.OUT_OF_SCOPE, State.OUT_OF_SCOPE),
        (Standing.FINISHED, State.OUT_OF_SCOPE),
        (Standing.LEFT, State.OUT_OF_SCOPE),
        (Standing.DUPLICATE, State.DUPLICATE),
        (Standing.ORPHAN, State.FAILED),
        (Standing.AMBIGUOUS, State.FAILED),
        (Standing.UNREADABLE, State.FAILED),
        (Standing.FAILED, State.FAILED),
        (Standing.HELD, State.WAITING),
        (Standing.UNCERTAIN, State.WAITING),
        (Standing.UNROUTABLE, State.UNROUTABLE),
    ],
)
def test_every_standing_has_its_state(standing: Standing, state: State) -> None:
    row = row_of(a_lone(standing=standing, why="because"))
    assert row.state is state
    assert row.reason


def test_a_new_task_waits_beside_a_daemon_but_not_for_one_during_first_contact() -> None:
    row = row_of(a_lone(V2), is_carried_soon=True)
    assert (row.state, row.next) == (State.WAITING, "The next cycle creates it in Kore.")
    row = row_of(a_lone(V2), is_carried_soon=True, is_first_contact=True)
    assert row.state is State.ONLY_V2
    assert "backfill" in row.next


def test_a_bearer_of_a_marker_is_linked_by_the_next_cycle_but_not_during_first_contact() -> None:
    lone = a_lone(standing=Standing.LINKED, why="its marker names it")
    row = row_of(lone, is_carried_soon=True)
    assert (row.state, row.next) == (State.WAITING, "The next cycle links it.")
    row = row_of(lone, is_carried_soon=True, is_first_contact=True)
    assert (row.state, row.reason) == (State.ONLY_KORE, "Its marker names it.")
    assert "backfill --dry-run" in row.next


def test_a_refused_create_is_failed_but_not_once_the_task_is_out_of_scope() -> None:
    waits = (a_wait(operation=OperationKind.CREATE, reason="v2 refused it."),)
    row = row_of(a_lone(waits=waits))
    assert (row.state, row.reason, row.since) == (State.FAILED, "v2 refused it.", at(60))
    assert row_of(a_lone(standing=Standing.FINISHED, waits=waits)).state is State.OUT_OF_SCOPE


def test_a_record_without_even_an_id_is_a_failed_task_of_its_side() -> None:
    wait = a_wait(operation=OperationKind.READ, side=KORE, reason="the row is not an object")
    report = reconcile(a_world(lone=(Lone(side=KORE, task_id=None, waits=(wait,)),)))
    assert [row.state for row in report.rows] == [State.FAILED]
    assert report.totals.tasks(KORE) == 1
    assert report.rows[0].kore_id is None


def test_a_task_without_a_link_that_is_gone_is_no_task_any_more() -> None:
    report = reconcile(a_world(lone=(a_lone(),), shown={KORE: frozenset(), V2: frozenset()}))
    assert report.rows == ()


# --- laws ----------------------------------------------------------------------------------------

TITLES = st.sampled_from([text("One"), text("Two"), None])
STATUSES = {
    KORE: st.sampled_from([kore_status("open"), kore_status("resolved"), kore_status("", "Odd")]),
    V2: st.sampled_from([v2_status("open"), v2_status("completed"), v2_status("new")]),
}
PRIORITIES = st.sampled_from([priority_value("High"), priority_value("Odd"), None])
HIDDEN = st.sampled_from([..., None, text("Text")])


@st.composite
def knowns(draw: st.DrawFn, side: Side, number: int) -> Known:
    known = a_known(
        side,
        id=f"{side}-{number}",
        ref=f"R-{number}",
        title=draw(TITLES),
        status=draw(STATUSES[side]),
        priority=draw(PRIORITIES),
        description=draw(HIDDEN) if side is KORE else draw(TITLES),
        changed_at=draw(st.sampled_from([NOON, at(9)])),
        own_changed_at=draw(st.sampled_from([NOON, None])),
        standing=draw(st.sampled_from(Standing)),
    )
    return replace(known, why="it is so")


@st.composite
def waits_of(draw: st.DrawFn) -> tuple[Wait, ...]:
    made = st.builds(
        a_wait,
        kind=st.sampled_from(WaitKind),
        field=st.sampled_from([Field.TITLE, Field.STATUS, None]),
        operation=st.sampled_from(OperationKind),
        value=TITLES,
    )
    return tuple(draw(st.lists(made, max_size=2)))


@st.composite
def joineds(draw: st.DrawFn, number: int) -> Joined:
    kore, v2 = draw(knowns(KORE, number)), draw(knowns(V2, number))
    state = draw(st.sampled_from(LinkState))
    half = draw(st.sampled_from(SIDES)) if state is LinkState.CREATING else None
    was: dict[Field, FieldBase] = draw(st.sampled_from([{}, bases(kore, v2)]))
    link: Link = a_link(
        id=LinkId(number),
        state=state,
        kore_id=None if half is KORE else kore.task.id,
        v2_id=None if half is V2 else v2.task.id,
        bases=was,
        gone_side=draw(st.sampled_from(SIDES)) if state is LinkState.MISSING else None,
    )
    return Joined(
        link=link,
        kore=None if half is KORE else kore,
        v2=None if half is V2 else draw(st.sampled_from([v2, None])),
        waits=draw(waits_of()),
        is_case_closed=draw(st.booleans()),
    )


@st.composite
def lones(draw: st.DrawFn, number: int) -> Lone:
    side = draw(st.sampled_from(SIDES))
    known = draw(knowns(side, number))
    is_read = draw(st.booleans()) or draw(st.booleans())
    return Lone(
        side=side, task_id=known.task.id, known=known if is_read else None, waits=draw(waits_of())
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    pairs = [draw(joineds(number)) for number in range(draw(st.integers(0, 4)))]
    others = [draw(lones(number)) for number in range(10, 10 + draw(st.integers(0, 4)))]
    ids: dict[Side, list[str]] = {side: [] for side in SIDES}
    for pair in pairs:
        for side in SIDES:
            ids[side] += [task_id] if (task_id := pair.link.task_id(side)) else []
    for one in others:
        ids[one.side].append(str(one.task_id))
    shown = {side: frozenset(one for one in ids[side] if draw(st.booleans())) for side in SIDES}
    return a_world(
        joined=tuple(pairs),
        lone=tuple(others),
        shown=shown,
        is_whole={side: draw(st.booleans()) for side in SIDES},
        is_carried_soon=draw(st.booleans()),
        is_first_contact=draw(st.booleans()),
        policy=MergePolicy(
            direction=draw(st.sampled_from(Direction)), unobserved=draw(st.sampled_from(Unobserved))
        ),
    )


def there(world: World, side: Side) -> Counter[str]:
    """The tasks of a side that are there, by the test's own rule."""
    linked = [
        (one.link.task_id(side), one.link.gone_side is side)
        for one in world.joined
        if one.link.state is not LinkState.REMOVED
    ]
    alone = [(one.task_id, False) for one in world.lone if one.side is side]
    return Counter(
        str(task_id)
        for task_id, is_lost in [*linked, *alone]
        if task_id and (task_id in world.shown[side] or not (world.is_whole[side] or is_lost))
    )


def counted(report: Reconciliation, side: Side) -> Counter[str]:
    """The tasks of a side that the rows count."""
    ids = (row.kore_id if side is KORE else row.v2_id for row in report.rows if side in row.sides)
    return Counter(str(task_id) for task_id in ids)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_every_task_is_in_exactly_one_state_and_the_totals_add_up(world: World) -> None:
    report = reconcile(world)
    totals = report.totals
    assert set(totals.states) == set(STATES)
    assert sum(totals.states.values()) == len(report.rows)
    for side in SIDES:
        assert counted(report, side) == there(world, side)
        assert totals.tasks(side) == there(world, side).total()
    living = [one for one in world.joined if one.link.state is not LinkState.REMOVED]
    assert totals.links == len(living)
    is_nothing_stuck = all(row.is_on_its_way for row in report.rows)
    is_all_fine = all(
        totals.states[state] == 0
        for state in STATES
        if state not in (State.IN_STEP, State.OUT_OF_SCOPE, State.WAITING)
    )
    assert report.is_fine == (is_nothing_stuck and is_all_fine)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_pairs_in_step_may_be_counted_instead_of_looked_at(
    world: World, data: st.DataObject
) -> None:
    in_step = [one for one in world.joined if is_in_step(one, world)]
    settled = [one for one in in_step if data.draw(st.booleans())]
    others = tuple(one for one in world.joined if one not in settled)
    short = replace(world, joined=others, settled=counted_alone(settled))
    mine, whole = reconcile(short), reconcile(world)
    assert mine.totals == whole.totals
    assert mine.told == whole.told
    assert mine.is_fine == whole.is_fine
    assert overview(mine, short) == overview(whole, world)


def is_in_step(pair: Joined, world: World) -> bool:
    """Whether the pair is there on both sides, and nothing is to be said about it."""
    is_there = all(world.has(pair.link, side) for side in SIDES)
    return pair.link.state is LinkState.LINKED and is_there and not troubles_of(pair, world)


def counted_alone(pairs: list[Joined]) -> Settled:
    tasks = [known.task for one in pairs for known in (one.kore, one.v2) if known]
    texts: dict[tuple[Side, Field], Counter[ShownText]] = defaultdict(Counter)
    for task in tasks:
        for name in Field:
            texts[task.side, name][shown_as_text(task.shown(name))] += 1
    return Settled(pairs=len(pairs), texts=texts)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_every_row_that_is_told_says_why_and_what_comes_next(world: World) -> None:
    for row in reconcile(world).told:
        assert row.reason
        assert row.next
        assert row.reason[0].isupper() or row.reason.startswith("v2 ")
        assert row.reason.endswith(".")


@settings(max_examples=15, deadline=None)
@given(worlds(), st.randoms())
def test_the_order_in_which_tasks_come_changes_nothing(world: World, random: Any) -> None:
    pairs, others = list(world.joined), list(world.lone)
    random.shuffle(pairs)
    random.shuffle(others)
    mixed = replace(world, joined=tuple(pairs), lone=tuple(others))
    one, two = reconcile(world), reconcile(mixed)
    assert one.totals == two.totals
    assert sorted(map(repr, one.rows)) == sorted(map(repr, two.rows))
