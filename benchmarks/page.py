"""The results as one HTML page that needs nothing else: a table, and a bar for each ratio.

A bar shows our value between nothing and twice the bound; the line in it is the bound.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from benchmarks.figures import TIMES
from benchmarks.machine import in_words
from benchmarks.table import number

WIDTH, HEIGHT = 240, 14
HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>task-bridge: measurements</title>
<meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #8884; text-align: left; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
small { opacity: .75; display: block; }
.met rect.bar { fill: #2a8f5b; } .not rect.bar { fill: #c2452d; } rect.bar { fill: #6c7a89; }
rect.ground { fill: #8882; } line { stroke: currentColor; stroke-width: 2; }
</style></head><body>
"""
COLUMNS = ("ratio", "what", "floor", "ours", "target", "against its bound")


def page_of(found: Mapping[str, Any]) -> str:
    """The page of one run's results."""
    rows = "\n".join(_row(one) for one in found["figures"])
    names = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    failed = "".join(
        f"<p>{escape(name)} could not be measured: {escape(why)}</p>"
        for name, why in found["failed"].items()
    )
    return (
        f"{HEAD}<h1>Measurements</h1><p>{escape(in_words(found['machine']))}<br>"
        f"{escape(found['size'])}, {found['seconds']:.0f} s</p>{failed}"
        f"<table><thead><tr>{names}</tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n"
    )


def _row(one: Mapping[str, Any]) -> str:
    kind = {True: "met", False: "not", None: ""}[one["met"]]
    word = {True: "met", False: "not met", None: ""}[one["met"]]
    ratio = "" if one["ratio"] is None else f"{number(one['ratio'])}{TIMES}"
    note = f"<small>{escape(one['note'])}</small>" if one["note"] else ""
    target = f"{escape(one['target'] or '')}<small>{word}</small>"
    return (
        f'<tr class="{kind}"><td class="n">{ratio}</td><td>{escape(one["what"])}{note}</td>'
        f'<td class="n">{number(one["floor"])}</td>'
        f'<td class="n">{number(one["ours"])} {escape(one["unit"])}</td>'
        f"<td>{target}</td><td>{_bar(one)}</td></tr>"
    )


def _bar(one: Mapping[str, Any]) -> str:
    if one["bound"] is None:
        return ""
    value = one["ratio"] if one["is_of_ratio"] else one["ours"]
    most = max(2 * one["bound"], value, 1e-9)
    bound = WIDTH * one["bound"] / most
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{number(value)} of {number(one["bound"])}">'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<rect class="bar" width="{WIDTH * value / most:.1f}" height="{HEIGHT}"/>'
        f'<line x1="{bound:.1f}" x2="{bound:.1f}" y1="0" y2="{HEIGHT}"/></svg>'
    )
