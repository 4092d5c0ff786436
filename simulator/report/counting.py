"""From sessions to days, weeks, months, runs and totals. Pure, and in whole seconds, so that sums come out even.

A session counts on the day it began. A week runs from Monday to Sunday (ISO 8601).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import TypeVar

from simulator.report.sessions import KINDS, OUTCOMES, Kind, Outcome, Session

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included.

    Raises:
        ValueError: when it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period must not end before it begins")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Totals:
    """What some sessions come to."""

    sessions: Mapping[Kind, int]
    seconds: Mapping[Kind, int]
    """Of those sessions whose length is known."""
    outcomes: Mapping[tuple[Kind, Outcome], int]

    @property
    def count(self) -> int:
        """How many sessions in all."""
        return sum(self.sessions.values())

    def minutes(self, kind: Kind) -> int:
        """Minutes of a kind, rounded."""
        return round(self.seconds[kind] / 60)

    def ended(self, outcome: Outcome) -> int:
        """How many sessions of any kind went like that."""
        return sum(self.outcomes[kind, outcome] for kind in KINDS)


def total(sessions: Iterable[Session]) -> Totals:
    """Add sessions up."""
    sessions = list(sessions)
    return Totals(
        sessions={kind: sum(session.kind == kind for session in sessions) for kind in KINDS},
        seconds={kind: sum(session.seconds or 0 for session in sessions if session.kind == kind) for kind in KINDS},
        outcomes={
            (kind, outcome): sum(session.kind == kind and session.outcome == outcome for session in sessions)
            for kind in KINDS
            for outcome in OUTCOMES
        },
    )


@dataclass(frozen=True)
class Span:
    """A week or a month, and what its sessions come to."""

    first: date
    """Its Monday, or the first of the month, also where the period begins later."""
    totals: Totals


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - day.weekday() * _DAY


def by_day(sessions: Iterable[Session]) -> dict[date, list[Session]]:
    """The sessions of each day that has one."""
    days: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        days[session.day].append(session)
    return dict(days)


def weeks(sessions: Iterable[Session], period: Period) -> list[Span]:
    """Every week that the period touches, those without a session too. Sessions outside of the period don't count."""
    return _added_up(sessions, period, _mondays(period), monday)


def months(sessions: Iterable[Session], period: Period) -> list[Span]:
    """Every month that the period touches, as `weeks` does it."""
    return _added_up(sessions, period, _firsts(period), lambda day: day.replace(day=1))


def _added_up(
    sessions: Iterable[Session], period: Period, firsts: Iterable[date], first_of: Callable[[date], date]
) -> list[Span]:
    held: dict[date, list[Session]] = {first: [] for first in firsts}
    for session in sessions:
        if session.day in period:
            held[first_of(session.day)].append(session)
    return [Span(first, total(part)) for first, part in held.items()]


def _mondays(period: Period) -> Iterator[date]:
    day = monday(period.first)
    while day <= period.last:
        yield day
        day += _WEEK


def _firsts(period: Period) -> Iterator[date]:
    day = period.first.replace(day=1)
    while day <= period.last:
        yield day
        day = (day + 31 * _DAY).replace(day=1)


def runs(days: Iterable[date], step: timedelta = _DAY) -> list[Period]:
    """Days in a row, or with a `step` of seven days, Mondays in a row; oldest first."""
    found: list[Period] = []
    for day in sorted(set(days)):
        if found and found[-1].last + step == day:
            found[-1] = Period(found[-1].first, day)
        else:
            found.append(Period(day, day))
    return found


def longest(found: Sequence[Period]) -> Period | None:
    """The longest run, of equals the latest; None when there is none."""
    return max(found, key=lambda run: (run.days, run.first), default=None)


@dataclass(frozen=True)
class Report:
    """All the numbers of a report."""

    period: Period
    totals: Totals
    weeks: Sequence[Span]
    months: Sequence[Span]
    days: Mapping[date, Sequence[Session]]
    """The sessions of each day that has one."""
    usual_seconds: Mapping[Kind, int | None]
    """The median length of the sessions that finished; None where none did, or no length is known."""
    longest_run: Period
    """Days in a row with a session."""
    longest_weeks: Period
    """Weeks in a row with a session, from Monday to Monday."""
    places: Sequence[tuple[str | None, str | None, int, int]]
    """Area, side, sessions of heat, sessions of cold; the most used first."""
    routines: Sequence[tuple[str | None, int]]
    """Routine and sessions; the most used first."""

    @property
    def weeks_with(self) -> int:
        """How many weeks have a session."""
        return sum(week.totals.count > 0 for week in self.weeks)

    @property
    def weeks_in_a_row(self) -> int:
        """The length of the longest run of weeks."""
        return (self.longest_weeks.last - self.longest_weeks.first) // _WEEK + 1


def count(sessions: Sequence[Session], period: Period) -> Report | None:
    """Count the sessions of the period; None when there is none."""
    held = [session for session in sessions if session.day in period]
    days = by_day(held)
    longest_run = longest(runs(days))
    longest_weeks = longest(runs((monday(day) for day in days), _WEEK))
    if longest_run is None or longest_weeks is None:
        return None
    return Report(
        period=period,
        totals=total(held),
        weeks=weeks(held, period),
        months=months(held, period),
        days=days,
        usual_seconds={kind: _usual(held, kind) for kind in KINDS},
        longest_run=longest_run,
        longest_weeks=longest_weeks,
        places=_places(held),
        routines=_most_used(session.routine for session in held if session.kind == "stretch"),
    )


def since(sessions: Iterable[Session], first: date, last: date) -> Totals:
    """What the sessions of these days come to, both included."""
    return total(session for session in sessions if first <= session.day <= last)


def _usual(sessions: Sequence[Session], kind: Kind) -> int | None:
    lengths = [
        session.seconds
        for session in sessions
        if session.kind == kind and session.outcome == "finished" and session.seconds is not None
    ]
    return round(median(lengths)) if lengths else None


def _places(sessions: Sequence[Session]) -> list[tuple[str | None, str | None, int, int]]:
    therapy = [session for session in sessions if session.kind != "stretch"]
    kinds = Counter((session.area, session.side, session.kind) for session in therapy)
    return [
        (area, side, kinds[area, side, "heat"], kinds[area, side, "cold"])
        for (area, side), _ in _most_used((session.area, session.side) for session in therapy)
    ]


def _most_used(values: Iterable[_Value]) -> list[tuple[_Value, int]]:
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], str(pair[0])))
