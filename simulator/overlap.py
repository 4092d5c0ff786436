"""Fits an utterance to the samples it resembles: by the words they share, or by a carrier phrase.

Each matcher is built once from the samples and then only read. Their time grows with the utterance and not faster.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from simulator.matching import Fit, Found
from simulator.model_file import DATE_TYPE, DURATION_TYPE, PHRASE_TYPE, TIME_TYPE, InteractionModel, Sample, Slot
from simulator.wording import FUNCTION_WORDS, POLITE_WORDS, TURNING_WORDS, bigrams, without_courtesy

_SAYING_LITTLE = POLITE_WORDS | FUNCTION_WORDS


class Weights:
    """How much a word or a slot type tells about which intent is meant: the fewer intents use it, the more."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        users: dict[str, set[str]] = defaultdict(set)
        for sample in samples:
            for item in sample.items:
                users[_key(item)].add(sample.intent)
        count = len({sample.intent for sample in samples})
        self.most = math.log(1 + 2 * count) if count else 1.0
        self._weights = {key: self._tempered(key, math.log(1 + count / len(intents))) for key, intents in users.items()}

    def of(self, key: str) -> float:
        """The weight of a word or slot type; one that no sample has weighs most, for it speaks against them all."""
        weight = self._weights.get(key)
        return self._tempered(key, self.most) if weight is None else weight

    def sum(self, keys: Iterable[str]) -> float:
        """The weight of several."""
        return sum(map(self.of, keys))

    def _tempered(self, key: str, weight: float) -> float:
        if key in POLITE_WORDS:
            return 0.1 * weight
        if key in FUNCTION_WORDS:
            return 0.25 * weight
        if key in TURNING_WORDS:
            return max(weight, 0.5 * self.most)
        return max(weight, 0.35 * self.most) if key[0] == "{" else weight


@dataclass(frozen=True)
class _Piece:
    """A stretch of the utterance: one word, or a value that may fill a slot of one of several types."""

    words: tuple[str, ...]
    values: Mapping[str, Found]


