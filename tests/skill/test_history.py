"""The past, asked by voice: what counts, which days a period has, how it is said, and that one query is enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import Echo
from skill.coaching.history import (
    FIELDS,
    KINDS,
    PERIODS,
    PastSession,
    Question,
    Streak,
    Summary,
    past_session,
    span,
    streak,
    summarise,
)
from skill.coaching.therapy_session import new_session
from skill.coaching.understanding import understand
from skill.content import words
from skill.handlers.history import MOST_SESSIONS
from skill.handlers.history_words import (
    count_words,
    counts_words,
    last_words,
    nothing_words,
    streak_words,
    summary_words,
    when_words,
)
from skill.session_log import SESSION_KEY, LogEntry, key_of
from tests.skill.engines import ENGINES, endpoint_of, patient_client_with_table

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
"""A Wednesday afternoon."""

moments = st.integers(-365 * 86400, 365 * 86400).map(lambda seconds: NOW + timedelta(seconds=seconds))
zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")]
) | st.just(None)


def ago(kind: str = "cold", *, live: bool = False, **length: float) -> PastSession:
    return PastSession(kind, NOW - timedelta(**length), live)


def therapy(began: datetime, outcome: str = "finished", seconds: int = 900, **fields: Any) -> dict[str, Any]:
    session = new_session("log#x", "cold", 900, None, None, began)
    if outcome not in ("running", "paused"):
        session = session.end(outcome, began + timedelta(seconds=seconds))
    return session.as_fields() | {"outcome": outcome} | fields


# ---- What counts


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


# ---- Which days


@pytest.mark.parametrize(
    ("period", "begins", "ends"),
    [
        ("today", "2026-03-04", None),
        ("yesterday", "2026-03-03", "2026-03-04"),
        ("this_week", "2026-03-02", None),
        ("last_week", "2026-02-23", "2026-03-02"),
        ("this_month", "2026-03-01", None),
        ("last_month", "2026-02-01", "2026-03-01"),
        ("this_year", "2026-01-01", None),
        ("ever", None, None),
    ],
)
def test_a_period_begins_and_ends_at_midnight_where_the_person_lives(
    period: str, begins: str | None, ends: str | None
) -> None:
    begin, end = span(period, NOW, LONDON)
    assert begin == (begins and datetime.fromisoformat(f"{begins}T00:00:00Z"))
    assert end == (datetime.fromisoformat(f"{ends}T00:00:00Z") if ends else NOW + timedelta(minutes=1))


def test_a_day_with_a_change_of_clocks_is_an_hour_shorter() -> None:
    monday = datetime(2026, 3, 30, 9, tzinfo=UTC)
    begin, end = span("yesterday", monday, LONDON)
    assert begin is not None
    assert end - begin == timedelta(hours=23)


@given(moments, zones, st.sampled_from(PERIODS))
def test_every_period_is_past_and_in_order(now: datetime, zone: ZoneInfo | None, period: str) -> None:
    begin, end = span(period, now, zone)
    assert end <= now + timedelta(minutes=1)
    assert begin is None or begin < end


# ---- Counting


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


# ---- How it is said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "less than an hour ago"),
        (2, "this afternoon"),
        (4, "this morning"),
        (12, "in the small hours"),
        (16, "last night"),
        (18, "yesterday evening"),
        (24, "yesterday afternoon"),
        (36, "early yesterday"),
        (40, "on Monday night"),
        (24 * 6, "on Thursday afternoon"),
        (24 * 7, "on February 25th"),
        (24 * 11, "on February 21st"),
        (24 * 20, "on February 12th"),
        (24 * 200, "on August 16th"),
    ],
)
def test_a_moment_is_said_as_a_person_would(hours: float, said: str) -> None:
    assert when_words(NOW - timedelta(hours=hours), NOW, LONDON) == said


@given(moments, zones)
def test_every_moment_can_be_said(moment: datetime, zone: ZoneInfo | None) -> None:
    now = datetime(2027, 3, 4, tzinfo=UTC)
    said = when_words(moment, now, zone)
    assert said
    assert "{" not in said


def said_of(sessions: Sequence[PastSession], kind: str = "all") -> str:
    question = Question(kind, "this_week")
    return summary_words(summarise(sessions, question, complete=True), question, NOW, LONDON)


def test_three_kinds_are_summed_up_in_one_sentence() -> None:
    sessions = [ago(hours=20), ago(hours=30), ago("heat", hours=40), ago("stretch", hours=50), ago("stretch", hours=51)]
    assert said_of(sessions) == (
        "Two cold sessions, two stretching sessions and one heat session this week, the last one yesterday evening."
    )


def test_a_stretch_is_spoken_of_like_heat_and_cold() -> None:
    assert said_of([ago("stretch", hours=20)], "stretch") == "One stretching session this week, yesterday evening."
    assert said_of([ago("stretch", hours=0.1, live=True)]) == (
        "Nothing finished this week, but your stretching session is on right now."
    )
    question = Question("stretch")
    summary = summarise([ago("stretch", hours=20)], question, complete=True)
    assert last_words(summary, question, NOW, LONDON) == "You last stretched yesterday evening."


def test_where_there_may_be_more_at_least_is_said() -> None:
    question = Question("cold", "this_year")
    summary = Summary({"cold": 500}, at_least=True, last=ago(hours=20))
    assert counts_words(summary) == "at least 500 cold sessions"
    assert count_words(summary, question) == "At least 500 cold sessions this year."
    assert streak_words(Streak(40, 6, True, True), summary, NOW, LONDON) == (
        "At least forty days in a row, and at least six weeks with something in each."
    )
    assert nothing_words(question, None, 500, NOW, LONDON) == "No cold sessions among your last 500 sessions."


# ---- Asked of the log


def log_of(echo: Echo, entries: Sequence[LogEntry]) -> None:
    """Put these entries into the person's log."""
    log = echo._log()
    person = log.person(echo._device.user_id)
    for place in range(0, len(entries), 25):
        puts: Any = [
            {"PutRequest": {"Item": log._put(person, entry, must_be_there=False)["Item"]}}
            for entry in entries[place : place + 25]
        ]
        echo._client.batch_write_item(RequestItems={echo.settings.table_name: puts})


