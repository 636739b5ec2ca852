"""Forgetting: no text of the two tasks is left in any table, nor in the file itself."""

import time
from pathlib import Path

import pytest

from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import FieldBase, LinkState
from bridge.domain.marker import Marker
from bridge.domain.operation import WaitKind
from bridge.domain.records import Happening, PairState
from bridge.domain.side import Field, LinkId, TaskId
from bridge.domain.task import Case
from bridge.domain.values import text_value
from bridge.ports import Unit
from bridge.store.faults import BUSY_SECONDS
from bridge.store.open import open_store
from bridge.store.sql_store import SqlStore
from tests.store.both import AnyStore, rows
from tests.store.clocks import START, MovedClock
from tests.store.samples import KORE, V2, add_pair, journal, known, link, update, wait

SECRET = "Leaking boiler"
EARLIER = "Quiet radiator"
MARKER = Marker(side=KORE, reference="TS1", task_id=TaskId("k1"), note=f"case CS1: {SECRET}")


def spread(unit: Unit) -> LinkId:
    """A link whose tasks have left their texts wherever the database keeps any."""
    case = Case(id="ci-1", ref="CS1", name=SECRET)
    unit.save_known([known(KORE, "k1", title=EARLIER, ref="TS1"), known(V2, "v1", title=EARLIER)])
    unit.save_known([known(KORE, "k1", title=SECRET, ref="TS1", container=case)])
    unit.save_known([known(V2, "v1", title=SECRET, marker=MARKER, first_author=SECRET)])
    base = FieldBase(kore=text_value(SECRET), v2=text_value(SECRET))
    number = unit.add_link(
        link("k1", "v1", bases={Field.TITLE: base}, marker=MARKER.line, origin=KORE)
    )
    values = {"kore": text_value(SECRET), "v2": text_value(EARLIER)}
    waiting = wait(WaitKind.CONFLICT, reason=SECRET, kore=text_value(SECRET))
    unit.replace_waits([waiting], link_id=number, at=START)
    unit.replace_waits([wait(reason=SECRET)], task=(V2, TaskId("v1")), at=START)
    unit.save_conflict(number, Field.TITLE, values, rule="newest", winner=None, at=START)
    unit.save_conflict(number, Field.TITLE, values, rule="newest", winner=KORE, at=START)
    journal(unit, update(number, title=SECRET))
    told = Happening(what="written", why=SECRET, link_id=number, details={"to": SECRET})
    lone = Happening(what="seen", side=KORE, task_id=TaskId("k1"), details={"was": EARLIER})
    unit.remember([told, lone], 1, START)
    details = {"conflict": 1, "take": "kore", "kore": SECRET}
    given = unit.give_instruction(InstructionKind.RESOLVE, details, by="me", at=START)
    unit.close_instruction(given, InstructionOutcome.DONE, SECRET, START)
    return number


def test_a_forgotten_link_leaves_no_text_in_any_table(store: AnyStore) -> None:
    with store.begin() as unit:
        number = spread(unit)
    assert SECRET in rows(store)
    with store.begin() as unit:
        unit.forget_texts(number)
    assert SECRET not in rows(store)
    assert EARLIER not in rows(store)
    assert "Boiler" not in rows(store)  # the body of the journalled request


def test_a_forgotten_text_is_not_in_the_file_any_more(file_store: SqlStore, url: str) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    with file_store.begin() as unit:
        number = spread(unit)
        add_pair(unit, 2)
    with file_store.begin() as unit:
        unit.forget_texts(number)
    file_store.close()
    assert not path.with_name(f"{path.name}-wal").exists()
    for text in (SECRET, EARLIER):
        assert text.encode() not in path.read_bytes()
    assert b"Broken boiler" in path.read_bytes()


def files_of(url: str) -> bytes:
    """Everything that stands in any file of the database."""
    path = Path(url.removeprefix("sqlite:///"))
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_what_was_forgotten_is_wiped_out_of_all_files_while_they_are_in_use(
    file_store: SqlStore, url: str
) -> None:
    with file_store.begin() as unit:
        number = spread(unit)
        add_pair(unit, 2)
    with file_store.begin() as unit:
        unit.forget_texts(number)
    assert file_store.wipe()
    for text in (SECRET, EARLIER):
        assert text.encode() not in files_of(url)
    assert b"Broken boiler" in files_of(url)


