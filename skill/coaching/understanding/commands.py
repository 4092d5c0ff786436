"""What a command in free words says of a session, as Alexa's slots would have said it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from skill.coaching.understanding.denials import is_denied
from skill.coaching.understanding.lexicon import (
    AMOUNT,
    ARTICLES,
    ASKING_FIRST,
    NUMBER,
    QUESTION_WORDS,
    Mark,
    Spoken,
    is_rejected,
    marks_of,
    spoken,
)
from skill.coaching.understanding.stretch_slots import stretch_slots

_RANGE_WORDS = {"or", "to", "and", "maybe"}
_SEQUENCE_WORDS = {"then", "followed", "after", "afterwards", "before"}
_TURNING_DOWN = {"not", "no", "never", "without", "than", "instead", "forget", "skip", "enough", "out", "tried", "had"}
_DISLIKES = {"want", "like", "fancy", "need", "find", "stand", "bear", "take", "use", "have", "do"}
_NEGATED = {"don't", "can't", "won't", "couldn't", "didn't", "doesn't", "not"}
_NO_USE = set(
    """broken bust busted dead died gone leaking leaks perished burst split empty melted thawed missing packed wash
    useless worse didn't doesn't won't isn't wasn't nothing""".split()
)
_CORRECTING = {"no", "sorry", "rather", "actually", "mean", "meant", "wait"}
_STATES = {"i'm", "am", "feel", "feels", "feeling", "he's", "she's", "felt", "is", "are", "it's", "bit"}
_FELT = {"cold", "hot", "warm", "cool", "frozen", "freezing", "chilly", "chilled", "icy"}
_TELLING_WHEN = {"know", "me", "shout", "ping", "buzz"}
_NOT_SIDES = {"right now", "right away", "right please", "all right", "left over", "time left", "minutes left"}


def spoken_slots(words: Sequence[str]) -> dict[str, Spoken]:
    """The slots that the words fill: those of `StartTherapyIntent` and its like, and those of `StretchStartIntent`."""
    named = [mark for mark in marks_of(words) if not is_rejected(words, mark)]
    marks = [mark for mark in named if not _is_both_sides(words, mark, named)]
    slots: dict[str, Spoken] = {}
    slots.update(_modalities(words, [mark for mark in marks if mark.kind == "Modality"]))
    slots.update(_amounts(words, [mark for mark in marks if mark.kind in (AMOUNT, NUMBER)]))
    for kind, slot in (("Area", "area"), ("Side", "side"), ("Length", "length"), ("Caution", "caution")):
        values = [mark.value for mark in marks if mark.kind == kind and not _means_nothing(words, mark)]
        if values:
            slots[slot] = Spoken(values[0], (_meant(kind, values),))
    return slots | stretch_slots(words)


def _means_nothing(words: Sequence[str], mark: Mark) -> bool:
    """A side that is none ("right now"), or a worry that is only denied ("he's not burnt")."""
    if mark.kind == "Side":
        return _no_side(words, mark)
    return mark.kind == "Caution" and is_denied(words, mark.start, mark.end)


def is_plain_wish(words: Sequence[str]) -> bool:
    """Whether heat or cold and a length are named and nothing is asked: "microwave bag's on so eleven minutes"."""
    marks = marks_of(words)
    kinds = {mark.kind for mark in marks}
    if "Modality" not in kinds or not kinds & {AMOUNT, NUMBER}:
        return False
    return words[0] not in ASKING_FIRST and not _is_choice(words, marks) and not any(_asks(words))


def _asks(words: Sequence[str]) -> Iterator[bool]:
    """For each word, whether it asks. "Tell me when" wants no answer but a bell."""
    for place, word in enumerate(words):
        yield word in QUESTION_WORDS and not (word == "when" and place and words[place - 1] in _TELLING_WHEN)


def _is_choice(words: Sequence[str], marks: Sequence[Mark]) -> bool:
    """ "Ice or heat": asked to choose. "Hip or groin", "ten minutes or so" ask nothing."""
    named = [mark for mark in marks if mark.kind == "Modality"]
    return any("or" in words[first.end : second.start] for first, second in pairwise(named))


