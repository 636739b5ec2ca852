"""The database of one pair: SQLite through SQLAlchemy Core, its layout kept by Alembic.

`open.py` gives a store (`open_store`, `memory_store`), `unit.py` one transaction of it,
`budget.py` the record of calls. The tables are in `tables.py`; each other file reads and writes
one group of them. Errors that leave this room are those of `bridge.errors`.
"""
