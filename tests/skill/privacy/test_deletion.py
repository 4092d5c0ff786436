"""Deleting everything, by voice and with the skill."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from simulator import Echo
from skill.content import words
from skill.handlers import forgetting
from skill.handlers.conversation_state import ConversationState
from skill.session_log import SESSION_KEY, LogEntry, key_of
from tests.skill.privacy.people import disabled, kinds

NO_SECONDS = 0.0
"""Seconds for a deletion that is cut off after its first batch."""


def with_history(sessions: int) -> Echo:
    """Somebody with so many sessions in the log."""
    echo = Echo.returning()
    log = echo._log()
    entries = [
        LogEntry(key_of(SESSION_KEY, echo.clock() - timedelta(hours=number), "ab12"), "stretch", 1, "first", {})
        for number in range(1, sessions + 1)
    ]
    for entry in entries:
        log.save(log.person(echo._device.user_id), [entry])
    return echo


def test_a_deletion_that_takes_too_long_goes_on_at_the_next_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = with_history(80)
    monkeypatch.setattr(forgetting, "_DELETING_SECONDS", NO_SECONDS)
    monkeypatch.setattr(forgetting, "_DELETING_ON_SECONDS", NO_SECONDS)
    echo.say("delete my data")
    turn = echo.say("yes")
    assert turn.speech == words("privacy.in_parts")
    assert turn.details == {"entries": 25, "complete": False}
    # What is left is not used any more: it is as with a new person.
    left = []
    for _ in range(4):
        assert echo.launch().details == {"new": True}
        left.append(kinds(echo).count("stretch"))
        echo.end_session()
    assert left == [31, 6, 0, 0]
    assert set(kinds(echo)) == {"visit"}


def test_what_begins_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = with_history(40)
    echo.cloud.consent = "granted"
    monkeypatch.setattr(forgetting, "_DELETING_SECONDS", NO_SECONDS)
    monkeypatch.setattr(forgetting, "_DELETING_ON_SECONDS", NO_SECONDS)
    echo.say("delete my data")
    echo.say("yes")
    echo.clock.advance(seconds=2)
    echo.say("start cold for fifteen minutes")
    assert echo.say("yes").outcome == "therapy_started"
    echo.end_session()
    echo.launch()
    echo.end_session()
    entries = {entry["kind"]: entry for entry in echo.log_entries()}
    assert "stretch" not in entries
    assert entries["therapy"]["modality"] == "cold"
    assert entries["profile"]["safety_answered"] is True
    assert "deleting_before" not in entries["profile"]


def test_a_deletion_that_fails_half_way_is_told_and_can_be_asked_for_again() -> None:
    echo = with_history(30)
    echo.say("delete my data")
    requests = itertools.count()

    def fail_at_the_third(**_request: object) -> None:
        if next(requests) == 1:
            echo.table.fail("throttled")

    events = echo._client.meta.events
    events.register_first("before-send.dynamodb.*", fail_at_the_third, unique_id="fail-at-the-third")
    try:
        turn = echo.say("yes")
    finally:
        events.unregister("before-send.dynamodb.*", unique_id="fail-at-the-third")
    assert (turn.outcome, turn.details, turn.listening) == ("unavailable", {"service": "log"}, True)
    assert turn.speech == words("privacy.failed")
    assert echo.say("yes").outcome == "data_deleted"
    assert kinds(echo) == []


def test_after_a_deletion_the_conversation_remembers_nothing() -> None:
    echo = Echo.returning()
    echo.say("start cold for fifteen minutes")
    echo.launch()
    echo.say("delete my data")
    turn = echo.say("yes")
    state = ConversationState.from_attributes(turn.response["sessionAttributes"])
    assert (state.known, state.unsaved, state.visit) == ((), (), "")


def test_another_conversation_brings_nothing_back() -> None:
    kitchen = Echo.returning()
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    kitchen.say("start cold for fifteen minutes")
    kitchen.launch()
    bedroom.say("delete my data")
    assert bedroom.say("yes").outcome == "data_deleted"
    for said in ("pause it", "stop"):
        kitchen.say(said)
    kitchen.end_session()
    assert [kind for kind in kinds(kitchen) if kind != "visit"] == []


def test_when_the_skill_is_disabled_everything_is_deleted_also_twice() -> None:
    echo, other = Echo.returning(), Echo.returning()
    echo.say("start cold for fifteen minutes")
    event = disabled(echo)
    first = echo.send(event)
    assert (first.outcome, first.details) == ("data_deleted", {"entries": 3, "complete": True})
    assert "outputSpeech" not in first.response["response"]
    assert "sessionAttributes" not in first.response
    assert kinds(echo) == []
    # Sent again with the same id, and as another event
    assert echo.send(event).outcome == "repeated"
    again = echo.send(disabled(echo))
    assert (again.outcome, again.details) == ("data_deleted", {"entries": 0, "complete": True})
    assert kinds(other) == ["profile"]


def test_an_event_while_the_log_is_away_is_noted() -> None:
    echo = Echo.returning()
    echo.table.fail("unreachable")
    turn = echo.send(disabled(echo))
    assert (turn.outcome, turn.details) == ("unavailable", {"service": "log"})
    assert kinds(echo) == ["profile"]


def test_an_event_without_a_user_deletes_nothing() -> None:
    echo = Echo.returning()
    event = disabled(echo)
    del event["context"]["System"]["user"]
    assert echo.send(event).details == {"entries": 0, "complete": True}
    assert kinds(echo) == ["profile"]
