"""What somebody did, from the log: how often, when last, how many days in a row. Values in, values out.

Heat or cold that was stopped within its first minute is none, and neither is stretching that was left before its first
step was done: nobody would count it. What runs is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from skill.coaching.stored import SHORTEST_SECONDS
from skill.coaching.therapy_session import LONGEST_PAUSE, MODALITIES

STRETCH = "stretch"
ALL = "all"
KINDS = (*MODALITIES, STRETCH)
"""What can be asked for, besides all of it."""
LOGGED_KINDS = ("therapy", "stretch")
"""The kinds of the log's entries that are sessions."""
FIELDS = ("modality", "outcome", "ends_at", "ended_at", "paused_at", "heard_at", "steps_done")
"""What must be known of an entry beyond when it began."""
PERIODS = ("today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year", "ever")

_JUST_BEGUN = timedelta(minutes=1)
"""By how much a moment in the log may be ahead of now: clocks differ."""
_CUT_SHORT = ("stopped", "replaced", "elsewhere")


@dataclass(frozen=True)
class PastSession:
    """A session of the log, as far as questions about the past go."""

    kind: str
    """heat, cold or stretch."""
    began: datetime
    is_live: bool = False
    """Whether it runs or is paused."""


@dataclass(frozen=True)
class Question:
    """What somebody wants to know."""

    kind: str = ALL
    period: str = "ever"


@dataclass(frozen=True)
class Summary:
    """What was done in a period."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """Sessions by kind, the most frequent first; what runs is not in it."""
    at_least: bool = False
    """Whether there may be more, further back than was looked."""
    last: PastSession | None = None
    live: PastSession | None = None

    @property
    def total(self) -> int:
        """How many sessions."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Streak:
    """How regular it was, up to now."""

    days: int
    """Days in a row with a session, up to today, or to yesterday while today is still young."""
    weeks: int
    """The same in weeks, from Monday on."""
    with_today: bool
    at_least: bool
    """Whether it goes back further than was looked."""


def past_session(logged_kind: str, began: datetime, fields: Mapping[str, Any], now: datetime) -> PastSession | None:
    """The session of a log entry; None for what doesn't count, or can't be read.

    Args:
        logged_kind: the entry's kind, one of `LOGGED_KINDS`.
        began: when it began, in UTC.
        fields: what the entry says, `FIELDS` at least.
    """
    kind = fields.get("modality") if logged_kind == "therapy" else STRETCH
    if kind not in KINDS or began > now + _JUST_BEGUN:
        return None
    outcome, ended_at = fields.get("outcome"), _moment(fields.get("ended_at"))
    if outcome in ("running", "paused") and _is_live(logged_kind, began, fields, now):
        return PastSession(kind, began, is_live=True)
    if logged_kind == "therapy" and outcome in _CUT_SHORT and ended_at:
        return PastSession(kind, began) if (ended_at - began).total_seconds() >= SHORTEST_SECONDS else None
    if logged_kind == "stretch" and outcome != "finished" and fields.get("steps_done") == 0:
        return None
    return PastSession(kind, began)


def _is_live(logged_kind: str, began: datetime, fields: Mapping[str, Any], now: datetime) -> bool:
    """Whether it still runs or is paused. Stretching has no set end: it counts as left after an hour without a word."""
    paused_at, ends_at = _moment(fields.get("paused_at")), _moment(fields.get("ends_at"))
    if fields["outcome"] == "paused" and paused_at:
        return (now - paused_at).total_seconds() <= LONGEST_PAUSE
    if logged_kind == "therapy":
        return ends_at is not None and now < ends_at
    return (now - (_moment(fields.get("heard_at")) or began)).total_seconds() <= LONGEST_PAUSE


def span(period: str, now: datetime, zone: tzinfo | None) -> tuple[datetime | None, datetime]:
    """When a period begins (None: with the first entry) and when it ends, in UTC; weeks begin on Monday."""
    here = zone or UTC
    today = now.astimezone(here).date()
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month = (first - timedelta(days=1)).replace(day=1)
    day = timedelta(days=1)
    begin, end = {
        "today": (today, None),
        "yesterday": (today - day, today),
        "this_week": (monday, None),
        "last_week": (monday - 7 * day, monday),
        "this_month": (first, None),
        "last_month": (last_month, first),
        "this_year": (today.replace(month=1, day=1), None),
    }.get(period, (None, None))
    return (
        _midnight(begin, here) if begin else None,
        _midnight(end, here) if end else now + _JUST_BEGUN,
    )


def summarise(sessions: Iterable[PastSession], question: Question, complete: bool) -> Summary:
    """Count the sessions of a period.

    Args:
        sessions: those that began in it, in any order.
        complete: whether that is all of them.
    """
    asked = _asked(sessions, question)
    done = [session for session in asked if not session.is_live]
    numbers = {kind: sum(session.kind == kind for session in done) for kind in KINDS}
    counts = {kind: number for kind, number in sorted(numbers.items(), key=lambda item: -item[1]) if number}
    return Summary(counts, not complete, done[0] if done else None, next((s for s in asked if s.is_live), None))


def streak(
    sessions: Iterable[PastSession], question: Question, now: datetime, zone: tzinfo | None, complete: bool
) -> Streak:
    """How many days and weeks in a row there was something, whatever runs now included."""
    here = zone or UTC
    today = now.astimezone(here).date()
    days = {session.began.astimezone(here).date() for session in _asked(sessions, question)}
    mondays = {day - timedelta(days=day.weekday()) for day in days}
    in_a_row = _run(days, today, timedelta(days=1))
    weeks = _run(mondays, today - timedelta(days=today.weekday()), timedelta(days=7))
    reaches_back = bool(days) and not complete and len(days) == in_a_row
    return Streak(in_a_row, weeks, today in days, reaches_back)


def _run(marked: set[date], present: date, step: timedelta) -> int:
    """How many in a row up to the present one, or to the one before it."""
    place = present if present in marked else present - step
    count = 0
    while place in marked:
        count += 1
        place -= step
    return count


def _asked(sessions: Iterable[PastSession], question: Question) -> Sequence[PastSession]:
    """The sessions of the kind that was asked for, newest first."""
    wanted = [session for session in sessions if question.kind in (ALL, session.kind)]
    return sorted(wanted, key=lambda session: session.began, reverse=True)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
