"""The journal: every write, whole, before it is sent; and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.domain.operation import (
    Journalled,
    Operation,
    OperationKind,
    OperationState,
    Outcome,
    WriteRequest,
)
from bridge.domain.recall import LostUpdate
from bridge.domain.side import Field, LinkId, OperationId, Side
from bridge.domain.values import Observed
from bridge.store.journal import NEWEST, NEWEST_OF_A_LINK
from tests.plain import kept
from tests.plain.lease import LeaseOfPair

_LOST = (Outcome.UNCERTAIN, Outcome.DROPPED)


class Journal(LeaseOfPair):
    """The part of a unit that holds operations."""

    def commit_operation(
        self,
        operation: Operation,
        request: WriteRequest,
        *,
        run_id: int,
        token: int,
        at: datetime,
        parent_id: OperationId | None = None,
    ) -> OperationId:
        row = Journalled(
            id=OperationId(self._database.next_number("operations")),
            operation=kept.operation(operation),
            request=kept.request(request),
            state=OperationState.COMMITTED,
            run_id=run_id,
            token=token,
            committed_at=kept.instant(at),
            parent_id=parent_id,
        )
        self._tables.operations.put(row.id, row)
        return row.id

    def mark_sent(self, operation_id: OperationId, *, token: int, at: datetime) -> None:
        self.check_token(token, at)
        self._change(operation_id, state=OperationState.SENT, sent_at=kept.instant(at))

    def settle(self, operation_id: OperationId, outcome: Outcome, note: str, at: datetime) -> None:
        self._change(
            operation_id,
            state=OperationState.SETTLED,
            outcome=outcome,
            note=note,
            settled_at=kept.instant(at),
        )

    def leave_open(
        self,
        operation_id: OperationId,
        note: str,
        *,
        settles_at: datetime,
        is_success: bool = False,
    ) -> None:
        self._change(
            operation_id,
            outcome=Outcome.UNCERTAIN,
            note=note,
            settles_at=kept.milliseconds(settles_at),
            is_success=is_success,
        )

    def lost_updates(self, link_ids: Collection[int]) -> Mapping[LinkId, Sequence[LostUpdate]]:
        found: dict[LinkId, list[LostUpdate]] = {}
        for row in self.operations_about([LinkId(one) for one in link_ids]):
            link_id = row.operation.link_id
            if link_id is not None and _is_lost(row):
                found.setdefault(link_id, []).append(_lost_of(row))
        return found

    def open_operations(self) -> Sequence[Journalled]:
        return self._tables.operations.these("open", True)

    def operations_of(self, run_id: int) -> Sequence[Journalled]:
        return self._tables.operations.these("run", run_id)

    def operations_about(self, link_ids: Collection[LinkId]) -> Sequence[Journalled]:
        found = [row for one in {*link_ids} for row in self._tables.operations.these("link", one)]
        return sorted(found, key=lambda row: row.id)

    def last_values(self, link_id: LinkId, side: Side) -> Mapping[Field, Sequence[Observed]]:
        done = [row for row in self._done(link_id) if row.operation.side is side]
        found: dict[Field, list[Observed]] = {}
        for row in done[::-1][:NEWEST]:
            for name, value in row.operation.values.items():
                found.setdefault(name, []).append(value)
        return found

    def done_updates(self, link_id: LinkId, since: datetime) -> Sequence[Operation]:
        done = [row for row in self._done(link_id) if row.settled_at and row.settled_at >= since]
        return [row.operation for row in done[-NEWEST_OF_A_LINK:]]

    def _done(self, link_id: LinkId) -> list[Journalled]:
        return [
            row
            for row in self._tables.operations.these("link", link_id)
            if row.operation.kind is OperationKind.UPDATE and row.outcome is Outcome.DONE
        ]

    def _change(self, operation_id: OperationId, **changed: Any) -> None:
        row = self._tables.operations.get(operation_id)
        if row is not None:
            self._tables.operations.put(operation_id, replace(row, **changed))


def _is_lost(row: Journalled) -> bool:
    is_update = row.operation.kind is OperationKind.UPDATE
    return is_update and row.sent_at is not None and row.outcome in _LOST


def _lost_of(row: Journalled) -> LostUpdate:
    return LostUpdate(
        id=row.id,
        side=row.operation.side,
        values=row.operation.values,
        origin=row.operation.origin,
        is_open=row.state is not OperationState.SETTLED,
        sent_at=row.sent_at,
        settles_at=row.settles_at,
    )
