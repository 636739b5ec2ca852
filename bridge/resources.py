"""Where the files are that come with the package but are no code: migrations, the example.

In a checkout, also one installed as editable, they stand beside the package; in a wheel they are
in its `_data`. Nothing is copied, so a checkout never reads a stale copy.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_EXAMPLE = "bridge.example.toml"


def migrations_folder() -> Path:
    """Alembic's folder: `env.py` and `versions`."""
    return _checkout(_PACKAGE) / "migrations" if _is_checkout(_PACKAGE) else _data("migrations")


def example_configuration() -> Path:
    """The commented configuration that `init` writes."""
    if _is_checkout(_PACKAGE):
        return _checkout(_PACKAGE) / "config" / _EXAMPLE
    return _data(_EXAMPLE)


def _is_checkout(package: Path) -> bool:
    beside = _checkout(package)
    return (beside / "pyproject.toml").is_file() and (beside / "migrations").is_dir()


def _checkout(package: Path) -> Path:
    return package.parent


def _data(name: str) -> Path:
    return _PACKAGE / "_data" / name
