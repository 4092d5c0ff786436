"""Alexa's limits on a response, held before it leaves the skill; checked against the simulator's own reading."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.response_rules import errors_in
from skill.alexa.limits import LARGEST_RESPONSE, faults
from skill.alexa.speech import LONGEST_SPEECH, ssml


def speech(text: str) -> dict[str, Any]:
    return {"type": "SSML", "ssml": text}


def response(text: str = "<speak>Hello</speak>", again: str | None = None, **body: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"outputSpeech": speech(text), **body}
    if again is not None:
        whole |= {"reprompt": {"outputSpeech": speech(again)}, "shouldEndSession": False}
    return {"version": "1.0", "response": whole}


@pytest.mark.parametrize(
    "sound",
    [
        {"version": "1.0", "response": {}},
        response(),
        response(shouldEndSession=True),
        response(again="<speak>Still there?</speak>"),
        response('<speak>Breathe <break time="10s"/> out &amp; in</speak>'),
        response('<speak>One<break time="10000ms"/></speak>'),
        response(f"<speak>{'x' * (LONGEST_SPEECH - 15)}</speak>"),
    ],
)
def test_a_sound_response_has_no_faults(sound: dict[str, Any]) -> None:
    assert faults(sound) == []
    assert errors_in(sound, "IntentRequest") == ()


@pytest.mark.parametrize(
    ("unsound", "fault"),
    [
        (response("Hello"), "outputSpeech is not sound SSML"),
        (response("<speak>heat & cold</speak>"), "outputSpeech is not sound SSML"),
        (response("<speak>Hello"), "outputSpeech is not sound SSML"),
        (response(again="again"), "reprompt is not sound SSML"),
        (response('<speak><break time="11s"/>x</speak>'), "outputSpeech has a break of more than ten seconds"),
        (response('<speak><break time="10001ms"/>x</speak>'), "outputSpeech has a break of more than ten seconds"),
        (response(f"<speak>{'x' * LONGEST_SPEECH}</speak>"), "outputSpeech has 8015 characters, more than 8000"),
        (response(shouldEndSession=False), "it listens without a reprompt"),
        (
            response(again="<speak>?</speak>")
            | {"response": {"reprompt": {"outputSpeech": speech("<speak>?</speak>")}}},
            "it has a reprompt but does not listen",
        ),
        (
            {"version": "1.0", "response": {"outputSpeech": {"type": "PlainText", "text": "x"}}},
            "outputSpeech has no ssml",
        ),
    ],
)
def test_what_alexa_would_refuse_is_found(unsound: dict[str, Any], fault: str) -> None:
    assert fault in faults(unsound)


def test_a_response_of_too_many_bytes_is_found() -> None:
    big = response() | {"sessionAttributes": {"x": "é" * (LARGEST_RESPONSE // 6)}}
    assert [fault for fault in faults(big) if "bytes" in fault] != []


@given(st.text(st.characters(), min_size=1, max_size=300), st.none() | st.text(st.characters(), max_size=300))
def test_speech_made_by_us_is_never_at_fault(text: str, again: str | None) -> None:
    assert faults(response(ssml(text), None if again is None else ssml(again))) == []
