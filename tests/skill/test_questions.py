"""What Hip Coach knows, as it is heard: every answer, choice, topic and red flag through an intent of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from simulator import Echo
from simulator.echo import Turn
from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, OUT_OF_SCOPE, RED_FLAG, intent_of
from skill.content import page, words
from skill.handlers.red_flags import numbers

ANSWERS: Mapping[str, Any] = page("answers")
CHOICES: Mapping[str, Any] = page("heat_or_cold")
TOPICS: Mapping[str, Any] = page("out_of_scope")
RED_FLAGS: Mapping[str, Any] = page("red_flags")
FOLLOW_UPS: Mapping[str, str] = page("conversation")["follow_up"]
ELSE = FOLLOW_UPS["what_else"]
COUNTRIES = {name: name for name in page("emergency_numbers") if name != "neutral"}
ELSEWHERE = ("en-ZZ", "fr-FR", "hi-IN")
"""Locales of which the numbers aren't known."""


def heard(echo: Echo, kind: str, name: str) -> Turn:
    """Ask for an entry by its intent, and hold the turn against what is true of all of them."""
    turn = echo.intent(intent_of(kind, name))
    assert turn.errors == ()
    assert turn.listening
    assert turn.record["intent"] == intent_of(kind, name)
    return turn


def nothing_was_done(echo: Echo) -> bool:
    """Nothing started, timed or noted."""
    return echo.timers == [] and echo.log_entries() == []


def tells_the_rest_of(turn: Turn, name: str) -> bool:
    """Whether this is the rest of an answer, and the question whether there is anything else."""
    said = f"{ANSWERS[name]['more']} {ELSE}"
    return (turn.speech, turn.outcome, turn.details) == (said, "more", {"answer": name})


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_spoken_word_for_word(name: str) -> None:
    echo, entry = Echo(timers="granted"), ANSWERS[name]
    turn = heard(echo, ANSWER, name)
    assert turn.speech == f"{entry['say']} {FOLLOW_UPS['more']}"
    assert turn.listening
    assert turn.outcome == "answer"
    assert turn.details == {"answer": name, "facts": entry["facts"], "partial": entry["partial"]}
    assert nothing_was_done(echo)


@pytest.mark.parametrize("name", ANSWERS)
def test_more_of_an_answer_and_its_source_are_told(name: str) -> None:
    echo, entry = Echo(timers="granted"), ANSWERS[name]
    heard(echo, ANSWER, name)
    more = echo.intent("TellMoreIntent")
    assert tells_the_rest_of(more, name)
    source = echo.intent("SourceIntent")
    assert source.speech.startswith(entry["source"])
    assert (source.outcome, source.details) == ("source", {"answer": name})
    assert nothing_was_done(echo)


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_offered_after_an_answer_is_another_one(name: str) -> None:
    echo = Echo(timers="granted")
    heard(echo, ANSWER, "what_as_is")
    second = heard(echo, ANSWER, name).speech
    offered = [
        entry
        for entry, other in ANSWERS.items()
        if second.endswith(FOLLOW_UPS["offer"].format(question=other["offer"]))
    ]
    assert offered
    assert name not in offered
    assert echo.say("yes").details["answer"] in offered


@pytest.mark.parametrize("name", ANSWERS)
def test_a_yes_brings_more_and_the_same_more_is_not_told_twice(name: str) -> None:
    echo, entry = Echo(timers="granted"), ANSWERS[name]
    heard(echo, ANSWER, name)
    more = echo.say("yes")
    assert tells_the_rest_of(more, name)
    again = echo.intent("TellMoreIntent")
    assert again.speech.startswith(words("conversation.no_more_on_that"))
    assert entry["more"] not in again.speech
    assert again.speech.endswith("?")


@pytest.mark.parametrize("name", CHOICES)
def test_help_in_choosing_is_spoken_word_for_word_and_asks_something(name: str) -> None:
    echo, entry = Echo(timers="granted"), CHOICES[name]
    turn = heard(echo, HEAT_OR_COLD, name)
    assert turn.speech == entry["say"]
    assert turn.speech.endswith("?")
    assert turn.outcome == "heat_or_cold"
    assert turn.details == {"lean": entry["lean"], "facts": entry["facts"], "answer": name}
    assert nothing_was_done(echo)


@pytest.mark.parametrize("name", [name for name, entry in CHOICES.items() if entry["lean"] in ("heat", "cold")])
def test_a_yes_starts_what_was_offered_after_the_safety_question(name: str) -> None:
    echo, entry = Echo(timers="granted"), CHOICES[name]
    heard(echo, HEAT_OR_COLD, name)
    asked = echo.say("yes")
    assert asked.outcome == "safety_asked"
    assert nothing_was_done(echo)
    started = echo.say("yes")
    assert started.outcome == "therapy_started"
    assert started.details["modality"] == entry["lean"]
    assert started.details["seconds"] == entry["offer_minutes"] * 60


