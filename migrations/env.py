"""Alembic's environment: runs the migrations on the connection that it is handed.

`bridge.store.open` opens that connection and its transaction, so that all migrations are applied
or none. There is no command line of Alembic's own here: use `task-bridge db upgrade`.
"""

from alembic import context

from bridge.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
