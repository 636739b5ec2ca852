"""What is typed to a sandbox that serves happens there, and a wrong line changes nothing."""

import re
import subprocess
import sys
import tomllib
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from bridge.cli.rehearsal import HELP, Rehearsal
from bridge.errors import UsageError
from bridge.sandbox import Fault, Sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sandbox() -> Sandbox:
    made = Sandbox()
    made.kore.seed(tasks=4, cases=2)
    made.v2.seed(tasks=4)
    return made


@pytest.fixture
def rehearsal(sandbox: Sandbox) -> Rehearsal:
    return Rehearsal(sandbox)


def _references(rehearsal: Rehearsal, side: str) -> list[str]:
    return [line.split("  ")[1] for line in rehearsal.do(f"{side} tasks").splitlines()]


def test_tasks_of_either_side_are_listed_by_what_people_call_them(rehearsal: Rehearsal) -> None:
    assert all(one.startswith("TS") for one in _references(rehearsal, "kore"))
    assert len(_references(rehearsal, "kore")) == len(_references(rehearsal, "v2")) == 4


def test_a_task_of_kore_is_edited_by_its_reference(sandbox: Sandbox, rehearsal: Rehearsal) -> None:
    reference = _references(rehearsal, "kore")[0]
    agent = sandbox.kore.agents[0]["name"]
    rehearsal.do(
        f'kore edit {reference} status=Resolved "title=Mended at last" description="Two\nlines" '
        f'priority=High "assignee={agent}" due=2026-05-04T16:30'
    )
    task = next(one for one in sandbox.kore.tasks.values() if one["refId"] == reference)
    assert (task["name"], task["desc"]) == ("Mended at last", "Two\nlines")
    assert (task["status"]["name"], task["priority"]["name"]) == ("Resolved", "High")
    assert task["currAssignee"]["name"] == agent
    assert task["dueDate"] == 1_777_912_200_000


def test_a_task_of_v2_is_edited_and_emptied(sandbox: Sandbox, rehearsal: Rehearsal) -> None:
    task_id = next(iter(sandbox.v2.tasks))
    rehearsal.do(f"v2 edit {task_id} status=in_review priority=urgent due=2026-05-04")
    task = sandbox.v2.tasks[task_id]
    assert (task["taskStatus"], task["priority"]) == ("in_review", "urgent")
    assert str(task["dueDate"]).startswith("2026-05-04")
    rehearsal.do(f"v2 edit {task_id} priority=none due=none assignee=none")
    task = sandbox.v2.tasks[task_id]
    assert (task["priority"], task["dueDate"], task["assignee"]) == (None, None, None)


def test_tasks_are_added_and_taken_away(sandbox: Sandbox, rehearsal: Rehearsal) -> None:
    for side, service in (("kore", sandbox.kore), ("v2", sandbox.v2)):
        before = set(service.tasks)
        added = rehearsal.do(f'{side} add "A new one"').removeprefix("added ")
        assert len(service.tasks) == len(before) + 1
        rehearsal.do(f"{side} remove {added}")
        assert set(service.tasks) == before


def test_the_case_of_a_task_is_closed_and_opened_again(
    sandbox: Sandbox, rehearsal: Rehearsal
) -> None:
    task = next(iter(sandbox.kore.tasks.values()))
    for verb, status in (("close", "Closed"), ("reopen", "Open")):
        rehearsal.do(f"kore {verb} {task['refId']}")
        assert sandbox.kore.cases[task["caseId"]]["status"]["name"] == status


def test_no_task_is_added_where_every_case_is_closed(
    sandbox: Sandbox, rehearsal: Rehearsal
) -> None:
    for case in [*sandbox.kore.cases]:
        sandbox.kore.close_case(case)
    with pytest.raises(UsageError, match="Every case is closed"):
        rehearsal.do("kore add Anything")


