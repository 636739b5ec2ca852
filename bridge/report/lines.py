"""Lines for people: wrapped below their indent on a terminal, whole anywhere else.

An id is never cut, and a line that goes into a file or a search stays one line.
"""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text


def show_line(line: str, console: Console, indent: int = 0, style: str = "") -> None:
    """Write one line; it is text, never markup."""
    if console.is_terminal:
        console.print(Padding(Text(line, overflow="fold", style=style), (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent + line, style=style), soft_wrap=True)
