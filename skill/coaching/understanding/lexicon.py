"""Names in a sentence: heat and cold, places, sides, lengths of time, and what speaks against a session.

The names are those of the interaction model's lists, so the skill knows in free text what Alexa knows in slots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from skill.coaching.understanding.spoken import read_duration, read_number
from skill.content import page

AMOUNT = "Amount"
NUMBER = "Number"
SESSION = frozenset({"Modality", "Area", "Side", "Length", "Caution", "Feeling"})
"""The lists that name a heat or cold session, and what speaks against one."""
STRETCH = frozenset({"Muscle", "StretchPosition", "Routine", "Ease", "HipStatus"})
"""The lists that name a stretch. They are looked for apart, for the same words may stand in both: "my piriformis"."""

PAST = frozenset({"HistoryKind", "Period", "HistoryQuestion"})
"""The lists that questions about the past are made of. In any other sentence their names mean something else."""

ARTICLES = frozenset({"the", "my", "her", "his", "a", "an", "any", "this", "that"})
QUESTION_WORDS = frozenset(
    {"what", "what's", "why", "how", "which", "when", "who", "whether", "should", "better", "if"}
)
ASKING_FIRST = frozenset("is are does do did can could would will am isn't won't has have".split())
"""Words that make a sentence a question when they begin it."""
_REJECTING = {"not", "no", "never", "isn't", "wasn't", "don't", "haven't", "without"}


@dataclass(frozen=True)
class Mark:
    """A name found in a sentence."""

    kind: str
    """A list of the interaction model (Modality, Muscle, ...), Amount or Number."""
    value: str
    """The value's id; ISO 8601 for an amount, digits for a number."""
    start: int
    end: int
    """The words it covers: from `start` up to, not including, `end`."""


@dataclass(frozen=True)
class Spoken:
    """The value of a slot: as spoken or in Alexa's form, with the id of the list value."""

    value: str
    ids: tuple[str, ...] = ()


def marks_of(words: Sequence[str], kinds: Set[str] = SESSION) -> list[Mark]:
    """The names in a sentence, from left to right. The longest wins; one word belongs to one name, but for lists.

    Args:
        words: the sentence.
        kinds: the lists to look in, beside amounts and numbers.
    """
    marks: list[Mark] = []
    place = 0
    while place < len(words):
        found = _longest_at(words, place, kinds)
        marks.extend(found)
        place = found[0].end if found else place + 1
    return marks


def spoken(mark: Mark) -> Spoken:
    """What a slot holds for a name, an amount or a number."""
    return Spoken(mark.value, () if mark.kind in (AMOUNT, NUMBER) else (mark.value,))


def is_rejected(words: Sequence[str], mark: Mark) -> bool:
    """ "Not thirty", "not the hip": named only to be turned down."""
    before = words[max(0, mark.start - 2) : mark.start]
    if before and before[-1] in ARTICLES | {"have", "got"}:
        before = before[:-1]
    return bool(before) and before[-1] in _REJECTING and mark.kind in (AMOUNT, NUMBER, "Modality", "Area", "Muscle")


def _longest_at(words: Sequence[str], place: int, kinds: Set[str]) -> list[Mark]:
    amount = read_duration(words, place)
    if amount:
        return [Mark(AMOUNT, amount[0], place, amount[1])]
    number = read_number(words, place)
    if number and words[place] not in ("a", "an", "one"):
        return [Mark(NUMBER, str(number[0]), place, number[1])]
    best: list[Mark] = []
    for phrase, kind, value in phrases().get(_bare(words[place]), ()):
        end = place + len(phrase)
        if kind not in kinds or not _is_at(phrase, words, place) or (best and best[0].end > end):
            continue
        if best and best[0].end < end:
            best = []
        best.append(Mark(kind, value, place, end))
    return best


def _is_at(phrase: tuple[str, ...], words: Sequence[str], place: int) -> bool:
    """Whether the phrase stands here, its last word with or without an "is": "the wheat bag's on"."""
    here = tuple(words[place : place + len(phrase)])
    return here == phrase or (*here[:-1], _bare(here[-1])) == phrase


def _bare(word: str) -> str:
    return word.removesuffix("'s")


@cache
def phrases(lists: str = "lexicon") -> Mapping[str, Sequence[tuple[tuple[str, ...], str, str]]]:
    """Every name of a page of lists by its first word: its words, its list, and the id of its value."""
    by_first: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for kind, values in page(lists).items():
        for value, names in values.items():
            for name in names:
                phrase = tuple(name.split())
                by_first.setdefault(phrase[0], []).append((phrase, kind, value))
    return by_first
