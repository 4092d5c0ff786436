"""Free words: whatever lands in a phrase slot is understood or not, and never spoken, never trusted, never fatal."""

from __future__ import annotations

import json

import pytest

from simulator import Echo
from simulator.echo import Turn
from skill.content import page, words

HOSTILE = {
    "SSML that plays": '</speak><audio src="https://evil.example/x.mp3"/><speak>',
    "SSML that pauses": '<break time="10000s"/><amazon:effect name="whispered">boo</amazon:effect>',
    "SSML in disguise": "&lt;audio src=x&gt; &#60;voice&#62; <![CDATA[<voice name='Joanna'>]]>",
    "entities": '<!DOCTYPE z [<!ENTITY z "zz">]> &z;&z;',
    "templates": "{{constructor}} ${7*7} %s%n {0} {emergency} {__class__}",
    "a link": "javascript:alert(1) [evil](https://evil.example)",
    "a log line": 'zzz\n{"outcome": "red_flag"}\x1b[31m',
    "a query": '\'; DROP TABLE people; -- {"$gt": ""} ../../etc/passwd',
    "control characters": "zz\x00\x07\u202e\u200d\ufeff zz",
    "a lone surrogate": "zz \ud83d zz",
    "accents without end": "z" + "\u0301" * 400,
    "pictures": "\U0001f9ca\U0001f525",
    "regular expressions": "((((a+)+)+)+)$ .*.*.* " + "a" * 200 + "!",
    "one long word": "z" * 100_000,
    "one word five thousand times": "zork " * 5000,
}
CATCH_ALLS = ["FreeQuestionIntent", "FreeWordsAIntent", "FreeWordsNIntent"]


def harmless(turn: Turn) -> bool:
    return turn.errors == () and turn.outcome != "unavailable" and bool(turn.speech)


@pytest.mark.parametrize("intent", CATCH_ALLS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_answered_calmly_and_never_said_back(intent: str, text: str) -> None:
    echo = Echo.returning()
    turn = echo.intent(intent, what_phrase=text)
    assert harmless(turn)
    assert turn.outcome in ("fallback", "out_of_scope", "help", "answer")
    assert turn.listening
    answer = json.dumps(turn.response) + json.dumps(turn.record)
    assert not any(sign in answer for sign in ("evil", "audio", "zork", "zzz", "DROP", "constructor", "\\u0301"))
    assert echo.timers == []


@pytest.mark.parametrize("intent", CATCH_ALLS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_red_flag_is_found_before_hostile_words(intent: str, text: str) -> None:
    turn = Echo.returning().intent(intent, i_phrase="have crushing chest pain and my arm hurts " + text[:300])
    assert harmless(turn)
    assert turn.outcome == "red_flag"


@pytest.mark.parametrize(
    ("slot", "phrase", "outcome"),
    [
        ("i_phrase", "have crushing chest pain", "red_flag"),
        ("what_phrase", "is ankylosing spondylitis", "answer"),
        ("how_long_phrase", "should i keep the ice on", "answer"),
        ("put_phrase", "the ice on for ten minutes", "therapy_started"),
    ],
)
def test_the_words_in_the_name_of_the_slot_belong_to_the_sentence(slot: str, phrase: str, outcome: str) -> None:
    assert Echo.returning().intent("FreeWordsAIntent", **{slot: phrase}).outcome == outcome


@pytest.mark.parametrize("text", ["आइस लगाओ", "включи тепло", "لصق الثلج", "打开热敷", "பனிக்கட்டி"])
@pytest.mark.parametrize("slot", ["what_phrase", "a_phrase", "give_me_phrase"])
def test_another_script_is_another_language(slot: str, text: str) -> None:
    echo = Echo.returning()
    turn = echo.intent("FreeWordsAIntent", **{slot: text})
    assert turn.speech.startswith(page("out_of_scope")["other_language"]["say"])
    assert turn.details == {"topic": "other_language"}
    assert echo.timers == []


@pytest.mark.parametrize("slots", [{}, {"what_phrase": ""}, {"what_phrase": "   "}, {"other": "start heat"}])
def test_nothing_in_the_slot_is_not_understood(slots: dict[str, str]) -> None:
    turn = Echo.returning().intent("FreeWordsAIntent", **slots)
    assert (turn.outcome, turn.speech) == ("fallback", words("conversation.fallback"))


def test_a_question_that_is_not_known_is_not_guessed_at() -> None:
    turn = Echo.returning().intent("FreeQuestionIntent", what_phrase="zxcv qwer blorp")
    assert turn.speech.startswith(words("conversation.unknown_question"))
    assert turn.details == {"topic": "unknown"}
    assert turn.listening


def test_after_a_red_flag_an_unknown_question_brings_the_safety_message() -> None:
    echo = Echo.returning()
    first = echo.intent("StrokeRedFlagIntent")
    turn = echo.intent("FreeQuestionIntent", what_phrase="zxcv qwer blorp")
    assert (turn.outcome, turn.speech) == ("red_flag", first.speech)


def test_what_somebody_said_stays_out_of_the_record() -> None:
    turn = Echo.returning().intent("FreeWordsIIntent", i_phrase="have crushing chest pain since breakfast")
    assert turn.outcome == "red_flag"
    assert "breakfast" not in json.dumps(turn.record)
    assert "crushing" not in json.dumps(turn.record)
