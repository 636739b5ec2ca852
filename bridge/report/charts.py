"""The numbers of small charts: how long a bar is, the points of a line; a template draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.overview import TrendPoint

WIDTH, HEIGHT = 640, 120
# Points that lie closer than a pixel tell nothing more.
MOST_POINTS = 320
MOST_BARS = 10
OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it counts, how many, and its length in percent of the longest."""

    label: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line over time: its points, of which the y of `low` percent is the bottom."""

    points: Sequence[tuple[float, float]]
    begin: datetime
    end: datetime
    low: int
    last_percent: float

    @property
    def path(self) -> str:
        """The points as SVG wants them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def area(self) -> str:
        """The same, closed along the bottom."""
        first, last = self.points[0][0], self.points[-1][0]
        return f"{first:.1f},{HEIGHT} {self.path} {last:.1f},{HEIGHT}"


def bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """A bar for each count, the last of many for all the others."""
    shown = dict(list(counts.items())[:MOST_BARS])
    rest = sum(counts.values()) - sum(shown.values())
    if rest:
        shown[OTHERS] = rest
    most = max(shown.values(), default=1)
    return tuple(
        Bar(label=label, count=count, percent=100 * count / most) for label, count in shown.items()
    )


def trend_line(trend: Sequence[TrendPoint]) -> Line | None:
    """The share of linked pairs that were in step over time; None for fewer than two points."""
    points = [one for one in trend if one.links]
    step = max(1, len(points) // MOST_POINTS)
    points = [*points[:-1:step], *points[-1:]]
    if len(points) < 2 or points[0].at == points[-1].at:
        return None
    shares = [100 * min(one.in_step / one.links, 1.0) for one in points]
    low = int(min(*shares, 99.0) // 10 * 10)
    begin, end = points[0].at, points[-1].at
    whole = (end - begin).total_seconds()
    return Line(
        points=[
            (
                WIDTH * (one.at - begin).total_seconds() / whole,
                HEIGHT * (100 - share) / (100 - low),
            )
            for one, share in zip(points, shares, strict=True)
        ],
        begin=begin,
        end=end,
        low=low,
        last_percent=shares[-1],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One upright bar: where it begins, from the left and from above."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Upright bars beside each other, all of one width."""

    bars: Sequence[Column]
    width: float
    most: int
    total: int


def columns(counts: Sequence[int]) -> Columns:
    """A bar for each count, in order; the highest is that of the largest."""
    most = max([*counts, 1])
    step = WIDTH / max(len(counts), 1)
    found = [
        Column(x=step * place, y=HEIGHT * (1 - count / most)) for place, count in enumerate(counts)
    ]
    return Columns(bars=found, width=0.8 * step, most=max([*counts, 0]), total=sum(counts))
