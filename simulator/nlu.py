"""Stands in for Alexa's own language understanding: an utterance becomes an intent of the committed model.

It does not imitate Alexa's mistakes. It aims at what a model's author may expect of Alexa: samples are heard, also in
other words and with slips of the keyboard, slots arrive as Alexa sends them, and what the model is not about falls
back instead of being guessed.
"""

from __future__ import annotations

import contextlib
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from simulator.matching import ExactMatcher, Fit, Values
from simulator.model_file import DATE_TYPE, PHRASE_TYPE, TIME_TYPE, InteractionModel, ModelError, Sample, read_model
from simulator.overlap import CarrierMatcher, OverlapMatcher, Weights
from simulator.wording import BUILT_IN_PHRASES, FUNCTION_WORDS, POLITE_WORDS, TURNING_WORDS, without_courtesy, words_of
from skill.coaching.understanding import spoken, spoken_when
from skill.coaching.understanding.alexa_dates import as_alexa_date

__all__ = ["HeardSlot", "LanguageModel", "ModelError", "Understood", "intent_json"]

FALLBACK = "AMAZON.FallbackIntent"
_KEPT_BY_ALEXA = {"AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"}
"""Built-in intents whose own phrases no sample of a skill can take over."""

_FLOOR = 0.62
"""Overlap below this is no understanding: the utterance falls back."""

_NEAR = 0.9
"""Overlap from which an utterance is as good as a sample; below it, free text takes it where the model catches some."""

_REPAIR_COST = 0.03
"""What a repaired spelling takes off the score."""


@dataclass(frozen=True)
class HeardSlot:
    """A filled slot. `value` is as spoken; for built-in types it is digits ("15"), ISO 8601 ("PT15M", "19:00",
    "2026-11-24") or, for a part of the day, MO, AF, EV or NI.

    `resolved` holds the (name, id) pairs of entity resolution, none when the type does not know the words
    (ER_SUCCESS_NO_MATCH); it is None for built-in types, which have no entity resolution.
    """

    name: str
    type: str
    value: str
    resolved: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True)
class Understood:
    """What was made of an utterance, and why.

    `score` is 1 for a sample word for word and 0 when nothing fits; `sample` the sample that fitted best, also when
    it did not fit well enough; `runner_up` the intent that came second.
    """

    intent: str
    slots: Mapping[str, HeardSlot] = field(default_factory=dict)
    score: float = 0.0
    sample: str | None = None
    reason: str = "nothing fits"
    runner_up: str | None = None


