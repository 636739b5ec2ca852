"""What a value may look like, and what is said of one that does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.config import mapping_of, parse_duration, parse_since
from bridge.domain.side import Side
from tests.config.samples import WHOLE, loaded, problem, problems, with_lines

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("section", "line", "what"),
    [
        ("kore", "base_url = 'platform.kore.ai'", "no web address"),
        ("kore", "base_url = 'ftp://kore'", "no web address"),
        ("kore", "base_url = 'https://'", "no web address"),
        ("kore", "base_url = 'https://kore:port'", "no web address"),
        ("kore", "base_url = 'https://kore:99999'", "no web address"),
        ("kore", "base_url = 'https://[::1'", "no web address"),
        ("kore", "base_url = 'https://ko re'", "no web address"),
        ("kore", "base_url = 'https://kore/api'", "holds a path"),
        ("kore", "base_url = 'https://me:pw@kore'", "holds a user"),
        ("v2", "base_url = 'https://v2.example.com/v2?x=1'", "holds a user, a query"),
        ("kore", "stream_id = 'st-1/../x'", "is no id"),
        ("kore", "account_id = 'a b'", "is no id"),
        ("kore", "client_id = \"a\\nb\"", "cannot be printed"),
        ("kore", "algorithm = 'none'", "must be one of"),
        ("kore", "jti = false", "must be one of"),
        ("kore", "page_size = 0", "at least 1"),
        ("kore", "page_size = 1.5", "no whole number"),
        ("v2", "page_size = 1001", "at most 1000"),
        ("kore", "token_seconds = true", "must be a number"),
        ("kore", "timeout_seconds = -1", "more than 0"),
        ("kore", "timeout_seconds = nan", "must be"),
        ("kore", "limits = [{ calls = 60 }]", "limits[row 1].seconds"),
        ("kore", "limits = { calls = 60, seconds = 60 }", "is no list"),
        ("kore", "limits = [{ calls = 0, seconds = 1 }]", "at least 1"),
        ("kore", "unobserved = 'guess'", "must be one of"),
        ("kore", "task_url = 'https://x/{number}'", "placeholder that is not known"),
        ("kore", "task_url = 'https://x/{id!r}'", "placeholder that is not known"),
        ("kore", "task_url = 'https://x/{id.real}'", "placeholder that is not known"),
        ("kore", "task_url = 'https://x/{id'", "brace"),
        ("v2", "task_url = 'javascript:{id}'", "no web address"),
        ("kore", "requester = { name = 'A', email = 'nobody' }", "no e-mail address"),
        ("kore", "requester = { name = 'A' }", "requester.email"),
        ("kore", "routes = [{ case = 'X1', task_template = 't' }]", "is no case"),
        ("kore", "routes = [{ case = 'CS1', task_template = 't/..' }]", "is no id"),
        ("kore", "status_ids = { Open = 'sts 1' }", "is no id"),
        ("v2", "task_type_id = 'a/b'", "is no id"),
        ("v2", "backlink = 'link'", "must be one of"),
        ("v2", "timezone = 'Europe/Berln'", "Did you mean Europe/Berlin?"),
        ("v2", "timezone = '../etc/passwd'", "no IANA time zone"),
        ("v2", "timezone = 'Europe'", "no IANA time zone"),
        ("sync", "direction = 'sideways'", "must be one of"),
        ("sync", "workers = 0", "at least 1"),
        ("sync", "workers = 65", "at most 64"),
        ("sync", "poll_seconds = 'often'", "no number"),
        ("sync", "on_missing = 'delete'", "must be one of"),
        ("sync", "max_missing_percent = 101", "at most 100"),
        ("sync", "max_missing_count = -1", "at least 0"),
        ("sync", "conflict_fields = { titel = 'kore' }", "sync.conflict_fields.titel"),
        ("sync", "conflict_fields = { title = 'me' }", "must be one of"),
        ("scope", "since = 'last week'", "is neither a date"),
        ("scope", "since = 30", "is no text and no date"),
        ("scope", "finished = 'perhaps'", "neither true nor false"),
        ("scope", "kore_queues = 'a'", "is no list"),
        ("mapping", "replace = ['people']", "must be one of"),
        ("people", "table = [{ kore = 'u 1', v2 = 'x' }]", "is no id"),
        ("log", "level = 'chatty'", "must be one of"),
        ("database", "url = 'mysql://x/y'", "no address of an SQLite database"),
        ("database", "url = 'task-bridge.db'", "no address of an SQLite database"),
        ("database", "url = 'postgresql+psycopg://x/y'", "PostgreSQL is not available"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_refused(
    tmp_path: Path, section: str, line: str, what: str
) -> None:
    told = problem(tmp_path, with_lines(section, line))
    assert told.startswith(f"{section}.{line.partition(' ')[0]}")
    assert what in told


@pytest.mark.parametrize(
    ("section", "key", "most"),
    [
        ("sync", "workers", "64"),
        ("sync", "poll_seconds", "86400"),
        ("sync", "lease_seconds", "604800"),
        ("sync", "max_missing_count", "1000000"),
        ("history", "keep_days", "36500"),
        ("kore", "timeout_seconds", "600"),
        ("v2", "timeout_seconds", "600"),
    ],
)
def test_a_number_that_is_too_large_is_told_its_true_maximum_whatever_it_is(
    tmp_path: Path, section: str, key: str, most: str
) -> None:
    for number in (int(most) + 1, 1_000_001, 10**23):
        told = problem(tmp_path, with_lines(section, f"{key} = {number}"))
        assert told.endswith(f"must be at most {most}.")


def test_a_trailing_slash_is_taken_off(tmp_path: Path) -> None:
    text = with_lines("kore", "base_url = 'https://kore.example:8443/'")
    settings = loaded(tmp_path, text, {"TASK_BRIDGE_V2__BASE_URL": "http://localhost:3001/v2//"})
    assert settings.kore.base_url == "https://kore.example:8443"
    assert settings.v2.base_url == "http://localhost:3001/v2"


def test_routes_are_tried_in_order_and_one_that_fits_all_comes_last(tmp_path: Path) -> None:
    default = "[[kore.routes]]\ncase = 'CS000108'\ntask_template = 'ttm-1'\n"
    tagged = "[[kore.routes]]\ntag = 'x'\ncase = 'ci-c7c61c9-1392'\ntask_template = 'ttm-2'\n"
    routes = loaded(tmp_path, WHOLE + tagged + default).kore.routes
    assert [(route.tag, route.is_default) for route in routes] == [("x", False), (None, True)]
    assert "can never be used" in problem(tmp_path, WHOLE + default + tagged)


def test_a_person_stands_in_one_row(tmp_path: Path) -> None:
    rows = "[[people.table]]\nkore = 'u-1'\nv2 = 'a'\n[[people.table]]\nkore = 'u-1'\nv2 = 'b'\n"
    assert "names a person twice" in problem(tmp_path, WHOLE + rows)


def test_rows_that_break_a_law_of_the_agreement_are_told(tmp_path: Path) -> None:
    gaps = problems(tmp_path, WHOLE + "[mapping]\nreplace = ['status']\n")
    assert all("no row says what" in one.what for one in gaps)
    assert {one.place.partition(" ")[0] for one in gaps} == {"status"}
    row = "[[priority]]\nkore = 'Critical'\nv2 = 'extreme'\n"
    assert "v2 has no 'extreme'" in problem(tmp_path, WHOLE + row)


def test_the_rows_become_the_mapping_of_the_domain(tmp_path: Path) -> None:
    rows = (
        "[[status]]\nkore = 'Parked'\nv2 = 'open'\ndefault = 'to-v2'\n"
        "[[people.table]]\nkore = 'u-1'\nv2 = 'a'\n"
    )
    mapping = mapping_of(loaded(tmp_path, WHOLE + rows))
    assert mapping.status.translation("parked", Side.V2) == "open"
    assert mapping.status.translation("closed", Side.V2) == "completed"
    assert mapping.priority.translation("critical", Side.V2) == "urgent"
    assert [(twin.kore, twin.v2) for twin in mapping.twins] == [("u-1", "a")]
    assert (mapping.matches_names, mapping.takes_from_queue) == (False, True)


def test_the_zone_of_v2_is_ready_to_use(tmp_path: Path) -> None:
    zone = loaded(tmp_path, with_lines("v2", "timezone = 'Europe/Berlin'")).v2.zone
    assert datetime(2026, 7, 1, tzinfo=zone).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30d", NOW - timedelta(days=30)),
        ("12h", NOW - timedelta(hours=12)),
        (" 2W ", NOW - timedelta(weeks=2)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T08:30", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        ("2026-01-31T08:30:00+02:00", datetime(2026, 1, 31, 6, 30, tzinfo=UTC)),
        ("2026-01-31T08:30:00Z", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_point_in_time_is_fixed_or_counts_back_from_now(text: str, moment: datetime) -> None:
    assert parse_since(text).resolve(NOW) == moment


@pytest.mark.parametrize("text", ["", "d", "30", "30 fortnights", "2026-13-01", "-3d", "99999999w"])
def test_what_is_no_point_in_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is n"):
        parse_since(text)


@pytest.mark.parametrize("text", ["2026-01-31", "d", "1.5h"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        parse_duration(text)


@pytest.mark.parametrize("value", ["2026-01-31", "2026-01-31T00:00:00Z", "'2026-01-31'"])
def test_a_date_of_toml_needs_no_quotes(tmp_path: Path, value: str) -> None:
    since = loaded(tmp_path, with_lines("scope", f"since = {value}")).scope.since
    assert since is not None
    assert since.resolve(NOW) == datetime(2026, 1, 31, tzinfo=UTC)
