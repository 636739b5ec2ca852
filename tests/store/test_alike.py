"""The plain store is the SQL store, as far as anybody can tell through the port."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bridge.domain.vocabulary import Vocabulary
from bridge.errors import LeaseTaken, StoreError
from bridge.ports import Unit
from bridge.store.open import memory_store
from tests.plain.store import PlainStore
from tests.store.both import AnyStore
from tests.store.calls import BEGUN, READS, TOPICS, Call
from tests.store.clocks import MovedClock

SQL = memory_store("default", MovedClock())


class Undone(Exception):
    """Ends a unit without a trace."""


@contextmanager
def undone(store: AnyStore) -> Iterator[Any]:
    with suppress(Undone), store.begin() as unit:
        yield unit
        raise Undone


def answer(call: Call, unit: Unit) -> Any:
    """What a call gives, with all its texts and kinds; or what it is refused with."""
    try:
        return plain(call.on(unit))
    except LeaseTaken as error:
        return ("taken", error.owner, error.age_seconds)
    except (StoreError, IntegrityError):
        return "refused"


def plain(found: Any) -> Any:
    if isinstance(found, Enum | datetime):
        return repr(found)
    if is_dataclass(found):
        parts = [plain(getattr(found, field.name)) for field in fields(found)]
        return (type(found).__name__, *parts)
    if isinstance(found, Mapping):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, Sequence | Vocabulary) and not isinstance(found, str):
        return [plain(one) for one in found]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
@settings(max_examples=6, deadline=None, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_whatever_is_written_both_stores_answer_alike(topic: str, data: st.DataObject) -> None:
    calls = data.draw(TOPICS[topic])
    with undone(SQL) as sql, undone(PlainStore()) as other:
        begun_at = sql.pair_state().begun_at
        assert begun_at is not None
        other.note_pair(begun_at)
        for call in (*BEGUN, *calls, *READS):
            assert answer(call, other) == answer(call, sql), call
