"""The journal: what is about to be sent is written down first, and nothing of it is lost."""

import pytest

from bridge.domain.operation import OperationState, Outcome
from bridge.domain.side import Field, LinkId
from bridge.domain.values import text_value
from bridge.errors import LeaseTaken
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2, journal, update


def test_an_operation_is_open_until_it_is_settled(store: AnyStore) -> None:
    with store.begin() as unit:
        number = journal(unit, update(title="Boiler"))
        assert [one.state for one in unit.open_operations()] == [OperationState.COMMITTED]
        unit.mark_sent(number, token=0, at=after(1))
        (sent,) = unit.open_operations()
        assert (sent.state, sent.sent_at) == (OperationState.SENT, after(1))
        unit.settle(number, Outcome.DONE, "trimmed", after(2))
        assert unit.open_operations() == []
        (done,) = unit.operations_of(1)
        assert (done.outcome, done.note, done.settled_at) == (Outcome.DONE, "trimmed", after(2))


def test_operations_come_oldest_first_by_run_and_with_their_parent(store: AnyStore) -> None:
    with store.begin() as unit:
        first = journal(unit, update(title="a"), run_id=1)
        other = journal(unit, update(title="b"), run_id=2)
        step = unit.commit_operation(
            update(status="open"),
            unit.open_operations()[0].request,
            run_id=1,
            token=0,
            at=START,
            parent_id=first,
        )
        assert [(one.id, one.parent_id) for one in unit.operations_of(1)] == [
            (first, None),
            (step, first),
        ]
        assert [one.id for one in unit.open_operations()] == [first, other, step]


def test_who_lost_the_lease_can_mark_nothing_as_sent(store: AnyStore) -> None:
    with store.begin() as unit:
        token = unit.take_lease("first", START, 30).token
        number = journal(unit, update(title="a"), token=token)
        unit.take_lease("second", after(31), 30)
        with pytest.raises(LeaseTaken, match="second"):
            unit.mark_sent(number, token=token, at=after(40))
        assert [one.state for one in unit.open_operations()] == [OperationState.COMMITTED]


def test_who_slept_past_its_lease_can_mark_nothing_as_sent_although_nobody_took_it(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        token = unit.take_lease("first", START, 30).token
        number = journal(unit, update(title="a"), token=token)
        with pytest.raises(LeaseTaken):
            unit.mark_sent(number, token=token, at=after(30))
        assert [one.state for one in unit.open_operations()] == [OperationState.COMMITTED]


def test_a_lease_that_was_only_offered_still_lets_its_owner_send(store: AnyStore) -> None:
    with store.begin() as unit:
        token = unit.take_lease("first", START, 30).token
        number = journal(unit, update(title="a"), token=token)
        unit.release_lease("first")
        unit.mark_sent(number, token=token, at=after(29))
        assert [one.state for one in unit.open_operations()] == [OperationState.SENT]


def test_without_a_lease_only_token_nought_is_valid(store: AnyStore) -> None:
    with store.begin() as unit:
        number = journal(unit, update(title="a"))
        with pytest.raises(LeaseTaken):
            unit.mark_sent(number, token=1, at=START)
        unit.mark_sent(number, token=0, at=START)


def test_last_values_are_those_of_done_updates_newest_first(store: AnyStore) -> None:
    link_id = LinkId(4)
    outcomes = [Outcome.DONE, Outcome.FAILED, Outcome.DONE]
    with store.begin() as unit:
        for number, outcome in enumerate(outcomes):
            settled = journal(unit, update(link_id, title=f"title {number}"))
            unit.settle(settled, outcome, "", START)
        unit.settle(journal(unit, update(link_id, KORE, title="here")), Outcome.DONE, "", START)
        unit.settle(journal(unit, update(LinkId(5), title="there")), Outcome.DONE, "", START)
        journal(unit, update(link_id, title="open still"))
        expected = {Field.TITLE: [text_value("title 2"), text_value("title 0")]}
        assert unit.last_values(link_id, V2) == expected


def test_last_values_reach_back_twenty_updates(store: AnyStore) -> None:
    link_id = LinkId(4)
    with store.begin() as unit:
        for number in range(25):
            settled = journal(unit, update(link_id, title=f"title {number}"))
            unit.settle(settled, Outcome.DONE, "", START)
        found = unit.last_values(link_id, V2)[Field.TITLE]
        assert found == [text_value(f"title {number}") for number in range(24, 4, -1)]


def test_the_done_updates_of_a_link_come_oldest_first_from_both_sides_and_since_a_moment(
    store: AnyStore,
) -> None:
    mine, other = LinkId(1), LinkId(2)
    with store.begin() as unit:
        writes = [
            (update(mine, V2, title="before"), Outcome.DONE, 1),
            (update(mine, V2, title="first"), Outcome.DONE, 10),
            (update(mine, KORE, title="second"), Outcome.DONE, 11),
            (update(mine, V2, title="refused"), Outcome.FAILED, 12),
            (update(other, V2, title="of another link"), Outcome.DONE, 13),
        ]
        for operation, outcome, seconds in writes:
            unit.settle(journal(unit, operation), outcome, "", after(seconds))
        journal(unit, update(mine, V2, title="open"))
        done = unit.done_updates(mine, after(10))
    assert [(one.side, one.values[Field.TITLE]) for one in done] == [
        (V2, text_value("first")),
        (KORE, text_value("second")),
    ]
