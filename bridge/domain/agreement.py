"""The agreement of all six fields, as the configuration and the learnt words make it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.domain.people import PeopleRelation, Twin
from bridge.domain.priority import DEFAULT_PRIORITY_ROWS, KNOWN_PRIORITIES, PriorityRelation
from bridge.domain.relation import Relation, SameRelation, TitleRelation
from bridge.domain.side import Field
from bridge.domain.status import DEFAULT_STATUS_ROWS, KNOWN_STATUSES, StatusRelation
from bridge.domain.vocabulary import Vocabulary
from bridge.domain.wordtable import WordRow, WordTable, build_table, problems_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """The configured part of the agreement."""

    status: WordTable
    priority: WordTable
    twins: tuple[Twin, ...] = ()
    matches_names: bool = False
    takes_from_queue: bool = True


def build_mapping(
    *,
    status: Sequence[WordRow] = (),
    priority: Sequence[WordRow] = (),
    replaced: Sequence[str] = (),
    twins: Sequence[Twin] = (),
    matches_names: bool = False,
    takes_from_queue: bool = True,
) -> tuple[Mapping, tuple[str, ...]]:
    """The mapping that the configured rows make, and the laws it breaks, each as a sentence.

    `replaced` names the tables that start from nothing.
    """
    status_default = () if "status" in replaced else DEFAULT_STATUS_ROWS
    priority_default = () if "priority" in replaced else DEFAULT_PRIORITY_ROWS
    mapping = Mapping(
        status=build_table(status_default, status),
        priority=build_table(priority_default, priority),
        twins=tuple(twins),
        matches_names=matches_names,
        takes_from_queue=takes_from_queue,
    )
    problems = (
        *(f"status: {text}" for text in problems_of(mapping.status, status, KNOWN_STATUSES)),
        *(
            f"priority: {text}"
            for text in problems_of(mapping.priority, priority, KNOWN_PRIORITIES)
        ),
    )
    return mapping, problems


@dataclass(frozen=True, slots=True)
class Agreement:
    """The relation of each field, for the words known now."""

    mapping: Mapping
    vocabulary: Vocabulary

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are carried."""
        carries_people = self._people().is_carried
        return tuple(name for name in Field if name is not Field.ASSIGNEE or carries_people)

    def of(self, name: Field, stand_in: str = "") -> Relation:
        """The relation of one field; `stand_in` is the link's title for a v2 task without one."""
        if name is Field.TITLE:
            return TitleRelation(stand_in=stand_in)
        if name is Field.STATUS:
            return StatusRelation(self.mapping.status, self.vocabulary)
        if name is Field.PRIORITY:
            return PriorityRelation(self.mapping.priority, self.vocabulary)
        if name is Field.ASSIGNEE:
            return self._people()
        return SameRelation()

    def tables(self) -> dict[str, str]:
        """The fingerprint of each field's table."""
        return {str(name): self.of(name).table for name in Field}

    def _people(self) -> PeopleRelation:
        mapping = self.mapping
        return PeopleRelation(
            mapping.twins, mapping.matches_names, mapping.takes_from_queue, self.vocabulary
        )
