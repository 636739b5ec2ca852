"""The top of the project holds what a reader expects there, and nothing else."""

from tests.house.checkout import project_files, text_of

EXPECTED = {
    "CHANGELOG.md", "Dockerfile", "LICENSE", "Makefile", "README.md", "benchmarks", "bridge",
    "config", "docs", "migrations", "pyproject.toml", "requirements-dev.lock", "requirements.lock",
    "tests",
}  # fmt: skip
MARKS = tuple(sign * 7 + " " for sign in "<>")
CACHES = {".cache", ".hypothesis", ".venv", ".venv-dev", ".venv-lock"}


def top_level() -> set[str]:
    return {name.partition("/")[0] for name in project_files()}


def test_the_top_level_holds_nothing_unexpected() -> None:
    surprising = {name for name in top_level() if not name.startswith(".")} - EXPECTED
    assert not surprising


def test_no_environment_and_no_cache_belongs_to_the_project() -> None:
    assert not top_level() & CACHES
    assert not [name for name in project_files() if "__pycache__" in name]


def test_only_the_example_of_a_configuration_belongs_to_the_project() -> None:
    configurations = {name for name in project_files() if name.startswith("config/")}
    assert configurations <= {"config/bridge.example.toml"}


def test_no_file_bears_the_marks_of_a_merge() -> None:
    lines = ((name, line) for name in project_files() for line in text_of(name).splitlines())
    assert not [name for name, line in lines if line.startswith(MARKS)]
