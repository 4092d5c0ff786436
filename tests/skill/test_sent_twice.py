"""The same request twice is done once; another request under its id is refused."""

from __future__ import annotations

import copy

from simulator import Echo
from simulator.envelopes import new_id
from skill.content import words
from tests.skill.wishes import sessions, wish

# ---- The same request twice


def test_a_request_that_is_sent_twice_is_done_once_and_answered_twice() -> None:
    echo = Echo.returning()
    event = wish(echo)
    # WHEN the same request comes twice, the second time as another object
    first, second = echo.send(event), echo.send(copy.deepcopy(event))
    # THEN both get the same answer, and there is one session with its two timers
    assert first.outcome == "therapy_started"
    assert second.response == first.response
    assert (second.outcome, second.details) == ("repeated", {"request": "sent twice"})
    assert second.record["db_calls"] == 0
    assert len(sessions(echo)) == 1
    assert len(echo.timers) == 2


def test_another_request_under_a_used_id_is_refused() -> None:
    echo = Echo.returning()
    event = wish(echo)
    echo.send(event)
    other = copy.deepcopy(event)
    other["request"]["intent"] = {"name": "StopTherapyIntent", "slots": {}}
    turn = echo.send(other)
    assert (turn.outcome, turn.details) == ("refused", {"reason": "request_id"})
    assert turn.speech == words("conversation.refused")
    assert len(echo.timers) == 2
    # AND the first one is still answered as it was
    assert echo.send(event).outcome == "repeated"


def test_two_people_may_use_the_same_request_id() -> None:
    echo = Echo.returning()
    event = wish(echo, requestId="the same")
    echo.send(event)
    event["context"]["System"]["user"]["userId"] = event["session"]["user"]["userId"] = new_id("ask.account")
    assert echo.send(event).outcome == "safety_asked"


def test_requests_without_an_id_are_all_answered() -> None:
    echo = Echo()
    event = echo.envelope({"type": "LaunchRequest"})
    del event["request"]["requestId"]
    assert [echo.send(event).outcome for _ in range(2)] == ["welcome", "welcome"]


def test_only_the_latest_answers_are_kept() -> None:
    echo = Echo()
    first = echo.envelope({"type": "LaunchRequest"})
    echo.send(first)
    for _ in range(64):
        echo.send(echo.envelope({"type": "IntentRequest", "intent": {"name": "AMAZON.HelpIntent"}}))
    assert echo.send(first).outcome == "welcome"
