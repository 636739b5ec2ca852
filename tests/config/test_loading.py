"""File, environment and defaults become settings, or every problem at once."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bridge.config import Settings, load, locate
from bridge.config.schema import all_keys, variable
from bridge.errors import ConfigError
from tests.config.samples import (
    API_KEY,
    IN_ENVIRONMENT,
    WHOLE,
    loaded,
    problem,
    problems,
    with_lines,
)

SECTIONS = [name.upper() for name in Settings.model_fields]


def test_seven_values_are_enough(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings.kore.stream_id == "st-1"
    assert settings.v2.api_key.get_secret_value() == API_KEY
    assert settings.sync.poll_seconds == 30
    assert settings.database.url == "sqlite:///task-bridge.db"


def test_the_environment_alone_is_enough() -> None:
    assert load(None, IN_ENVIRONMENT).kore.client_id == "cs-1"


def test_the_environment_beats_the_file_and_the_file_beats_the_defaults(tmp_path: Path) -> None:
    text = with_lines("sync", "workers = 2", "tie = 'v2'")
    sync = loaded(tmp_path, text, {"TASK_BRIDGE_SYNC__WORKERS": "7"}).sync
    assert (sync.workers, sync.tie, sync.direction) == (7, "v2", "both")


def test_lists_and_tables_in_the_environment_are_json(tmp_path: Path) -> None:
    environ = {
        "TASK_BRIDGE_STATUS": '[{"kore": "Parked", "v2": "open", "default": "to-v2"}]',
        "TASK_BRIDGE_V2__LIMITS": '[{"calls": 5, "seconds": 1}, {"calls": 50, "seconds": 60}]',
        "TASK_BRIDGE_SYNC__CONFLICT_FIELDS__DUE": "v2",
        "TASK_BRIDGE_KORE__STATUS_IDS__OPEN": "sts-1",
        "TASK_BRIDGE_KORE__REQUESTER__NAME": "Field service",
        "TASK_BRIDGE_KORE__REQUESTER__EMAIL": "field@example.com",
    }
    settings = loaded(tmp_path, WHOLE, environ)
    assert settings.status[0].kore == "Parked"
    assert [limit.calls for limit in settings.v2.limits] == [5, 50]
    assert dict(settings.sync.conflict_fields) == {"due": "v2"}
    assert dict(settings.kore.status_ids) == {"open": "sts-1"}
    assert settings.kore.requester is not None
    assert settings.kore.requester.email == "field@example.com"


def test_single_keys_of_the_environment_beat_its_section_as_json(tmp_path: Path) -> None:
    environ = {"TASK_BRIDGE_LOG": '{"level": "debug", "format": "json"}'}
    log = loaded(tmp_path, WHOLE, {**environ, "TASK_BRIDGE_LOG__LEVEL": "error"}).log
    assert (log.level, log.format) == ("error", "json")


def test_conflicts_may_wait_for_a_person_all_or_those_of_single_fields(tmp_path: Path) -> None:
    sync = loaded(tmp_path, with_lines("sync", "conflict_fields = { due = 'manual' }")).sync
    assert (sync.conflict, dict(sync.conflict_fields)) == ("newest", {"due": "manual"})
    assert loaded(tmp_path, with_lines("sync", "conflict = 'manual'")).sync.conflict == "manual"
    told = problem(tmp_path, with_lines("sync", "conflict_fields = { colour = 'manual' }"))
    assert "sync.conflict_fields" in told


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    with pytest.raises(ValidationError):
        settings.sync.workers = 9  # type: ignore[misc] # that it is refused is the point


def test_a_missing_file_is_told_with_the_way_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file.*task-bridge init .*nowhere\.toml"):
        load(tmp_path / "nowhere.toml", {})


def test_broken_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    assert "line 2, column 8" in problem(tmp_path, "[kore]\nname = oops\n")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bridge.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="no text in UTF-8"):
        load(path, {})


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder, not a file"):
        load(tmp_path, {})


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = with_lines("kore", "page_size = 0", "jti = 'never'", "client_secert = 'x'")
    environ = {"TASK_BRIDGE_KROE__CLIENT_ID": "x", "TASK_BRIDGE_SYNC__WORKERS": "many"}
    found = problems(tmp_path, text + "\n[console]\nlisten = 'here'\n", environ)
    told = "\n".join(str(one) for one in found)
    places = "KROE__CLIENT_ID kore.page_size kore.jti kore.client_secert sync.workers console"
    assert all(place in told for place in places.split())
    assert len(found) == 6


def test_a_problem_names_its_line_and_its_variable(tmp_path: Path) -> None:
    text = with_lines("log", "level = 'loud'")
    line = text.splitlines().index("level = 'loud'") + 1
    assert f"log.level ({tmp_path}/bridge.toml, line {line})" in problem(tmp_path, text)
    told = problem(tmp_path, WHOLE, {"TASK_BRIDGE_LOG__LEVEL": "loud"})
    assert told.startswith("log.level (TASK_BRIDGE_LOG__LEVEL): must be one of")


def test_the_row_of_a_table_is_named_with_its_line(tmp_path: Path) -> None:
    text = (
        WHOLE + "\n[[status]]\nkore = 'A'\nv2 = 'open'\n[[status]]\nkore = 'B'\ndefault = 'both'\n"
    )
    told = problem(tmp_path, text)
    line = len(text.splitlines()) - 2
    assert told.startswith(f"status[row 2].v2 ({tmp_path}/bridge.toml, line {line}): is needed.")


def test_an_empty_configuration_says_where_each_value_is_found(tmp_path: Path) -> None:
    found = {one.place.partition(" ")[0]: str(one) for one in problems(tmp_path, "")}
    assert sorted(found) == [
        "kore.account_id", "kore.base_url", "kore.client_id", "kore.client_secret",
        "kore.stream_id", "v2.api_key", "v2.base_url",
    ]  # fmt: skip
    assert "General Settings" in found["kore.stream_id"]
    assert "TASK_BRIDGE_V2__API_KEY" in found["v2.api_key"]
    assert "client_secret_file" in found["kore.client_secret"]


def test_an_empty_value_is_as_good_as_none(tmp_path: Path) -> None:
    told = problem(tmp_path, with_lines("kore", "stream_id = ' '"))
    assert "is needed. Kore shows it" in told
    assert (
        loaded(tmp_path, with_lines("kore", "task_url = ''", "unobserved = ''")).kore.task_url
        is None
    )


@pytest.mark.parametrize("text", ["kore = 3", "kore = []", "sync = 'both'\n" + WHOLE])
def test_a_section_that_is_no_table_is_told(tmp_path: Path, text: str) -> None:
    assert any("is no table." in str(one) for one in problems(tmp_path, text))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
NAMES = st.sampled_from([*map(variable, all_keys()), *(f"TASK_BRIDGE_{one}" for one in SECTIONS)])


@settings(max_examples=60)
@given(environ=st.dictionaries(NAMES, JSON.map(json.dumps) | st.text(max_size=12), max_size=6))
def test_whatever_is_written_gives_settings_or_problems(environ: dict[str, str]) -> None:
    with suppress(ConfigError):
        load(None, {**IN_ENVIRONMENT, **environ})


def test_without_a_file_the_environment_is_loaded_only_if_it_is_whole(tmp_path: Path) -> None:
    nowhere = tmp_path / "bridge.toml"
    assert locate(nowhere, IN_ENVIRONMENT) is None
    partly = {**IN_ENVIRONMENT, "TASK_BRIDGE_V2__API_KEY": ""}
    assert locate(nowhere, partly) == nowhere
    assert locate(nowhere, {**partly, "TASK_BRIDGE_V2__API_KEY_FILE": "/key"}) is None
    nowhere.write_text(WHOLE, encoding="utf-8")
    assert locate(nowhere, IN_ENVIRONMENT) == nowhere


def test_equal_settings_have_equal_fingerprints_whatever_their_secrets(tmp_path: Path) -> None:
    first = loaded(tmp_path).fingerprint()
    other_secrets = {
        "TASK_BRIDGE_KORE__CLIENT_SECRET": "another",
        "TASK_BRIDGE_V2__API_KEY": "another:one",
        "TASK_BRIDGE_DATABASE__URL": "sqlite:///elsewhere.db",
        "TASK_BRIDGE_SYNC__POLL_SECONDS": "30",
    }
    assert loaded(tmp_path, WHOLE, other_secrets).fingerprint() == first
    assert loaded(tmp_path, WHOLE, {"TASK_BRIDGE_HISTORY__KEEP_DAYS": "7"}).fingerprint() == first
    assert loaded(tmp_path, WHOLE, {"TASK_BRIDGE_SYNC__TIE": "v2"}).fingerprint() != first
    assert len(first) == 64


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SYNC__POLL_SECONDS", "45"),
        ("SYNC__SWEEP_SECONDS", "7200"),
        ("SYNC__OVERLAP_SECONDS", "300"),
        ("SYNC__SETTLE_SECONDS", "90"),
        ("SYNC__GIVE_UP_SECONDS", "90"),
        ("SYNC__LEASE_SECONDS", "45"),
        ("SYNC__WORKERS", "7"),
        ("LOG__LEVEL", "debug"),
        ("NOTIFY__AFTER_SECONDS", "60"),
        ("KORE__LIMITS", "[]"),
        ("KORE__PAGE_SIZE", "20"),
        ("KORE__TIMEOUT_SECONDS", "9"),
        ("KORE__JTI", "token"),
        ("KORE__TASK_URL", "https://kore.example.com/{id}"),
        ("V2__LIMITS", '[{"calls": 9, "seconds": 60}]'),
        ("V2__PAGE_SIZE", "20"),
        ("V2__TIMEOUT_SECONDS", "9"),
        ("V2__TASK_URL", "https://v2.example.com/{id}"),
    ],
)
def test_how_often_and_how_the_services_are_asked_decides_nothing_about_tasks(
    tmp_path: Path, key: str, value: str
) -> None:
    """Another fingerprint makes every link due: no reason to look at all of them anew."""
    first = loaded(tmp_path).fingerprint()
    assert loaded(tmp_path, WHOLE, {f"TASK_BRIDGE_{key}": value}).fingerprint() == first


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SYNC__DIRECTION", "kore-to-v2"),
        ("SYNC__CONFLICT", "manual"),
        ("SYNC__CLOCK_TOLERANCE_SECONDS", "9"),
        ("SYNC__ON_MISSING", "close"),
        ("KORE__UNOBSERVED", "hold"),
        ("V2__BACKLINK", "tag"),
        ("V2__TIMEZONE", "Europe/Berlin"),
        ("SCOPE__FINISHED", "true"),
        ("PEOPLE__TAKE_FROM_QUEUE", "false"),
    ],
)
def test_what_decides_about_tasks_changes_the_fingerprint(
    tmp_path: Path, key: str, value: str
) -> None:
    first = loaded(tmp_path).fingerprint()
    assert loaded(tmp_path, WHOLE, {f"TASK_BRIDGE_{key}": value}).fingerprint() != first