def stretches(echo: Echo, number: int, hours_apart: float, outcome: str = "finished") -> list[LogEntry]:
    return [
        LogEntry(
            key_of(SESSION_KEY, began, "ab12"),
            "stretch",
            1,
            "first",
            {"routine": "short", "started_at": began.isoformat(), "outcome": outcome, "steps_done": 3},
        )
        for began in (echo.clock() - timedelta(hours=hours_apart * place) for place in range(1, number + 1))
    ]


def test_stretches_are_counted_with_the_rest() -> None:
    echo = Echo.returning()
    log_of(echo, stretches(echo, 2, 1.0))
    echo.say("start cold for fifteen minutes")
    echo.clock.advance(hours=2)
    assert echo.say("what did i do today").details["count"] == 3
    assert echo.say("how many times did i stretch today").speech.startswith("Two stretching sessions today.")


@pytest.fixture(params=ENGINES)
def echo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Echo:
    """Somebody whose log is on each engine in turn."""
    monkeypatch.setattr("simulator.echo._client", patient_client_with_table)
    endpoint: Any = SimpleNamespace(endpoint=endpoint_of(request.param))
    return Echo.returning(dynamodb=endpoint)


def test_one_query_is_enough_whatever_there_is(echo: Echo) -> None:
    log_of(echo, stretches(echo, MOST_SESSIONS + 20, 2.0))
    echo.launch()
    for question in ("what did i do this week", "how many times did i stretch this year", "how long have i kept it up"):
        turn = echo.say(question)
        assert (turn.outcome, turn.record["db_calls"] <= 2) == ("history", True)
    again = echo.say("how many times did i stretch this year")
    assert again.speech.startswith(f"At least {MOST_SESSIONS} stretching sessions this year.")
    assert again.record["db_calls"] == 1
    nothing = words("history.nothing_among_latest", sessions="heat sessions", number=MOST_SESSIONS)
    assert echo.say("when did i last use heat").speech.startswith(nothing)


def test_what_the_log_has_not_taken_yet_is_counted_too() -> None:
    echo = Echo.returning()
    echo.launch()
    echo.table.fail("unreachable")
    echo.say("start cold for fifteen minutes")
    echo.clock.advance(seconds=10)
    assert "cold session is on right now" in echo.say("what did i do today").speech


def test_the_time_zone_is_kept_with_the_profile_and_not_asked_for_again() -> None:
    echo = Echo.returning()
    echo.cloud.time_zone = "Asia/Kolkata"
    log_of(echo, stretches(echo, 1, 1.0))
    echo.say("what did i do today")
    echo.end_session()
    [profile] = [entry for entry in echo.log_entries() if entry["kind"] == "profile"]
    assert (profile["time_zone"], profile["time_zone_asked"]) == ("Asia/Kolkata", date(2026, 3, 2).isoformat())
    before = len(echo.cloud.calls)
    echo.say("what did i do today")
    assert len(echo.cloud.calls) == before


@pytest.mark.parametrize(
    ("said", "kind", "period"),
    [
        ("what did i do this week", None, "this_week"),
        ("how many cold sessions have i had so far this month please", "cold", "this_month"),
        ("tell me all my stretches and when i did them yesterday", "stretch", "yesterday"),
        ("what were my pain scores last week", "pain", "last_week"),
        ("what has my pain been like", "pain", None),
        ("what did i do for my hip pain today", None, "today"),
        ("heat and cold how often this week", "all", "this_week"),
    ],
)
def test_kind_and_period_are_read_from_free_words(said: str, kind: str | None, period: str | None) -> None:
    from skill.coaching.understanding.past_slots import past_slots

    slots = past_slots(said.split())
    assert (slots["history_kind"].ids[0] if "history_kind" in slots else None) == kind
    assert (slots["period"].ids[0] if "period" in slots else None) == period


def test_a_streak_may_come_as_a_count() -> None:
    echo = Echo.returning()
    log_of(echo, stretches(echo, 1, 1.0))
    by_name = echo.say("what's my streak")
    slot = {
        "question": {
            "name": "question",
            "value": "streak",
            "resolutions": {
                "resolutionsPerAuthority": [
                    {
                        "authority": "x",
                        "status": {"code": "ER_SUCCESS_MATCH"},
                        "values": [{"value": {"name": "streak", "id": "how_long_streak"}}],
                    }
                ]
            },
        }
    }
    intent = {"name": "HistoryCountIntent", "confirmationStatus": "NONE", "slots": slot}
    by_slot = echo.send(echo.envelope({"type": "IntentRequest", "intent": intent}))
    assert by_slot.details["about"] == by_name.details["about"] == "streak"
    assert by_slot.speech == by_name.speech


def test_words_about_the_past_leave_a_wish_for_a_session_alone() -> None:
    slots = understand("could you start a session of cold therapy today for fifteen minutes").slots
    assert (slots["modality"].ids, slots["duration"].value) == (("cold",), "PT15M")
