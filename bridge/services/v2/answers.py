"""What a v2 write answered: the task, its id, or neither; no document tells (unknown).

An answer that cannot be normalised still names its task: the write took effect all the same.
"""

from typing import Any

from bridge.domain.exchange import Answer
from bridge.domain.operation import WriteRequest
from bridge.domain.side import TaskId
from bridge.domain.task import Task
from bridge.errors import UnreadableRecord
from bridge.services.exchange import Reply
from bridge.services.ids import task_id_of
from bridge.services.json_answers import OddAnswer
from bridge.services.v2.normalise import Reader

WHOLE = frozenset({"title", "identifierNumber", "status"})


def answer_of(
    request: WriteRequest, record: dict[str, Any], reply: Reply, reader: Reader
) -> Answer:
    """The answer to a write; raises OddAnswer if it speaks of another task than was written."""
    task_id = task_id_of(record.get("_id"))
    if request.task_id is not None and task_id not in (None, request.task_id):
        raise OddAnswer("another task than the one that was written")
    return Answer(
        task_id=task_id,
        task=_task(record, task_id, reader) if task_id else None,
        sent_at=reply.sent_at,
        answered_at=reply.answered_at,
        service_date=reply.service_date,
    )


def _task(record: dict[str, Any], task_id: TaskId, reader: Reader) -> Task | None:
    """The task if the answer holds the three keys that every task has (documented)."""
    if not record.keys() >= WHOLE:
        return None
    try:
        return reader.task(record, task_id)
    except UnreadableRecord:
        return None
