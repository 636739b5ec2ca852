"""Words learnt, the pair's own state, and the daemon's sign of life."""

from bridge.domain.records import Heartbeat, PairState
from bridge.domain.vocabulary import Word, WordKind
from tests.store.both import AnyStore
from tests.store.clocks import START, after
from tests.store.samples import KORE, V2


def status(key: str, **details: str | bool | None) -> Word:
    return Word(KORE, WordKind.STATUS, key, key.title(), details)


def test_words_keep_the_order_in_which_they_were_learnt(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.learn([status("open"), status("closed")], START)
        unit.learn([status("waiting"), status("open", id="s1")], START)
        words = unit.vocabulary().all(KORE, WordKind.STATUS)
    assert [word.key for word in words] == ["open", "closed", "waiting"]


def test_a_word_keeps_the_details_that_are_not_shown_again(store: AnyStore) -> None:
    with store.begin() as unit:
        unit.learn([status("open", id="s1", category="open")], START)
        unit.learn([status("open", id="s2", category=None)], START)
        unit.learn([status("open", id="s2")], START)
        unit.learn([], START)
        word = unit.vocabulary().find(KORE, WordKind.STATUS, "open")
    assert word is not None
    assert word.details == {"id": "s2", "category": "open"}


def test_the_same_key_may_be_many_words(store: AnyStore) -> None:
    words = [
        Word(KORE, WordKind.STATUS, "open", "Open"),
        Word(V2, WordKind.STATUS, "open", "Open"),
        Word(KORE, WordKind.PRIORITY, "open", "Open"),
    ]
    with store.begin() as unit:
        unit.learn(words, START)
        assert [*unit.vocabulary()] == words


def test_the_state_of_the_pair_is_remembered(store: AnyStore) -> None:
    state = PairState(
        first_contact_ended_at=after(5),
        first_contact_how="backfill",
        tables={"status": "f1"},
        settings="f2",
    )
    with store.begin() as unit:
        assert unit.pair_state() == PairState()
        unit.save_pair_state(state)
        assert unit.pair_state() == state
    with store.of_pair("never met").begin() as unit:
        assert unit.pair_state() == PairState()
        unit.save_pair_state(state)
        assert unit.pair_state() == state


def test_the_heartbeat_is_the_last_one_until_its_owner_ends_it(store: AnyStore) -> None:
    first = Heartbeat(owner="a", beat_at=START, started_at=START, interval_seconds=30.0)
    later = Heartbeat(owner="a", beat_at=after(30), started_at=START, interval_seconds=12.5)
    with store.begin() as unit:
        assert unit.heartbeat() is None
        unit.beat(first)
        unit.beat(later)
        unit.end_heartbeat("b")
        assert unit.heartbeat() == later
        unit.end_heartbeat("a")
        assert unit.heartbeat() is None
