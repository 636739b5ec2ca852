"""Secrets come from the file, the environment or files of their own, and go nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config import load
from bridge.errors import ConfigError
from tests.config.samples import (
    API_KEY,
    IN_ENVIRONMENT,
    SECRET,
    WHOLE,
    loaded,
    problem,
    problems,
    with_lines,
)


def without(line: str) -> str:
    return "\n".join(one for one in WHOLE.splitlines() if not one.startswith(line))


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text("  from-a:file\n", encoding="utf-8")
    return path


def test_a_secret_is_read_from_its_file_and_stripped(tmp_path: Path, key: Path) -> None:
    text = without("client_secret").replace(f'api_key = "{API_KEY}"', f"api_key_file = '{key}'")
    environ = {"TASK_BRIDGE_KORE__CLIENT_SECRET_FILE": str(key)}
    settings = loaded(tmp_path, text, environ)
    assert settings.v2.api_key.get_secret_value() == "from-a:file"
    assert settings.kore.client_secret is not None
    assert settings.kore.client_secret.get_secret_value() == "from-a:file"


def test_a_secret_given_twice_is_refused(tmp_path: Path, key: Path) -> None:
    told = problem(tmp_path, with_lines("v2", f"api_key_file = '{key}'"))
    assert "v2.api_key_file" in told
    assert "is given beside v2.api_key." in told


def test_a_secret_in_the_environment_beats_either_way_in_the_file(
    tmp_path: Path, key: Path
) -> None:
    by_file = loaded(tmp_path, WHOLE, {"TASK_BRIDGE_V2__API_KEY_FILE": str(key)})
    assert by_file.v2.api_key.get_secret_value() == "from-a:file"
    text = without("api_key").replace("[v2]", f"[v2]\napi_key_file = '{key}'")
    by_value = loaded(tmp_path, text, {"TASK_BRIDGE_V2__API_KEY": "in:environment"})
    assert by_value.v2.api_key.get_secret_value() == "in:environment"


def test_an_empty_variable_takes_no_secret_away(tmp_path: Path) -> None:
    settings = loaded(tmp_path, WHOLE, {"TASK_BRIDGE_V2__API_KEY_FILE": ""})
    assert settings.v2.api_key.get_secret_value() == API_KEY


@pytest.mark.parametrize(
    ("content", "what"), [(None, "No such file"), (b" \n", "is empty"), (b"\xff\xfe", "no text")]
)
def test_a_secret_file_that_is_no_help_is_one_problem(
    tmp_path: Path, content: bytes | None, what: str
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    told = problem(tmp_path, without("api_key") + f"\napi_key_file = '{path}'\n")
    assert told.startswith("v2.api_key_file (")
    assert what in told


def test_signing_by_secret_needs_the_secret(tmp_path: Path) -> None:
    assert "kore.client_secret" in problem(tmp_path, without("client_secret"))
    assert loaded(tmp_path).kore.signing_key().get_secret_value() == SECRET


@pytest.mark.parametrize("algorithm", ["RS256", "ES384", "PS512"])
def test_signing_by_key_needs_the_key_file_and_no_secret(
    tmp_path: Path, key: Path, algorithm: str
) -> None:
    text = without("client_secret").replace("[kore]", f"[kore]\nalgorithm = '{algorithm}'")
    assert "kore.private_key_file" in problem(tmp_path, text)
    kore = loaded(tmp_path, text, {"TASK_BRIDGE_KORE__PRIVATE_KEY_FILE": str(key)}).kore
    assert "from-a:file" in kore.signing_key().get_secret_value()


def test_the_key_that_wraps_tokens_is_read_from_its_file(tmp_path: Path, key: Path) -> None:
    assert loaded(tmp_path).kore.wrapping_key() is None
    kore = loaded(tmp_path, with_lines("kore", f"jwe_key_file = '{key}'")).kore
    wrapping = kore.wrapping_key()
    assert wrapping is not None
    assert "from-a:file" in wrapping.get_secret_value()
    assert "kore.jwe_key_file" in problem(tmp_path, with_lines("kore", "jwe_key_file = '/no/key'"))


def test_settings_show_no_secret(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    shown = f"{settings!r} {settings} {settings.kore!r} {settings.v2} {settings.model_dump_json()}"
    for secret in (SECRET, API_KEY):
        assert secret not in shown


@given(text=st.text(max_size=20))
def test_no_message_repeats_a_secret(text: str) -> None:
    secret = f"<<{text}>>"
    environ = {
        **IN_ENVIRONMENT,
        "TASK_BRIDGE_KORE__CLIENT_SECRET": f"{secret} with a blank",
        "TASK_BRIDGE_V2__API_KEY": f"{secret}\x00",
        "TASK_BRIDGE_DATABASE__URL": f"mysql://me:{secret}@host",
        "TASK_BRIDGE_KORE__BASE_URL": f"https://me:{secret}@host",
        "TASK_BRIDGE_STATUS": f'["{secret}',
    }
    with pytest.raises(ConfigError) as caught:
        load(None, environ)
    assert "<<" not in str(caught.value)
    assert len(caught.value.problems) == 5


def test_a_secret_at_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    text = with_lines("kore", f"page_size = '{SECRET}'", f"algorithm = '{SECRET}'")
    text = text.replace("[v2]", f"[v2]\ntimezone = '{SECRET}'\nbacklink = ['{SECRET}']")
    assert SECRET not in "\n".join(str(one) for one in problems(tmp_path, text))
