"""`--only ID …`: a run of some tasks alone, each by its id or reference."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

_HELP = """\
Only these tasks and their counterparts, by id or reference of either side; everything else is \
read and stays as it is."""


def only_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--only ID …`; the command gets the names as a tuple `only`, empty if about all tasks."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def narrowed(*given: Any, only: tuple[str, ...], more: tuple[str, ...], **rest: Any) -> Any:
            return command(*given, only=_names(only, more), **rest)

        option = click.option("--only", multiple=True, metavar="ID ...", help=_HELP)
        return option(click.argument("more", nargs=-1, metavar="")(narrowed))

    return decorate


def _names(only: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the order in which they were given, each once."""
    if more and not only:
        raise click.UsageError(f"Got unexpected extra argument ({more[0]}).")
    parts = [part for text in (*only, *more) for part in text.replace(",", " ").split()]
    names = tuple(dict.fromkeys(parts))
    if only and not names:
        raise click.UsageError("--only needs the id or reference of a task.")
    return names
