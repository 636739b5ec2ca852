"""Rows for the configuration, ready to paste."""

import json

from bridge.domain.finding import Proposal
from bridge.domain.propose_row import WordProposal
from bridge.report.plain import plain


def row_lines(row: WordProposal | Proposal) -> list[str]:
    """One row under a head of its own, as the example of a configuration has them."""
    if isinstance(row, Proposal):
        name = [f"name = {quoted(row.name)}"]
        return ["[[people.table]]", f"kore = {quoted(row.kore)}", f"v2 = {quoted(row.v2)}", *name]
    default = [f"default = {quoted(row.default)}"] if row.default else []
    return [f"[[{row.table}]]", f"kore = {quoted(row.kore)}", f"v2 = {quoted(row.v2)}", *default]


def quoted(text: str) -> str:
    """A basic string of TOML, which JSON's form of it is once controls are out."""
    return json.dumps(plain(text), ensure_ascii=False)