def test_a_wipe_does_not_wait_for_whoever_reads_and_works_once_they_are_gone(
    file_store: SqlStore, url: str
) -> None:
    with file_store.begin() as unit:
        number = spread(unit)
    reader = open_store(url, "default", MovedClock(), Path())
    with reader.look() as seen:
        assert seen.links_of(KORE, ["k1"])
        with file_store.begin() as unit:
            unit.forget_texts(number)
        began = time.monotonic()
        assert not file_store.wipe()
        assert time.monotonic() - began < 5
    assert file_store.wipe()
    assert SECRET.encode() not in files_of(url)
    reader.close()


def test_a_store_that_was_wiped_still_waits_for_other_writers(
    file_store: SqlStore, url: str
) -> None:
    file_store.wipe()
    with file_store.transaction() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    assert waits == BUSY_SECONDS * 1000


def test_where_texts_were_forgotten_the_pair_is_due_for_being_wiped(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.save_pair_state(PairState(first_contact_how="backfill", pruned_at=START))
        unit.forget_texts(spread(unit))
        found = unit.pair_state()
    assert (found.pruned_at, found.first_contact_how) == (None, "backfill")
    assert store.wipe()


def test_ids_references_times_and_digest_stay(store: AnyStore) -> None:
    with store.begin() as unit:
        number = spread(unit)
        unit.forget_texts(number)
        kore, v2 = unit.known(KORE, ["k1"])["k1"].task, unit.known(V2, ["v1"])["v1"].task
        assert (kore.ref, kore.digest, kore.fields) == ("TS1", "digest of k1", {})
        assert v2.marker == Marker(side=KORE, reference="TS1", task_id=TaskId("k1"))
        view = unit.link(number)
        assert view is not None
        assert view.link.marker == "[task-bridge kore:TS1 k1]"
        assert [one.what for one in unit.history(number)] == ["written", "seen"]
        (left,) = unit.open_operations()
        assert (left.operation.fields, left.request.body) == ((Field.TITLE,), {})


def test_what_a_forgotten_task_shows_later_is_not_stored(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.forget_texts(spread(unit))
        unit.save_known(
            [known(KORE, "k1", title=SECRET, digest="new"), known(KORE, "k9", title="Ladder")]
        )
        assert unit.known(KORE, ["k1"])["k1"].task.fields == {}
        assert unit.digests(KORE, ["k1", "k9"]) == {"k1": "new", "k9": "digest of k9"}
    assert SECRET not in rows(store)
    assert "Ladder" in rows(store)


def test_a_task_that_was_not_seen_before_is_forgotten_as_well(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.forget_texts(unit.add_link(link("k1", "v1", LinkState.REMOVED)))
        unit.save_known([known(V2, "v1", title=SECRET)])
        assert unit.known(V2, ["v1"])["v1"].task.fields == {}


def test_what_people_said_of_other_things_is_kept(store: AnyStore) -> None:
    with store.begin() as unit:
        number = spread(unit)
        given = unit.give_instruction(InstructionKind.PAUSE, {"side": "v2"}, by="me", at=START)
        unit.close_instruction(given, InstructionOutcome.DONE, "paused", START)
        unit.forget_texts(number)
        kept = unit.instruction(given)
    assert kept is not None
    assert (kept.details, kept.note) == ({"side": "v2"}, "paused")


def test_forgetting_a_link_that_is_not_there_takes_nothing_of_others_away(
    store: AnyStore,
) -> None:
    with store.begin() as unit:
        spread(unit)
        before = unit.waits()
        unit.forget_texts(LinkId(99))
        assert unit.waits() == before


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_texts_are_stored_again_from_the_next_reading_on(
    store: AnyStore, is_forgotten: bool
) -> None:
    with store.begin() as unit:
        number = spread(unit)
        if is_forgotten:
            unit.forget_texts(number)
        assert unit.keep_texts(KORE, TaskId("k1")) is is_forgotten
        digest = unit.digests(KORE, ["k1"])["k1"]
        assert digest == ("" if is_forgotten else "digest of k1")
        unit.save_known([known(KORE, "k1", title=SECRET)])
        assert unit.known(KORE, ["k1"])["k1"].task.title == SECRET


def test_nothing_of_another_pair_or_task_is_forgotten(file_store: SqlStore, url: str) -> None:
    other = open_store(url, "other", MovedClock(), Path())
    for store in (file_store, other):
        with store.begin() as unit:
            spread(unit)
            unit.remember([Happening(what="seen", why="kept", link_id=add_pair(unit, 2))], 1, START)
    with file_store.begin() as unit:
        unit.forget_texts(LinkId(1))
        assert unit.known(KORE, ["k2"])["k2"].task.title == "Broken boiler"
        assert unit.history(unit.links_of(KORE, ["k2"])["k2"].id)[0].why == "kept"
    with other.begin() as unit:
        assert unit.known(KORE, ["k1"])["k1"].task.title == SECRET
    other.close()
