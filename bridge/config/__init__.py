"""The configuration: one TOML file, topped by the environment, checked as a whole.

    from bridge.config import Settings, load

`load` gives frozen settings or raises ConfigError with every problem at once. The keys and
their defaults stand in `settings.py` and `services.py`, what values they take in `values.py`.
"""

from bridge.config.laws import mapping_of
from bridge.config.loading import load, locate
from bridge.config.rows import LimitWindow, PersonRule, Requester, Route, WordRule
from bridge.config.services import KoreSettings, V2Settings
from bridge.config.settings import (
    DatabaseSettings,
    LogSettings,
    MappingSettings,
    PeopleSettings,
    ScopeSettings,
    Settings,
    SyncSettings,
)
from bridge.config.since import Since, parse_duration, parse_since

__all__ = [
    "DatabaseSettings",
    "KoreSettings",
    "LimitWindow",
    "LogSettings",
    "MappingSettings",
    "PeopleSettings",
    "PersonRule",
    "Requester",
    "Route",
    "ScopeSettings",
    "Settings",
    "Since",
    "SyncSettings",
    "V2Settings",
    "WordRule",
    "load",
    "locate",
    "mapping_of",
    "parse_duration",
    "parse_since",
]
