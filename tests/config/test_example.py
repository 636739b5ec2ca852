"""The example configuration holds every setting, with its default, and starts once filled in."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bridge.config import load
from bridge.config.schema import Path as Key
from bridge.config.schema import all_keys, keys_at, type_at
from tests.config.samples import IN_ENVIRONMENT

EXAMPLE = Path(__file__).parents[2] / "config" / "bridge.example.toml"
FILLED_IN = {"kore.stream_id", "kore.account_id", "kore.client_id", "kore.client_secret",
             "v2.base_url", "v2.api_key"}  # fmt: skip


def text() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def uncommented() -> dict[str, Any]:
    """The example with every setting switched on."""
    return tomllib.loads(re.sub(r"(?m)^#(?=[a-z\[])", "", text()))


def flat(tree: Any, above: Key = ()) -> dict[Key, Any]:
    if above and not keys_at(above):
        return {above: tree}
    return {
        key: found
        for name, value in tree.items()
        for key, found in flat(value, (*above, name)).items()
    }


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert set(flat(uncommented())) == set(all_keys())


@pytest.mark.parametrize("table", ["kore.routes", "status", "priority", "people.table"])
def test_the_rows_of_the_example_show_every_key(table: str) -> None:
    path: Key = tuple(table.split("."))
    (row,) = flat(uncommented())[path]
    assert set(row) == set(keys_at((*path, 0)))


def test_what_is_to_be_filled_in_is_empty_and_everything_else_is_not() -> None:
    empty = {".".join(map(str, key)) for key, value in flat(uncommented()).items() if value == ""}
    assert empty == FILLED_IN
    assert text().count('""') == len(FILLED_IN)


def test_the_example_starts_once_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "bridge.toml"
    filled = text()
    for key in FILLED_IN:
        name = key.partition(".")[2]
        value = IN_ENVIRONMENT[f"TASK_BRIDGE_{key.replace('.', '__').upper()}"]
        section = filled.index(f"[{key.partition('.')[0]}]")
        tail = filled[section:].replace(f'\n{name} = ""', f'\n{name} = "{value}"', 1)
        filled = filled[:section] + tail
    path.write_text(filled, encoding="utf-8")
    assert load(path, {}) == load(None, IN_ENVIRONMENT)


def test_each_default_that_the_example_shows_is_the_default() -> None:
    defaults = load(None, IN_ENVIRONMENT).model_dump(mode="json")
    shown = flat(uncommented())
    for key, value in shown.items():
        default: Any = defaults
        for part in key:
            default = default[part] if default is not None else None
        is_example = default in (None, [], "") or ".".join(map(str, key)) in {*FILLED_IN}
        if not is_example or value == []:
            assert value == default, key


def test_every_switched_on_value_is_valid(tmp_path: Path) -> None:
    tree = uncommented()
    key = tmp_path / "key"
    key.write_text("a:key", encoding="utf-8")
    files = [path for path in all_keys() if str(path[-1]).endswith("_file")]
    environ = {f"TASK_BRIDGE_{'__'.join(map(str, path)).upper()}": str(key) for path in files}
    path = tmp_path / "bridge.toml"
    path.write_text(re.sub(r"(?m)^#(?=[a-z\[])", "", text()), encoding="utf-8")
    simple = {
        name: value
        for name, value in IN_ENVIRONMENT.items()
        if "SECRET" not in name and "API_KEY" not in name
    }
    settings = load(path, {**simple, **environ})
    assert settings.kore.routes[0].task_type == tree["kore"]["routes"][0]["task_type"]
    assert settings.scope.since is not None


def test_every_setting_is_explained_above_it() -> None:
    lines = text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[a-z_]+ = ", line):
            above = lines[number - 1]
            assert above.startswith("#") or re.match(r"[\[#a-z]", above), line


def test_a_type_stands_behind_every_key() -> None:
    assert all(type_at(key) is not None for key in all_keys())
