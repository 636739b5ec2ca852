"""Moments as options take them: a date, a date-time, or so long before now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bridge.config import Since


def take_since(_: click.Context, __: click.Parameter, value: str | None) -> Since | None:
    """The callback of such an option; a text that names no moment is refused."""
    from bridge.config import parse_since

    try:
        return None if value is None else parse_since(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} {error}") from None