class LanguageModel:
    """An interaction model, ready to understand utterances. Loading costs the time; understanding is quick."""

    def __init__(self, model: InteractionModel) -> None:
        self.model = model
        self._values = Values(model)
        samples = [sample for intent in model.intents.values() for sample in intent.samples]
        phrases = [sample for sample in samples if _has_phrase(sample)]
        plain = [sample for sample in samples if not _has_phrase(sample)]
        # Samples of a built-in intent are only ever matched exactly, except those of the fallback.
        loose = [sample for sample in plain if not sample.intent.startswith("AMAZON.") or sample.intent == FALLBACK]

        ranked = [(1, sample) for sample in plain] + list(_built_in_samples(model))
        self._exact = ExactMatcher(ranked, self._values.custom)
        self._nearly_exact = ExactMatcher(ranked, self._values.custom, bare=True)
        weights = Weights([*loose, *phrases])
        self._overlap = OverlapMatcher(loose, model, weights)
        self._carriers = CarrierMatcher(phrases, weights)

        heard = {item for sample in plain + phrases for item in sample.items if isinstance(item, str)}
        types = {slot.type for intent in model.intents.values() for slot in intent.slots}
        if types & {TIME_TYPE, DATE_TYPE}:
            heard |= spoken_when.VOCABULARY
        self._known = frozenset(
            heard | self._values.words | spoken.VOCABULARY | POLITE_WORDS | FUNCTION_WORDS | TURNING_WORDS
        )
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _SHORTEST_REPAIRED:
                self._by_initial[word[0]].append(word)

    @classmethod
    def load(cls, path: Path) -> LanguageModel:
        """Read a committed interaction model.

        Raises:
            ModelError: when the file is no interaction model; its one line says what to do.
        """
        with _nothing_is_rubbish():
            return cls(read_model(path))

    def understand(self, utterance: str, today: date | None = None) -> Understood:
        """The intent that `utterance` means, with its slots; AMAZON.FallbackIntent when it means none.

        `today` is the date where the device is, by which dates are told; that of UTC when left out.
        """
        understood = self._understand(utterance)
        dates = [slot for slot in understood.slots.values() if slot.type == DATE_TYPE]
        if not dates:
            return understood
        today = today or datetime.now(UTC).date()
        told = {slot.name: replace(slot, value=as_alexa_date(slot.value, today)) for slot in dates}
        return replace(understood, slots={**understood.slots, **told})

    def _understand(self, utterance: str) -> Understood:
        said = words_of(utterance)
        if not said:
            return Understood(FALLBACK)
        if exact := self._match_exactly(said):
            return self._understood(exact)
        words = self._repaired(said)
        repaired = [f"{before} as {after}" for before, after in zip(said, words, strict=True) if before != after]
        cost = _REPAIR_COST if repaired else 0.0
        note = f", heard {', '.join(repaired)}" if repaired else ""
        if repaired and (exact := self._match_exactly(words)):
            return self._understood(exact, cost=cost, note=note)
        words = _more_last(words)
        if words != said and (exact := self._match_exactly(words)):
            return self._understood(exact, cost=cost, note=note)
        fits = (
            []
            if self._mostly_unknown(words)
            else self._overlap.match(words, self._values.everywhere(words), self._unknown(words))
        )
        if (carried := self._carriers.match(words, said)) and (not fits or fits[0].score - cost < _NEAR):
            second = fits[0].sample.intent if fits else None
            return self._understood(carried, cost=cost, note=note, runner_up=second)
        if not fits or fits[0].score - cost < _FLOOR:
            if not fits:
                return Understood(FALLBACK)
            closest = fits[0].sample
            return Understood(FALLBACK, score=round(fits[0].score, 3), sample=closest.text, runner_up=closest.intent)
        second = next((fit.sample.intent for fit in fits[1:] if fit.sample.intent != fits[0].sample.intent), None)
        return self._understood(fits[0], cost=cost, note=note, runner_up=second)

    def _mostly_unknown(self, words: Sequence[str]) -> bool:
        """Whether most of the words that say something are none of the model's: then it is about something else."""
        telling = [word for word in words if word not in FUNCTION_WORDS and word not in POLITE_WORDS]
        unknown = self._unknown(telling)
        return 2 * sum(word in unknown for word in telling) > len(telling)

    def _unknown(self, words: Iterable[str]) -> set[str]:
        """The words among `words` that no sample and no value has; digits are always known."""
        return {word for word in words if word not in self._known and not word[0].isdigit()}

    def _match_exactly(self, words: Sequence[str]) -> Fit | None:
        """The sample that `words` are, word for word or apart from polite words."""
        if fit := self._exact.match(words, self._values.everywhere(words), self._unknown(words)):
            return fit
        bare = without_courtesy(words)
        if not bare:
            return None
        found = self._values.everywhere(bare)
        for matcher in (self._exact, self._nearly_exact):
            if fit := matcher.match(bare, found, self._unknown(bare)):
                return Fit(fit.sample, fit.filled, fit.score - 0.02, "exact but for polite words")
        return None

    def _understood(self, fit: Fit, *, cost: float = 0.0, note: str = "", runner_up: str | None = None) -> Understood:
        types = {slot.name: slot.type for slot in self.model.intents[fit.sample.intent].slots}
        slots = {name: HeardSlot(name, types[name], found.text, found.resolved) for name, found in fit.filled.items()}
        score = round(min(1.0, fit.score) - cost, 3)
        reason = f"overlap {score:.2f}" if fit.reason == "overlap" else fit.reason
        return Understood(fit.sample.intent, slots, score, fit.sample.text, reason + note, runner_up)

    def _repaired(self, words: Sequence[str]) -> list[str]:
        """`words` with small slips put right; known words, and with them numbers and slot values, stay as they are."""
        unknown = self._unknown(words)
        return [self._repair(word) if word in unknown else word for word in words]

    def _repair(self, word: str) -> str:
        for other in _inflections(word):
            if other in self._known:
                return other
        allowed = _allowed_slips(word)
        if not allowed:
            return word
        best = word
        least = allowed + 1
        # People rarely miss the first letter, and "weight" is no "eight".
        for other in self._by_initial[word[0]]:
            if abs(len(other) - len(word)) > allowed:
                continue
            slips = OSA.distance(word, other, score_cutoff=allowed)
            if slips < least and (len(word) > _SHORTEST_REPAIRED or sorted(word) == sorted(other)):
                best, least = other, slips
        return best


