"""Keys that nobody knows, and those of later releases, are refused by name."""

from pathlib import Path

import pytest

from tests.config.samples import WHOLE, loaded, problem, with_lines


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("nmae = 'x'\n" + WHOLE, "nmae", "Did you mean name?"),
        (WHOLE + "[snyc]\nworkers = 1", "snyc", "Did you mean sync?"),
        (with_lines("kore", "client_secert = 'x'"), "kore.client_secert", "kore.client_secret?"),
        (with_lines("v2", "stream_id = 'x'"), "v2.stream_id", "Did you mean kore.stream_id?"),
        (with_lines("log", "colour = 'x'"), "log.colour", "Known here: level, format."),
        (
            WHOLE + "[[people.table]]\nkore = 'a'\nv2 = 'b'\nnmae = 'c'",
            "people.table[row 1].nmae",
            "Did you mean people.table[row 1].name?",
        ),
        (
            with_lines("v2", "limits = [{calls = 1, seconds = 1, minutes = 1}]"),
            "v2.limits[row 1].minutes",
            "Known here: calls, seconds.",
        ),
    ],
)
def test_an_unknown_key_of_the_file_is_refused(
    tmp_path: Path, text: str, place: str, hint: str
) -> None:
    told = problem(tmp_path, text)
    assert told.startswith(f"{place} (")
    assert hint in told


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("TASK_BRIDGE_KROE__CLIENT_ID", "Did you mean TASK_BRIDGE_KORE__CLIENT_ID?"),
        ("TASK_BRIDGE_KORE__CLIENT_IT", "Did you mean TASK_BRIDGE_KORE__CLIENT_ID?"),
        ("TASK_BRIDGE_POLL_SECONDS", "Did you mean TASK_BRIDGE_SYNC__POLL_SECONDS?"),
        ("TASK_BRIDGE_NONSENSE", "Unset it."),
        ("TASK_BRIDGE_", "Unset it."),
        ("TASK_BRIDGE_SYNC__WORKERS__COUNT", "Did you mean TASK_BRIDGE_SYNC__WORKERS?"),
        ("TASK_BRIDGE_KORE__STATUS_IDS__", "Did you mean TASK_BRIDGE_KORE__STATUS_IDS?"),
    ],
)
def test_an_unknown_variable_is_refused(tmp_path: Path, name: str, hint: str) -> None:
    told = problem(tmp_path, WHOLE, {name: "x"})
    assert told.startswith(f"{name}: is no setting of the bridge.")
    assert hint in told


def test_only_the_name_of_the_file_and_other_programs_variables_are_passed_over(
    tmp_path: Path,
) -> None:
    environ = {"TASK_BRIDGE_CONFIG": "x", "PATH": "/bin", "_TASK_BRIDGE_COMPLETE": "bash_source"}
    assert loaded(tmp_path, WHOLE, environ).name == "default"
