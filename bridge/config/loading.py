"""Reading a configuration: the environment beats the file, the file beats the defaults.

file, environment → one tree → key files → models → Settings, or every problem at once
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import TomlConfigSettingsSource

from bridge.config.environment import read_environment
from bridge.config.findings import problems_of
from bridge.config.key_files import one_source_each, read_key_files
from bridge.config.laws import law_problems
from bridge.config.places import Places, lines_of
from bridge.config.required import add_missing_sections, is_complete
from bridge.config.settings import Settings
from bridge.errors import ConfigError, Problem

Tree = dict[str, Any]


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings in a file (None: no file) and in the environment.

    Raises ConfigError with all problems at once.
    """
    text, written = _read_file(path) if path else ("", {})
    environment = read_environment(environ)
    one_source_each(written, environment.tree)
    raw = _merge(written, environment.tree)
    places = Places(str(path) if path else "", lines_of(text), environment.variables)
    problems = [*environment.problems]
    add_missing_sections(raw)
    problems += read_key_files(raw, places)
    try:
        settings = Settings(**raw)
    except ValidationError as error:
        problems += problems_of(error, places)
    problems += law_problems(raw, places)
    if problems:
        raise ConfigError(tuple(problems))
    return settings


def locate(path: Path, environ: Mapping[str, str]) -> Path | None:
    """The file to load; None where there is none and the environment alone says everything."""
    return None if not path.exists() and is_complete(environ) else path


def _read_file(path: Path) -> tuple[str, Tree]:
    try:
        text = path.read_text(encoding="utf-8")
        # The source reads the file once more; what it is given is known to be there and whole.
        return text, TomlConfigSettingsSource(Settings, path).toml_data
    except FileNotFoundError:
        step = f"Write one with: task-bridge init {path}"
        problem = Problem(str(path), "there is no such file.", step)
    except IsADirectoryError:
        step = f"Name the file in it: --config {path / 'bridge.toml'}"
        problem = Problem(str(path), "is a folder, not a file.", step)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(str(path), f"is no TOML: {error}.", "Put texts in quotes, lists in [ ].")
    except UnicodeDecodeError:
        problem = Problem(str(path), "is no text in UTF-8.", "Save it as UTF-8.")
    except OSError as error:
        problem = Problem(str(path), f"cannot be read: {error.strerror}.", "Allow to read it.")
    raise ConfigError((problem,))


def _merge(below: Tree, above: Tree) -> Tree:
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        is_table = isinstance(known, dict) and isinstance(value, dict)
        merged[key] = _merge(known, value) if is_table else value  # type: ignore[arg-type] # is_table
    return merged