_SHORTEST_REPAIRED = 4
"""Letters of the shortest word whose spelling is repaired."""

_SHORTEST_STEM = 3

_MORE = {"more", "extra", "additional", "further"}


@contextlib.contextmanager
def _nothing_is_rubbish() -> Iterator[None]:
    """Keep the garbage collector out while a model is made, and from what was made then.

    It is hundreds of thousands of small objects that all stay: looking through them takes longer than making them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()


def _more_last(words: Sequence[str]) -> list[str]:
    """Turn "five more minutes" into "five minutes more", so that the duration stands together."""
    moved = list(words)
    for place in range(1, len(moved) - 1):
        if moved[place] in _MORE and spoken.is_unit(moved[place + 1]):
            moved[place], moved[place + 1] = moved[place + 1], moved[place]
    return moved


def _allowed_slips(word: str) -> int:
    """Letters that may be wrong: in a word of four only two swapped, for "head" is not "heat"; two from eight on."""
    if not _SHORTEST_REPAIRED <= len(word) <= 30:
        return 0
    return 2 if len(word) >= 8 else 1


def _inflections(word: str) -> Iterable[str]:
    """The word in other forms that the model may know: "hips" as "hip", "stopped" as "stop", "pausing" as "pause"."""
    if len(word) < _SHORTEST_REPAIRED:
        return
    yield word + "s"
    for ending in ("'s", "s", "es", "d", "ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            yield stem
            if ending in {"ed", "ing"}:
                yield stem + "e"
                if stem[-1] == stem[-2]:
                    yield stem[:-1]


def _has_phrase(sample: Sample) -> bool:
    return any(slot.type == PHRASE_TYPE for slot in sample.slots)


def _built_in_samples(model: InteractionModel) -> Iterable[tuple[int, Sample]]:
    """Alexa's own phrases for the built-in intents that the model lists, with their rank beside the model's samples."""
    for intent, phrases in BUILT_IN_PHRASES.items():
        if intent in model.intents:
            for phrase in phrases.split(","):
                yield 0 if intent in _KEPT_BY_ALEXA else 2, Sample(intent, phrase, tuple(phrase.split()))


def intent_json(understood: Understood, model: LanguageModel, skill_id: str) -> dict[str, Any]:
    """The `intent` object of the request that Alexa would send: every slot of the intent, filled or not."""
    intent = model.model.intents.get(understood.intent)
    slots = {}
    for slot in intent.slots if intent else ():
        heard = understood.slots.get(slot.name)
        slots[slot.name] = _slot_json(heard, skill_id) if heard else {"name": slot.name, "confirmationStatus": "NONE"}
    return {"name": understood.intent, "confirmationStatus": "NONE", "slots": slots}


def _slot_json(heard: HeardSlot, skill_id: str) -> dict[str, Any]:
    content: dict[str, Any] = {"value": heard.value}
    if heard.resolved is not None:
        authority: dict[str, Any] = {
            "authority": f"amzn1.er-authority.echo-sdk.{skill_id}.{heard.type}",
            "status": {"code": "ER_SUCCESS_MATCH" if heard.resolved else "ER_SUCCESS_NO_MATCH"},
        }
        if heard.resolved:
            authority["values"] = [
                {"value": {"name": name, "id": value_id} if value_id else {"name": name}}
                for name, value_id in heard.resolved
            ]
        content["resolutions"] = {"resolutionsPerAuthority": [authority]}
    return {
        "name": heard.name,
        **content,
        "confirmationStatus": "NONE",
        "source": "USER",
        "slotValue": {"type": "Simple", **content},
    }
