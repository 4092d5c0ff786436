"""The sessions as comma-separated values, one row each, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from simulator.report.sessions import Session

COLUMNS = (
    "day",
    "started_at",
    "ended_at",
    "kind",
    "minutes",
    "planned_minutes",
    "outcome",
    "area",
    "side",
    "routine",
    "steps_done",
)
ENCODING = "utf-8-sig"
"""With a byte order mark: Excel takes a file without one for the code page of the machine. LibreOffice takes both."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(sessions: Iterable[Session]) -> str:
    """The table. Times are ISO 8601 with their distance from UTC; what is not known is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel")
    writer.writerow(COLUMNS)
    for session in sessions:
        writer.writerow(
            _harmless(cell)
            for cell in (
                session.day.isoformat(),
                session.started_at.isoformat(timespec="seconds"),
                session.ended_at.isoformat(timespec="seconds") if session.ended_at else "",
                session.kind,
                _minutes(session.seconds),
                _minutes(session.planned_seconds),
                session.outcome,
                session.area or "",
                session.side or "",
                session.routine or "",
                "" if session.steps_done is None else str(session.steps_done),
            )
        )
    return out.getvalue()


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.2f}".rstrip("0").rstrip(".")


def _harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