@pytest.mark.parametrize("name", CHOICES)
def test_more_of_a_choice_comes_back_to_its_question(name: str) -> None:
    echo, entry = Echo(timers="granted"), CHOICES[name]
    heard(echo, HEAT_OR_COLD, name)
    more = echo.intent("TellMoreIntent")
    assert more.speech.startswith(entry["more"])
    assert more.speech.endswith("?")
    assert more.listening
    assert nothing_was_done(echo)


@pytest.mark.parametrize("name", TOPICS)
def test_what_is_out_of_scope_is_said_word_for_word(name: str) -> None:
    echo, entry = Echo(timers="granted"), TOPICS[name]
    turn = heard(echo, OUT_OF_SCOPE, name)
    assert turn.speech == f"{entry['say']} {ELSE}"
    assert turn.outcome == "out_of_scope"
    assert turn.details == {"topic": entry["topic"]}
    assert nothing_was_done(echo)


@pytest.mark.parametrize("locale", [*COUNTRIES, *ELSEWHERE])
@pytest.mark.parametrize("name", RED_FLAGS)
def test_a_red_flag_says_what_to_do_with_the_numbers_of_the_country(name: str, locale: str) -> None:
    echo, entry = Echo(timers="granted", locale=locale), RED_FLAGS[name]
    turn = heard(echo, RED_FLAG, name)
    assert turn.speech == entry["say"].format(**page("emergency_numbers")[COUNTRIES.get(locale, "neutral")])
    assert turn.outcome == "red_flag"
    assert turn.details == {"flag": name, "action": entry["action"]}
    assert nothing_was_done(echo)
    assert "directives" not in turn.response["response"]


def test_a_country_that_is_not_known_gets_no_number_of_another() -> None:
    assert numbers("en-ZZ") == numbers("de-DE") == page("emergency_numbers")["neutral"]


@pytest.mark.parametrize("locale", ["", "x" * 100, "12345", None])
def test_a_locale_that_cannot_be_read_gets_no_number_of_any_country(locale: str | None) -> None:
    echo = Echo()
    intent = {"name": intent_of(RED_FLAG, "stroke"), "confirmationStatus": "NONE", "slots": {}}
    raw = echo.envelope({"type": "IntentRequest", "intent": intent})
    raw["request"]["locale"] = locale
    assert echo.send(raw).speech.startswith("Call your local emergency number now")


@pytest.mark.parametrize("name", RED_FLAGS)
def test_a_red_flag_stops_what_runs_and_says_so(name: str) -> None:
    echo = Echo.returning()
    echo.say("start heat for fifteen minutes")
    turn = heard(echo, RED_FLAG, name)
    assert turn.speech.startswith(RED_FLAGS[name]["say"].format(**numbers("en-US")))
    assert {timer["status"] for timer in echo.timers} <= {"PAUSED"}


def test_a_red_flag_says_so_when_the_timer_could_not_be_paused() -> None:
    echo = Echo.returning()
    echo.say("start heat for fifteen minutes")
    echo.cloud.fail("timers", status=503, times=9)
    turn = heard(echo, RED_FLAG, "chest_pain")
    assert turn.speech.endswith(words("therapy.running.timers_down"))
    entry = next(entry for entry in echo.log_entries() if entry["kind"] == "therapy")
    assert (entry["outcome"], entry["timer"]) == ("paused", "none")


def test_a_hot_swollen_joint_stops_what_runs() -> None:
    echo = Echo.returning()
    echo.say("start heat for fifteen minutes")
    turn = heard(echo, HEAT_OR_COLD, "hot_red_swollen")
    assert turn.speech.startswith("I've paused your session, so take the heat off.")
    assert turn.speech.endswith(CHOICES["hot_red_swollen"]["say"])
    assert {timer["status"] for timer in echo.timers} == {"PAUSED"}


@pytest.mark.parametrize("asked_last", ["AlcoholTopicIntent", "FreeQuestionIntent", "FreeWordsLIntent"])
def test_more_and_source_are_never_those_of_an_earlier_answer(asked_last: str) -> None:
    slots = {
        "FreeQuestionIntent": {"what_phrase": "zxcv qwer blorp"},
        "FreeWordsLIntent": {"log_phrase": "my pain as seven"},
    }
    echo = Echo(timers="granted")
    heard(echo, ANSWER, "what_as_is")
    assert echo.intent(asked_last, **slots.get(asked_last, {})).outcome in ("out_of_scope", "pain_not_kept")
    assert echo.intent("TellMoreIntent").outcome == "fallback"
    source = echo.intent("SourceIntent")
    assert (source.outcome, source.details) == ("source", {"answer": None})


def test_an_open_question_is_still_the_one_that_yes_answers_after_asking_what_else_there_is() -> None:
    echo = Echo(timers="granted")
    question = echo.say("start cold for fifteen minutes")
    assert question.outcome == "safety_asked"
    what_else = echo.intent("WhatElseIntent")
    assert what_else.speech.endswith(words("therapy.safety.reprompt"))
    assert heard(echo, OUT_OF_SCOPE, "alcohol").speech.endswith(words("therapy.safety.reprompt"))
