"""What people ask for and Hip Coach doesn't do (yet): said plainly, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from skill.coaching.understanding.labels import OUT_OF_SCOPE, label
from skill.content import words
from skill.handlers.questions import and_what_else
from skill.handlers.turn import Reply, Turn


def pain_not_kept(turn: Turn) -> Reply:
    """A pain score: Amazon's policy keeps health information from an ordinary skill, so none is kept."""
    return _say(turn, Reply("pain_not_kept", words("conversation.pain_not_kept")))


def _topic(topic: str) -> Callable[[Turn], Reply]:
    def say(turn: Turn) -> Reply:
        speech = words(f"conversation.not_yet_{topic}")
        return _say(turn, Reply("out_of_scope", speech, details={"topic": topic}))

    return say


def _say(turn: Turn, reply: Reply) -> Reply:
    return and_what_else(turn, replace(reply, last_answer=label(OUT_OF_SCOPE, "not_yet")))


HANDLERS: Mapping[str, Callable[[Turn], Reply]] = {
    "StretchStartIntent": _topic("stretching"),
    "StretchNextIntent": _topic("stretching"),
    "StretchRepeatIntent": _topic("stretching"),
    "StretchPreviousIntent": _topic("stretching"),
    "StretchPauseIntent": _topic("stretching"),
    "HistoryIntent": _topic("history"),
    "DeleteDataIntent": _topic("delete"),
    "LogPainIntent": pain_not_kept,
}
"""What only the skill's own understanding can bring here; Alexa's model has no intents for it."""