class OverlapMatcher:
    """Utterances that share their weighty words and slot values with a sample, in any order."""

    _CANDIDATES = 40
    """Samples that are compared closely, after a rough count of shared words."""

    def __init__(self, samples: Sequence[Sample], model: InteractionModel, weights: Weights) -> None:
        self._samples = samples
        self._slots = {name: intent.slots for name, intent in model.intents.items()}
        self._custom = model.types.keys()
        self._weights = weights
        self._keys = [[_key(item) for item in sample.items] for sample in samples]
        self._totals = [weights.sum(keys) for keys in self._keys]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(self._keys):
            for key in set(keys):
                self._postings[key].append(number)

    def match(self, words: Sequence[str], found: Sequence[Sequence[Found]], unknown: Set[str]) -> list[Fit]:
        """The best fit of each intent that comes into question, best first."""
        readings = [self._cut(words, found)]
        heard = {name for piece in readings[0] for name in piece.values}
        # "fifteen minutes" may also be a number before the word "minutes" of a sample, "seven thirty" two numbers, and
        # "this morning" just words.
        for others in ({DURATION_TYPE}, {TIME_TYPE, DATE_TYPE}):
            if heard & others:
                readings.append(self._cut(words, found, without=others))
        best: dict[str, tuple[float, int, Fit]] = {}
        for number in self._candidates(words, readings):
            for reading in readings:
                score, filled = self._compare(number, reading, unknown)
                sample = self._samples[number]
                if sample.intent not in best or (score, -number) > best[sample.intent][:2]:
                    best[sample.intent] = (score, -number, Fit(sample, filled, score, "overlap"))
        return [fit for _, _, fit in sorted(best.values(), key=lambda entry: entry[:2], reverse=True)]

    @staticmethod
    def _cut(
        words: Sequence[str], found: Sequence[Sequence[Found]], *, without: Set[str] = frozenset()
    ) -> list[_Piece]:
        """The utterance in pieces from left to right, the longest value first; those of `without` don't count."""
        pieces = []
        place = 0
        while place < len(words):
            values = [value for value in found[place] if value.type not in without]
            end = values[0].end if values else place + 1
            pieces.append(_Piece(tuple(words[place:end]), {value.type: value for value in values if value.end == end}))
            place = end
        return pieces

    def _candidates(self, words: Sequence[str], readings: Sequence[Sequence[_Piece]]) -> list[int]:
        weights = self._weights
        keys = {*words, *(_type_key(name) for reading in readings for piece in reading for name in piece.values)}
        # Sorted, for sums of fractions depend on their order and the same words must always be heard the same.
        telling = sorted(key for key in keys if key not in POLITE_WORDS and key in self._postings)
        shared = [0.0] * len(self._samples)
        for key in telling:
            weight = weights.of(key)
            for number in self._postings[key]:
                shared[number] += weight
        if not telling:
            return []
        total = weights.sum(words)
        rough = ((2 * weight / (total + self._totals[n]), -n) for n, weight in enumerate(shared) if weight)
        return [-n for _, n in heapq.nlargest(self._CANDIDATES, rough)]

    def _compare(self, number: int, pieces: Sequence[_Piece], unknown: Set[str]) -> tuple[float, dict[str, Found]]:
        """How well the utterance fits a sample, 0 to 1, and the slots filled then."""
        weights, sample = self._weights, self._samples[number]
        filled: dict[str, Found] = {}
        claimed: dict[int, str] = {}
        common = spoken = 0.0
        # The sample's slots take the values of their type in the order spoken.
        for slot in sample.slots:
            for place, piece in enumerate(pieces):
                if place not in claimed and slot.type in piece.values:
                    claimed[place] = _type_key(slot.type)
                    filled[slot.name] = piece.values[slot.type]
                    common += weights.of(claimed[place])
                    break
        if filled:
            self._fill_unheard_of(sample, pieces, unknown, filled, claimed)
        missing = [slot for slot in sample.slots if slot.name not in filled]
        left = Counter(item for item in sample.items if isinstance(item, str))
        for place, piece in enumerate(pieces):
            if not piece.values and left[piece.words[0]] > 0:
                left[piece.words[0]] -= 1
                claimed[place] = piece.words[0]
                common += weights.of(piece.words[0])
        telling = bool(filled) or not _SAYING_LITTLE.issuperset(claimed.values())
        order: list[str] = []
        unmatched: list[str] = []
        for place, piece in enumerate(pieces):
            if place in claimed:
                spoken += weights.of(claimed[place])
                order.append(claimed[place])
                continue
            matched = [word for word in piece.words if left[word] > 0]
            if piece.values and len(matched) == len(piece.words):
                left.subtract(matched)
                common += weights.sum(matched)
                spoken += weights.sum(matched)
                telling = True
            elif self._said_before(piece, filled):
                spoken += 0.2 * weights.sum(piece.words)
            elif extra := self._extra(sample, piece, filled):
                # What the intent can take, though this sample does not name it, is nearly as good as expected.
                filled[extra.name] = piece.values[extra.type]
                spoken += 0.2 * weights.of(_type_key(extra.type))
            else:
                spoken += weights.sum(piece.words)
                unmatched += piece.words
            order += piece.words
        if not telling:
            return 0.0, {}
        unmatched += left.elements()
        turned = 1.0 if TURNING_WORDS.isdisjoint(unmatched) else 0.75
        keys = self._keys[number]
        pairs = bigrams(keys)
        in_order = len(pairs & bigrams(order)) / len(pairs) if pairs else 1.0
        # A value that was not given is a lesser want than a word: the skill can ask for it.
        wanted = self._totals[number] - 0.5 * weights.sum(_type_key(slot.type) for slot in missing)
        lacking = (0.85 if filled else 0.6) ** len(missing)
        return 2 * common / (spoken + wanted) * (0.95 + 0.05 * in_order) * lacking * turned, filled

    @staticmethod
    def _said_before(piece: _Piece, filled: Mapping[str, Found]) -> bool:
        """Whether a piece only says again, perhaps in other words, what already fills a slot."""
        return any(
            value.type == other.type and value.resolved and value.resolved == other.resolved
            for value in piece.values.values()
            for other in filled.values()
        )

    def _fill_unheard_of(
        self,
        sample: Sample,
        pieces: Sequence[_Piece],
        unknown: Set[str],
        filled: dict[str, Found],
        claimed: dict[int, str],
    ) -> None:
        """Give an unfilled slot of a custom type the unknown word that stands after the same word as in the sample.

        So "my elbow" is no longer just noise beside "my {area}", which would make an unnamed area of it.
        """
        for before, slot in pairwise(sample.items):
            if not isinstance(slot, Slot) or slot.type not in self._custom or slot.name in filled:
                continue
            for place, (left, right) in enumerate(pairwise(pieces), 1):
                word = right.words[0]
                if left.words[-1] == before and word in unknown and place not in claimed:
                    claimed[place] = _type_key(slot.type)
                    filled[slot.name] = Found(slot.type, word, (), place, place + 1)
                    break

    def _extra(self, sample: Sample, piece: _Piece, filled: Mapping[str, Found]) -> Slot | None:
        """The slot of the intent that a value may fill although the sample has none of its type."""
        if piece.words == ("one",):
            # "that one", "one more": a pronoun far more often than a number.
            return None
        taken = {slot.type for slot in sample.slots} | {value.type for value in filled.values()}
        free = (slot for slot in self._slots[sample.intent] if slot.type in piece.values and slot.type not in taken)
        return next(free, None)


