"""Whatever breaks inside, the person gets an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import Echo
from simulator.response_rules import errors_in
from skill.content import words
from skill.turn_record import TurnRecord
from tests.skill.wishes import RECORD_KEYS, sessions

# ---- Failures


def fallen_over(monkeypatch: pytest.MonkeyPatch, event_type: str) -> tuple[dict[str, Any], TurnRecord]:
    """The answer and the record when a handler raises."""

    def broken(turn: object) -> None:
        raise RuntimeError("a secret that belongs to somebody")

    monkeypatch.setattr("skill.app.respond", broken)
    echo = Echo()
    turn = echo.send(echo.envelope({"type": event_type, "reason": "ERROR"}))
    return turn.response, turn.record


def test_an_error_in_a_handler_is_answered_calmly_and_noted_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    response, record = fallen_over(monkeypatch, "LaunchRequest")
    assert errors_in(response, "LaunchRequest") == ()
    assert words("conversation.unavailable") in response["response"]["outputSpeech"]["ssml"]
    assert record["outcome"] == "unavailable"
    assert record["details"] == {"service": "skill", "error": "RuntimeError"}
    assert set(record) == RECORD_KEYS
    assert "secret" not in json.dumps(record)
    assert "Traceback" not in json.dumps(record)


def test_an_error_where_nothing_can_be_said_is_answered_with_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    response, record = fallen_over(monkeypatch, "SessionEndedRequest")
    assert response == {"version": "1.0", "response": {}}
    assert record["outcome"] == "unavailable"


def test_a_request_that_failed_may_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = Echo()
    event = echo.envelope({"type": "LaunchRequest"})
    with monkeypatch.context() as broken:
        broken.setattr("skill.app.respond", lambda turn: None)
        assert echo.send(event).outcome == "unavailable"
    assert echo.send(event).outcome == "welcome"


def test_a_response_that_alexa_would_refuse_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skill.app.limits.faults", lambda response: ["too long"])
    echo = Echo()
    turn = echo.launch()
    assert turn.speech == words("conversation.unavailable")
    assert turn.record["details"] == {"service": "response", "error": "too long"}
    assert not turn.listening


@pytest.mark.parametrize("how", ["unreachable", "throttled", "slow", "refused", "missing_table"])
def test_a_session_starts_although_the_log_fails_and_is_logged_at_the_next_turn(how: Any) -> None:
    echo = Echo.returning()
    echo.launch()
    # WHEN the log can't be written
    echo.table.fail(how)
    started = echo.say("start cold therapy for fifteen minutes")
    # THEN the session starts, the person is told, and Alexa goes on listening
    assert started.outcome == "therapy_started"
    assert words("conversation.not_saved") in started.speech
    assert started.listening
    assert sessions(echo) == []
    # AND with the next turn it is in the log
    echo.say("how much time is left")
    [entry] = sessions(echo)
    assert (entry["modality"], entry["planned_seconds"], entry["outcome"]) == ("cold", 900, "running")