def _modalities(words: Sequence[str], named: Sequence[Mark]) -> dict[str, Spoken]:
    """Heat or cold; a second one is for afterwards ("then"), was turned down or corrected, or is a contradiction."""
    if not named:
        return {}
    marks = [mark for mark in named if not _is_turned_down(words, mark, named)] or named
    if marks[0].value != marks[-1].value and _CORRECTING & set(words[marks[0].end : marks[-1].start]):
        marks = marks[-1:]
    first = marks[0]
    slots = {"modality": spoken(first)}
    other = next((mark for mark in marks if mark.value != first.value), None)
    if other is None:
        return slots
    between = set(words[first.end : other.start])
    slots["then_modality" if between & _SEQUENCE_WORDS else "with_modality"] = spoken(other)
    return slots


def _is_turned_down(words: Sequence[str], mark: Mark, named: Sequence[Mark]) -> bool:
    """ "The heating pad is broken so cold it is", "no ice left so heat", "i'm cold so heat": the other is wished."""
    later = next((other.start for other in named if other.start >= mark.end), len(words))
    before = [word for word in words[max(0, mark.start - 4) : mark.start] if word not in ARTICLES][-2:]
    if before and (before[-1] in _TURNING_DOWN or (before[-1] == "of" and before[0] in _TURNING_DOWN)):
        return True
    if len(before) == 2 and before[0] in _NEGATED and before[1] in _DISLIKES:
        return True
    if later == len(words):
        return False
    felt = words[mark.start] in _FELT and mark.end == mark.start + 1 and bool(_STATES & set(before[-1:]))
    return felt or bool(_NO_USE & set(words[mark.end : later]))


def _amounts(words: Sequence[str], marks: Sequence[Mark]) -> dict[str, Spoken]:
    """How long: the first length, or two as a range. A bare number counts as minutes only where there is no length."""
    if len(marks) > 1 and marks[-1].kind == NUMBER and _is_corrected(words, marks[-2], marks[-1]):
        marks = marks[-1:]
    lengths = [mark for mark in marks if mark.kind == AMOUNT]
    numbers = [mark for mark in marks if mark.kind == NUMBER]
    if not lengths:
        if len(numbers) > 1 and _is_range(words, numbers[0], numbers[1]):
            return {"lowest": spoken(numbers[0]), "minutes": spoken(numbers[1])}
        corrected = numbers[-1:] if len(numbers) > 1 and _is_corrected(words, numbers[0], numbers[-1]) else numbers[:1]
        return {"minutes": spoken(corrected[0])} if corrected else {}
    length = lengths[-1] if len(lengths) > 1 and _is_corrected(words, lengths[0], lengths[-1]) else lengths[0]
    slots = {"duration": spoken(length)}
    lowest = next((mark for mark in numbers if _is_range(words, mark, length)), None)
    if lowest:
        slots["lowest"] = spoken(lowest)
    return slots


def _is_range(words: Sequence[str], low: Mark, high: Mark) -> bool:
    between = words[low.end : high.start]
    return 0 < len(between) <= 2 and bool(set(between) & _RANGE_WORDS)


def _is_corrected(words: Sequence[str], first: Mark, last: Mark) -> bool:
    """ "Ten, no, fifteen": the later one is meant."""
    return bool(set(words[first.end : last.start]) & _CORRECTING)


def _is_both_sides(words: Sequence[str], mark: Mark, marks: Sequence[Mark]) -> bool:
    """ "Both hips": the word says which side, not heat and cold."""
    if mark.kind != "Modality" or words[mark.start : mark.end] != ["both"]:
        return False
    return any(other.kind == "Area" or (other.kind == "Modality" and other.value != "both") for other in marks)


def _no_side(words: Sequence[str], mark: Mark) -> bool:
    """ "Right now" and "time left" name no side."""
    around = {" ".join(words[mark.start : mark.end + 1]), " ".join(words[max(0, mark.start - 1) : mark.end])}
    is_last = mark.end == len(words) and mark.value == "left"
    return bool(around & _NOT_SIDES) or (is_last and words[mark.start - 1] not in ("the", "my", "his", "her"))


def _meant(kind: str, values: Sequence[str]) -> str:
    """Of several places the covered one; of two sides both."""
    if kind == "Side" and {"left", "right"} <= set(values):
        return "both"
    if kind == "Area":
        return next((value for value in values if value in ("hip", "groin", "pelvis_back")), values[0])
    return values[0]
