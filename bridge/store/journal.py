"""The journal: every write, whole, before it is sent; and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, insert, select, update

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
from bridge.domain.values import Observed, as_moment, as_text
from bridge.store.codec import fields_json, fields_of, request_json, request_of, task_id_of
from bridge.store.lease import LeaseRow
from bridge.store.scope import ID, SIDE, of_pair, these
from bridge.store.tables import IS_LOST, IS_OPEN, operations

NEWEST = 20
NEWEST_OF_A_LINK = 200

_COMMIT = insert(operations).returning(operations.c.id)
_CHANGE = update(operations).where(of_pair(operations), operations.c.id == ID)
_IN_ORDER = select(operations).where(of_pair(operations)).order_by(operations.c.id)
_OPEN = _IN_ORDER.where(IS_OPEN)
_OF_RUN = _IN_ORDER.where(operations.c.run_id == bindparam("run"))
_LOST = select(operations).where(of_pair(operations), IS_LOST, operations.c.link_id.in_(these()))
_DONE_UPDATES = (
    of_pair(operations),
    operations.c.link_id == bindparam("link"),
    operations.c.kind == str(OperationKind.UPDATE),
    operations.c.outcome == str(Outcome.DONE),
)
_LAST_VALUES = (
    select(operations.c.written)
    .where(*_DONE_UPDATES, operations.c.side == SIDE)
    .order_by(operations.c.id.desc())
    .limit(NEWEST)
)
_DONE_SINCE = (
    select(operations)
    .where(*_DONE_UPDATES, operations.c.settled_at >= bindparam("since"))
    .order_by(operations.c.id.desc())
    .limit(NEWEST_OF_A_LINK)
)


class Journal(LeaseRow):
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
        columns = {
            "pair": self._pair,
            **_operation_columns(operation),
            "request": request_json(request),
            "state": str(OperationState.COMMITTED),
            "run_id": run_id,
            "token": token,
            "parent_id": parent_id,
            "committed_at": at,
        }
        return OperationId(self._connection.execute(_COMMIT, columns).scalar_one())

    def mark_sent(self, operation_id: OperationId, *, token: int, at: datetime) -> None:
        self.check_token(token, at)
        self._change(operation_id, state=str(OperationState.SENT), sent_at=at)

    def settle(self, operation_id: OperationId, outcome: Outcome, note: str, at: datetime) -> None:
        self._change(
            operation_id,
            state=str(OperationState.SETTLED),
            outcome=str(outcome),
            note=note,
            settled_at=at,
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
            outcome=str(Outcome.UNCERTAIN),
            note=note,
            search={"settles_at": as_text(settles_at), "is_success": is_success},
        )

    def lost_updates(self, link_ids: Collection[int]) -> Mapping[LinkId, Sequence[LostUpdate]]:
        if not link_ids:
            return {}
        rows = self._run(_LOST, these=[*link_ids]).mappings()
        found: dict[LinkId, list[LostUpdate]] = {}
        for row in sorted(rows, key=lambda row: int(row["id"])):
            found.setdefault(LinkId(row["link_id"]), []).append(_lost_of(row))
        return found

    def open_operations(self) -> Sequence[Journalled]:
        return [journalled_of(row) for row in self._run(_OPEN).mappings()]

    def operations_of(self, run_id: int) -> Sequence[Journalled]:
        return [journalled_of(row) for row in self._run(_OF_RUN, run=run_id).mappings()]

    def last_values(self, link_id: LinkId, side: Side) -> Mapping[Field, Sequence[Observed]]:
        found: dict[Field, list[Observed]] = {}
        for written in self._run(_LAST_VALUES, link=link_id, this_side=str(side)).scalars():
            for name, value in fields_of(written).items():
                found.setdefault(name, []).append(value)
        return found

    def done_updates(self, link_id: LinkId, since: datetime) -> Sequence[Operation]:
        found = self._run(_DONE_SINCE, link=link_id, since=since).mappings()
        newest = [_operation_of(row) for row in found]
        return newest[::-1]

    def _change(self, operation_id: OperationId, **columns: Any) -> None:
        self._run(_CHANGE, this_id=operation_id, **columns)


def _operation_columns(operation: Operation) -> dict[str, Any]:
    return {
        "link_id": operation.link_id,
        "side": str(operation.side),
        "kind": str(operation.kind),
        "reason": operation.reason,
        "kore_id": operation.kore_id,
        "v2_id": operation.v2_id,
        "fields": [str(name) for name in operation.fields],
        "after_read": [str(name) for name in operation.after_read],
        "written": fields_json(operation.values),
        "origin": fields_json(operation.origin),
    }


def _operation_of(row: RowMapping) -> Operation:
    return Operation(
        side=Side(row["side"]),
        kind=OperationKind(row["kind"]),
        reason=row["reason"],
        kore_id=task_id_of(row["kore_id"]),
        v2_id=task_id_of(row["v2_id"]),
        link_id=row["link_id"],
        fields=tuple(Field(name) for name in row["fields"]),
        after_read=tuple(Field(name) for name in row["after_read"]),
        values=fields_of(row["written"]),
        origin=fields_of(row["origin"]),
    )


def _lost_of(row: RowMapping) -> LostUpdate:
    found = journalled_of(row)
    return LostUpdate(
        id=found.id,
        side=found.operation.side,
        values=found.operation.values,
        origin=found.operation.origin,
        is_open=found.state is not OperationState.SETTLED,
        sent_at=found.sent_at,
        settles_at=found.settles_at,
    )


def journalled_of(row: RowMapping) -> Journalled:
    """An operation of the journal, from its row."""
    search = row["search"] or {}
    return Journalled(
        id=OperationId(row["id"]),
        operation=_operation_of(row),
        request=request_of(row["request"]),
        state=OperationState(row["state"]),
        run_id=row["run_id"],
        token=row["token"],
        committed_at=row["committed_at"],
        parent_id=row["parent_id"],
        sent_at=row["sent_at"],
        settled_at=row["settled_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        note=row["note"],
        settles_at=as_moment(search["settles_at"]) if search else None,
        is_success=bool(search.get("is_success")),
    )
