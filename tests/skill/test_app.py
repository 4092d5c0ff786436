"""The skill's one door: requests sent twice, strangers, failures, and what is recorded of a turn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulator import Echo
from simulator.envelopes import SKILL_ID
from simulator.local_dynamodb import shared_engine
from simulator.response_rules import errors_in
from skill.handlers import is_known
from skill.handlers.turn import OUTCOMES
from skill.session_log import create_table, make_client
from skill.turn_record import print_record
from tests.skill.wishes import RECORD_KEYS

ROOT = Path(__file__).parents[2]


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
    assert set(turn.record) == RECORD_KEYS


@pytest.mark.parametrize("event", [None, [], {}, "LaunchRequest", 7, {"request": {}}])
def test_what_is_no_request_is_taken_in_silence(event: object) -> None:
    echo = Echo(settings={"skill_id": None})
    turn = echo.send(event)
    assert turn.response == {"version": "1.0", "response": {}}
    assert (turn.outcome, turn.record["request"]) == ("acknowledged", None)


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
        assert set(record) == RECORD_KEYS
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
