"""One stretch session as the log keeps it: how long it waits, which of the week it is, and back from the log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.stretch_session import KEPT_OPEN, OUTCOMES, WEEK, StretchSession, new_stretch_session
from skill.coaching.stretching import Place

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLACE = Place("whole", ("hm_a", "hf_b", "pf_a"))
DONE = replace(PLACE, number=1, done=(0,))
OVER = replace(PLACE, number=3, done=(0, 1, 2))

moments = st.integers(0, 10**8).map(lambda seconds: NOW + timedelta(seconds=seconds))
sessions = st.builds(
    StretchSession,
    id=st.just("log#2026-03-02T09:00:00.000Z#ab12cd34"),
    place=st.sampled_from([PLACE, DONE, OVER]),
    started_at=moments,
    heard_at=moments,
    outcome=st.sampled_from(OUTCOMES),
    ended_at=st.none() | moments,
    earlier=st.lists(moments, max_size=3).map(tuple),
    settle_first=st.booleans(),
)


def begun(place: Place = PLACE, at: datetime = NOW, *before: StretchSession) -> StretchSession:
    return new_stretch_session("log#1", place, at, before)


@given(sessions)
def test_a_session_comes_back_from_the_log_as_it_was(session: StretchSession) -> None:
    fields = json.loads(json.dumps(session.as_fields()))
    assert StretchSession.from_fields(session.id, fields) == session


@pytest.mark.parametrize(
    "changes",
    [
        {"place": None},
        {"place": {"routine": "handstand", "exercises": ["hm_a"]}},
        {"outcome": "forgotten"},
        {"started_at": "yesterday"},
        {"heard_at": 5},
        {"earlier": ["soon"]},
        {"earlier": 7},
        {"ended_at": None},
    ],
)
def test_what_is_not_a_session_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not|Invalid"):
        StretchSession.from_fields("log#1", begun().as_fields() | changes)


@pytest.mark.parametrize(("waited", "outcome"), [(KEPT_OPEN, "running"), (KEPT_OPEN + timedelta(seconds=1), "stopped")])
def test_a_session_waits_for_a_day(waited: timedelta, outcome: str) -> None:
    settled = begun().settled(NOW + waited)
    assert settled.outcome == outcome
    assert settled.ended_at == (NOW if outcome == "stopped" else None)
    assert begun().is_left(NOW + waited) == (outcome == "running")


@pytest.mark.parametrize(("waited", "held"), [(timedelta(0), True), (KEPT_OPEN, True), (KEPT_OPEN * 1.01, False)])
def test_what_came_up_must_be_settled_for_a_day(waited: timedelta, held: bool) -> None:
    session = begun().stopped().held()
    assert session.is_held(NOW + waited) is held
    assert not session.freed().is_held(NOW + waited)
    assert session.at(DONE, "running", NOW).settle_first


def test_one_that_was_stopped_can_be_taken_up_and_one_that_is_over_can_not() -> None:
    assert begun().at(DONE, "stopped", NOW).is_left(NOW)
    assert not begun().at(OVER, "finished", NOW).is_left(NOW)
    assert not begun().at(OVER, "stopped", NOW).is_left(NOW)


@pytest.mark.parametrize("outcome", ["finished", "stopped"])
def test_an_end_is_noted_and_a_pause_has_none(outcome: str) -> None:
    assert begun().at(DONE, outcome, NOW).ended_at == NOW
    assert begun().at(DONE, "paused", NOW).ended_at is None


def test_the_sessions_of_a_week_are_counted_from_the_last_one_alone() -> None:
    first = begun().at(OVER, "finished", NOW)
    second = begun(PLACE, NOW + timedelta(days=3), first).at(DONE, "stopped", NOW + timedelta(days=3))
    third = begun(PLACE, NOW + timedelta(days=6), second)
    assert [session.number_in_week for session in (first, second, third)] == [1, 2, 3]
    # The first is more than a week ago by then, the second is not.
    fourth = begun(PLACE, NOW + WEEK + timedelta(seconds=1), third.at(OVER, "finished", NOW + timedelta(days=6)))
    assert fourth.number_in_week == 3


def test_one_that_came_to_nothing_is_not_counted() -> None:
    nothing = begun().at(PLACE, "stopped", NOW)
    assert begun(PLACE, NOW + timedelta(hours=1), nothing).number_in_week == 1
