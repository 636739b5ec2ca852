"""What a Kore write answered: the whole task (documented), its id alone, or neither.

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
from bridge.services.kore.normalise import to_task
from bridge.services.kore.sight import ANSWER

WHOLE = frozenset({"name", "status", "updatedAt"})


def answer_of(request: WriteRequest, record: dict[str, Any], reply: Reply) -> Answer:
    """The answer to a write; raises OddAnswer if it speaks of another task than was written."""
    task_id = task_id_of(record.get("_id"))
    if request.task_id is not None and task_id not in (None, request.task_id):
        raise OddAnswer("another task than the one that was written")
    return Answer(
        task_id=task_id,
        task=_task(record, task_id) if task_id else None,
        sent_at=reply.sent_at,
        answered_at=reply.answered_at,
        service_date=reply.service_date,
    )


def _task(record: dict[str, Any], task_id: TaskId) -> Task | None:
    if not record.keys() >= WHOLE:
        return None
    try:
        return to_task(record, task_id, ANSWER)
    except UnreadableRecord:
        return None
