"""One heat or cold session through pauses, changes of length and its end; and back from the log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.amounts import LONGEST, SHORTEST
from skill.coaching.therapy_session import (
    AREAS,
    LONGEST_PAUSE,
    MODALITIES,
    OUTCOMES,
    SIDES,
    TIMERS,
    TherapySession,
    new_session,
    same_skin,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENTRY = "log#2026-03-02T09:00:00.000Z#ab12cd34"


def started(seconds: int = 900, modality: str = "cold") -> TherapySession:
    return new_session(ENTRY, modality, seconds, "hip", "left", NOW)


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
sessions = st.builds(
    TherapySession,
    id=st.just(ENTRY),
    modality=st.sampled_from(MODALITIES),
    planned_seconds=st.integers(1, LONGEST),
    started_at=moments,
    ends_at=moments,
    outcome=st.sampled_from(OUTCOMES),
    paused_at=st.none() | moments,
    ended_at=st.none() | moments,
    rested_seconds=st.integers(0, 10**6),
    area=st.none() | st.sampled_from(AREAS),
    side=st.none() | st.sampled_from(SIDES),
    timer=st.sampled_from(TIMERS),
    timer_id=st.none() | st.text(max_size=40),
    check_timer_id=st.none() | st.text(max_size=40),
    timer_number=st.integers(1, 100),
)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3),
    max_leaves=6,
)


# ---- In the log and back


@given(sessions)
def test_a_session_comes_back_from_the_log_as_it_was(session: TherapySession) -> None:
    fields = json.loads(json.dumps(session.as_fields()))
    assert TherapySession.from_fields(session.id, fields) == session


@pytest.mark.parametrize(
    "change",
    [
        {"modality": "lukewarm"},
        {"modality": None},
        {"modality": ["cold"]},
        {"planned_seconds": 0},
        {"planned_seconds": -900},
        {"planned_seconds": 1201},
        {"planned_seconds": 900.5},
        {"planned_seconds": True},
        {"planned_seconds": "900"},
        {"started_at": 0},
        {"started_at": "yesterday"},
        {"started_at": "2026-03-02T09:00:00"},
        {"ends_at": None},
        {"ends_at": "0001-01-01T00:00:00+14:00"},
        {"paused_at": "9999-12-31T23:59:59-14:00"},
        {"outcome": "cured"},
        {"paused_at": None},
        {"ended_at": 5},
        {"rested_seconds": -1},
        {"area": "knee"},
        {"side": "inside"},
        {"timer": "sundial"},
        {"timer_id": 7},
        {"check_timer_id": ["a"]},
        {"timer_number": "two"},
    ],
    ids=str,
)
def test_a_field_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        TherapySession.from_fields(ENTRY, started().as_fields() | change)


@pytest.mark.parametrize("name", ["modality", "planned_seconds", "started_at", "ends_at", "outcome", "timer"])
def test_a_missing_field_is_refused(name: str) -> None:
    fields = started().as_fields()
    del fields[name]
    with pytest.raises(ValueError, match=name):
        TherapySession.from_fields(ENTRY, fields)


@given(name=st.sampled_from(sorted(started().pause(NOW).as_fields())), junk=json_values)
def test_junk_is_refused_or_makes_a_sound_session(name: str, junk: Any) -> None:
    fields = started().pause(NOW).as_fields() | {name: junk}
    try:
        session = TherapySession.from_fields(ENTRY, fields)
    except ValueError:
        return
    assert session.remaining(NOW) >= 0
    assert session.done(NOW) >= 0
    assert session.as_fields()


# ---- While it runs


@pytest.mark.parametrize("seconds", [0, -900, SHORTEST - 1, LONGEST + 1, 3600])
def test_no_session_is_made_outside_ten_to_twenty_minutes(seconds: int) -> None:
    with pytest.raises(ValueError, match="600 to 1200"):
        started(seconds)


def test_a_pause_stops_the_count_and_resuming_goes_on_where_it_stood() -> None:
    paused = started().pause(after(minutes=5))
    assert (paused.remaining(after(minutes=30)), paused.done(after(minutes=30))) == (600, 300)
    resumed = paused.resume(after(minutes=30))
    assert resumed.ends_at == after(minutes=40)
    assert (resumed.remaining(after(minutes=35)), resumed.done(after(minutes=35))) == (300, 600)


def test_resuming_what_is_not_paused_changes_nothing() -> None:
    assert started().resume(after(minutes=3)) == started()


def test_a_session_that_is_stopped_while_it_is_paused_has_not_gone_on_meanwhile() -> None:
    # GIVEN five minutes of cold, and a pause of twenty
    paused = started().pause(after(minutes=5))
    # WHEN it is stopped
    ended = paused.end("stopped", after(minutes=25))
    # THEN five minutes of cold were done
    assert ended.done(after(minutes=25)) == 300


def test_a_session_is_finished_when_its_time_is_up() -> None:
    assert started().settled(after(minutes=14, seconds=59)) == started()
    settled = started().settled(after(hours=2))
    assert (settled.outcome, settled.ended_at, settled.done(after(hours=3))) == ("finished", after(minutes=15), 900)
    assert settled.settled(after(days=3)) == settled


def test_a_session_that_was_paused_for_too_long_is_closed_as_of_its_pause() -> None:
    paused = started().pause(after(minutes=5))
    assert paused.settled(after(minutes=5, seconds=LONGEST_PAUSE)).is_paused
    closed = paused.settled(after(minutes=6, seconds=LONGEST_PAUSE))
    assert (closed.outcome, closed.ended_at, closed.done(after(hours=9))) == ("stopped", after(minutes=5), 300)


def test_minutes_can_be_added_up_to_twenty_in_all() -> None:
    session = started(900)
    assert session.room_to_extend() == 300
    longer = session.lengthened(300)
    assert (longer.planned_seconds, longer.ends_at, longer.room_to_extend()) == (LONGEST, after(minutes=20), 0)


def test_minutes_had_before_count_when_some_are_added() -> None:
    assert started(600).room_to_extend(540) == 60
    assert started(600).room_to_extend(700) == 0


def test_an_ended_session_has_nothing_left_and_keeps_its_timers_until_they_are_gone() -> None:
    running = replace(started(), timer="alexa", timer_id="one", check_timer_id="two")
    ended = running.end("stopped", after(minutes=3))
    assert (ended.remaining(after(minutes=4)), ended.done(after(minutes=60)), ended.has_timers) == (0, 180, True)
    assert not ended.without_timers().has_timers


def test_timers_are_out_of_step_when_there_are_some_that_nobody_counts_on() -> None:
    running = replace(started(), timer="alexa", timer_id="one")
    assert not running.out_of_step
    assert replace(running, timer="none").out_of_step
    assert not started().out_of_step


def test_what_was_done_without_the_log_is_done_to_the_session_that_the_log_knows() -> None:
    seen = TherapySession("", "cold", LONGEST, after(minutes=-5), after(minutes=15))
    stopped = started().as_seen_without_log(seen.end("stopped", after(minutes=6)))
    assert (stopped.outcome, stopped.ended_at, stopped.done(after(hours=1))) == ("stopped", after(minutes=6), 360)
    paused = started().as_seen_without_log(seen.pause(after(minutes=6)))
    assert (paused.is_paused, paused.remaining(after(minutes=30))) == (True, 540)
    assert started().as_seen_without_log(seen) == started()
    resumed = started().pause(after(minutes=4)).as_seen_without_log(replace(seen, ends_at=after(minutes=18)))
    assert (resumed.outcome, resumed.ends_at, resumed.rested_seconds) == ("running", after(minutes=18), 180)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("left", "right", False), ("right", "left", False), ("left", "left", True), ("both", "left", True)]
    + [(None, side, True) for side in (None, *SIDES)],
)
def test_left_and_right_are_different_skin_and_all_else_may_be_the_same(
    one: str | None, other: str | None, same: bool
) -> None:
    assert same_skin(one, other) is same


steps = st.lists(
    st.tuples(st.integers(0, 1500), st.sampled_from(["pause", "resume", "longer", "shorter", "stop", "look"])),
    max_size=12,
)


@given(planned=st.integers(SHORTEST, LONGEST), steps=steps)
def test_whatever_is_done_with_a_session_its_times_add_up(planned: int, steps: list[tuple[int, str]]) -> None:
    session, now = started(planned), NOW
    for wait, step in steps:
        now += timedelta(seconds=wait)
        session = session.settled(now)
        if session.is_live:
            match step:
                case "pause":
                    session = session if session.is_paused else session.pause(now)
                case "resume":
                    session = session.resume(now)
                case "longer":
                    session = session.lengthened(min(120, session.room_to_extend()))
                case "shorter":
                    session = session.lengthened(-60) if session.remaining(now) > 60 else session
                case "stop":
                    session = session.end("stopped", now)
        done, remaining = session.done(now), session.remaining(now)
        assert 0 <= done <= session.planned_seconds <= LONGEST
        assert remaining >= 0
        if session.is_live:
            assert done + remaining == session.planned_seconds
        assert TherapySession.from_fields(session.id, session.as_fields()) == session
