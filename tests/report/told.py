"""What a reader of each form of a report takes from it: totals by state and side, and the rows."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

Cells = tuple[str, str, str]  # state, the id in Kore, the id in v2; empty where there is none
Counts = tuple[int, int, int]  # pairs and tasks, those of Kore, those of v2


@dataclass(frozen=True, slots=True)
class Told:
    """The rows, and what is counted by state, where the form counts."""

    rows: frozenset[Cells]
    counts: Mapping[str, Counts] | None = None


def told_by_json(text: str) -> Told:
    found = json.loads(text)
    rows = ((row["state"], row["kore_id"] or "", row["v2_id"] or "") for row in found["rows"])
    totals, sides = found["totals"], found["totals"]["by_side"]
    counts = {
        state: (totals[state], sides["kore"][state], sides["v2"][state])
        for state in sides["kore"]
        if totals[state]
    }
    return Told(frozenset(rows), counts)


def told_by_csv(text: str) -> Told:
    rows = csv.DictReader(io.StringIO(text))
    return Told(frozenset((row["state"], row["kore_id"], row["v2_id"]) for row in rows))


def told_by_table(text: str) -> Told:
    """A block of counts, then under each state the ids of its rows."""
    counts: dict[str, Counts] = {}
    rows, state = set(), ""
    for line in text.splitlines():
        counted = re.fullmatch(r"([a-z][a-z0-9 ]+?) +(\d+) +(\d+) +(\d+)", line)
        if counted:
            name, *numbers = counted.groups()
            counts[_word(name)] = (int(numbers[0]), int(numbers[1]), int(numbers[2]))
        heading = re.fullmatch(r"([a-z][a-z0-9 ]+) \(\d+\)", line)
        if heading:
            state = _word(heading.group(1))
        ids = re.match(r"  (Kore|v2) ", line)
        if ids:
            rows.add((state, *_ids(line.strip())))
    return Told(frozenset(rows), counts)


def _ids(line: str) -> tuple[str, str]:
    found = {"Kore": "", "v2": ""}
    for part in line.split(" = "):
        side, *names = part.split(" ")
        found[side] = names[-1]
    return found["Kore"], found["v2"]


def told_by_html(text: str) -> Told:
    page = _Page()
    page.feed(text)
    return Told(frozenset(page.rows()), page.counts())


class _Page(HTMLParser):
    """The table of states and the list of rows, as a browser would show their texts."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []  # the texts of each row of a table
        self.items: list[tuple[str, list[str]]] = []  # of each row of the list: state and texts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.lines.append([])
        state = dict(attrs).get("data-state")
        if tag == "li" and state is not None:
            self.items.append((state, []))

    def handle_data(self, data: str) -> None:
        if data.strip():
            for texts in (*self.lines[-1:], *[texts for _, texts in self.items[-1:]]):
                texts.append(data.strip())

    def counts(self) -> dict[str, Counts]:
        found: dict[str, Counts] = {}
        for name, *cells in self.lines:
            if len(cells) >= 3 and all(cell.isdigit() for cell in cells[:3]) and name != "All":
                found[_word(name)] = (int(cells[0]), int(cells[1]), int(cells[2]))
        return found

    def rows(self) -> Iterator[Cells]:
        for state, texts in self.items:
            ids = {"Kore": "", "v2": ""}
            for at, text in enumerate(texts):
                if text in ids and not ids[text] and at < _MOST_BEFORE_IDS:
                    following = texts[at + 1 : at + 3]
                    ids[text] = next((one for one in following if _is_id(one)), "")
            yield state, ids["Kore"], ids["v2"]


_MOST_BEFORE_IDS = 9


def _is_id(text: str) -> bool:
    return bool(re.fullmatch(r"ti-[0-9a-f-]+|[0-9a-f]{24}", text))


def _word(name: str) -> str:
    return name.strip().replace(" ", "_")


TOLD_BY: Mapping[str, Callable[[str], Told]] = {
    "json": told_by_json,
    "csv": told_by_csv,
    "table": told_by_table,
    "html": told_by_html,
}
