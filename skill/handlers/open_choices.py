"""Answers to open questions that more than yes and no can answer: stiff or swollen, fever or not, and reminders."""

from __future__ import annotations

from skill.content import words
from skill.handlers.free_text import spoken_text
from skill.handlers.questions import fever, heat_or_cold
from skill.handlers.reminder_answers import answer_to_reminder_question
from skill.handlers.turn import Reply, Turn

SWOLLEN = frozenset("swollen swelling puffy puffed swelled inflamed fluid bigger".split())
STIFF = frozenset("stiff stiffness tight tightness seized rigid locked creaky stuck tense".split())
ILL = frozenset("ill unwell fever feverish shivering shivers shivery temperature sick poorly chills sweating".split())
DENIED = frozenset("no not nothing never neither don't without isn't".split())


def answer_to_open_choice(turn: Turn) -> Reply | None:
    """The reply when this turn answers such a question; None when it is about something else, or nothing is asked."""
    question = turn.pending.question if turn.pending else ""
    if question == "fever":
        return _about_fever(turn)
    if question == "stiff_or_swollen":
        return _about_feeling(turn)
    if turn.intent == "FeelingIntent":
        return feeling(turn)
    return answer_to_reminder_question(turn)


def feeling(turn: Turn) -> Reply:
    """ "It's stiff", with or without a question about it."""
    entry = {"stiff": "stiffness", "swollen": "swelling", "both": "stiff_and_swollen"}.get(turn.id("feeling") or "")
    if entry:
        return heat_or_cold(turn, entry)
    return Reply("heat_or_cold", words("conversation.neither_feeling"), details={"lean": "ask", "facts": ["F16"]})


def _about_fever(turn: Turn) -> Reply | None:
    said = _said(turn)
    if turn.intent in ("UnsureIntent", "TherapyCautionIntent") or (said & ILL and not said & DENIED):
        return fever(turn, ill=True)
    return None


def _about_feeling(turn: Turn) -> Reply | None:
    if turn.intent == "UnsureIntent" or turn.id("feeling") not in (None, "stiff"):
        return feeling(turn)
    said = _said(turn)
    swollen, stiff = bool(said & SWOLLEN), bool(said & STIFF)
    if swollen or stiff:
        return heat_or_cold(turn, "stiff_and_swollen" if swollen and stiff else "swelling" if swollen else "stiffness")
    return None


def _said(turn: Turn) -> set[str]:
    """The words of this turn, those of a comparison ("than swollen") left out."""
    spoken = [spoken_text(turn), *(slot.value for slot in turn.slots.values())]
    return {word for text in spoken for word in text.lower().split(" than ")[0].split()}
