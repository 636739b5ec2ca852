"""What was agreed was there once: a base holds only what its side showed, or was sent."""

from collections.abc import Iterator, Mapping, Sequence

from bridge.domain.link import LinkState
from bridge.domain.marker import without_marker
from bridge.domain.operation import WriteRequest
from bridge.domain.side import SIDES, Field, Side
from bridge.domain.values import Value, text_value
from bridge.ports import Service, Unit
from tests.sync.memory.services import Record

Keys = set[tuple[Side, Field, str]]


def unlawful(
    unit: Unit, services: Mapping[Side, Service], sent: Sequence[WriteRequest]
) -> Iterator[str]:
    """Bases with a value that nobody ever saw."""
    by_request = {one for request in sent for one in _sent(request)}
    for view in unit.all_links():
        link = view.link
        if link.state is LinkState.REMOVED:
            continue
        shown = {one for side in SIDES for one in _shown(services[side], side, link.task_id(side))}
        for name, base in link.bases.items():
            for side in SIDES:
                value = base.of(side)
                if isinstance(value, Value) and (side, name, value.key) not in shown | by_request:
                    yield f"link {link.id}: agreed on {value} for {side}'s {name}; nobody saw it"


def _shown(service: Service, side: Side, task_id: str | None) -> Iterator[tuple[Side, Field, str]]:
    """Every value that the task ever had."""
    records: Sequence[Record] = getattr(service, "ever", {}).get(task_id, ())
    for record in records:
        text = text_value(without_marker(record.text))
        for name, value in {**record.fields, Field.DESCRIPTION: text}.items():
            if value is not None:
                yield side, name, value.key


def _sent(request: WriteRequest) -> Iterator[tuple[Side, Field, str]]:
    """Every value that was sent; a text as it reads without its marker."""
    for name, value in request.body.get("values", {}).items():
        if value is not None:
            yield request.side, Field(name), value[0]
    texts = [
        request.body.get("text"),
        (request.body.get("values", {}).get("description") or [""])[0],
    ]
    for text in filter(None, texts):
        found = text_value(without_marker(str(text)))
        if found is not None:
            yield request.side, Field.DESCRIPTION, found.key
