"""The words that v2 lists: its people, its task types, and the key's own user.

Of a person only id, name and state are kept. A list that the key may not see (403), or that is
not served (404), teaches nothing and stops nothing; a refused key (401) is raised.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bridge.domain.exchange import Purpose
from bridge.domain.side import Side, is_id
from bridge.domain.vocabulary import Word, WordKind
from bridge.errors import KeyRefused, NotFound, Refused
from bridge.services.exchange import Call
from bridge.services.forms import MALFORMED
from bridge.services.json_answers import OddAnswer, json_of, read_as
from bridge.services.line import Line
from bridge.services.v2.paging import BY_ID, Lists, Wish
from bridge.services.v2.wire import Wire, WireTaskType, WireUser

USERS = "/users/"
SELF = "/users/self"
TASK_TYPES = "/taskTypes/"
ACTIVE = 1
TYPES_A_PAGE = 100
MOST_PAGES = 1000
W = TypeVar("W", bound=Wire)
USER = TypeAdapter(WireUser)


class Words:
    """Asks for the words of one company."""

    def __init__(self, line: Line, lists: Lists, page_size: int) -> None:
        self._line = line
        self._lists = lists
        self._page_size = page_size

    def all(self) -> Iterator[Word]:
        """Every word: the key's user, people, task types. Raises ServiceError or Stopped."""
        for source in (self._self, self._people, self._task_types):
            try:
                yield from source()
            except NotFound:
                continue
            except KeyRefused as refusal:
                if refusal.status != 403:
                    raise

    def _self(self) -> Iterator[Word]:
        """The key's own user; served although the document does not have it (observed)."""
        call = Call(operation=f"GET {SELF}", method="GET", path=SELF, purpose=Purpose.ASK)
        user = self._line.read(call, lambda reply: read_as(USER, reply, "a user"))
        yield Word(Side.V2, WordKind.SELF, user.id, user.full_name or user.id)

    def _people(self) -> Iterator[Word]:
        offset, seen = 0, set[str]()
        for _ in range(MOST_PAGES):
            wish = Wish(
                path=USERS, sort=BY_ID, offset=offset, limit=self._page_size, purpose=Purpose.ASK
            )
            rows = self._lists.page(wish).rows
            fresh = [user for user in _records(rows, WireUser) if user.id not in seen]
            if not fresh:
                return
            yield from map(_person, fresh)
            seen |= {user.id for user in fresh}
            offset += len(rows)

    def _task_types(self) -> Iterator[Word]:
        """All types; whether pages count from 0 or 1 is unknown, so both are read."""
        seen = set[str]()
        for number in range(MOST_PAGES):
            rows = self._type_page(number)
            fresh = [one for one in _records(rows, WireTaskType) if one.id not in seen]
            yield from map(_task_type, fresh)
            seen |= {one.id for one in fresh}
            if number and (not rows or (number > 1 and not fresh)):
                return

    def _type_page(self, number: int) -> list[Any]:
        call = Call(
            operation=f"GET {TASK_TYPES}",
            method="GET",
            path=TASK_TYPES,
            purpose=Purpose.ASK,
            query=(("page", str(number)), ("limit", str(TYPES_A_PAGE))),
        )
        try:
            return self._line.read(call, lambda reply: _rows(json_of(reply)))
        except Refused as refusal:
            if number == 0 and refusal.status in MALFORMED:
                return []
            raise


def _rows(answer: Any) -> list[Any]:
    """The rows of a list whose body no document describes: an array, or the one in an object."""
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        answer = lists[0] if len(lists) == 1 and "errors" not in answer else None
    if not isinstance(answer, list):
        raise OddAnswer("something else than a list")
    return answer


def _records(rows: list[Any], shape: type[W]) -> Iterator[W]:
    """The rows that can be read; of the others nothing is known, not even to whom they belong."""
    for row in rows:
        try:
            record = shape.model_validate(row)
        except ValidationError:
            continue
        if is_id(getattr(record, "id", None)):
            yield record


def _person(user: WireUser) -> Word:
    state = user.state.state
    details = {"is_active": None if state is None else state == ACTIVE}
    return Word(Side.V2, WordKind.PERSON, user.id, user.full_name or user.id, details)


def _task_type(kind: WireTaskType) -> Word:
    details = {"prefix": kind.prefix}
    return Word(Side.V2, WordKind.TASK_TYPE, kind.id, kind.name or kind.id, details)
