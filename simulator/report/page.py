"""The page: one HTML file that needs nothing else, for the screen and for A4 or Letter paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from simulator.report import words
from simulator.report.charts import Chart
from simulator.report.counting import Report, Span, since
from simulator.report.sessions import KINDS, OUTCOMES, Kind, Outcome, PersonLog

_TEMPLATES = Path(__file__).parent
_MOST_ROWS = 8
"""Rows of a table before the rest is one row."""
_ALWAYS: tuple[Outcome, ...] = ("finished", "stopped early")
"""The outcomes that have a column also where there was none of them."""
_ENOUGH_DAYS = 14
"""Days that a period must have to speak of its weeks."""
_EMPTY_MONTHS = 3
"""So many months without a session in a row are told in a line, and not drawn."""


@dataclass(frozen=True)
class Cell:
    """A day in a month's grid.

    Attributes:
        number: the day of the month; None for a cell before the first day or after the last.
        inside: whether the day is in the period.
        marks: each kind of session that the day has, and how many.
    """

    number: int | None = None
    inside: bool = False
    marks: Sequence[tuple[Kind, int]] = ()


@dataclass(frozen=True)
class Month:
    """A month's grid, or a line about months without a session, where `rows` is empty."""

    title: str
    summary: str
    rows: Sequence[Sequence[Cell]] = ()


def calendar(report: Report) -> list[Month]:
    """The months of the report, weeks in rows from Monday to Sunday."""
    drawn: list[Month] = []
    for empty, group in groupby(report.months, key=lambda month: month.totals.count == 0):
        months = list(group)
        if empty and len(months) >= _EMPTY_MONTHS:
            title = f"{words.month(months[0].first)} to {words.month(months[-1].first)}"
            drawn.append(Month(title, "no sessions"))
        else:
            drawn += [_grid(month, report) for month in months]
    return drawn


def _grid(month: Span, report: Report) -> Month:
    first = month.first
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    cells = [Cell()] * first.weekday()
    cells += [_cell(first + timedelta(days=offset), report) for offset in range(last.day)]
    cells += [Cell()] * (-len(cells) % 7)
    return Month(
        title=words.month(first),
        summary=_month_in_words(month),
        rows=[cells[start : start + 7] for start in range(0, len(cells), 7)],
    )


def _cell(day: date, report: Report) -> Cell:
    totals = since(report.days.get(day, ()), day, day)
    marks = [(kind, totals.sessions[kind]) for kind in KINDS if totals.sessions[kind]]
    return Cell(day.day, day in report.period, marks)


def _month_in_words(month: Span) -> str:
    totals = month.totals
    parts = [f"{kind} {totals.minutes(kind)} min" for kind in KINDS if kind != "stretch" and totals.sessions[kind]]
    if totals.sessions["stretch"]:
        parts.append(words.how_many(totals.sessions["stretch"], "stretch", "stretches"))
    return " · ".join(parts) or "no sessions"


def render(report: Report, log: PersonLog, charts: Sequence[Chart], written: datetime, zone_name: str) -> str:
    """The page as HTML.

    Args:
        report: the numbers.
        log: what they were made of.
        charts: the charts, drawn.
        written: the present moment, in the zone of the report.
        zone_name: what that zone is called.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        period=words.span(report.period),
        written=f"{words.day(written.date())}, {written:%H:%M}",
        zone_name=zone_name,
        sentences=words.summary(report, log.sessions),
        figures=_figures(report),
        outcomes=[outcome for outcome in OUTCOMES if outcome in _ALWAYS or report.totals.ended(outcome)],
        table=_table(report),
        charts=charts,
        months=calendar(report),
        places=_places(report),
        routines=_routines(report),
        caveats=words.caveats(log, report.period, zone_name),
    )


def _figures(report: Report) -> list[tuple[str, str]]:
    """The few numbers that stand large at the top; none where there is but one session."""
    count, period, weeks = report.totals.count, report.period, report.weeks_in_a_row
    if count == 1:
        return []
    figures = [(f"{count:,}", "sessions")]
    if period.days >= _ENOUGH_DAYS:
        figures.append((f"{count / period.days * 7:.1f}", "a week on average"))
    figures.append((f"{len(report.days):,}", f"of {words.how_many(period.days, 'day')}"))
    if period.days >= _ENOUGH_DAYS:
        figures.append((f"{weeks:,}", f"{'week' if weeks == 1 else 'weeks'} in a row, at most"))
    return figures


def _table(report: Report) -> list[dict[str, object]]:
    """A row for each kind that there is: how many, how long, how they ended."""
    totals = report.totals
    return [
        {
            "kind": kind,
            "name": words.NAMES[kind].capitalize(),
            "sessions": totals.sessions[kind],
            "in_all": words.length(totals.seconds[kind]) if totals.seconds[kind] else "–",
            "usual": words.length(usual) if (usual := report.usual_seconds[kind]) is not None else "–",
            "outcomes": {outcome: totals.outcomes[kind, outcome] for outcome in OUTCOMES},
        }
        for kind in KINDS
        if totals.sessions[kind]
    ]


def _places(report: Report) -> list[tuple[str, int, int]]:
    """Where heat and cold went, and how often each."""
    rows = [(words.place(area, side), heat, cold) for area, side, heat, cold in report.places]
    if len(rows) <= _MOST_ROWS:
        return rows
    rest = rows[_MOST_ROWS - 1 :]
    return [*rows[: _MOST_ROWS - 1], ("other", sum(row[1] for row in rest), sum(row[2] for row in rest))]


def _routines(report: Report) -> list[tuple[str, int]]:
    """Which stretching routines, and how often each."""
    rows = [(words.routine(name), number) for name, number in report.routines]
    if len(rows) <= _MOST_ROWS:
        return rows
    return [*rows[: _MOST_ROWS - 1], ("other", sum(number for _, number in rows[_MOST_ROWS - 1 :]))]
