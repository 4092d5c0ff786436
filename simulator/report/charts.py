"""Bars for each week, drawn by matplotlib as SVG that stands in the page itself.

The same numbers always give the same text, byte for byte. The words in a chart stay words: the page's font is used.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from simulator.report import words
from simulator.report.counting import Period, Span
from simulator.report.sessions import Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WEEKS: Final = 66
"""Weeks in one row of bars: more than what the log keeps. With many more, bars are too thin for paper."""
_FEWEST_WEEKS: Final = 13
_NUMBERED_WEEKS: Final = 20
_INCHES: Final = (7.2, 1.28)
_INK: Final = "#1f2933"
_LINES: Final = "#c9d1d9"
_FILLS: Final[dict[Kind, tuple[str, str]]] = {
    "heat": ("#b4441a", "#b4441a"),
    "cold": ("#bcd9ef", "#1d5fa8"),
    "stretch": ("#e3efe3", "#3c6e47"),
}
"""Fill and edge. Dark, pale and paler, with edges: they stay apart in grey, and for colour-blind eyes."""

_SETTINGS: Final[dict[str, Any]] = {
    "svg.hashsalt": "hip-coach",
    "svg.fonttype": "none",
    "font.size": 10,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "text.parse_math": False,
}
_NO_METADATA: Final = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True)
class Chart:
    """A chart for the page.

    Attributes:
        title: what it shows.
        period: the weeks that it shows, in words; empty where it shows all of them.
        svg: the drawing, hidden from screen readers.
        alternative: the same in words, for those who do not see it.
    """

    title: str
    period: str
    svg: str
    alternative: str


def charts_of(weeks: Sequence[Span], drawn: Callable[[], object] = lambda: None) -> list[Chart]:
    """The charts of these weeks: minutes of heat and of cold on the same scale, and stretches.

    What was never done gets no chart, nor do rows of weeks in which nothing was done. One week alone gets none either:
    a single bar says no more than its number.

    Args:
        weeks: the weeks, in order.
        drawn: called after each chart.
    """
    if len(weeks) < 2:
        return []
    minutes = max(week.totals.minutes(kind) for week in weeks for kind in ("heat", "cold"))
    stretches = max(week.totals.sessions["stretch"] for week in weeks)
    shows: list[tuple[Kind, str, str, int, Callable[[Span], int]]] = [
        ("heat", "Minutes of heat each week", "minutes", minutes, lambda week: week.totals.minutes("heat")),
        ("cold", "Minutes of cold each week", "minutes", minutes, lambda week: week.totals.minutes("cold")),
        ("stretch", "Stretches each week", "stretches", stretches, lambda week: week.totals.sessions["stretch"]),
    ]
    charts: list[Chart] = []
    for kind, title, unit, top, value in shows:
        if not any(week.totals.sessions[kind] for week in weeks):
            continue
        for number, row in enumerate(rows := _rows(weeks)):
            values = [value(week) for week in row]
            if not any(values):
                continue
            mondays = [week.first for week in row]
            charts.append(
                Chart(
                    title=title,
                    period="" if len(rows) == 1 else words.span(Period(mondays[0], mondays[-1])),
                    svg=_inline(_draw(kind, mondays, values, top), f"{kind}{number}-"),
                    alternative=_in_words(title, unit, mondays, values),
                )
            )
            drawn()
    return charts


def _rows(weeks: Sequence[Span]) -> list[Sequence[Span]]:
    """The weeks in rows of about the same length, so that bars are as wide in each."""
    count = -(-len(weeks) // MOST_WEEKS)
    width = -(-len(weeks) // count)
    return [weeks[start : start + width] for start in range(0, len(weeks), width)]


def _in_words(title: str, unit: str, mondays: Sequence[date], values: Sequence[int]) -> str:
    weeks = f"{words.how_many(len(values), 'week')}, the first from {words.day(mondays[0])}"
    most = max(range(len(values)), key=lambda index: (values[index], index))
    return (
        f"Bar chart. {title}, {weeks}: from {min(values)} to {max(values)} {unit}, {median(values):g} in the middle, "
        f"the most in the week from {words.day(mondays[most])}."
    )


def _draw(kind: Kind, mondays: Sequence[date], values: Sequence[int], top: int) -> str:
    # With no window, and none of matplotlib's own state: the figure is drawn by its SVG canvas alone.
    from matplotlib import style
    from matplotlib.figure import Figure

    # From matplotlib's own defaults: settings of this machine shall not change the drawing.
    with style.context(["default", _SETTINGS]):
        figure = Figure(figsize=_INCHES)
        axes = figure.add_axes((0.065, 0.33, 0.93, 0.58))
        fill, edge = _FILLS[kind]
        done = [index for index, value in enumerate(values) if value]
        axes.bar(
            done, [values[index] for index in done], width=0.72, color=fill, edgecolor=edge, linewidth=0.9, zorder=2
        )
        axes.set_xlim(-0.6, max(len(values), _FEWEST_WEEKS) - 0.4)
        _label_weeks(axes, mondays)
        _label_heights(axes, values, top)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color(_INK)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata=_NO_METADATA, transparent=True)
    return written.getvalue()


def _label_weeks(axes: Axes, mondays: Sequence[date]) -> None:
    """Name the Mondays where there are few weeks, else the week in which each month begins."""
    few = len(mondays) <= _FEWEST_WEEKS
    # The first seven days of a month hold just one Monday.
    named = [index for index, monday in enumerate(mondays) if few or monday.day <= 7]
    lines = []
    told = ""
    for index in named:
        monday = mondays[index]
        month, year = words.short_month(monday), str(monday.year)
        line, below = (str(monday.day), month) if few else (month, year)
        # Below stands what holds for the weeks that follow too, once.
        lines.append(line if below == told else f"{line}\n{below}")
        told = below
    axes.set_xticks(named, lines)
    axes.tick_params(axis="x", length=3, color=_INK, pad=2)


def _label_heights(axes: Axes, values: Sequence[int], top: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(0, max(top, 1) * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, steps=[1, 2, 3, 5, 6, 10]))
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color=_LINES, linewidth=0.7, zorder=0)
    if len(values) <= _NUMBERED_WEEKS:
        for index, value in enumerate(values):
            if value:
                axes.annotate(str(value), (index, value), (0, 2), textcoords="offset points", ha="center", fontsize=10)


def _inline(svg: str, prefix: str) -> str:
    """The drawing as it can stand in a page: no prolog, no styles for the whole page, names that are its alone."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\1{prefix}", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
