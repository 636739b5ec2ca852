"""Words that the database and the JSON of reports hold mean the same in every version."""

from enum import StrEnum

import pytest

from bridge.domain.guard import GuardKind
from bridge.domain.instruction import InstructionKind, InstructionOutcome
from bridge.domain.link import LinkState
from bridge.domain.operation import OperationKind, OperationState, Outcome, WaitKind
from bridge.domain.reading import ProbeForm
from bridge.domain.reconciled import State
from bridge.domain.side import Field, Side
from bridge.domain.task import Standing
from bridge.domain.vocabulary import WordKind

STORED: dict[type[StrEnum], str] = {
    Field: "title description status priority assignee due",
    GuardKind: "missing empty identity probes table",
    InstructionKind: "resolve retry discard add_link remove_link import_links confirm pause resume",
    InstructionOutcome: "done void refused",
    LinkState: "creating linked missing removed",
    OperationKind: "create update probe read",
    OperationState: "committed sent settled",
    Outcome: "planned done failed uncertain dropped",
    ProbeForm: "untried empty id_only refused",
    Side: "kore v2",
    Standing: "new out_of_scope finished unroutable duplicate orphan left ambiguous unreadable "
    "held uncertain failed linked",
    State: "out_of_scope duplicate missing conflict failed unmapped waiting drifted unroutable "
    "only_kore only_v2 in_step",
    WaitKind: "unmapped failed conflict restore held case_closed drift",
    WordKind: "status priority person task_type self column",
}


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.__name__)
def test_a_word_that_is_stored_stays_what_it_is(kind: type[StrEnum]) -> None:
    assert [str(one) for one in kind] == STORED[kind].split()
    assert [one.name.lower() for one in kind] == STORED[kind].split()
