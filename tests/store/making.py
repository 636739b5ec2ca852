"""Anything that a round trip has to survive, made by hypothesis."""

from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bridge.domain.link import FieldBase, Link, LinkState
from bridge.domain.marker import Marker
from bridge.domain.operation import Operation, OperationKind, Wait, WaitKind, WriteRequest
from bridge.domain.reading import ProbeForm, SideState, Sweep
from bridge.domain.side import SIDES, Field, TaskId
from bridge.domain.task import Case, Contact, Facts, Known, Standing, Task
from bridge.domain.values import UNSEEN, Value
from bridge.domain.vocabulary import Word, WordKind

texts = st.text(max_size=20)
ids = st.text("abcXYZ019_-", min_size=1, max_size=12).map(TaskId)
sides = st.sampled_from(SIDES)
names = st.sampled_from(list(Field))
microseconds = st.integers(0, 253_000_000_000_000_000).map(lambda n: timedelta(microseconds=n))
moments = microseconds.map(lambda passed: datetime(1970, 1, 1, tzinfo=UTC) + passed)
maybe_moments = st.none() | moments
values = st.builds(Value, texts, texts, texts) | texts.map(lambda text: Value(text, text))
observed = st.none() | values
shown = st.just(UNSEEN) | observed
contacts = st.builds(Contact, name=texts, email=texts, phone=texts)
words_of_facts = st.none() | st.lists(texts, max_size=2).map(tuple)
facts = st.builds(
    Facts,
    queues=words_of_facts,
    task_type_id=st.none() | texts,
    tags=words_of_facts,
    customers=st.lists(texts, max_size=2).map(tuple),
    contact=st.none() | contacts,
)
cases = st.builds(
    Case,
    id=texts,
    ref=st.none() | texts,
    name=st.none() | texts,
    is_closed=st.none() | st.booleans(),
    contact=st.none() | contacts,
)
markers = st.builds(Marker, side=sides, reference=texts, task_id=ids, note=texts)
tasks = st.builds(
    Task,
    side=sides,
    id=ids,
    fields=st.dictionaries(names, observed),
    digest=texts,
    ref=st.none() | texts,
    container=st.none() | cases,
    created_at=maybe_moments,
    changed_at=maybe_moments,
    first_author=st.none() | texts,
    last_author=st.none() | texts,
    marker=st.none() | markers,
    facts=facts,
)
knowns = st.builds(
    Known,
    task=tasks,
    own_changed_at=maybe_moments,
    person_changed_at=maybe_moments,
    written_at=maybe_moments,
    aside=st.none() | texts,
    aside_at=maybe_moments,
    standing=st.sampled_from(Standing),
    why=texts,
)
bases = st.builds(
    FieldBase,
    kore=shown,
    v2=shown,
    absorbed=st.none() | sides,
    carry=st.none() | sides,
    table=texts,
)
links = st.builds(
    Link,
    state=st.sampled_from(LinkState),
    kore_id=st.none() | ids,
    v2_id=st.none() | ids,
    origin=st.none() | sides,
    marker=texts,
    stand_in=texts,
    bases=st.dictionaries(names, bases),
    created_at=maybe_moments,
    changed_at=maybe_moments,
)
waits = st.builds(
    Wait,
    kind=st.sampled_from(WaitKind),
    reason=texts,
    side=sides,
    field=st.none() | names,
    operation=st.sampled_from(OperationKind),
    kore=shown,
    v2=shown,
    value=shown,
    waits_for=texts,
    candidates=st.lists(texts, max_size=2).map(tuple),
    attempts=st.integers(0, 9),
    since=moments,
)
operations = st.builds(
    Operation,
    side=sides,
    kind=st.sampled_from(OperationKind),
    reason=texts,
    kore_id=st.none() | ids,
    v2_id=st.none() | ids,
    fields=st.lists(names, max_size=3).map(tuple),
    after_read=st.lists(names, max_size=3).map(tuple),
    values=st.dictionaries(names, observed),
)
json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
requests = st.builds(
    WriteRequest,
    side=sides,
    call=texts,
    body=st.dictionaries(texts, json, max_size=3),
    task_id=st.none() | ids,
)
side_states = st.builds(
    SideState,
    side=sides,
    identity=texts,
    cursor_at=maybe_moments,
    deep_newest_at=maybe_moments,
    deep_at=maybe_moments,
    deep_found_new=st.booleans(),
    new_row_at=maybe_moments,
    is_sorted=st.none() | st.booleans(),
    not_before=maybe_moments,
    not_before_reason=texts,
    polled_at=maybe_moments,
    failed_at=maybe_moments,
    fault=texts,
    skew_seconds=st.none() | st.floats(-9e9, 9e9),
    probe_form=st.sampled_from(ProbeForm),
    probe_moves=st.none() | st.booleans(),
    hidden=st.lists(names, max_size=3).map(tuple),
)
sweeps = st.builds(
    Sweep,
    side=sides,
    started_at=maybe_moments,
    offset=st.integers(0, 10**7),
    last_id=st.none() | ids,
    rows=st.integers(0, 10**7),
    total=st.none() | st.integers(0, 10**7),
    is_ordered=st.booleans(),
    had_fault=st.booleans(),
    completed_at=maybe_moments,
    counts=st.dictionaries(texts, st.integers(0, 99), max_size=2),
)
words = st.builds(
    Word,
    side=sides,
    kind=st.sampled_from(WordKind),
    key=texts,
    label=texts,
    details=st.dictionaries(texts, st.none() | texts | st.booleans() | st.floats(-9, 9)),
)


def whole(thing: Any) -> Any:
    """Every part of a thing, texts of values too, which do not count when values compare."""
    return astuple(thing)
