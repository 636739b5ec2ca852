"""The words that a Kore record shows: its status, its priority, its agents; never its customer.

No call lists statuses, priorities or agents (documented), so each record that passes teaches.
"""

from collections.abc import Iterator

from bridge.domain.side import Side
from bridge.domain.text import fold_word
from bridge.domain.vocabulary import Word, WordKind
from bridge.services.kore.wire import WireAgent, WirePriority, WireRecord, WireStatus


def words_of(record: WireRecord) -> Iterator[Word]:
    """Status, priority and agents of a task or case."""
    if record.status.name:
        yield _status(record.status, record.status.name)
    if record.priority.name:
        yield _priority(record.priority, record.priority.name)
    for agent in (record.agent, *record.participants):
        if agent.id:
            yield _person(agent, agent.id)


def column_word(column: str) -> Word:
    """The word that says: a list row of this account has carried this key."""
    return Word(Side.KORE, WordKind.COLUMN, column, column)


def _status(status: WireStatus, name: str) -> Word:
    details = {
        "id": status.id,
        "category": status.category,
        "is_system": None if status.type is None else status.type == "system",
        "is_enabled": status.is_enabled,
    }
    return Word(Side.KORE, WordKind.STATUS, fold_word(name), name, details)


def _priority(priority: WirePriority, name: str) -> Word:
    details = {"id": priority.id, "score": priority.score}
    return Word(Side.KORE, WordKind.PRIORITY, fold_word(name), name, details)


def _person(agent: WireAgent, agent_id: str) -> Word:
    details = {"agent_id": agent.agent_id, "a_id": agent.a_id}
    return Word(Side.KORE, WordKind.PERSON, agent_id, agent.name or agent_id, details)
