"""A file of links, as people and spreadsheets write it; everything wrong with it told at once."""

from datetime import UTC, datetime

import pytest

from bridge.domain.link import LinkState
from bridge.domain.links_csv import FiledLink, read_links
from bridge.domain.side import Side, TaskId

WHOLE = """\
kore_id,kore_ref,v2_id,v2_ref,state,origin,created_at,changed_at
ti-1,TS1,65f0,REC-1,linked,kore,2026-03-01T08:00:00Z,2026-03-02T08:00:00Z
ti-2,TS2,65f1,REC-2,removed,,,
"""


def rows(text: str) -> list[tuple[str | None, str | None]]:
    found, flaws = read_links(text)
    assert flaws == ()
    return [(row.kore_id, row.v2_id) for row in found]


def flaws(text: str) -> list[str]:
    return [str(flaw) for flaw in read_links(text)[1]]


def test_the_columns_of_the_list_are_read() -> None:
    found, _ = read_links(WHOLE)
    assert found == (
        FiledLink(
            line=2,
            kore_id=TaskId("ti-1"),
            v2_id=TaskId("65f0"),
            origin=Side.KORE,
            created_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        ),
        FiledLink(line=3, kore_id=TaskId("ti-2"), v2_id=TaskId("65f1"), state=LinkState.REMOVED),
    )


@pytest.mark.parametrize(
    "text",
    [
        "kore_id,v2_id\nk1,v1\n",
        "v2_id,kore_id\nv1,k1",
        "\ufeffkore_id,v2_id\r\nk1,v1\r\n",
        "KORE_ID;v2_id\r\nk1;v1\r\n\r\n;\r\n",
        "kore_id\tv2_id\nk1\tv1\n",
        '"kore_id","v2_id"\n"k1"," v1 "\n',
        "kore_id,v2_id,created_at\nk1,v1,01.03.26 8:00\n",
        'kore_id,kore_ref,v2_id\nk1,"a\n""b"", c",v1\n',
    ],
)
def test_it_is_read_however_it_was_written(text: str) -> None:
    assert rows(text) == [("k1", "v1")]


def test_the_sign_that_keeps_a_cell_from_being_a_formula_is_taken_off() -> None:
    assert rows("kore_id,v2_id\n'-k1,v1\n") == [("-k1", "v1")]


def test_a_quote_before_anything_else_is_part_of_the_cell() -> None:
    assert flaws("kore_id,v2_id\n'k1,v1\n") == [
        'line 2: kore_id "\'k1" is not an id: letters, digits, - and _, 128 at most.'
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("", "The file is empty. Its first line names kore_id, v2_id."),
        ("kore_id,v2", "It does not name v2_id, which must be there."),
        ("kore_id,v2_id,note", "note is none of kore_id, kore_ref, v2_id"),
        ("kore_id,v2_id,", "A column without a name is none of"),
        ("kore_id,v2_id,state,state", "state is there twice."),
    ],
)
def test_wrong_columns_are_told_and_no_row_is_read(header: str, told: str) -> None:
    found, wrong = read_links(f"{header}\nk1,v1\n" if header else "")
    assert found == ()
    assert any(told in str(flaw) for flaw in wrong)
    assert {flaw.line for flaw in wrong} == {1}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("../x,v1", "kore_id '../x' is not an id"),
        ("k1,6.5E+22", "v2_id '6.5E+22' is not an id"),
        (f"k1,{'v' * 129}", "is not an id"),
        ("k1,", "v2_id is empty."),
        (",v1", "kore_id is empty."),
        ("k1,v1,strange", "state 'strange' is none of creating, linked, missing, removed."),
        ("k1,v1,,both", "origin 'both' is none of kore, v2."),
        ("k1,v1,,,more", "It has more cells than line 1 has names"),
        (",,removed", "kore_id, v2_id is empty."),
    ],
)
def test_a_wrong_row_is_told_with_its_line(row: str, told: str) -> None:
    (flaw,) = flaws(f"kore_id,v2_id,state,origin\nk9,v9\n\n{row}\n")
    assert flaw.startswith("line 4: ")
    assert told in flaw


@pytest.mark.parametrize("row", ["k1,,removed", ",v1,removed", "k1,,creating"])
def test_what_joins_nothing_may_lack_a_task(row: str) -> None:
    assert flaws(f"kore_id,v2_id,state\n{row}\n") == []


def test_all_flaws_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "kore_id,v2_id\nk1,v1\nk!,v!\nk1,v1\nk2,v1\nk2,v2\n"
    assert flaws(text) == [
        "line 3: kore_id 'k!' is not an id: letters, digits, - and _, 128 at most.",
        "line 3: v2_id 'v!' is not an id: letters, digits, - and _, 128 at most.",
        "line 4: The same link stands in line 2.",
        "line 5: v2's v1 stands in line 2 already.",
        "line 6: Kore's k2 stands in line 5 already.",
    ]


def test_the_same_text_on_both_sides_is_no_repetition() -> None:
    assert rows("kore_id,v2_id\na,b\nb,a\n") == [("a", "b"), ("b", "a")]


def test_a_line_that_is_no_csv_is_told() -> None:
    (flaw,) = flaws(f'kore_id,v2_id\nk1,"{"x" * 140000}"\n')
    assert flaw.startswith("line 2: It is no line of CSV")
