"""Requests for another skill, of nobody, and with a talk that is forged."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import Echo
from skill.app import create_skill
from skill.content import words
from skill.settings import Settings
from tests.skill.wishes import wish

# ---- Strangers


@pytest.mark.parametrize("skill_id", ["amzn1.ask.skill.somebody-elses", "", None, 7, "left out"])
def test_a_request_for_another_skill_is_refused_and_nothing_is_stored(skill_id: Any) -> None:
    echo = Echo(timers="granted")
    event = wish(echo)
    for place in (event["session"], event["context"]["System"]):
        if skill_id == "left out":
            del place["application"]
        else:
            place["application"] = {"applicationId": skill_id}
    turn = echo.send(event)
    assert (turn.outcome, turn.details) == ("refused", {"reason": "skill_id"})
    assert turn.errors == ()
    assert not turn.listening
    assert turn.record["db_calls"] == 0
    assert (echo.log_entries(), echo.timers, echo.cloud.calls) == ([], [], [])


def test_without_a_skill_id_in_the_settings_any_request_is_answered() -> None:
    echo = Echo(settings={"skill_id": None})
    event = echo.envelope({"type": "LaunchRequest"})
    del event["session"]["application"], event["context"]["System"]["application"]
    assert echo.send(event).outcome == "welcome"


def test_without_a_user_it_works_and_nothing_is_stored() -> None:
    echo = Echo(timers="granted")
    event = wish(echo)
    del event["session"]["user"], event["context"]["System"]["user"]
    asked = echo.send(event)
    assert asked.outcome == "safety_asked"
    # WHEN the safety question is answered in the same conversation
    answer = echo.envelope({"type": "IntentRequest", "intent": {"name": "AMAZON.YesIntent"}})
    answer["session"]["attributes"] = asked.response["sessionAttributes"]
    del answer["session"]["user"], answer["context"]["System"]["user"]
    started = echo.send(answer)
    # THEN the session starts, timers and all, and the log has not been touched
    assert (started.outcome, started.details["timer"]) == ("therapy_started", "alexa")
    assert words("conversation.not_saved") not in started.speech
    assert asked.record["db_calls"] == started.record["db_calls"] == 0
    assert echo.log_entries() == []


def test_without_a_secret_nothing_is_logged() -> None:
    echo = Echo(timers="granted")
    skill = create_skill(Settings(allow_loopback_api=True), clock=echo.clock, record=lambda record: None)
    response = skill.handle(wish(echo))
    assert words("therapy.safety.question")[:20] in response["response"]["outputSpeech"]["ssml"]
    assert echo.log_entries() == []


# ---- Forged conversations


@pytest.mark.parametrize(
    "attributes",
    [
        {"awaiting_delete_confirm": True},
        {"version": 1, "pending": {"question": "delete", "plan": {}}},
        {"version": 1, "pending": {"question": "safety", "plan": {"modality": "cold", "seconds": 36000}}},
        {"version": 1, "pending": {"question": "safety", "plan": {"modality": "cold", "reason": "reprompt.x"}}},
        {"version": 1, "pending": {"question": "safety", "plan": {"modality": "cold", "agreed": ["all"]}}},
        {"version": 1, "pending": {"question": "amount"}},
        {"version": 1, "pending": []},
        {"version": 2, "pending": {"question": "safety", "plan": {"modality": "cold", "seconds": 900}}},
        {"version": 1, "timerEnd": "1970-01-01T00:00:00Z", "known": "all"},
        {"version": 1, "speech": "x" * 100_000},
        {"version": 1, "speech": 7},
        {"version": 1, "unsaved": [{"entry": "profile"}]},
        {"version": 1, "known": [{}] * 1000},
        {"__proto__": {"version": 1}},
    ],
    ids=lambda attributes: ascii(attributes)[:60],
)
def test_a_forged_conversation_starts_afresh(attributes: dict[str, Any]) -> None:
    echo = Echo(timers="granted")
    event = echo.envelope({"type": "IntentRequest", "intent": {"name": "AMAZON.YesIntent"}})
    event["session"] |= {"new": False, "attributes": attributes}
    turn = echo.send(event)
    # A yes to nothing: nothing is started.
    assert turn.outcome == "fallback"
    assert turn.speech == words("conversation.nothing_asked")
    assert (echo.log_entries(), echo.timers) == ([], [])
