"""All settings of one pair, as one frozen value."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bridge.config.console import ConsoleSettings
from bridge.config.rows import PersonRule, WordRule
from bridge.config.services import KoreSettings, V2Settings
from bridge.config.values import (
    Amount,
    BlankIsNone,
    Count,
    CountOrNone,
    DatabaseUrl,
    Moment,
    Number,
    Percent,
    Seconds,
    SecondsOrNone,
    Section,
    Text,
    Wrong,
)
from bridge.domain.side import Field as TaskField

Direction = Literal["both", "kore-to-v2", "v2-to-kore"]
Conflict = Literal["newest", "kore", "v2", "manual"]
MappedTable = Literal["status", "priority"]

PollSeconds = Annotated[Amount, Field(gt=0, le=86_400, allow_inf_nan=False)]
Workers = Annotated[Number, Field(ge=1, le=64)]
PairName = Annotated[Text, Field(max_length=64)]


def _one_row_a_person(table: tuple[PersonRule, ...]) -> tuple[PersonRule, ...]:
    for people in ([row.kore for row in table], [row.v2 for row in table]):
        if len(set(people)) < len(people):
            raise Wrong(
                "names a person twice, so nobody could say who is meant.",
                "Keep one row for each Kore agent and each v2 user.",
            )
    return table


class DatabaseSettings(Section):
    """`database.*`."""

    url: DatabaseUrl = "sqlite:///task-bridge.db"


class SyncSettings(Section):
    """`sync.*`: what is carried, how often, and who wins."""

    direction: Direction = "both"
    poll_seconds: PollSeconds = 30
    sweep_seconds: Seconds = 3600
    overlap_seconds: SecondsOrNone = 120
    settle_seconds: SecondsOrNone = 60
    conflict: Conflict = "newest"
    conflict_fields: Mapping[TaskField, Conflict] = {}
    tie: Literal["kore", "v2"] = "kore"
    clock_tolerance_seconds: SecondsOrNone = 5
    on_missing: Literal["report", "close"] = "report"
    max_missing_percent: Percent = 5
    max_missing_count: CountOrNone = 10
    workers: Workers = 4
    flap_reversals: Count = 4
    flap_seconds: Seconds = 600
    lease_seconds: Annotated[Amount, Field(ge=1, le=604_800, allow_inf_nan=False)] = 30
    give_up_seconds: SecondsOrNone = 30


class ScopeSettings(Section):
    """`scope.*`: which unlinked tasks get a counterpart."""

    since: Annotated[Moment | None, BlankIsNone] = None
    kore_queues: tuple[Text, ...] = ()
    v2_task_types: tuple[Text, ...] = ()
    finished: bool = False


class MappingSettings(Section):
    """`mapping.*`: which of the built-in tables the rows replace instead of adding to them."""

    replace: tuple[MappedTable, ...] = ()


class PeopleSettings(Section):
    """`people.*`: who is who."""

    table: Annotated[tuple[PersonRule, ...], AfterValidator(_one_row_a_person)] = ()
    match_name: bool = False
    take_from_queue: bool = True


class HistorySettings(Section):
    """`history.*`: what is kept of what was done."""

    keep_days: Annotated[Number, Field(ge=1, le=36_500)] = 90


class NotifySettings(Section):
    """`notify.*`: whom to tell what needs a person, a list of words that is run without a shell."""

    command: tuple[Text, ...] = ()
    after_seconds: SecondsOrNone = 3600


class LogSettings(Section):
    """`log.*`."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = "auto"


class Settings(BaseSettings):
    """One pair of accounts: everything that a configuration says."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: PairName = "default"
    database: DatabaseSettings = DatabaseSettings()
    kore: KoreSettings
    v2: V2Settings
    sync: SyncSettings = SyncSettings()
    scope: ScopeSettings = ScopeSettings()
    status: tuple[WordRule, ...] = ()
    priority: tuple[WordRule, ...] = ()
    mapping: MappingSettings = MappingSettings()
    people: PeopleSettings = PeopleSettings()
    history: HistorySettings = HistorySettings()
    notify: NotifySettings = NotifySettings()
    console: ConsoleSettings = ConsoleSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is given: `load` reads file and environment, so that tests name both."""
        return (init_settings,)

    def fingerprint(self) -> str:
        """The sha256 of all settings that can decide anything about a task."""
        shown = self.model_dump(mode="json", exclude=_LEFT_OUT)
        text = json.dumps(shown, sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


# What says nothing about what is kept in step: where the database is and how long it remembers, how
# the services are reached, how often and how much at a time they are asked, who is told. A change
# of it must not have every link decided anew. Other secrets may be those of the same account.
_REACHED = {"limits", "page_size", "timeout_seconds", "task_url"}
_SIGNED = {
    "client_id", "client_secret", "client_secret_file", "subject", "algorithm", "jti",
    "token_seconds", "private_key_file", "jwe_key_file",
}  # fmt: skip
_PACED = {
    "poll_seconds", "sweep_seconds", "overlap_seconds", "settle_seconds", "lease_seconds",
    "give_up_seconds", "workers",
}  # fmt: skip
_LEFT_OUT: dict[str, Any] = {
    "database": True,
    "history": True,
    "notify": True,
    "console": True,
    "log": True,
    "sync": _PACED,
    "kore": _SIGNED | _REACHED,
    "v2": {"api_key", "api_key_file"} | _REACHED,
}
