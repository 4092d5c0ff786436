"""What is wrong with what the skill says is found."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from deployment.certification import CHECKS, talks
from deployment.certification.talks import Said
from simulator import Turn
from tests.deployment.certification.packages import ASK, OPEN, findings, good, phrases, with_manifest


@pytest.mark.parametrize("name", [check.id for check in CHECKS if check.id.startswith("talk.")])
def test_the_skill_talks_as_certification_wants(name: str) -> None:
    assert findings(name, good()) == []


def bent_talks(words: str, **changes: Any) -> list[Said]:
    """The talks, with one turn changed: the first of those words."""
    found = list(talks.talks())
    place = next(number for number, one in enumerate(found) if one.words == words)
    found[place] = replace(found[place], turn=replace(found[place].turn, **changes))
    return found


def turn_of(words: str) -> Turn:
    return next(one.turn for one in talks.talks() if one.words == words)


def response(words: str, **changes: Any) -> dict[str, Any]:
    whole = copy.deepcopy(turn_of(words).response)
    whole["response"].update(changes)
    return whole


@pytest.mark.parametrize(
    ("look", "words", "changes", "told"),
    [
        (talks.sound, "help", {"errors": ("the session stays open without a reprompt",)}, "without a reprompt"),
        (talks.listening, "help", {"speech": "I can time heat and cold."}, "nothing was asked"),
        (talks.listening, "stop", {"speech": "Shall I stop?"}, "doesn't listen"),
        (talks.welcome, "open hip coach", {"outcome": "fallback"}, "fallback"),
        (talks.welcome, "open hip coach", {"listening": False}, "not listening"),
        (talks.help_, "help", {"listening": False}, "must be help"),
        (talks.stop, "cancel", {"response": {"response": {}}}, "goes on"),
        (talks.errors, "flibber the wotsit", {"listening": False, "outcome": "fallback"}, "doesn't listen"),
        (talks.errors, "help", {"speech": ""}, "nothing is said"),
        (talks.errors, "yes", {"outcome": "unavailable"}, "didn't work"),
        (talks.emergency, "my chest hurts", {"outcome": "answer"}, "answer"),
        (talks.emergency, "my chest hurts", {"speech": "Rest a little."}, "Rest a little"),
        (talks.claims, "tell me more", {"speech": "Heat will cure your hips."}, "Heat will cure"),
    ],
)
def test_a_talk_gone_wrong_is_found(look: talks.Look, words: str, changes: dict[str, Any], told: str) -> None:
    assert any(told in finding for finding in look(bent_talks(words, **changes)))


def test_help_that_only_greets_again_is_found() -> None:
    said = bent_talks("help", speech=turn_of("open hip coach").speech)
    assert any("other words" in finding for finding in talks.help_(said))


def test_a_stop_after_which_the_session_goes_on_is_found() -> None:
    said = bent_talks("stop", response=response("stop", shouldEndSession=False))
    assert any("goes on" in finding for finding in talks.stop(said))


def test_a_directive_of_an_interface_that_is_not_declared_is_found() -> None:
    play = response("help", directives=[{"type": "AudioPlayer.Play"}])
    said = bent_talks("help", response=play)
    assert any("AUDIO_PLAYER" in finding for finding in talks.undeclared(said, set()))
    assert list(talks.undeclared(said, {"AUDIO_PLAYER"})) == []


def test_an_example_phrase_that_comes_to_nothing_is_found() -> None:
    files = with_manifest(phrases(OPEN, f"{ASK} flibber the wotsit"))
    assert any("flibber" in finding for finding in findings("talk.phrases", files))
