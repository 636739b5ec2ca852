"""Secrets and keys that lie in files: read, stripped, and put where the secret itself would stand.

`client_secret_file` and `api_key_file` stand in place of `client_secret` and `api_key`;
`private_key_file` and `jwe_key_file` must be readable, and services read them when they start.
"""

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from bridge.config.places import Places
from bridge.config.required import required
from bridge.config.schema import Path
from bridge.errors import Problem

_SECRETS = (("kore", "client_secret"), ("v2", "api_key"))
# Stands in for a secret that could not be read, so that one fault is told once.
_UNREAD = "unread"

Tree = dict[str, Any]


def read_key_files(raw: Tree, places: Places) -> Iterator[Problem]:
    """Put what the secret files hold into `raw`; yields what is wrong with any key file."""
    for section, key in _SECRETS:
        table = _table(raw, section)
        if _is_given(table, f"{key}_file"):
            yield from _read_secret(table, (section, key), places)
    kore = _table(raw, "kore")
    for key in ("private_key_file", "jwe_key_file"):
        if _is_given(kore, key):
            _, problem = _read(kore[key], ("kore", key), places)
            yield from (problem,) if problem else ()
    if raw.get("kore") == kore:  # else it is no table, which is told as such
        yield from _signing_key_problem(kore, places)


def one_source_each(file: Tree, environment: Tree) -> None:
    """A secret in the environment also beats the file's other way to give the same secret."""
    for section, key in _SECRETS:
        given, written = _table(environment, section), _table(file, section)
        if _is_given(given, key):
            written.pop(f"{key}_file", None)
        if _is_given(given, f"{key}_file"):
            written.pop(key, None)


def _read_secret(table: Tree, path: Path, places: Places) -> Iterator[Problem]:
    section, key = path[0], str(path[1])
    place: Path = (section, f"{key}_file")
    if _is_given(table, key):
        what = f"is given beside {section}.{key}."
        yield Problem(places.of(place), what, "Keep one of the two.")
        return
    text, problem = _read(table[f"{key}_file"], place, places)
    table[key] = text
    yield from (problem,) if problem else ()


def _signing_key_problem(kore: Tree, places: Places) -> Iterator[Problem]:
    algorithm = kore.get("algorithm", "HS256")
    if not isinstance(algorithm, str):
        return
    if algorithm.startswith("HS"):
        if not _is_given(kore, "client_secret"):
            yield required(("kore", "client_secret"), places)
    elif algorithm[:2] in ("RS", "ES", "PS") and not _is_given(kore, "private_key_file"):
        what = "is needed: this kore.algorithm signs with a private key."
        step = "Name the PEM file whose public key the app in Kore knows."
        yield Problem(places.of(("kore", "private_key_file")), what, step)


def _read(name: object, path: Path, places: Places) -> tuple[str, Problem | None]:
    try:
        text = FilePath(str(name)).expanduser().read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        return _UNREAD, Problem(places.of(path), "is no text file.", "Name a file with the key.")
    except (OSError, RuntimeError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or 'no such path'}."
        step = "Relative names begin at the folder that the command is started in."
        return _UNREAD, Problem(places.of(path), what, step)
    if not text:
        return _UNREAD, Problem(places.of(path), "is empty.", "Put the key into the file.")
    return text, None


def _table(raw: Tree, section: str) -> Tree:
    found = raw.get(section)
    return found if isinstance(found, dict) else {}


def _is_given(table: Tree, key: str) -> bool:
    return bool(str(table.get(key, "")).strip())
