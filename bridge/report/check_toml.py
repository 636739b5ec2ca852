"""What a check suggests for the configuration, as a block of TOML that can be appended to the file.

Rows are `[[table]]` headers of their own, so that they go below whatever the file has already.
What only a person can fill in stands in comments: the block loads as it is.
"""

from collections.abc import Iterator, Sequence

from bridge.domain.finding import Suggestion
from bridge.report.plain import plain
from bridge.report.toml_rows import quoted


def render_check_toml(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    """The block, line by line; none where nothing is suggested."""
    before: Suggestion | None = None
    for one in suggestions:
        if before is not None and not (_is_of_ids(one) and _is_of_ids(before)):
            yield ""
        if one.remark:
            yield f"# {plain(one.remark)}"
        lines = _ids(one) if _is_of_ids(one) else _row(one)
        yield from (f"# {line}" if _is_comment(one) else line for line in lines)
        before = one


def _is_of_ids(one: Suggestion) -> bool:
    return one.table.endswith("_ids")


def _is_comment(one: Suggestion) -> bool:
    """Whether it is open, or has signs that no terminal should get."""
    return one.is_open or any(plain(text) != text for text in one.values.values())


def _row(one: Suggestion) -> Iterator[str]:
    if one.values:
        yield f"[[{one.table}]]"
    for key, text in one.values.items():
        yield f"{key} = {quoted(text)}"


def _ids(one: Suggestion) -> Iterator[str]:
    """A line for a section that the file has already."""
    section, _, key = one.table.rpartition(".")
    pairs = ", ".join(f"{quoted(name)} = {quoted(text)}" for name, text in one.values.items())
    yield f"under [{section}]: {key} = {{ {pairs} }}"
