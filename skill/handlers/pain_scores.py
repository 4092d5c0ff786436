"""Pain scores and symptoms: Amazon's policy keeps health information from an ordinary skill, so none is kept."""

from __future__ import annotations

from skill.coaching.understanding.labels import OUT_OF_SCOPE, label
from skill.content import words
from skill.handlers.questions import and_what_else
from skill.handlers.turn import Reply, Turn


def pain_not_kept(turn: Turn) -> Reply:
    """ "Put me down for a seven": said plainly that it isn't noted, so that nobody counts on it."""
    speech = words("conversation.pain_not_kept")
    return and_what_else(turn, Reply("pain_not_kept", speech, last_answer=label(OUT_OF_SCOPE, "pain_scores")))
