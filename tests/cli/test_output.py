"""Results: tables for people, JSON and CSV for programs, and no title that does harm."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import click
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bridge.cli.output import (
    Column,
    Format,
    csv_cell,
    format_option,
    show_json,
    show_rows,
    table_cell,
)
from bridge.domain.link import LinkState
from bridge.domain.side import Side

AT = datetime(2026, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=2)))
LONG = "ti-c7c61c9-1392-45d3-b163-3622d737" * 5
# Controls of both sets but for line and tab, and the signs that turn the direction of writing.
HARMFUL = {
    *map(chr, (*range(9), *range(11, 32), *range(127, 160), 0x061C, 0x200E, 0x200F)),
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
}
COLUMNS = [Column("kore_id", is_id=True), Column("title"), Column("since", "Since")]
ROW = {"kore_id": LONG, "title": "=cmd|' /C calc'!A0", "since": AT, "extra": None}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def shown(form: Format, capsys: pytest.CaptureFixture[str], *rows: dict[str, object]) -> str:
    show_rows(rows or (ROW,), COLUMNS, form)
    return capsys.readouterr().out


def test_a_piped_table_is_plain_and_cuts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(Format.TABLE, capsys, {**ROW, "title": "word " * 60})
    assert LONG in out
    assert "word " * 59 in out
    assert "\x1b" not in out
    assert len(out.rstrip("\n").splitlines()) == 3


def test_a_terminal_too_narrow_for_the_table_shows_each_row_as_lines_and_cuts_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    row = {"kore_id": "ti-c7c61c9-1392", "title": "word " * 20}
    show_rows([row], COLUMNS[:2], Format.TABLE)
    plain_text = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "ti-c7c61c9-1392" in plain_text
    assert plain_text.count("word") == 20
    assert max(map(len, plain_text.splitlines())) <= 60
    show_rows([{"kore_id": LONG}], COLUMNS[:1], Format.TABLE)
    assert LONG in "".join(capsys.readouterr().out.split())


def test_a_table_shows_local_times_and_headings(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(Format.TABLE, capsys)
    assert AT.astimezone().strftime("%Y-%m-%d %H:%M:%S") in out
    assert "kore id" in out
    assert "Since" in out


def test_a_title_is_data_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(Format.TABLE, capsys, {**ROW, "title": "[red]x[/red] \x1b[2J\x07 [/]"})
    assert "[red]x[/red] �[2J� [/]" in out


@pytest.mark.parametrize("form", list(Format))
def test_no_result_shows_a_sign_that_steers_or_turns(
    form: Format, capsys: pytest.CaptureFixture[str]
) -> None:
    title = f"a{''.join(sorted(HARMFUL))}b"
    out = shown(form, capsys, {**ROW, "title": title})
    assert not {*out} & HARMFUL
    if form is Format.JSON:
        assert json.loads(out)[0]["title"] == title


def test_a_table_without_rows_shows_its_headings(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([], COLUMNS, Format.TABLE)
    assert "title" in capsys.readouterr().out


def test_json_has_every_key_and_utc_times(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = json.loads(shown(Format.JSON, capsys))
    assert row == {**ROW, "since": "2026-03-31T21:30:00.000Z"}


def test_json_takes_what_the_bridge_has(capsys: pytest.CaptureFixture[str]) -> None:
    values = {"a": Side.KORE, "b": Column("x"), "c": {"y"}, "d": date(2026, 1, 2), "e": Path("p")}
    show_json({**values, "f": Side.V2, "g": (1, 2), "h": list(LinkState)[:1]})
    read = json.loads(capsys.readouterr().out)
    assert read["a"] == "kore"
    assert read["b"] == {"key": "x", "heading": "", "is_id": False}
    assert (read["c"], read["d"], read["e"], read["g"]) == (["y"], "2026-01-02", "p", [1, 2])


def test_json_takes_mappings_of_any_kind_and_refuses_what_has_no_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_json(MappingProxyType({"a": 1}))
    assert json.loads(capsys.readouterr().out) == {"a": 1}
    with pytest.raises(TypeError, match="object has no form in JSON"):
        show_json(object())


def test_csv_has_the_columns_utc_times_and_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    head, row = csv.reader(io.StringIO(shown(Format.CSV, capsys)))
    assert head == ["kore_id", "title", "since"]
    assert row == [LONG, "'=cmd|' /C calc'!A0", "2026-03-31T21:30:00.000Z"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx"])
def test_no_cell_starts_a_formula(text: str) -> None:
    assert csv_cell(text) == f"'{text}"
    assert csv_cell("\r=1") == "'�=1"


@pytest.mark.parametrize(
    ("value", "cell"),
    [(-1, "-1"), (None, ""), (True, "yes"), (("a", "b"), "a, b"), ({"a": 1}, '{"a": 1}')],
)
def test_a_value_becomes_a_cell(value: object, cell: str) -> None:
    assert csv_cell(value) == table_cell(value) == cell


@for_all(st.text())
def test_no_text_steers_a_terminal_or_a_spreadsheet(text: str) -> None:
    for cell in (table_cell(text), csv_cell(text)):
        assert not {*cell} & HARMFUL
    assert csv_cell(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_a_command_offers_the_forms_that_fit() -> None:
    @click.command()
    @format_option(csv=False)
    def command(form: Format) -> Format:
        return form

    assert command.main(["--format", "json"], standalone_mode=False) is Format.JSON
    assert command.main([], standalone_mode=False) is Format.TABLE
    with pytest.raises(click.BadParameter):
        command.main(["--format", "csv"], standalone_mode=False)


def test_utc_is_utc_whatever_the_zone_of_the_machine() -> None:
    assert csv_cell(AT.astimezone(UTC)) == csv_cell(AT)
