"""Links, found by id, reference or title; and the life of one task."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bridge.daemon.status import Facts, Look
from bridge.daemon.web.asked import asked_of
from bridge.daemon.web.console import PER_PAGE, Console, page_of, slice_of
from bridge.daemon.web.linking import seen_of
from bridge.domain.explain import explain
from bridge.domain.life import Explanation, FieldTold
from bridge.domain.link import NO_BASE, Link, LinkState
from bridge.domain.side import Field, Side
from bridge.domain.task import Known
from bridge.domain.values import Shown, Unseen, as_moment
from bridge.errors import UsageError
from bridge.ports import LinkView
from bridge.report.plain import local_time
from bridge.report.shown import ShownValue, shown_base, shown_pair
from bridge.sync.life import Subject, find_subject, read_life

LONGEST_QUESTION = 200
STATES = {str(state) for state in LinkState}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """A pair, or a task without one, in the list; `state` is the link's, or how the task stands."""

    title: str
    kore_id: str | None
    kore_ref: str | None
    v2_id: str | None
    v2_ref: str | None
    state: str
    waits: int


def links(console: Console, request: Request) -> Response:
    """The page: all links, those of a state, or the tasks that fit what is looked for."""
    question = request.query_params.get("q", "").strip()[:LONGEST_QUESTION]
    given = request.query_params.get("state", "")
    state = LinkState(given) if given in STATES else None
    with console.looking() as look:
        if question:
            rows = _found(look, question)
        else:
            found = look.unit.link_page(**slice_of(request), state=state)
            rows = [_pair(view) for view in found]
    facts: Facts = {"question": question, "state": state, "states": [*LinkState]}
    return console.show(request, "links.html", **facts, **page_of(request, rows))


def life(console: Console, request: Request) -> Response:
    """The page of one task, by the id or reference of it or of its counterpart."""
    name = request.path_params["name"][:LONGEST_QUESTION]
    with console.looking() as look:
        subject, asked = _subject(look, name), asked_of(look, request)
        told = _life(console, look, subject)
    link = subject.link
    facts: Facts = {"link": link, "seen": seen_of(link) if link else "", "asked": asked}
    fields = [_field(one) for one in told.fields]
    return console.show(request, "life.html", name=name, told=told, fields=fields, **facts)


def _subject(look: Look, name: str) -> Subject:
    try:
        return find_subject(look.unit, name)
    except UsageError as error:
        raise HTTPException(404, str(error)) from error


def _life(console: Console, look: Look, subject: Subject) -> Explanation:
    rules = console.bridge.rules
    found = read_life(look.unit, subject, rules, look.now, is_carried_soon=look.has_daemon)
    return explain(found, local_time)


# --- the list ------------------------------------------------------------------------------------


def _found(look: Look, question: str) -> list[ShownLink]:
    """The tasks of that id or reference, then those whose title holds the text; a pair once."""
    called = look.unit.find_task(question)
    titled = look.unit.titled(question, PER_PAGE)
    return [*_rows(look, [*called, *titled])][:PER_PAGE]


def _rows(look: Look, found: Iterable[Known]) -> Iterator[ShownLink]:
    seen: set[object] = set()
    for known in found:
        side, task_id = known.task.side, known.task.id
        link = look.unit.links_of(side, [task_id]).get(task_id)
        key = link.id if link else (side, task_id)
        if key not in seen:
            seen.add(key)
            yield _of_link(look, link, known) if link else _lone(known)


def _of_link(look: Look, link: Link, known: Known) -> ShownLink:
    view = look.unit.link(link.id)
    return _lone(known) if view is None else _pair(view)


def _pair(view: LinkView) -> ShownLink:
    known = [one for one in (view.kore, view.v2) if one is not None]
    return ShownLink(
        title=next((one.task.title for one in known if one.task.title), ""),
        kore_id=view.link.kore_id,
        kore_ref=view.kore.task.ref if view.kore else None,
        v2_id=view.link.v2_id,
        v2_ref=view.v2.task.ref if view.v2 else None,
        state=str(view.link.state),
        waits=len(view.waits),
    )


def _lone(known: Known) -> ShownLink:
    task, is_kore = known.task, known.task.side is Side.KORE
    return ShownLink(
        title=task.title,
        kore_id=task.id if is_kore else None,
        kore_ref=task.ref if is_kore else None,
        v2_id=None if is_kore else task.id,
        v2_ref=None if is_kore else task.ref,
        state=str(known.standing),
        waits=0,
    )


# --- the life ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field of both tasks, and what was last agreed."""

    name: str
    kore: ShownValue | None
    v2: ShownValue | None
    base: ShownValue | None
    notes: Sequence[str]


def _field(one: FieldTold) -> ShownField:
    # Words of the two sides differ where they agree, too; of texts it is told what differs.
    is_text = one.name in (Field.TITLE, Field.DESCRIPTION)
    kore, v2 = shown_pair(_text(one, one.kore), _text(one, one.v2), is_marked=is_text)
    agreed = () if one.base == NO_BASE else (one.base.kore, one.base.v2)
    texts = [text for value in agreed if (text := _text(one, value)) is not None]
    return ShownField(name=str(one.name), kore=kore, v2=v2, base=shown_base(texts), notes=one.notes)


def _text(one: FieldTold, value: Shown) -> str | None:
    if isinstance(value, Unseen):
        return None
    if value is None:
        return ""
    return local_time(as_moment(value.text)) if one.name is Field.DUE else value.text
