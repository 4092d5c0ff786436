"""What the log is asked, and what it answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simulator import Echo
from skill.coaching.understanding import understand
from skill.content import words
from skill.handlers.history import MOST_SESSIONS
from skill.session_log import SESSION_KEY, LogEntry, key_of
from tests.skill.history.past import log_of


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
