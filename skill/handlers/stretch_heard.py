"""In the middle of a stretch: what the words themselves call for, whatever the sentence was taken for."""

from __future__ import annotations

from collections.abc import Callable

from skill.coaching.stretching.heard import (
    asks_for_limits,
    conditions_told,
    names_burning_pain,
    names_pain,
    names_replaced_hip,
    names_sleep,
    names_stop_sign,
)
from skill.coaching.stretching.wishes import REPLACED
from skill.coaching.understanding.labels import ANSWER, OUT_OF_SCOPE, RED_FLAG, entry_of
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.free_text import UNKNOWN_QUESTION
from skill.handlers.questions import back_to_question
from skill.handlers.stretch_controls import stop_stretch, that_hurts
from skill.handlers.stretch_log import live_stretch
from skill.handlers.stretch_replies import safety_details
from skill.handlers.stretch_safety import condition_told
from skill.handlers.stretch_start import wish_of
from skill.handlers.turn import Reply, Turn

EASILY_MISTAKEN = frozenset(
    """AMAZON.FallbackIntent AgreeIntent FeelingIntent StretchNextIntent StretchHowManyIntent StretchFasterIntent
    StretchShorterWordsIntent StretchMoreDetailIntent""".split()
) | {UNKNOWN_QUESTION}
"""What pain in free words is taken for when it isn't understood, beside what is out of scope."""
ABOUT_A_HIP = frozenset("ReplacedHipIntent TherapyCautionIntent StretchStartIntent".split())


def by_the_words(turn: Turn) -> Callable[[Turn], Reply] | None:
    """The handler that the words call for; None when the intent decides, and without a stretch in its midst. A red flag
    comes before all of it, and a caution has its own answer."""
    heard = turn.said or turn.value("feeling") or ""
    if not heard or turn.intent == "TherapyCautionIntent" or live_stretch(turn) is None:
        return None
    kind, name = entry_of(turn.intent) or ("", "")
    if kind == RED_FLAG:
        is_pull = name == "burn" and turn.situation().running is None and names_burning_pain(heard)
        return that_hurts if is_pull else None
    if names_stop_sign(heard):
        return that_hurts
    if asks_for_limits(heard):
        return _limits
    if conditions_told(heard):
        return condition_told
    if kind == OUT_OF_SCOPE or turn.intent in EASILY_MISTAKEN:
        if names_pain(heard) or names_burning_pain(heard):
            return that_hurts
        if names_sleep(heard):
            return stop_stretch
    is_known = turn.memory.profile.replaced_hip in REPLACED or turn.intent in ABOUT_A_HIP or kind == ANSWER
    return _ask_about_hip if names_replaced_hip(heard) and not is_known else None


def _limits(turn: Turn) -> Reply:
    """ "Should it hurt?" (S07, S08)"""
    return back_to_question(turn, Reply("stretch_step", words("stretching.conversation.limits")))


def _ask_about_hip(turn: Turn) -> Reply:
    """ "Can I do this with a replaced hip?": whose it is isn't plain, so it is asked before anything is held."""
    session = live_stretch(turn)
    wish = wish_of(session.place) if session is not None else None
    question = words("stretching.safety.question")
    pending = Pending("replaced_hip", wish=wish)
    return Reply("stretch_started", question, question, safety_details(wish) if wish else {}, pending)
