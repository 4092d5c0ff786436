"""Finds slot values in words, and the sample that an utterance is word for word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from simulator.model_file import (
    DATE_TYPE,
    DURATION_TYPE,
    NUMBER_TYPE,
    TIME_TYPE,
    InteractionModel,
    Sample,
    Slot,
    Value,
)
from simulator.wording import FUNCTION_WORDS, POLITE_WORDS, without_courtesy
from skill.coaching.understanding.spoken import read_duration, read_number
from skill.coaching.understanding.spoken_when import read_date, read_time

_READERS = {DURATION_TYPE: read_duration, NUMBER_TYPE: read_number, TIME_TYPE: read_time, DATE_TYPE: read_date}
"""What reads the built-in types, each the longest value that begins at a place."""


@dataclass(frozen=True)
class Found:
    """A slot value heard in the words from `start` to before `end`.

    `resolved` holds (name, id) of each value of a custom type that it can be; nothing for a word that the type does
    not know; None for a built-in type, which is never resolved.
    """

    type: str
    text: str
    resolved: tuple[tuple[str, str], ...] | None
    start: int
    end: int


@dataclass(frozen=True)
class Fit:
    """A sample that an utterance fits, what fills its slots (and others of its intent) by name, how well, and how."""

    sample: Sample
    filled: Mapping[str, Found]
    score: float
    reason: str


class Values:
    """Finds slot values in words: numbers, durations, times of day, dates and the values of custom types.

    A date may be told as an offset from today ("+1"), for here nobody knows the day.
    """

    def __init__(self, model: InteractionModel) -> None:
        used = {slot.type for intent in model.intents.values() for slot in intent.slots}
        self._readers = {name: read for name, read in _READERS.items() if name in used}
        self.custom = frozenset(used & set(model.types))
        self._phrases: dict[tuple[str, ...], dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(self.custom):
            for value in model.types[name]:
                for phrase in value.phrases:
                    self._phrases[phrase][name].append(value)
        self._longest = max(map(len, self._phrases), default=0)
        self.words = frozenset(word for phrase in self._phrases for word in phrase)

    def everywhere(self, words: Sequence[str]) -> list[list[Found]]:
        """All values that begin at each place, longest first; of built-in types only the longest."""
        return [self._at(words, place) for place in range(len(words))]

    def _at(self, words: Sequence[str], start: int) -> list[Found]:
        found: list[Found] = []
        for name, read in self._readers.items():
            if value := read(words, start):
                found.append(Found(name, str(value[0]), None, start, value[1]))
        if words[start] in self.words:
            for end in range(min(len(words), start + self._longest), start, -1):
                by_type = self._phrases.get(tuple(words[start:end]), {})
                for name, values in by_type.items():
                    resolved = tuple((value.name, value.id) for value in values)
                    found.append(Found(name, " ".join(words[start:end]), resolved, start, end))
        found.sort(key=lambda value: -value.end)
        return found


class _Node:
    """A place in the tree of samples: what may come next, by word or by slot type, and the samples that end here.

    There are tens of thousands, so they hold no more than they must.
    """

    __slots__ = ("ends", "slots", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.slots: dict[str, _Node] | None = None
        self.ends: tuple[tuple[int, int, Sample], ...] = ()

    def grow(self, item: str | Slot) -> _Node:
        """The place after `item`, made when it is new."""
        if isinstance(item, Slot):
            if self.slots is None:
                self.slots = {}
            branches, key = self.slots, item.type
        else:
            branches, key = self.words, item
        following = branches.get(key)
        if following is None:
            following = branches[key] = _Node()
        return following


class ExactMatcher:
    """Utterances that are a sample word for word, with slot values in its slots."""

    def __init__(self, ranked: Iterable[tuple[int, Sample]], custom: frozenset[str], *, bare: bool = False) -> None:
        """Take samples with their rank (lower goes first); with `bare` only those with polite words, without these."""
        self._root = _Node()
        self._custom = custom
        for order, (rank, sample) in enumerate(ranked):
            items = _bare(sample) if bare else sample.items
            if not items or (bare and items == sample.items):
                continue
            node = self._root
            for item in items:
                node = node.grow(item)
            node.ends += ((rank, order, sample),)

    def match(self, words: Sequence[str], found: Sequence[Sequence[Found]], unknown: Set[str]) -> Fit | None:
        """The sample that `words` are; among several the one of lowest rank, then with the fewest and longest values.

        One slot of a custom type also takes a word or two that no sample and no value knows ("my elbow"), as Alexa's
        does, when the rest of the sample leaves no doubt.
        """
        reached: list[dict[_Node, tuple[Found, ...]]] = [{} for _ in range(len(words) + 1)]
        reached[0][self._root] = ()
        for place, word in enumerate(words):
            for node, values in reached[place].items():
                if word in node.words:
                    reached[place + 1].setdefault(node.words[word], values)
                if not node.slots:
                    continue
                for value in found[place]:
                    if value.type in node.slots:
                        reached[value.end].setdefault(node.slots[value.type], (*values, value))
                for end in _unheard_of(words, place, unknown):
                    for name in self._custom & node.slots.keys():
                        guess = Found(name, " ".join(words[place:end]), (), place, end)
                        reached[end].setdefault(node.slots[name], (*values, guess))
        endings = [
            (rank, len(values), _negatives(values), len(sample.items), order, values, sample)
            for node, values in reached[-1].items()
            for rank, order, sample in node.ends
            if _beyond_doubt(values, sample)
        ]
        if not endings:
            return None
        *_, values, sample = min(endings, key=lambda ending: ending[:5])
        filled = {slot.name: value for slot, value in zip(sample.slots, values, strict=True)}
        return Fit(sample, filled, 1.0 if all(value.resolved != () for value in values) else 0.9, "exact")


def _unheard_of(words: Sequence[str], place: int, unknown: Set[str]) -> list[int]:
    """Where a value of one or two unknown words that begins at `place` may end."""
    ends = []
    for end in range(place + 1, min(place + 2, len(words)) + 1):
        if words[end - 1] not in unknown:
            break
        ends.append(end)
    return ends


_SLOT = "{}"
"""Stands for a slot among words; no word is written so."""


def _bare(sample: Sample) -> tuple[str | Slot, ...]:
    """The sample's items without polite words."""
    slots = iter(sample.slots)
    bare = without_courtesy([item if isinstance(item, str) else _SLOT for item in sample.items])
    return tuple(next(slots) if word == _SLOT else word for word in bare)


def _negatives(values: Sequence[Found]) -> int:
    """How many values are negative: "minus" is rather a word of a sample, where one has it."""
    return sum(value.text.startswith("-") for value in values)


def _beyond_doubt(values: Sequence[Found], sample: Sample) -> bool:
    """Whether a sample filled with words unheard of is meant: another slot is filled, or three telling words agree."""
    unheard_of = sum(value.resolved == () for value in values)
    if unheard_of == 0:
        return True
    telling = [item for item in sample.items if item not in FUNCTION_WORDS and item not in POLITE_WORDS]
    return unheard_of == 1 and (len(values) > 1 or len(telling) > 3)
