"""`hip-coach report`: read the log of one person, count, draw, and write a page and a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from simulator.report import words
from simulator.report.counting import Period, Report, count
from simulator.report.files import write_new
from simulator.report.sessions import PersonLog, read_log
from simulator.report.source import Table, desk_table, named_table, read_entries
from simulator.report.spreadsheet import ENCODING, as_csv
from simulator.report.trouble import ReportError
from simulator.report.zones import zone_of

_DESK = Path(".hip-coach")


@dataclass(frozen=True)
class ReportOptions:
    """What to report.

    Attributes:
        data: the folder of `hip-coach talk`; None for the usual one. Not together with what follows.
        table: a DynamoDB table on AWS.
        region: its AWS region.
        endpoint: where DynamoDB is, when it isn't AWS.
        person: the person's user id at Alexa; "-" for the first line of `keyboard`.
        out: the folder to write into.
        first: the first day; None for that of the first session.
        last: the last day; None for today.
        time_zone: an IANA name; None for the machine's.
    """

    data: Path | None = None
    table: str | None = None
    region: str | None = None
    endpoint: str | None = None
    person: str | None = None
    out: Path = Path()
    first: date | None = None
    last: date | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        page: the HTML file.
        spreadsheet: the CSV file.
        report: the numbers in them.
    """

    page: Path
    spreadsheet: Path
    report: Report


def write_report(options: ReportOptions, keyboard: TextIO, now: datetime | None = None) -> Written:
    """Write the report.

    Args:
        options: what to report.
        keyboard: where the user id is read from, where the options say so.
        now: the present moment; the machine's when left out.

    Raises:
        ReportError: when there can be no report. Nothing is written then.
        EngineError: when the local engine cannot be started.
    """
    zone, zone_name = zone_of(options.time_zone)
    now = (now or datetime.now(UTC)).astimezone(zone)
    if options.first and options.last and options.last < options.first:
        raise ReportError(f"--to {options.last} is before --from {options.first}")
    with _progress() as progress:
        with _table(options, keyboard) as table:
            entries, unreadable = read_entries(table, now, progress.read)
        log = read_log(entries, zone, now, unreadable)
        period = _period(log, options, now.date())
        report = count(log.sessions, period)
        if report is None:
            raise ReportError(f"there is nothing to report: no sessions from {words.span(period)}")

        from simulator.report.charts import charts_of
        from simulator.report.page import render

        charts = charts_of(report.weeks, progress.drawn)
        page = render(report, log, charts, now, zone_name)
    rows = as_csv(session for session in log.sessions if session.day in period)
    html, spreadsheet = write_new(
        options.out,
        f"hip-coach-report-{now.date()}",
        {".html": page.encode(), ".csv": rows.encode(ENCODING)},
    )
    return Written(html, spreadsheet, report)


def _table(options: ReportOptions, keyboard: TextIO) -> AbstractContextManager[Table]:
    if not (options.table or options.region or options.endpoint or options.person):
        return desk_table(options.data or _DESK)
    if options.data:
        raise ReportError("--data is a folder of this machine: leave it out, or leave out --table and the like")
    user_id = keyboard.readline().strip() if options.person == "-" else options.person
    if not user_id:
        raise ReportError("whose report? Name the user id with --person, or --person - to type it")
    return named_table(options.table, options.region, options.endpoint, user_id)


def _period(log: PersonLog, options: ReportOptions, today: date) -> Period:
    """From the first session to today, as far as no other days were asked for."""
    if not log.sessions:
        left_out = log.unreadable + log.unknown
        but = f" ({words.how_many(left_out, 'entry', 'entries')} could not be read)" if left_out else ""
        raise ReportError(f"there is nothing to report yet: the log holds no sessions of this person{but}")
    days = [session.day for session in log.sessions]
    # The desk's clock can be moved ahead, and sessions with it.
    last = options.last or max(today, max(days), options.first or today)
    return Period(options.first or min(days[0], last), last)


class _Progress:
    """Says how far it is, where somebody watches and it takes a while."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        console = Console(stderr=True)
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self.bar.add_task("Reading the log", total=None)
        self._charts = 0

    def read(self, entries: int) -> None:
        """So many entries were read."""
        self.bar.update(self._task, description=f"Reading the log: {words.how_many(entries, 'entry', 'entries')}")

    def drawn(self) -> None:
        """One more chart was drawn."""
        self._charts += 1
        self.bar.update(self._task, description=f"Drawing: {words.how_many(self._charts, 'chart')}")


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    with progress.bar:
        yield progress
