"""Cells of a file of links: what spreadsheets make of them, and which of two rows is first."""

import pytest

from bridge.domain.link import LinkState
from bridge.domain.links_csv import FORMULA_SIGNS, FiledLink, read_links
from bridge.domain.side import Side, TaskId
from tests.domain.test_links_csv import flaws, rows


def the_row(text: str) -> FiledLink:
    (row,), wrong = read_links(text)
    assert wrong == ()
    return row


# ---- what keeps a cell from being a formula ---------------------------------------------------


def test_every_sign_that_begins_a_formula_may_be_kept_from_it() -> None:
    assert set(FORMULA_SIGNS) == {*"=+-@\t\r"}


@pytest.mark.parametrize("sign", ["=", "+", "@"])
def test_the_quote_before_a_formula_is_no_part_of_the_cell(sign: str) -> None:
    (flaw,) = flaws(f"kore_id,v2_id\n'{sign}k1,v1\n")
    assert flaw.startswith(f"line 2: kore_id '{sign}k1' is not an id")


@pytest.mark.parametrize("sign", ["-", "\t", "\r"])
def test_the_quote_before_what_a_cell_may_begin_with_is_taken_off(sign: str) -> None:
    cell = f"{sign}k1".strip()
    assert rows(f'kore_id,v2_id\n"\'{sign}k1",v1\n') == [(cell, "v1")]


@pytest.mark.parametrize("task_id", ["k-1", "-k1", "--k"])
def test_without_a_quote_nothing_is_taken_off(task_id: str) -> None:
    assert rows(f"kore_id,v2_id\n{task_id},v1\n") == [(task_id, "v1")]


# ---- lines and cells --------------------------------------------------------------------------


def test_lines_may_end_as_they_did_on_old_machines() -> None:
    assert rows("kore_id,v2_id\rk1,v1\rk2,v2\r") == [("k1", "v1"), ("k2", "v2")]


def test_the_first_line_alone_tells_what_is_between_the_cells() -> None:
    text = "kore_id;v2_id;kore_ref\nk1;v1;a,b,c,d\nk2;v2;e,f,g,h\n"
    assert rows(text) == [("k1", "v1"), ("k2", "v2")]


def test_what_is_no_csv_says_why() -> None:
    (flaw,) = flaws(f'kore_id,v2_id\nk1,"{"x" * 140_000}"\n')
    assert flaw == "line 2: It is no line of CSV: field larger than field limit (131072)."


@pytest.mark.parametrize(
    ("cells", "state", "origin"),
    [
        (",", LinkState.LINKED, None),
        ("Missing,KORE", LinkState.MISSING, Side.KORE),
        ("REMOVED,V2", LinkState.REMOVED, Side.V2),
        (",Kore", LinkState.LINKED, Side.KORE),
    ],
)
def test_a_state_and_an_origin_may_be_written_large_or_left_empty(
    cells: str, state: LinkState, origin: Side | None
) -> None:
    row = the_row(f"kore_id,v2_id,state,origin\nk1,v1,{cells}\n")
    assert (row.state, row.origin, row.created_at) == (state, origin, None)


def test_a_row_that_is_shorter_than_the_names_lacks_the_rest() -> None:
    assert the_row("kore_id,v2_id,state,created_at\nk1,v1\n") == FiledLink(
        line=2, kore_id=TaskId("k1"), v2_id=TaskId("v1")
    )
    assert flaws("kore_id,state,v2_id\nk1\n") == ["line 2: v2_id is empty."]


# ---- rows that name a task twice --------------------------------------------------------------


def test_a_repetition_is_told_before_what_is_wrong_further_down() -> None:
    assert [one.split(":")[0] for one in flaws("kore_id,v2_id\nk1,v1\nk1,v1\nk!,v3\n")] == [
        "line 3",
        "line 4",
    ]


def test_half_a_link_may_be_there_once() -> None:
    assert flaws("kore_id,v2_id,state\nk1,,removed\nk1,,removed\n") == [
        "line 3: The same link stands in line 2."
    ]


def test_a_link_of_which_one_task_stands_elsewhere_is_more_than_the_same_link() -> None:
    assert flaws("kore_id,v2_id\nk3,v1\nk1,v1\nk1,v1\n") == [
        "line 3: v2's v1 stands in line 2 already.",
        "line 4: Kore's k1 stands in line 3 already.",
        "line 4: v2's v1 stands in line 2 already.",
    ]
