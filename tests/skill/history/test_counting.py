"""Which sessions count, how many there are, and how many days in a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Echo
from skill.coaching.history import (
    FIELDS,
    KINDS,
    PastSession,
    Question,
    Streak,
    past_session,
    streak,
    summarise,
)
from skill.coaching.therapy_session import new_session
from skill.session_log import SESSION_KEY, LogEntry, key_of
from tests.skill.history.past import LONDON, NOW, ago, log_of, moments, zones


def therapy(began: datetime, outcome: str = "finished", seconds: int = 900, **fields: Any) -> dict[str, Any]:
    session = new_session("log#x", "cold", 900, None, None, began)
    if outcome not in ("running", "paused"):
        session = session.end(outcome, began + timedelta(seconds=seconds))
    return session.as_fields() | {"outcome": outcome} | fields


def test_a_session_that_ran_is_one() -> None:
    began = NOW - timedelta(hours=2)
    assert past_session("therapy", began, therapy(began), NOW) == PastSession("cold", began)


@pytest.mark.parametrize(("outcome", "seconds", "counts"), [("stopped", 59, False), ("stopped", 60, True)])
def test_what_was_stopped_within_a_minute_is_none(outcome: str, seconds: int, counts: bool) -> None:
    began = NOW - timedelta(hours=2)
    assert (past_session("therapy", began, therapy(began, outcome, seconds), NOW) is not None) == counts


@pytest.mark.parametrize(
    ("kind", "outcome", "hours", "live"),
    [
        ("therapy", "running", 0.2, True),
        ("therapy", "running", 0.3, False),
        ("stretch", "running", 0.9, True),
        ("stretch", "running", 1.1, False),
        ("stretch", "finished", 0.1, False),
    ],
)
def test_what_runs_is_told_apart_from_what_is_over(kind: str, outcome: str, hours: float, live: bool) -> None:
    began = NOW - timedelta(hours=hours)
    session = past_session(kind, began, therapy(began, outcome), NOW)
    assert session is not None
    assert session.is_live == live


@pytest.mark.parametrize(("minutes_ago", "live"), [(59, True), (61, False)])
def test_a_pause_lasts_an_hour_at_most(minutes_ago: int, live: bool) -> None:
    began = NOW - timedelta(hours=2)
    paused_at = (NOW - timedelta(minutes=minutes_ago)).isoformat()
    session = past_session("therapy", began, therapy(began, "paused", paused_at=paused_at), NOW)
    assert session is not None
    assert session.is_live == live


def test_a_stretch_that_was_left_before_its_first_step_is_none() -> None:
    began = NOW - timedelta(hours=2)
    fields = {"routine": "short", "outcome": "stopped", "steps_done": 0}
    assert past_session("stretch", began, fields, NOW) is None
    assert past_session("stretch", began, {**fields, "steps_done": 1}, NOW) == PastSession("stretch", began)


def test_stretching_goes_on_for_an_hour_after_the_last_word() -> None:
    began = NOW - timedelta(hours=3)
    fields = {"outcome": "paused", "steps_done": 2, "heard_at": (NOW - timedelta(minutes=59)).isoformat()}
    assert past_session("stretch", began, fields, NOW) == PastSession("stretch", began, is_live=True)
    assert past_session("stretch", began, fields, NOW + timedelta(minutes=2)) == PastSession("stretch", began)
    nothing_done = {**fields, "steps_done": 0}
    assert past_session("stretch", began, nothing_done, NOW + timedelta(minutes=2)) is None


def test_what_begins_in_the_future_is_none() -> None:
    began = NOW + timedelta(days=300)
    assert past_session("therapy", began, therapy(began), NOW) is None


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from(FIELDS), junk))
def test_odd_fields_are_passed_over(fields: dict[str, Any]) -> None:
    for kind in ("therapy", "stretch"):
        session = past_session(kind, NOW, fields, NOW)
        assert session is None or session.kind in KINDS


def test_entries_of_an_earlier_shape_are_understood() -> None:
    """The first Hip Coach kept less of a session: no timer ids, no place, no count of timers."""
    echo = Echo.returning()
    began = echo.clock() - timedelta(hours=3)
    first_shape = {
        "modality": "heat",
        "planned_seconds": 900,
        "started_at": began.isoformat(),
        "ends_at": (began + timedelta(minutes=15)).isoformat(),
        "ended_at": (began + timedelta(minutes=15)).isoformat(),
        "outcome": "finished",
        "timer": "none",
    }
    log_of(echo, [LogEntry(key_of(SESSION_KEY, began, "ab12"), "therapy", 2, "first", first_shape)])
    assert echo.say("what did i do today").details["count"] == 1
    assert echo.say("how much time is left").outcome == "no_therapy"


@given(
    st.lists(st.builds(PastSession, st.sampled_from(KINDS), moments, st.booleans()), max_size=30),
    st.sampled_from([*KINDS, "all"]),
)
def test_every_session_of_the_kind_is_counted_once(sessions: list[PastSession], kind: str) -> None:
    summary = summarise(sessions, Question(kind), complete=True)
    wanted = [session for session in sessions if kind in ("all", session.kind)]
    assert summary.total == sum(not session.is_live for session in wanted)
    assert list(summary.counts.values()) == sorted(summary.counts.values(), reverse=True)
    assert (summary.live is not None) == any(session.is_live for session in wanted)
    if summary.last:
        assert summary.last.began == max(session.began for session in wanted if not session.is_live)


def days_before(*numbers: int) -> list[PastSession]:
    return [ago(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("days", "row", "weeks", "with_today"),
    [
        ([0, 1, 2], 3, 1, True),
        ([1, 2], 2, 1, False),
        ([2, 3], 0, 2, False),
        ([0], 1, 1, True),
        ([], 0, 0, False),
        ([0, 7, 14], 1, 3, True),
        ([8, 15], 0, 2, False),
        ([16], 0, 0, False),
        ([0, 0, 1], 2, 1, True),
    ],
)
def test_days_and_weeks_in_a_row(days: list[int], row: int, weeks: int, with_today: bool) -> None:
    found = streak(days_before(*days), Question(), NOW, LONDON, complete=True)
    assert found == Streak(row, weeks, with_today, at_least=False)


def test_a_row_that_goes_back_as_far_as_was_looked_may_be_longer() -> None:
    assert streak(days_before(0, 1, 2), Question(), NOW, LONDON, complete=False).at_least
    assert not streak(days_before(0, 1, 3), Question(), NOW, LONDON, complete=False).at_least


@given(st.sets(st.integers(0, 60), max_size=40), zones)
def test_a_row_of_days_is_as_long_as_it_is(days: set[int], zone: ZoneInfo | None) -> None:
    found = streak(days_before(*days), Question(), NOW, zone, complete=True)
    start = 0 if 0 in days else 1
    assert all(start + number in days for number in range(found.days))
    assert start + found.days not in days
