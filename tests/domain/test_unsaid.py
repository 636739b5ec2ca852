"""What nobody said of a record is empty, nothing or not yet: it claims no more than was seen."""

from bridge.domain.exchange import Answer, Draft, Page
from bridge.domain.life import Advice, HeldUp, Sight, Step
from bridge.domain.reading import LastRead, ProbeForm, SideState, Sweep
from bridge.domain.records import Happening, PairState, Run
from tests.domain.making import KORE, V2, at


def test_a_pair_that_was_never_run_remembers_nothing() -> None:
    pair = PairState()
    assert (pair.first_contact_ended_at, pair.first_contact_how) == (None, "")
    assert (pair.tables, pair.settings, pair.paused, pair.pruned_at) == ({}, "", {}, None)
    run = Run(id=1, kind="sync", started_at=at(0))
    assert (run.ended_at, run.summary, run.totals) == (None, {}, {})
    assert (run.times, run.first_started_at) == (1, None)
    line = Happening(what="linked")
    assert (line.why, line.details, line.at, line.field) == ("", {}, None, None)


def test_a_side_that_was_never_read_is_no_account_at_its_first_row_and_looked_at_deeply() -> None:
    side = SideState(side=KORE)
    assert (side.identity, side.cursor_at, side.is_sorted, side.hidden) == ("", None, None, ())
    assert (side.poll_offset, side.poll_newest_at) == (0, None)
    assert (side.deep_newest_at, side.deep_at, side.deep_found_new) == (None, None, True)
    assert (side.not_before, side.not_before_reason, side.is_refused) == (None, "", False)
    assert (side.fault, side.failed_at, side.polled_at, side.skew_seconds) == ("", None, None, None)
    assert (side.probe_form, side.probe_moves) == (ProbeForm.UNTRIED, None)
    assert LastRead() == LastRead(whole_at=None, polled_at=None)


def test_a_sweep_begins_at_its_first_row_and_is_whole_only_at_its_end() -> None:
    sweep = Sweep(side=KORE)
    assert (sweep.id, sweep.offset, sweep.rows, sweep.last_id, sweep.total) == (0, 0, 0, None, None)
    assert (sweep.is_ordered, sweep.had_fault, sweep.is_complete) == (True, False, False)
    assert sweep.counts == {}


def test_a_page_names_no_account_of_its_own() -> None:
    page = Page(side=V2, rows=(), length=0, offset=0, sent_at=at(0), is_sort_taken=True)
    assert (page.account, page.unreadable) == ("", ())
    assert (page.is_last, page.total, page.service_date) == (None, None, None)
    draft = Draft(side=V2, values={}, text="")
    assert (draft.template, draft.case, draft.contact) == ("", None, None)
    answer = Answer(sent_at=at(0), answered_at=at(1))
    assert (answer.task_id, answer.task, answer.service_date) == (None, None, None)


def test_what_is_told_of_a_life_advises_and_forgets_nothing_by_itself() -> None:
    assert (Advice().do, Advice().commands) == ("", ())
    assert HeldUp(text="").advice == Advice("", ())
    assert (Sight().is_forgotten, Sight().was_in_it, Sight().list_hides) == (False, False, ())
    step = Step(at=at(0), text="")
    assert (step.outcome, step.fields, step.values, step.operation) == ("", (), (), None)
