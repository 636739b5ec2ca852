"""The store is what the ports ask for; mypy reads this file, and the test reads the names."""

import inspect

import pytest

from bridge import ports
from bridge.store.budget import SqlBudget
from bridge.store.sql_store import SqlStore
from bridge.store.unit import SqlUnit
from tests.plain.store import PlainStore
from tests.plain.unit import PlainUnit


def as_store(store: SqlStore) -> ports.Store:
    return store


def plain_as_store(store: PlainStore) -> ports.Store:
    return store


def plain_as_unit(unit: PlainUnit) -> ports.Unit:
    return unit


def as_unit(unit: SqlUnit) -> ports.Unit:
    return unit


def as_budget(budget: SqlBudget) -> ports.Budget:
    return budget


@pytest.mark.parametrize(
    ("port", "built"),
    [
        (ports.Store, SqlStore),
        (ports.Unit, SqlUnit),
        (ports.Budget, SqlBudget),
        (ports.Store, PlainStore),
        (ports.Unit, PlainUnit),
    ],
)
def test_every_method_of_the_port_is_built_with_the_same_parameters(
    port: type[object], built: type[object]
) -> None:
    for name, method in inspect.getmembers(port, inspect.isfunction):
        if not name.startswith("_"):
            wanted = [*inspect.signature(method).parameters]
            assert [*inspect.signature(getattr(built, name)).parameters] == wanted, name


@pytest.mark.parametrize("unit", [SqlUnit, PlainUnit])
def test_no_two_parts_of_a_unit_define_the_same_name(unit: type[object]) -> None:
    parts = [part for part in unit.__mro__ if part not in (unit, object)]
    names = [name for part in parts for name in vars(part) if not name.startswith("__")]
    assert sorted(names) == sorted(set(names))