_LATEST_CARRIER = 3
"""The last place, counted from nought, at which a carrier phrase may begin."""


class CarrierMatcher:
    """Utterances that begin and end as a sample with a phrase slot does, whatever stands in the slot."""

    def __init__(self, samples: Iterable[Sample], weights: Weights) -> None:
        self._by_prefix: dict[tuple[str, ...], list[tuple[tuple[str, ...], Sample]]] = defaultdict(list)
        self._weights = weights
        for sample in samples:
            place = next(place for place, item in enumerate(sample.items) if isinstance(item, Slot))
            before = tuple(str(item) for item in sample.items[:place])
            self._by_prefix[before].append((tuple(str(item) for item in sample.items[place + 1 :]), sample))
        self._longest = max(map(len, self._by_prefix), default=0)

    def match(self, words: Sequence[str], spoken: Sequence[str]) -> Fit | None:
        """The sample with the weightiest carrier found in `words`; the slot takes the same places of `spoken`."""
        # A wrapper before the carrier ("could you ...") is skipped.
        bare = without_courtesy(words[:8])
        skipped = next((n for n in range(min(len(words), 8)) if bare[:1] == (words[n],)), 0)
        best: Fit | None = None
        # Alexa also finds a carrier after a word or two that no sample has; what stands before it is lost.
        for start in dict.fromkeys((0, skipped, *range(1, _LATEST_CARRIER + 1))):
            if best is not None or start >= len(words):
                break
            for length in range(min(self._longest, len(words) - start) + 1):
                before = tuple(words[start : start + length])
                for after, sample in self._by_prefix.get(before, ()):
                    end = len(words) - len(after)
                    if start + length >= end or tuple(words[end:]) != after:
                        continue
                    # The longer the carrier, the surer; a bare "what ..." is hardly more than a guess.
                    score = 1 - 0.4 / (1 + self._weights.sum((*before, *after)) / self._weights.most)
                    if best is None or score > best.score:
                        slot = sample.slots[0]
                        text = " ".join(spoken[start + length : end])
                        filled = {slot.name: Found(PHRASE_TYPE, text, None, start + length, end)}
                        best = Fit(sample, filled, score, "carrier phrase")
        return best


def _key(item: str | Slot) -> str:
    """What an item is counted under: the word, or the slot's type in braces, which no word has."""
    return _type_key(item.type) if isinstance(item, Slot) else item


def _type_key(name: str) -> str:
    return f"{{{name}}}"
