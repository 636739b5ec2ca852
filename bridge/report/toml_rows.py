"""Rows for the configuration, ready to paste."""

import json
from collections.abc import Sequence

from bridge.domain.finding import Proposal
from bridge.domain.propose_row import WordProposal
from bridge.report.plain import plain


def people_lines(people: Sequence[Proposal]) -> list[str]:
    """The people table with these rows."""
    rows = [
        f"  {{ kore = {_quoted(one.kore)}, v2 = {_quoted(one.v2)}, name = {_quoted(one.name)} }},"
        for one in people
    ]
    return ["[people]", "table = [", *rows, "]"]


def row_lines(row: WordProposal | Proposal) -> list[str]:
    """One row under a head of its own, as the example of a configuration has them."""
    if isinstance(row, Proposal):
        name = [f"name = {_quoted(row.name)}"]
        return ["[[people.table]]", f"kore = {_quoted(row.kore)}", f"v2 = {_quoted(row.v2)}", *name]
    default = [f"default = {_quoted(row.default)}"] if row.default else []
    return [f"[[{row.table}]]", f"kore = {_quoted(row.kore)}", f"v2 = {_quoted(row.v2)}", *default]


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON's form of it is once controls are out."""
    return json.dumps(plain(text), ensure_ascii=False)
