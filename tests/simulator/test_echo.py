"""The Echo on the desk: its face, and that it behaves as Alexa does around the skill."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import Echo, Turn
from simulator.clock import START, StandingClock
from simulator.echo import SILENCE_SECONDS
from simulator.heard import plain_words, speaking_seconds, words_with_pauses

START_COLD = "start cold therapy for fifteen minutes"


# ---- A turn


def test_a_turn_shows_what_was_heard_and_what_went_over_the_wire() -> None:
    echo = Echo.returning()
    turn = echo.say(START_COLD)
    assert isinstance(turn, Turn)
    assert turn.speech.startswith("Fifteen minutes of cold, starting now.")
    assert turn.ssml == f"<speak>{turn.speech}</speak>"
    assert turn.outcome == turn.record["outcome"] == "therapy_started"
    assert turn.details == {"modality": "cold", "seconds": 900, "area": None, "side": None, "timer": "alexa"}
    assert turn.request["request"]["intent"]["slots"]["duration"]["value"] == "PT15M"
    assert turn.response["response"]["outputSpeech"]["ssml"] == turn.ssml
    assert turn.listening is False
    assert turn.errors == ()
    assert turn.understood is not None
    assert turn.understood.intent == "StartTherapyIntent"
    assert echo.turns == [turn]


def test_plain_words_are_what_is_heard_of_markup() -> None:
    assert plain_words('<speak>Hot &amp; cold,<break time="1s"/> you &lt;know&gt;</speak>') == "Hot & cold, you <know>"


def test_long_silences_are_shown_between_the_words_and_short_ones_are_not() -> None:
    ssml = '<speak>Hold. <break time="10s"/> <break time="2500ms"/> Half way.<break time="1s"/> Rest.</speak>'
    assert words_with_pauses(ssml) == "Hold. (12.5 seconds) Half way. Rest."
    assert plain_words(ssml) == "Hold. Half way. Rest."


def test_speaking_takes_the_time_of_its_words_and_its_silences() -> None:
    assert speaking_seconds('<speak>Hold.<break time="10s"/></speak>') == pytest.approx(10.4)
    assert speaking_seconds("<speak>One two three four five.</speak>") == pytest.approx(2)


@pytest.mark.parametrize("said", ["open hip coach", "Alexa, open hip coach", "launch hip coach.", "start hip coach"])
def test_opening_it_is_a_launch(said: str) -> None:
    turn = Echo().say(said)
    assert turn.request["request"]["type"] == "LaunchRequest"
    assert turn.understood is None


@pytest.mark.parametrize(
    "said",
    [
        START_COLD,
        f"Alexa, ask hip coach to {START_COLD}",
        f"tell hip coach to {START_COLD}",
        f"alexa {START_COLD}",
    ],
)
def test_with_no_session_open_it_is_heard_as_asked_of_hip_coach(said: str) -> None:
    assert Echo.returning().say(said).outcome == "therapy_started"


# ---- Who it is, and on what


def test_a_new_person_is_asked_about_safety_and_has_no_log() -> None:
    echo = Echo()
    assert echo.log_entries() == []
    assert echo.say(START_COLD).outcome == "safety_asked"


def test_a_returning_person_has_answered_and_granted_timers() -> None:
    echo = Echo.returning()
    [profile] = echo.log_entries()
    assert (profile["kind"], profile["safety_answered"], profile["timers_denied"]) == ("profile", True, False)
    assert echo.cloud.consent == "granted"


def test_every_echo_is_somebody_else_unless_it_is_told_who() -> None:
    first, second = Echo.returning(), Echo()
    assert second.log_entries() == []
    again = Echo(user_id=first.launch().request["session"]["user"]["userId"])
    assert len(again.log_entries()) == 1


def test_options_show_in_the_envelope() -> None:
    system = Echo(screen=True, audio_player=False, locale="en-GB").launch().request
    assert set(system["context"]["System"]["device"]["supportedInterfaces"]) == {"Alexa.Presentation.APL"}
    assert system["request"]["locale"] == "en-GB"
    assert "Viewport" in system["context"]
    assert "AudioPlayer" not in system["context"]
    plain = Echo().launch().request
    assert set(plain["context"]["System"]["device"]["supportedInterfaces"]) == {"AudioPlayer"}
    assert "Viewport" not in plain["context"]


def test_settings_of_the_skill_can_be_changed() -> None:
    echo = Echo(settings={"skill_id": "amzn1.ask.skill.another"})
    assert echo.launch().outcome == "refused"


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "en-AU", "en-CA", "en-IN", "en-NZ"])
def test_every_locale_understands(locale: str) -> None:
    assert Echo.returning(locale=locale).say(START_COLD).outcome == "therapy_started"


@pytest.mark.parametrize(
    ("timers", "outcome"),
    [("granted", "therapy_started"), ("not_asked", "permission_asked"), ("unsupported", "therapy_started")],
)
def test_the_stand_on_timers_decides_what_comes_of_a_start(timers: Any, outcome: str) -> None:
    turn = Echo.returning(timers=timers).say(START_COLD)
    assert turn.outcome == outcome
    if timers != "not_asked":
        assert turn.details["timer"] == ("alexa" if timers == "granted" else "none")


# ---- Time


def test_the_clock_stands_still_until_it_is_moved() -> None:
    echo = Echo()
    assert echo.clock() == echo.clock() == START
    echo.clock.advance(minutes=5)
    assert (echo.clock() - START).total_seconds() == 300


def test_timers_speak_as_time_passes() -> None:
    echo = Echo.returning(clock=StandingClock())
    echo.say(START_COLD)
    assert [timer["status"] for timer in echo.timers] == ["ON", "ON"]
    echo.clock.advance(minutes=5)
    assert len(echo.announcements) == 1
    echo.clock.advance(minutes=10)
    assert echo.announcements[1].startswith("Fifteen minutes are up.")
    assert echo.timers == []


@pytest.mark.parametrize(("seconds", "open_"), [(SILENCE_SECONDS - 1, True), (SILENCE_SECONDS, False)])
def test_a_session_ends_when_nobody_speaks(seconds: int, open_: bool) -> None:
    echo = Echo()
    welcome = echo.launch()
    assert welcome.listening
    echo.clock.advance(seconds=welcome.seconds + seconds)
    assert (echo.session is not None) == echo.listening == open_
    if not open_:
        assert echo.turns[-1].request["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"
        assert echo.cloud.session_open is False


# ---- Sessions


def test_a_session_carries_its_attributes_on() -> None:
    echo = Echo.returning()
    first = echo.say("start cold therapy")
    assert first.request["session"]["new"] is True
    second = echo.say("help")
    assert second.request["session"]["new"] is False
    assert second.request["session"]["sessionId"] == first.request["session"]["sessionId"]
    assert second.request["session"]["attributes"] == first.response["sessionAttributes"]


def test_an_answer_that_does_not_listen_ends_the_session() -> None:
    echo = Echo.returning()
    echo.say(START_COLD)
    assert echo.session is None
    assert echo.say("how much time is left").request["session"]["new"] is True


def test_opening_it_anew_ends_the_session_before() -> None:
    echo = Echo()
    echo.launch()
    echo.launch()
    kinds = [turn.request["request"]["type"] for turn in echo.turns]
    assert kinds == ["LaunchRequest", "SessionEndedRequest", "LaunchRequest"]


def test_ending_no_session_says_nothing() -> None:
    echo = Echo()
    echo.end_session()
    assert echo.turns == []


# ---- Permission by voice


def test_a_permission_that_was_answered_before_is_given_at_once() -> None:
    echo = Echo.returning(timers="not_asked")
    echo.cloud.answer_permission("yes")
    turn = echo.say(START_COLD)
    assert turn.outcome == "therapy_started"
    assert [turn.outcome for turn in echo.turns] == ["permission_asked", "therapy_started"]
    assert echo.permission_question is None


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("yes", "therapy_started"),
        ("i approve", "therapy_started"),
        ("no", "permission_denied"),
        ("what", "permission_denied"),
    ],
)
def test_while_alexa_asks_she_hears_the_answer_herself(words: str, outcome: str) -> None:
    echo = Echo.returning(timers="not_asked")
    assert echo.say(START_COLD).outcome == "permission_asked"
    assert echo.permission_question is not None
    turn = echo.say(words)
    assert (turn.outcome, turn.request["request"]["type"]) == (outcome, "Connections.Response")
    assert echo.permission_question is None


def test_a_permission_can_be_answered_from_outside() -> None:
    echo = Echo.returning(timers="not_asked")
    echo.say(START_COLD)
    echo.cloud.answer_permission("yes")
    assert echo.turns[-1].outcome == "therapy_started"


def test_a_permission_question_that_nobody_answers_is_a_silence() -> None:
    echo = Echo.returning(timers="not_asked")
    asked = echo.say(START_COLD)
    echo.clock.advance(seconds=asked.seconds + SILENCE_SECONDS)
    assert echo.turns[-1].request["request"]["payload"]["status"] == "NOT_ANSWERED"


# ---- Raw envelopes, and what Alexa would refuse


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"request": None}, {"request": {"type": "LaunchRequest"}}])
def test_sending_leaves_the_session_alone(raw: object) -> None:
    echo = Echo()
    echo.launch()
    session = echo.session
    turn = echo.send(raw)
    assert turn.errors == ()
    assert echo.session == session
    assert echo.listening


def test_what_is_sent_is_not_changed_by_the_skill() -> None:
    echo = Echo()
    event = echo.envelope({"type": "LaunchRequest"})
    before = json.dumps(event)
    echo.send(event)
    assert json.dumps(event) == before


def test_an_intent_with_raw_values_goes_past_the_understanding() -> None:
    turn = Echo.returning().intent("AmountIntent", duration="P15M")
    assert turn.request["request"]["intent"]["slots"]["duration"]["value"] == "P15M"
    assert turn.outcome == "therapy_asked"


class _Stub:
    """A skill that answers with something that Alexa would not take."""

    def __init__(self, echo: Echo, response: dict[str, Any]) -> None:
        self._record = echo._records.append
        self._response = response

    def handle(self, event: object, context: object = None) -> dict[str, Any]:
        self._record({"outcome": "welcome", "details": {}})
        return self._response


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"outputSpeech": {"type": "SSML", "ssml": "<speak>heat & cold</speak>"}}, "not well-formed"),
        ({"outputSpeech": {"type": "SSML", "ssml": f"<speak>{'x' * 8000}</speak>"}}, "8015 characters"),
        ({"outputSpeech": {"type": "SSML", "ssml": "<speak> </speak>"}}, "says nothing"),
        ({"outputSpeech": {"type": "SSML", "ssml": "<speak><blink>x</blink></speak>"}}, "tag <blink>"),
        ({"outputSpeech": {"type": "SSML", "ssml": '<speak>x<break time="11s"/></speak>'}}, "more than ten seconds"),
        ({"shouldEndSession": False}, "without a reprompt"),
    ],
)
def test_what_alexa_would_refuse_is_shown_and_ends_the_session(body: dict[str, Any], error: str) -> None:
    echo = Echo()
    skill: Any = _Stub(echo, {"version": "1.0", "response": body})
    echo.skill = skill
    turn = echo.launch()
    assert error in " ".join(turn.errors)
    assert echo.session is None
    assert not echo.listening


# ---- Faults


def test_a_table_that_fails_fails_for_this_echo_alone() -> None:
    echo, other = Echo.returning(), Echo.returning()
    echo.table.fail("unreachable", times=1)
    assert other.launch().speech == "Hello again. Heat, cold, or a stretch?"
    assert echo.table.met == 0
    echo.launch()
    assert echo.table.met == 1


def test_a_cloud_that_fails_does_so_as_often_as_told() -> None:
    echo = Echo.returning()
    echo.cloud.fail("timers", status=503, times=1)
    assert echo.say(START_COLD).details["timer"] == "none"
    assert [call.status for call in echo.cloud.calls if "timers" in call.path] == [503]
