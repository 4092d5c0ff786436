"""The skill's one door: requests sent twice, strangers, failures, and what is recorded of a turn."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator import Echo
from simulator.envelopes import SKILL_ID, new_id
from simulator.local_dynamodb import shared_engine
from simulator.response_rules import errors_in
from skill.app import create_skill
from skill.content import words
from skill.handlers import is_known
from skill.handlers.turn import OUTCOMES
from skill.session_log import create_table, make_client
from skill.settings import Settings
from skill.turn_record import TurnRecord, print_record

KEYS = {"request", "intent", "outcome", "details", "ms", "db_calls", "log_error", "locale"}
ROOT = Path(__file__).parents[2]


def wish(echo: Echo, **request: Any) -> dict[str, Any]:
    """The envelope of "start cold therapy for fifteen minutes"."""
    slots = {
        "modality": {
            "name": "modality",
            "value": "cold",
            "resolutions": {
                "resolutionsPerAuthority": [
                    {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": "cold", "id": "cold"}}]}
                ]
            },
        },
        "duration": {"name": "duration", "value": "PT15M"},
    }
    intent = {"name": "StartTherapyIntent", "confirmationStatus": "NONE", "slots": slots}
    echo.cloud.session_open = True
    return echo.envelope({"type": "IntentRequest", "intent": intent} | request)


def sessions(echo: Echo) -> list[dict[str, Any]]:
    return [entry for entry in echo.log_entries() if entry["kind"] == "therapy"]


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


# ---- Requests that are not answered with speech


@pytest.mark.parametrize("reason", ["USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "SOMETHING_NEW", None])
def test_the_end_of_a_session_is_taken_in_silence(reason: str | None) -> None:
    echo = Echo()
    turn = echo.send(echo.envelope({"type": "SessionEndedRequest", "reason": reason}))
    assert turn.response["response"] == {}
    assert (turn.outcome, turn.record["request"], turn.record["intent"]) == (
        "acknowledged",
        "SessionEndedRequest",
        None,
    )


@pytest.mark.parametrize(
    "kind",
    ["System.ExceptionEncountered", "AudioPlayer.PlaybackStopped", "Made.Up", "AlexaSkillEvent.SkillPermissionChanged"],
)
def test_a_request_of_an_unknown_type_is_taken_in_silence(kind: str) -> None:
    echo = Echo()
    turn = echo.send(echo.envelope({"type": kind}))
    assert turn.response == {"version": "1.0", "response": {}}
    assert (turn.outcome, turn.record["request"]) == ("acknowledged", "unknown")
    assert set(turn.record) == KEYS


@pytest.mark.parametrize("event", [None, [], {}, "LaunchRequest", 7, {"request": {}}])
def test_what_is_no_request_is_taken_in_silence(event: object) -> None:
    echo = Echo(settings={"skill_id": None})
    turn = echo.send(event)
    assert turn.response == {"version": "1.0", "response": {}}
    assert (turn.outcome, turn.record["request"]) == ("acknowledged", None)


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
    assert set(record) == KEYS
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


# ---- Records


def test_records_hold_what_is_documented_and_nothing_personal() -> None:
    # GIVEN a conversation that goes everywhere, with failures and strangers
    echo = Echo(locale="en-GB")
    utterances = [
        "start heat for fifteen minutes on my left hip",
        "i have had a purple knee since tuesday",
        "yes",
        "how much time is left",
        "colourless green ideas sleep",
        "say that again",
        "stop the session",
        "start ice for an hour",
        "no",
    ]
    echo.launch()
    for number, utterance in enumerate(utterances):
        if number == 3:
            echo.cloud.answer_permission("yes")
        echo.say(utterance)
    echo.table.fail("unreachable", times=2)
    echo.cloud.fail("timers", status=500, times=5)
    echo.say("start cold therapy for ten minutes")
    echo.end_session("ERROR")
    forged = echo.envelope({"type": "IntentRequest", "intent": {"name": "Tuesday.IsMyBirthday"}})
    echo.send(forged)
    echo.send(echo.envelope({"type": "IntentRequest", "intent": "Tuesday"}))
    echo.send(echo.envelope({"type": "Tuesday.IsMyBirthday"}))
    echo.send({"session": {"application": {"applicationId": "amzn1.ask.skill.Tuesday"}}, "request": {"type": "X"}})
    records = [turn.record for turn in echo.turns]
    # THEN each record has the documented keys and values
    for record in records:
        assert set(record) == KEYS
        assert record["outcome"] in OUTCOMES
        assert record["intent"] in (None, "unknown") or is_known(record["intent"])
        assert isinstance(record["ms"], float)
        assert isinstance(record["db_calls"], int)
        json.dumps(record)
    assert {record["outcome"] for record in records} > {"therapy_started", "refused", "acknowledged", "fallback"}
    # AND nothing of the person
    system = forged["context"]["System"]
    written = json.dumps(records).lower()
    private = [system["user"]["userId"], system["device"]["deviceId"], system["apiAccessToken"]]
    private += [word for utterance in utterances for word in ("tuesday", "purple", "colourless") if word in utterance]
    assert not [word for word in [*private, "access-", "amzn1", "birthday"] if word.lower() in written]


def test_a_usual_turn_is_one_round_trip_to_the_log_at_most() -> None:
    echo = Echo.returning()
    for utterance in (
        "open hip coach",
        "start cold therapy for fifteen minutes",
        "how much time is left",
        "help",
        "thank you that's all",
    ):
        echo.say(utterance)
    counts = [turn.record["db_calls"] for turn in echo.turns]
    assert max(counts) <= 2
    assert sum(counts) <= len(counts) + 1


def test_a_record_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_record({"outcome": "welcome", "details": {"a\nb": "c\x1b"}})
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"outcome": "welcome", "details": {"a\nb": "c\x1b"}}


# ---- Settings


def test_the_settings_are_read_from_the_environment() -> None:
    assert Settings.from_environment({}) == Settings()
    read = Settings.from_environment(
        {
            "HIP_COACH_TABLE": "table",
            "HIP_COACH_LOG_SECRET": "secret",
            "HIP_COACH_SKILL_ID": "amzn1.ask.skill.x",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:8000",
            "AWS_REGION": "eu-west-1",
            "HIP_COACH_ALLOW_LOOPBACK_API": "Yes",
            "HIP_COACH_API_READ_SECONDS": "0.5",
        }
    )
    assert read == Settings(
        table_name="table",
        log_secret="secret",
        skill_id="amzn1.ask.skill.x",
        dynamodb_endpoint="http://127.0.0.1:8000",
        region="eu-west-1",
        allow_loopback_api=True,
        api_read_seconds=0.5,
    )


def test_an_empty_setting_keeps_its_default() -> None:
    names = ("HIP_COACH_TABLE", "HIP_COACH_SKILL_ID", "HIP_COACH_ALLOW_LOOPBACK_API", "HIP_COACH_API_READ_SECONDS")
    assert Settings.from_environment(dict.fromkeys(names, "")) == Settings()


@pytest.mark.parametrize("text", ["soon", "1,3", "1.3s"])
def test_a_number_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="HIP_COACH_API_READ_SECONDS must be a number"):
        Settings.from_environment({"HIP_COACH_API_READ_SECONDS": text})


# ---- The door itself, as Lambda finds it


def test_the_lambda_handler_answers_from_the_environment_alone() -> None:
    # GIVEN a table in the local engine, and an environment as Lambda has it
    engine = shared_engine()
    create_table(make_client(engine.endpoint, "us-east-1"), "table-of-the-door")
    event = Echo().envelope({"type": "LaunchRequest"})
    program = (
        "import json, sys\nfrom skill.app import handle\nprint(json.dumps(handle(json.loads(sys.stdin.read()), None)))"
    )
    # WHEN a process of its own answers
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(event),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={
            "PATH": "",
            "HIP_COACH_TABLE": "table-of-the-door",
            "HIP_COACH_LOG_SECRET": "a secret",
            "HIP_COACH_SKILL_ID": SKILL_ID,
            "AWS_ENDPOINT_URL_DYNAMODB": engine.endpoint,
            "AWS_REGION": "us-east-1",
        },
    )
    # THEN it prints the record, and answers
    record, response = (json.loads(line) for line in done.stdout.splitlines())
    assert (record["outcome"], record["db_calls"], record["locale"]) == ("welcome", 1, "en-US")
    assert errors_in(response, "LaunchRequest") == ()
