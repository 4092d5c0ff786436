"""Whatever Alexa could not place: free words, understood by the skill itself and handed to the right handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from skill.coaching.understanding import understand
from skill.coaching.understanding.labels import OUT_OF_SCOPE, intent_of, label
from skill.content import words
from skill.handlers.questions import and_what_else
from skill.handlers.turn import Reply, Slot, Turn

QUESTION_INTENT = "FreeQuestionIntent"
UNKNOWN_QUESTION = "UnknownQuestion"
"""What stands for the intent of a question that was not understood."""
THAT_ONE_INTENT = "ThatOneIntent"
_LIKE_CANCEL = ("cancel it", "cancel that")
"""With nothing named before, they end the talk, as Alexa's own "cancel" does."""
_LATIN = re.compile("[a-zA-Z0-9]")


def free_text(turn: Turn, respond: Callable[[Turn], Reply]) -> Reply:
    """Understand the words, red flags first, and hand them on to `respond` as the intent that they mean."""
    phrase = _phrase(turn)
    if phrase and not _LATIN.search(phrase):
        return _another_script(turn, respond, phrase)
    turn = replace(turn, said=spoken_text(turn))
    if turn.intent == THAT_ONE_INTENT and turn.said in _LIKE_CANCEL:
        return respond(replace(turn, intent="AMAZON.CancelIntent", slots={}))
    understood = understand(turn.said)
    if understood.label is None:
        return _not_known(turn, respond)
    slots = {slot: Slot(value.value, value.ids) for slot, value in understood.slots.items()}
    return respond(replace(turn, intent=understood.intent, slots=slots))


def _not_known(turn: Turn, respond: Callable[[Turn], Reply]) -> Reply:
    """Not understood: to a question "I don't know that one", to anything else the usual fallback. Never a guess."""
    is_question = turn.intent == QUESTION_INTENT and not turn.state.red_flag
    return respond(replace(turn, intent=UNKNOWN_QUESTION if is_question else "AMAZON.FallbackIntent", slots={}))


def unknown_question(turn: Turn) -> Reply:
    """A question that is none of ours."""
    speech = words("conversation.unknown_question")
    reply = Reply("out_of_scope", speech, details={"topic": "unknown"}, last_answer=label(OUT_OF_SCOPE, "unknown"))
    return and_what_else(turn, reply)


def _another_script(turn: Turn, respond: Callable[[Turn], Reply], phrase: str) -> Reply:
    """Nothing of it in Latin letters or digits: another language, or no words at all."""
    if turn.state.red_flag or not any(sign.isalpha() for sign in phrase):
        return _not_known(turn, respond)
    return respond(replace(turn, intent=intent_of(OUT_OF_SCOPE, "other_language"), slots={}))


def _phrase(turn: Turn) -> str:
    """What the phrase slot holds, without the words that led to it."""
    return next((slot.value for name, slot in turn.slots.items() if "phrase" in name), "")


def spoken_text(turn: Turn) -> str:
    """The whole sentence again: the words that led to the slot are in its name, and the rest is what it holds."""
    for name, slot in turn.slots.items():
        before, is_phrase, after = name.partition("phrase")
        if is_phrase:
            return " ".join(f"{before} {slot.value} {after}".replace("_", " ").split())
    return ""
