"""An empty database of any revision, made by the bridge's own migrations."""

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bridge import resources


def made_at(url: str, revision: str) -> None:
    """Make it there; `head` is this release's."""
    engine = create_engine(url)
    with engine.begin() as connection:
        configuration = Config(attributes={"connection": connection})
        configuration.set_main_option("script_location", str(resources.migrations_folder()))
        command.upgrade(configuration, revision)
    engine.dispose()
