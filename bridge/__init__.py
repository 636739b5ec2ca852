"""The task bridge: keeps the tasks of Kore case management and of a v2 /tasks service in step."""

__version__ = "0.1.0"
