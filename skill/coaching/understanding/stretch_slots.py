"""What free words say of a stretch, as Alexa's slots would have said it."""

from __future__ import annotations

from collections.abc import Sequence

from skill.coaching.understanding.lexicon import (
    AMOUNT,
    ASKING_FIRST,
    NUMBER,
    QUESTION_WORDS,
    STRETCH,
    Mark,
    Spoken,
    is_rejected,
    marks_of,
    spoken,
)

_STRETCH_SLOTS = {
    "Muscle": "muscle",
    "StretchPosition": "position",
    "Routine": "routine",
    "Ease": "ease",
    "HipStatus": "hip_status",
}
_DOUBTING = {"not", "never", "without", "until", "till", "unless", "before", "once", "when", "if", "whether"}
_COVERED = ("hip_flexors", "hamstrings", "piriformis", "glutes", "all")


def stretch_slots(words: Sequence[str]) -> dict[str, Spoken]:
    """Which stretch: the muscle, the position, the routine; and what is said of a replaced hip."""
    slots: dict[str, Spoken] = {}
    for mark in marks_of(words, STRETCH):
        if mark.kind in (AMOUNT, NUMBER) or is_rejected(words, mark) or _is_going_back(words, mark):
            continue
        if mark.value == "cleared" and _is_doubted(words[: mark.start]):
            continue
        slot = _STRETCH_SLOTS[mark.kind]
        if slot not in slots or (slot == "muscle" and slots[slot].value not in _COVERED):
            slots[slot] = spoken(mark)
    return slots


def _is_doubted(before: Sequence[str]) -> bool:
    """ "My surgeon hasn't ...", "have I ...", "once I ...": nobody may be heard as cleared who isn't (S11, S12)."""
    if set(before[:1]) & (QUESTION_WORDS | ASKING_FIRST):
        return True
    return any(word in _DOUBTING or word.endswith("n't") for word in before)


def _is_going_back(words: Sequence[str], mark: Mark) -> bool:
    """ "Back to my stretches": no part of the body."""
    if mark.value != "back" or words[mark.start : mark.end] != ["back"]:
        return False
    of_somebody = mark.start > 0 and words[mark.start - 1] in {"my", "the", "his", "her", "our", "a", "and", "for"}
    return not of_somebody and "".join(words[mark.end : mark.end + 1]) not in {"stretch", "stretches"}
