"""A reconciliation as one page: a single file that needs no network and no script, and prints.

Everything of the services is data: the template escapes it, links are made from checked templates
of the configuration alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from bridge import __version__
from bridge.domain.overview import Overview, TrendPoint
from bridge.domain.reading import LastRead
from bridge.domain.reconciled import STATES, UNTOLD, Difference, Reconciliation, Row, State
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.signs import seen_title
from bridge.domain.values import Shown, Unseen, as_moment, as_text
from bridge.report.as_of import as_of_lines
from bridge.report.charts import HEIGHT, WIDTH, Bar, bars, trend_line
from bridge.report.plain import age, local_time, plain, without_steering
from bridge.report.shown import ShownValue, shown_base, shown_pair

MEANINGS: Mapping[State, str] = {
    State.OUT_OF_SCOPE: "not to be carried: out of scope, finished, left or unlinked by a person",
    State.DUPLICATE: "a surplus task that names a task which has its counterpart already",
    State.MISSING: "one of a linked pair is not shown any more",
    State.CONFLICT: "a person has to say which value is right",
    State.FAILED: "refused, unreadable, or several tasks may be the counterpart",
    State.UNMAPPED: "a value that no rule translates",
    State.WAITING: "the next cycle carries it, or it waits for something named",
    State.DRIFTED: "the two differ and nothing carries it",
    State.UNROUTABLE: "no case to create the task in",
    State.ONLY_KORE: "without a counterpart in v2",
    State.ONLY_V2: "without a counterpart in Kore",
    State.IN_STEP: "linked, and all fields that can be seen agree",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page shows: the report, the rows that were asked for, and what stands around.

    `urls` are the templates of the services' own pages of a task. `last_read`: when each side was
    read, where the page was made from the database, without a request. `is_part`: a filter left
    rows out.
    """

    pair: str
    report: Reconciliation
    rows: Sequence[Row]
    view: Overview
    trend: Sequence[TrendPoint] = ()
    notes: Sequence[str] = ()
    urls: Mapping[Side, str | None]
    last_read: Mapping[Side, LastRead] | None = None
    is_part: bool = False


def render_report_html(page: Page) -> Iterator[str]:
    """The page as text, in parts, so that a long one need not be held whole."""
    report, rows = page.report, page.rows
    states = [state for state in reversed(STATES) if report.totals.states[state]]
    yield from _template().generate(
        pair=page.pair,
        report=report,
        totals=report.totals,
        view=page.view,
        percent=100 * page.view.in_step / page.view.asked if page.view.asked else 100.0,
        tiles=[*_tiles(page)],
        trend=trend_line(page.trend),
        charts=[*_charts(page.view)],
        states=states,
        meanings=MEANINGS,
        rows=(_row(row, page) for row in rows) if rows else (),
        shown_states=list(dict.fromkeys(row.state for row in rows)),
        heading=_heading(page),
        nothing="Nothing to do: every task is in step or out of scope."
        if report.is_fine and not page.is_part
        else "No row fits what was asked for.",
        notes=page.notes,
        as_of=[*as_of_lines(page.last_read, report.at)] if page.last_read else (),
        width=WIDTH,
        height=HEIGHT,
        kore=Side.KORE,
        v2=Side.V2,
        version=__version__,
        zone=report.at.astimezone().strftime("%Z (UTC%z)"),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bridge.report"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=without_steering,
    )
    environment.filters |= {
        "number": lambda count: f"{count:,}".replace(",", " "),
        "local": local_time,
        "utc": as_text,
        "words": lambda state: str(state).replace("_", " "),
    }
    return environment.get_template("report.html")


# ---- the head -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with its name; `tone` is good, warn, bad or nothing."""

    label: str
    value: str
    tone: str = ""


def _tiles(page: Page) -> Iterator[Tile]:
    states, view = page.report.totals.states, page.view
    told = sum(count for state, count in states.items() if state not in UNTOLD)
    yield Tile("not in step", str(told), "warn" if told else "good")
    oldest = "none" if view.oldest is None else age(page.report.at, view.oldest)
    yield Tile("oldest of them", oldest)
    for state, tone in ((State.CONFLICT, "warn"), (State.FAILED, "bad"), (State.WAITING, "")):
        count = states[state]
        yield Tile(_PLURALS[state], str(count), tone if count else "")


_PLURALS = {State.CONFLICT: "conflicts", State.FAILED: "failures", State.WAITING: "waiting"}


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title."""

    title: str
    bars: Sequence[Bar]
    tone: str = ""


def _charts(view: Overview) -> Iterator[Chart]:
    drift = {str(name): count for name, count in view.drift.items()}
    yield Chart("Differences by field", bars(drift), "amber")
    yield Chart("Since when what is not in step stands so", bars(view.ages), "amber")
    for name, by_side in view.words.items():
        for side in SIDES:
            yield Chart(f"{name.capitalize()} in {side.label}", bars(by_side[side]))


def _heading(page: Page) -> str:
    count = len(page.rows)
    what = "1 row" if count == 1 else f"{count} rows"
    return f"{what} as asked for" if page.is_part else f"What is not in step ({count})"


# ---- rows ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTask:
    """One of the two tasks of a row."""

    side: str
    name: str
    id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One field: both values and the one last agreed; None is not observed."""

    name: str
    kore: ShownValue | None
    v2: ShownValue | None
    base: ShownValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row as the template shows it."""

    state: State
    title: str
    since: datetime | None
    age: str
    tasks: Sequence[ShownTask]
    case: str
    people: Sequence[str]
    fields: Sequence[ShownField]
    reason: str
    next: str


def _row(row: Row, page: Page) -> ShownRow:
    return ShownRow(
        state=row.state,
        title=plain(seen_title(row.title)),
        since=row.since,
        age=age(page.report.at, row.since) if row.since else "",
        tasks=[*_tasks(row, page.urls)],
        case=plain(row.case.ref or row.case.id) if row.case else "",
        people=[plain(one.text) for one in row.people],
        fields=[_field(one) for one in row.fields],
        reason=plain(row.reason),
        next=plain(row.next),
    )


def _tasks(row: Row, urls: Mapping[Side, str | None]) -> Iterator[ShownTask]:
    for side, task_id, ref in (
        (Side.KORE, row.kore_id, row.kore_ref),
        (Side.V2, row.v2_id, row.v2_ref),
    ):
        if task_id:
            url = _url(urls[side], task_id, ref, row)
            yield ShownTask(side=side.label, name=plain(ref or task_id), id=plain(task_id), url=url)


def _url(template: str | None, task_id: str, ref: str | None, row: Row) -> str:
    """The service's own page of the task; empty where none can be named."""
    words = {"id": task_id, "reference": ref, "case_id": row.case.id if row.case else None}
    if template is None or any(f"{{{name}}}" in template and not words[name] for name in words):
        return ""
    return template.format(**{name: quote(word or "", safe="") for name, word in words.items()})


def _field(one: Difference) -> ShownField:
    kore, v2 = shown_pair(_text(one.name, one.kore), _text(one.name, one.v2))
    return ShownField(name=str(one.name), kore=kore, v2=v2, base=_agreed(one))


def _agreed(one: Difference) -> ShownValue | None:
    found = [_text(one.name, value) for value in one.base or ()]
    return shown_base([text for text in found if text is not None])


def _text(name: Field, value: Shown) -> str | None:
    """The value as people read it, empty where it is empty; None if it was not observed."""
    if isinstance(value, Unseen):
        return None
    if value is None:
        return ""
    return local_time(as_moment(value.text)) if name is Field.DUE else value.text
