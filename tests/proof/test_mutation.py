"""A sample of the mutation run, and what the run itself is held to."""

import ast
import os
import subprocess
import sys

import pytest

from tests.house.checkout import ROOT
from tests.proof.mutation.mutant import Mutant
from tests.proof.mutation.reasons import read_reasons, stale
from tests.proof.mutation.room import ROOMS
from tests.proof.mutation.signatures import Names
from tests.proof.mutation.survey import Source, mutants_of

CODE = """
LIMIT = {"a": 1, "b": 2}


@property
def is_fine(one: int) -> bool:
    if one > 3 and one != 7:
        raise ValueError
    return one < 2
"""
PARTS = ("domain/guard", "domain/gone", "domain/notice", "domain/table_change")
TESTS = (
    *("test_guard", "test_gone", "test_gone_whole", "test_notice", "test_table_change"),
    *("test_values_stay", "test_small_questions", "test_stored_words", "test_unsaid"),
)


def mutants() -> list[Mutant]:
    source = Source("bridge/code.py", "bridge.code", ast.parse(CODE))
    return mutants_of(source, Names())


@pytest.mark.slow
@pytest.mark.process
def test_nine_of_ten_in_a_sample_of_broken_rules_are_noticed() -> None:
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "tests.proof.mutation", "domain", "--sample", "20"]
    command += [word for name in PARTS for word in ("--only", name)]
    command += [word for name in TESTS for word in ("--tests", f"tests/domain/{name}.py")]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_conditions_statements_rows_and_decorated_functions_are_all_broken() -> None:
    told = {(one.owner, one.before, one.after) for one in mutants()}
    assert ("LIMIT", "{'a': 1}", "(left out)") in told
    assert ("is_fine", "raise ValueError", "pass") in told or any(
        after.startswith("if False") or after == "False" for _, _, after in told
    )
    assert any(before == "and one > 3" for _, before, _ in told)
    assert any(after == "return one <= 2" for _, _, after in told)


def test_a_mutant_is_found_again_by_its_name_and_each_has_its_own() -> None:
    first, second = mutants(), mutants()
    assert [one.id for one in first] == [one.id for one in second]
    assert len({one.key for one in first}) == len(first)


def test_every_reason_is_about_a_mutant_that_there_is() -> None:
    reasons = read_reasons()
    rooms = [room() for room in ROOMS.values()] if reasons else []
    everything = [one for room in rooms for one in room.mutants()]
    assert [*stale(reasons, everything)] == []
