"""The cases of the account, as far as they have been looked up.

No call reads one case (documented), so a case is found by its name, if that is known, else by
paging through all, newest first: what is created meanwhile can only repeat rows, not hide any.
Every case that passes is kept; a list read to its end answers for five minutes.
"""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from bridge.domain.exchange import Purpose
from bridge.domain.side import is_id
from bridge.domain.task import Case
from bridge.domain.text import fold_word
from bridge.domain.vocabulary import Word
from bridge.ports import Clock
from bridge.services.kore.normalise import contact_of
from bridge.services.kore.paging import Listed, Lists, Wish
from bridge.services.kore.wire import WireCase
from bridge.services.kore.words import words_of

CALL = "getCases"
SORT = ("createdAt", "desc")
WHOLE_LIST_GOOD_FOR = timedelta(minutes=5)


class Cases:
    """The cases seen, by id and by reference; safe to be used by several threads."""

    def __init__(self, lists: Lists, page_size: int, clock: Clock) -> None:
        self._lists = lists
        self._page_size = page_size
        self._clock = clock
        self._seen: dict[str, Case] = {}
        self._listed_at: datetime | None = None

    def find(self, reference: str, *, is_fresh: bool) -> Case | None:
        """The case by id or reference, or None; `is_fresh` asks the service in any case."""
        known = self._seen.get(reference)
        if not is_fresh and (known is not None or self._knows_all()):
            return known
        if known is not None and known.name and self._turns_up(known.name, reference):
            return self._seen.get(reference)
        return self._search_all(reference)

    def words(self) -> tuple[Word, ...]:
        """The words that the first page of cases shows."""
        return tuple(word for case in self._read(0).cases for word in words_of(case))

    def _knows_all(self) -> bool:
        listed = self._listed_at
        return listed is not None and self._clock.now() - listed < WHOLE_LIST_GOOD_FOR

    def _turns_up(self, name: str, reference: str) -> bool:
        """Whether the service's own search by name shows the case."""
        return reference in self._read(0, search=name).names

    def _search_all(self, reference: str) -> Case | None:
        offset, passed = 0, set[str]()
        while True:
            read = self._read(offset)
            if reference in read.names:
                return self._seen.get(reference)
            if read.listed.is_last or read.names <= passed:
                self._listed_at = self._clock.now()
                return None
            passed |= read.names
            offset += len(read.listed.page.results)

    def _read(self, offset: int, search: str = "") -> "_CasePage":
        wish = Wish(
            call=CALL,
            sort=SORT,
            offset=offset,
            limit=self._page_size,
            purpose=Purpose.ASK,
            search=search,
            wants_columns=False,
        )
        page = _CasePage(self._lists.page(wish))
        for case in page.cases:
            found = case_of(case)
            self._seen |= {name: found for name in (found.id, found.ref) if name}
        return page


class _CasePage:
    """A page of cases, and every id and reference on it."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        found = map(_case, listed.page.results)
        self.cases = tuple(case for case in found if case is not None)
        self.names = {name for case in self.cases for name in (case.id, case.ref) if name}


def _case(row: Any) -> WireCase | None:
    """A case, or None for a row that is none: it can only be not found."""
    try:
        case = WireCase.model_validate(row)
    except ValidationError:
        return None
    return case if is_id(case.id) else None


def case_of(record: WireCase) -> Case:
    """The case that a record shows; closed by its status's category."""
    category = record.status.category
    return Case(
        id=record.id,
        ref=record.ref or None,
        name=record.name or None,
        is_closed=fold_word(category) == "closed" if category else None,
        contact=contact_of(record.customer),
    )
