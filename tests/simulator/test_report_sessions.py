"""From entries to sessions: as the skill itself would see them, and never a guess."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.report.sessions import Session, read_log
from simulator.report.spreadsheet import COLUMNS, as_csv
from skill.coaching.therapy_session import AREAS, MODALITIES, SIDES, TherapySession, new_session
from skill.session_log import VISIT_KEY, LogEntry, key_of

patient = settings(deadline=None)
"""A slow machine must not fail a test."""
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
STRETCH: dict[str, Any] = {
    "routine": "piriformis",
    "started_at": "2026-03-01T09:00:00.000+00:00",
    "heard_at": "2026-03-01T09:06:00.000+00:00",
    "ended_at": "2026-03-01T09:06:00.000+00:00",
    "outcome": "finished",
    "steps_done": 4,
}
THERAPY: dict[str, Any] = new_session("x", "cold", 900, "hip", "left", NOW - timedelta(days=1)).as_fields()


def entry(kind: str, fields: dict[str, Any], key: str = "log#x") -> LogEntry:
    return LogEntry(key, kind, 1, "test", fields)


@st.composite
def told(draw: st.DrawFn) -> TherapySession:
    """A session as the skill leaves it in the log: started, perhaps paused and resumed, perhaps ended."""
    at = NOW - timedelta(seconds=draw(st.integers(0, 3 * 86400)))
    session = new_session(
        "log#x",
        draw(st.sampled_from(MODALITIES)),
        draw(st.integers(600, 1200)),
        draw(st.none() | st.sampled_from(AREAS)),
        draw(st.none() | st.sampled_from(SIDES)),
        at,
    )
    for _ in range(draw(st.integers(0, 4))):
        at += timedelta(seconds=draw(st.integers(0, 400)))
        if session.settled(at) != session or at > NOW:
            break
        session = session.resume(at) if session.is_paused else session.pause(at)
    at += timedelta(seconds=draw(st.integers(0, 400)))
    if draw(st.booleans()) and session.settled(at) == session and at <= NOW:
        session = session.end(draw(st.sampled_from(("stopped", "replaced", "elsewhere"))), at)
    return session.settled(NOW) if draw(st.booleans()) else session


@patient
@given(told())
def test_heat_and_cold_are_read_as_the_skill_would(session: TherapySession) -> None:
    log = read_log([entry("therapy", session.as_fields())], LONDON, NOW)
    settled = session.settled(NOW)
    if log.too_short:
        assert settled.ended_at is not None
        assert settled.ended_at - settled.started_at < timedelta(minutes=1)
        return
    [read] = log.sessions
    assert read.seconds == settled.done(NOW)
    assert read.started_at == session.started_at
    assert read.started_at.tzinfo is LONDON
    assert read.ended_at == settled.ended_at
    assert (read.kind, read.area, read.side) == (session.modality, session.area, session.side)
    assert (read.outcome == "still running") == settled.is_live
    assert (read.outcome == "finished") == (settled.outcome == "finished")
    assert (log.unreadable, log.unknown) == (0, 0)


def test_a_stretch_is_read() -> None:
    [session] = read_log([entry("stretch", STRETCH)], LONDON, NOW).sessions
    assert session.kind == "stretch"
    assert (session.outcome, session.seconds) == ("finished", 360)
    assert (session.routine, session.steps_done) == ("piriformis", 4)


@pytest.mark.parametrize(
    ("changed", "outcome", "seconds"),
    [
        ({"outcome": "stopped"}, "stopped early", 360),
        ({"outcome": "running", "ended_at": None}, "still running", None),
        (
            {
                "outcome": "paused",
                "ended_at": None,
                "started_at": "2026-02-27T09:00:00Z",
                "heard_at": "2026-02-27T09:02:00Z",
            },
            "stopped early",
            120,
        ),
        ({"outcome": "running", "ended_at": None, "heard_at": None}, "still running", None),
        ({"ended_at": "2026-03-01T20:00:00Z"}, "finished", None),
    ],
)
def test_the_end_of_a_stretch(changed: dict[str, Any], outcome: str, seconds: int | None) -> None:
    [session] = read_log([entry("stretch", STRETCH | changed)], LONDON, NOW).sessions
    assert (session.outcome, session.seconds) == (outcome, seconds)


@pytest.mark.parametrize("missing", ["modality", "planned_seconds", "started_at", "ends_at", "outcome"])
def test_a_session_that_lacks_something_is_counted_as_unreadable(missing: str) -> None:
    fields = {name: value for name, value in THERAPY.items() if name != missing}
    log = read_log([entry("therapy", fields), entry("therapy", THERAPY)], LONDON, NOW, unreadable=1)
    assert (len(log.sessions), log.unreadable) == (1, 2)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"modality": "lava"},
        {"modality": ["heat"]},
        {"planned_seconds": 3600},
        {"planned_seconds": -1},
        {"planned_seconds": 900.5},
        {"planned_seconds": True},
        {"started_at": "yesterday"},
        {"started_at": "2026-03-01T09:00:00"},
        {"started_at": 7},
        {"started_at": "0001-01-01T00:00:00+14:00"},
        {"started_at": "1969-07-20T20:17:00Z"},
        {"ended_at": "9999-12-31T23:59:59-12:00"},
        {"outcome": "exploded"},
        {"rested_seconds": "long"},
        {"area": "elbow"},
        {"side": 7},
    ],
)
def test_a_spoilt_session_is_counted_as_unreadable(spoilt: dict[str, Any]) -> None:
    log = read_log([entry("therapy", THERAPY | spoilt)], LONDON, NOW)
    assert (log.sessions, log.unreadable) == ((), 1)


def test_a_late_end_does_not_make_a_session_longer_than_it_was_planned() -> None:
    fields = THERAPY | {"outcome": "stopped", "ended_at": NOW.isoformat()}
    [session] = read_log([entry("therapy", fields)], LONDON, NOW).sessions
    assert session.seconds == 900


@pytest.mark.parametrize("outcome", ["stopped", "replaced", "elsewhere"])
@pytest.mark.parametrize(("seconds", "counts"), [(0, 0), (59, 0), (60, 1)])
def test_what_was_stopped_within_its_first_minute_does_not_count(outcome: str, seconds: int, counts: int) -> None:
    session = new_session("x", "heat", 900, None, None, NOW - timedelta(hours=1))
    fields = session.end(outcome, session.started_at + timedelta(seconds=seconds)).as_fields()
    log = read_log([entry("therapy", fields)], LONDON, NOW)
    assert (len(log.sessions), log.too_short) == (counts, 1 - counts)


def test_a_stretch_that_was_stopped_before_it_began_does_not_count() -> None:
    log = read_log([entry("stretch", STRETCH | {"outcome": "stopped", "steps_done": 0})], LONDON, NOW)
    assert (log.sessions, log.too_short) == ((), 1)


@pytest.mark.parametrize("routine", [None, 7, "", "x" * 100])
def test_a_routine_without_a_name_is_left_out(routine: Any) -> None:
    [session] = read_log([entry("stretch", STRETCH | {"routine": routine})], LONDON, NOW).sessions
    assert session.routine is None


def test_profile_visits_and_strangers() -> None:
    log = read_log(
        [
            entry("profile", {"safety_answered": True}, "profile"),
            entry("visit", {}, key_of(VISIT_KEY, NOW, "abc")),
            entry("visit", {}, key_of(VISIT_KEY, NOW - timedelta(days=1), "abc")),
            entry("visit", {}, "visit#nothing"),
            entry("horoscope", {}),
        ],
        LONDON,
        NOW,
    )
    assert [visit.day for visit in log.visits] == [1, 2]
    assert (log.sessions, log.unreadable, log.unknown) == ((), 1, 1)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=9)
    | st.datetimes().map(datetime.isoformat),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@patient
@given(
    st.sampled_from(["therapy", "stretch", "visit", "?"]), st.dictionaries(st.sampled_from([*THERAPY, *STRETCH]), JUNK)
)
def test_nothing_in_an_entry_stops_the_report(kind: str, fields: dict[str, Any]) -> None:
    base = {"therapy": THERAPY, "stretch": STRETCH}.get(kind, {})
    log = read_log([entry(kind, {**base, **fields})], LONDON, NOW)
    assert len(log.sessions) + len(log.visits) + log.unreadable + log.unknown + log.too_short == 1


# ---- As a table


TEXT = st.none() | st.text(min_size=1, max_size=8) | st.sampled_from(["=1+1", "+1", "-1", "@x", "\tx", "\rx"])


@patient
@given(st.lists(st.tuples(TEXT, TEXT, TEXT, st.none() | st.integers(0, 1200))))
def test_a_table_reads_back_and_no_cell_is_a_formula(rows: list[tuple[Any, Any, Any, int | None]]) -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1)
    sessions = [Session("heat", start, "finished", start, n, n, area, side, routine) for area, side, routine, n in rows]
    header, *read = list(csv.reader(io.StringIO(as_csv(sessions), newline="")))
    assert tuple(header) == COLUMNS
    assert len(read) == len(sessions)
    for cells, session in zip(read, sessions, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
        by_name = dict(zip(COLUMNS, cells, strict=True))
        assert by_name["started_at"] == "2026-10-25T01:30:00+00:00"
        assert by_name["area"].removeprefix("'") == (session.area or "").removeprefix("'")
        assert (by_name["minutes"] == "") == (session.seconds is None)
        if session.seconds is not None:
            assert float(by_name["minutes"]) == pytest.approx(session.seconds / 60, abs=0.006)
