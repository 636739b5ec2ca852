"""The mapping that the configured rows make, and the laws of the agreement that they break.

The laws are checked on the rows alone, so that they are told beside whatever else is wrong.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from bridge.config.places import Places
from bridge.config.rows import WordRule
from bridge.config.settings import MappingSettings, Settings
from bridge.domain.agreement import Mapping, build_mapping
from bridge.domain.people import Twin
from bridge.domain.wordtable import Default, WordRow
from bridge.errors import Problem


class _Tables(BaseModel):
    """The part of a configuration that the laws are about."""

    status: tuple[WordRule, ...] = ()
    priority: tuple[WordRule, ...] = ()
    mapping: MappingSettings = MappingSettings()


def mapping_of(settings: Settings) -> Mapping:
    """The configured part of the agreement, in the form of the domain."""
    mapping, _ = build_mapping(
        status=_rows(settings.status),
        priority=_rows(settings.priority),
        replaced=settings.mapping.replace,
        twins=tuple(Twin(row.kore, row.v2) for row in settings.people.table),
        matches_names=settings.people.match_name,
        takes_from_queue=settings.people.take_from_queue,
    )
    return mapping


def law_problems(raw: dict[str, Any], places: Places) -> Iterator[Problem]:
    """Each law that the rows break; none where a row cannot be read, which is told elsewhere."""
    try:
        tables = _Tables.model_validate(raw)
    except ValidationError:
        return
    _, broken = build_mapping(
        status=_rows(tables.status),
        priority=_rows(tables.priority),
        replaced=tables.mapping.replace,
    )
    for sentence in broken:
        table, _, what = sentence.partition(": ")
        yield Problem(places.of((table,)), what, f"See the [[{table}]] rows and their defaults.")


def _rows(rules: Sequence[WordRule]) -> tuple[WordRow, ...]:
    return tuple(WordRow(rule.kore, rule.v2, Default(rule.default or "")) for rule in rules)