def test_faults_are_ordered_for_the_next_calls(sandbox: Sandbox, rehearsal: Rehearsal) -> None:
    rehearsal.do("v2 fail createTask drop_after")
    rehearsal.do("kore fail * late_apply 2 45")
    only = [(one.operation, one.fault) for one in sandbox.v2.faults.waiting]
    assert only == [("createTask", Fault.DROP_AFTER)]
    two = [(one.operation, one.fault, one.seconds) for one in sandbox.kore.faults.waiting]
    assert two == [("*", Fault.LATE_APPLY, 45)] * 2


def test_switches_are_turned_while_it_serves(sandbox: Sandbox, rehearsal: Rehearsal) -> None:
    rehearsal.do("set kore.rows=full kore.page_cap=5 v2.error_shape=html")
    assert (sandbox.kore.switches.rows, sandbox.kore.switches.page_cap) == ("full", 5)
    assert sandbox.v2.switches.error_shape == "html"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("mend everything", "`help` tells"),
        ("kore mend TS1", "`help` tells"),
        ("v2 close TS1", "`help` tells"),
        ('kore add "Half a', "A quote is not closed"),
        ("kore remove TS999999", "no task TS999999"),
        ("kore edit {task} colour=red", "FIELD one of title"),
        ("kore edit {task} status=Reslved", "Did you mean Resolved?"),
        ("kore edit {task} priority=none", "no priority 'none'"),
        ("kore edit {task} title=Lost status=Wrong", "no status 'Wrong'"),
        ("kore edit {task} title=Lost due=soon", "is no date"),
        ("kore fail createTsk drop_after", "Did you mean createTask?"),
        ("kore fail createTask drop_aftr", "Did you mean drop_after?"),
        ("kore fail createTask hang many", "TIMES is a number from 1"),
        ("kore fail createTask hang 1 nan", "SECONDS is a number from 0"),
        ("set kore.row=full", "Did you mean kore.rows?"),
    ],
)
def test_a_wrong_line_says_what_to_do_and_changes_nothing(
    sandbox: Sandbox, rehearsal: Rehearsal, line: str, told: str
) -> None:
    before = dict(sandbox.kore.tasks)
    with pytest.raises(UsageError) as caught:
        rehearsal.do(line.format(task=_references(rehearsal, "kore")[0]))
    assert told in str(caught.value)
    assert dict(sandbox.kore.tasks) == before
    assert sandbox.kore.faults.waiting == []


@pytest.mark.parametrize("line", ["", "   ", "# a remark"])
def test_an_empty_line_is_no_mistake(rehearsal: Rehearsal, line: str) -> None:
    assert rehearsal.do(line) == ""


def test_help_leads_to_every_operation_and_fault_and_what_it_means(rehearsal: Rehearsal) -> None:
    assert rehearsal.do("help") == HELP
    assert "SIDE faults" in HELP
    told = rehearsal.do("v2 faults")
    assert "updateTask" in told
    assert all(re.search(rf"^  {one.value} +\S", told, re.MULTILINE) for one in Fault)


@pytest.mark.process
def test_lines_that_are_piped_in_are_done_while_it_serves_and_it_goes_on_after_the_last() -> None:
    words = ["sandbox", "--tasks", "3", "--kore-port", "0", "--v2-port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "bridge", *words],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as serving:  # fmt: skip
        try:
            assert serving.stdin is not None
            assert serving.stdout is not None
            assert serving.stderr is not None
            serving.stdin.write("kore mend\nv2 fail listTasks forbidden\n")
            serving.stdin.close()
            said = [serving.stderr.readline() for _ in range(3)]
            described = [*takewhile(lambda line: "api_key" not in line, serving.stdout)]
            url = tomllib.loads("".join(described))["v2"]["base_url"]
            codes = [httpx.get(f"{url}/tasks/").status_code for _ in range(2)]
            serving.terminate()
            assert serving.wait(timeout=30) == 0
        finally:
            serving.kill()
    assert "Serving" in said[0]
    assert "`help`" in said[1]
    assert "listTasks will meet forbidden" in said[2]
    assert codes == [403, 401]  # the fault, then what a call without a key gets
