"""What free words say of a question about the past, as Alexa's slots would have said it."""

from __future__ import annotations

from collections.abc import Sequence

from skill.coaching.understanding.lexicon import PAST, Spoken, marks_of

PAIN = "pain"
"""What is asked about when it is pain scores, which nobody keeps."""
_PAIN_SCORES = {"score", "scores", "rating", "ratings"}
_PAIN = {"pain", "pains"}
_DEEDS = {"did", "do", "done", "doing", "use", "used", "using", "had", "have", "stretch", "stretched", "stretches"}


def past_slots(words: Sequence[str]) -> dict[str, Spoken]:
    """The slots of `HistoryIntent` and its like: what is asked about, and for what time."""
    marks = marks_of(words, PAST)
    slots: dict[str, Spoken] = {}
    named = {mark.value for mark in marks if mark.kind == "HistoryKind"}
    # "Cold sessions": a kind of its own, whatever the word for all of them adds.
    kinds = named - {"all"} or named
    if _PAIN_SCORES & set(words) or (_PAIN & set(words) and not _DEEDS & set(words)):
        slots["history_kind"] = Spoken(PAIN, (PAIN,))
    elif kinds:
        kind = kinds.pop() if len(kinds) == 1 else "all"
        slots["history_kind"] = Spoken(kind, (kind,))
    periods = [mark.value for mark in marks if mark.kind == "Period"]
    if periods:
        # "So far this week": the narrower one is meant.
        period = next((value for value in periods if value != "ever"), periods[0])
        slots["period"] = Spoken(period, (period,))
    question = next((mark.value for mark in marks if mark.kind == "HistoryQuestion"), None)
    if question:
        slots["question"] = Spoken(question, (question,))
    return slots
