"""The counting of the report: nothing is lost, nothing counts twice, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.report import words
from simulator.report.charts import MOST_WEEKS, charts_of
from simulator.report.counting import Period, count, longest, months, runs, since, total, weeks
from simulator.report.page import calendar
from simulator.report.sessions import KINDS, OUTCOMES, Session

patient = settings(deadline=None)
"""A slow machine must not fail a test."""
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")]
MOMENTS = st.integers(0, 750 * 86400).map(lambda seconds: datetime(2010, 12, 20, tzinfo=UTC) + timedelta(0, seconds))
DAYS = st.dates(date(2010, 12, 20), date(2013, 1, 10))


@st.composite
def logs(draw: st.DrawFn) -> list[Session]:
    """Sessions of one person, told in one zone. Apia skipped the 30th of December 2011."""
    zone = draw(st.sampled_from(ZONES))
    moments = draw(st.lists(MOMENTS))
    return [
        Session(
            kind=draw(st.sampled_from(KINDS)),
            started_at=moment.astimezone(zone),
            outcome=draw(st.sampled_from(OUTCOMES)),
            seconds=draw(st.none() | st.integers(0, 1200)),
        )
        for moment in sorted(moments)
    ]


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Period(first, last)


@patient
@given(logs(), periods())
def test_weeks_and_months_and_days_add_up_to_the_sessions_of_the_period(log: list[Session], period: Period) -> None:
    whole = since(log, period.first, period.last)
    for spans in (weeks(log, period), months(log, period)):
        for kind in KINDS:
            assert sum(span.totals.sessions[kind] for span in spans) == whole.sessions[kind]
            assert sum(span.totals.seconds[kind] for span in spans) == whole.seconds[kind]
            for outcome in OUTCOMES:
                assert sum(span.totals.outcomes[kind, outcome] for span in spans) == whole.outcomes[kind, outcome]
    report = count(log, period)
    assert (report is None) == (whole.count == 0)
    if report is not None:
        assert report.totals == whole
        assert sum(len(sessions) for sessions in report.days.values()) == whole.count
        assert sum(heat + cold for _, _, heat, cold in report.places) == whole.sessions["heat"] + whole.sessions["cold"]
        assert sum(times for _, times in report.routines) == whole.sessions["stretch"]


@patient
@given(logs(), periods())
def test_every_session_is_in_the_one_iso_week_that_it_began_in(log: list[Session], period: Period) -> None:
    found = weeks(log, period)
    mondays = [week.first for week in found]
    assert all(monday.isoweekday() == 1 for monday in mondays)
    assert all(later - earlier == timedelta(7) for earlier, later in pairwise(mondays))
    assert mondays[0] <= period.first <= period.last < mondays[-1] + timedelta(7)
    expected = Counter(session.started_at.isocalendar()[:2] for session in log if session.started_at.date() in period)
    assert {week.first.isocalendar()[:2]: week.totals.count for week in found if week.totals.count} == expected


@patient
@given(logs(), periods())
def test_the_calendar_shows_every_session_on_exactly_one_day(log: list[Session], period: Period) -> None:
    report = count(log, period)
    if report is None:
        return
    shown: Counter[tuple[str, int, str]] = Counter()
    for month in calendar(report):
        assert all(len(row) == 7 for row in month.rows)
        for row in month.rows:
            for weekday, cell in enumerate(row):
                if cell.number is not None:
                    day = datetime.strptime(f"{cell.number} {month.title}", "%d %B %Y").date()  # noqa: DTZ007
                    assert day.weekday() == weekday
                    assert cell.inside == (day in period)
                    for kind, number in cell.marks:
                        shown[month.title, cell.number, kind] += number
    held = [session for session in log if session.day in period]
    assert shown == Counter((words.month(session.day), session.day.day, session.kind) for session in held)


def test_a_long_time_without_a_session_is_one_line_of_the_calendar() -> None:
    sessions = [
        Session("heat", datetime(2024, 1, 31, 9, tzinfo=UTC), "finished", seconds=900),
        Session("heat", datetime(2026, 2, 1, 9, tzinfo=UTC), "finished", seconds=900),
    ]
    report = count(sessions, Period(date(2024, 1, 31), date(2026, 2, 1)))
    assert report is not None
    assert [(month.title, bool(month.rows)) for month in calendar(report)] == [
        ("January 2024", True),
        ("February 2024 to January 2026", False),
        ("February 2026", True),
    ]
    # And rows of empty weeks get no chart.
    assert len(report.weeks) > MOST_WEEKS
    charts = charts_of(report.weeks)
    assert [chart.title for chart in charts] == ["Minutes of heat each week"] * 2
    assert all(chart.period for chart in charts)


@patient
@given(st.sets(DAYS))
def test_runs_hold_each_day_once_and_none_touches_another(days: set[date]) -> None:
    found = runs(days)
    assert sorted(day for run in found for day in (run.first + timedelta(n) for n in range(run.days))) == sorted(days)
    assert all(later.first - earlier.last > timedelta(1) for earlier, later in pairwise(found))
    best = longest(found)
    assert (best is None) == (not days)
    assert best is None or all(run.days <= best.days for run in found)


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-12-31T23:30+00:00", "UTC", date(2026, 12, 31)),
        ("2026-12-31T23:30+00:00", "Europe/Berlin", date(2027, 1, 1)),
        ("2027-01-01T04:30+00:00", "America/New_York", date(2026, 12, 31)),
        # The night that lacks an hour, and the night that has one twice.
        ("2026-03-29T00:59+00:00", "Europe/London", date(2026, 3, 29)),
        ("2026-06-01T23:30+00:00", "Europe/London", date(2026, 6, 2)),
        ("2026-10-25T00:30+00:00", "Europe/London", date(2026, 10, 25)),
        ("2026-10-25T01:30+00:00", "Europe/London", date(2026, 10, 25)),
    ],
)
def test_a_session_counts_on_the_day_it_began_by_the_clock_of_the_zone(moment: str, zone: str, day: date) -> None:
    session = Session("cold", datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)), "finished", seconds=600)
    assert session.day == day
    [week] = [week for week in weeks([session], Period(date(2026, 1, 1), date(2027, 12, 31))) if week.totals.count]
    assert week.first <= day < week.first + timedelta(7)


def test_the_turn_of_the_year_breaks_neither_weeks_nor_runs() -> None:
    days = [date(2026, 12, 28) + timedelta(n) for n in range(14)]
    sessions = [Session("heat", datetime(day.year, day.month, day.day, 20, tzinfo=UTC), "finished") for day in days]
    report = count(sessions, Period(days[0], days[-1]))
    assert report is not None
    assert [(week.first, week.totals.count) for week in report.weeks] == [(days[0], 7), (days[7], 7)]
    assert report.longest_run == Period(days[0], days[-1])
    assert (report.longest_run.days, report.weeks_in_a_row, report.weeks_with) == (14, 2, 2)


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="must not end before"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


# ---- In words


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 9), "2 to 9 March 2026"),
        (date(2026, 2, 28), date(2026, 3, 9), "28 February to 9 March 2026"),
        (date(2025, 12, 28), date(2026, 1, 3), "28 December 2025 to 3 January 2026"),
    ],
)
def test_periods_are_said_briefly(first: date, last: date, said: str) -> None:
    assert words.span(Period(first, last)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min"), (20, "1 min"), (900, "15 min"), (3600, "1 h"), (3660, "1 h 1 min"), (3_600_000, "1,000 h")],
)
def test_lengths_are_said_briefly(seconds: int, said: str) -> None:
    assert words.length(seconds) == said


def test_the_summary_says_how_much_how_often_and_how_it_ended() -> None:
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    sessions = [
        Session(
            "heat" if n % 2 else "cold", start + timedelta(days=n), "finished" if n else "stopped early", seconds=900
        )
        for n in range(30)
    ]
    sessions.append(Session("stretch", start + timedelta(days=58), "still running"))
    sessions.append(Session("heat", start + timedelta(days=58), "end not known", seconds=60))
    report = count(sessions, Period(date(2026, 1, 1), date(2026, 3, 1)))
    assert report is not None
    assert words.summary(report, sessions) == [
        "32 sessions: 16 of heat, 15 of cold and 1 of stretching.",
        "There was a session on 31 of 60 days, and in 6 of 9 weeks.",
        "The usual length was 15 min for heat and 15 min for cold.",
        "29 of 32 ran to their end, 1 was stopped early, the end of 1 is not known and 1 is still running.",
        "The most days in a row with a session were 30: 1 to 30 January 2026.",
        "In the last four weeks there were 2, in the four weeks before 26.",
    ]


@patient
@given(logs().filter(bool))
def test_there_is_a_summary_of_every_log(log: list[Session]) -> None:
    report = count(log, Period(log[0].day, log[-1].day))
    assert report is not None
    sentences = words.summary(report, log)
    assert sentences
    assert all(sentence.endswith(".") for sentence in sentences)
    assert total(log) == report.totals


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one", "a single stretch"),
        ("whole", "the whole routine"),
        ("morning_in_bed", "morning in bed"),
        (None, "not said"),
    ],
)
def test_a_routine_has_a_name_that_its_reader_knows(name: str | None, said: str) -> None:
    assert words.routine(name) == said
