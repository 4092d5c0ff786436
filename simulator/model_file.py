"""Reads a committed interaction model (JSON as Alexa's own tools take it) into plain values, or says what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator.wording import words_of

PHRASE_TYPE = "AMAZON.SearchQuery"
NUMBER_TYPE = "AMAZON.NUMBER"
DURATION_TYPE = "AMAZON.DURATION"
TIME_TYPE = "AMAZON.TIME"
DATE_TYPE = "AMAZON.DATE"
_HEARD_TYPES = {PHRASE_TYPE, NUMBER_TYPE, DURATION_TYPE, TIME_TYPE, DATE_TYPE}

_SLOT_IN_SAMPLE = re.compile(r"\{\s*([A-Za-z_.]+)\s*\}")


class ModelError(Exception):
    """An interaction model that cannot be used; the message names the file, the fault and the cure, in one line."""


@dataclass(frozen=True)
class Slot:
    """A slot of an intent, and a place for it in a sample."""

    name: str
    type: str


@dataclass(frozen=True)
class Sample:
    """One sample utterance: its words and slots in order."""

    intent: str
    text: str
    items: tuple[str | Slot, ...]

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Its slots in order."""
        return tuple([item for item in self.items if isinstance(item, Slot)])


@dataclass(frozen=True)
class Intent:
    """An intent with its slots and samples in the order of the file."""

    name: str
    slots: tuple[Slot, ...]
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class Value:
    """One value of a custom type. `id` is empty when the file gives none. `phrases`: its name and synonyms."""

    name: str
    id: str
    phrases: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class InteractionModel:
    """A whole model: intents and custom types by name."""

    invocation_name: str
    intents: Mapping[str, Intent]
    types: Mapping[str, tuple[Value, ...]]


def read_model(path: Path) -> InteractionModel:
    """Read the model at `path`.

    Raises:
        ModelError: when the file cannot be read, is no JSON, or is no interaction model that Alexa would build.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); `make models` writes the models") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{path}: is not UTF-8 text; write it again with `make models`") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: is not JSON ({error}); write it again with `make models`") from error
    try:
        return _model(data)
    except _ShapeError as error:
        raise ModelError(f"{path}: {error}") from None


class _ShapeError(Exception):
    """What is wrong with the data, not yet with the file's name."""


_KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a text", type(None): "null"}


def _take(data: Any, key: str, kind: type, where: str, default: Any = None) -> Any:
    """The value under `key`, checked; `default` stands in for a missing one, None means that it must be there."""
    if not isinstance(data, dict):
        raise _ShapeError(f"{where} must be an object with `{key}`, not {_kind(data)}")
    value = data.get(key, default)
    if not isinstance(value, kind):
        raise _ShapeError(f"{where} needs `{key}` as {_KINDS[kind]}" + (f", not {_kind(value)}" if key in data else ""))
    return value


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), str(value)[:20])


def _model(data: Any) -> InteractionModel:
    language = _take(_take(data, "interactionModel", dict, "the file"), "languageModel", dict, "interactionModel")
    invocation = _take(language, "invocationName", str, "languageModel")
    types: dict[str, tuple[Value, ...]] = {}
    for entry in _take(language, "types", list, "languageModel", []):
        name = _take(entry, "name", str, "a slot type")
        if name in types:
            raise _ShapeError(f"slot type {name} stands there twice; join the two")
        types[name] = tuple(_value(value, name) for value in _take(entry, "values", list, f"slot type {name}"))
    intents: dict[str, Intent] = {}
    for entry in _take(language, "intents", list, "languageModel"):
        intent = _intent(entry, types)
        if intent.name in intents:
            raise _ShapeError(f"intent {intent.name} stands there twice; join the two")
        intents[intent.name] = intent
    return InteractionModel(invocation, intents, types)


def _value(data: Any, type_name: str) -> Value:
    where = f"a value of slot type {type_name}"
    name_entry = _take(data, "name", dict, where)
    name = _take(name_entry, "value", str, where)
    synonyms = _take(name_entry, "synonyms", list, f"{where} ({name})", [])
    if not all(isinstance(synonym, str) for synonym in synonyms):
        raise _ShapeError(f"{where} ({name}) has a synonym that is no text")
    phrases = dict.fromkeys(tuple(words_of(phrase)) for phrase in [name, *synonyms])
    return Value(name, _take(data, "id", str, where, ""), tuple(phrase for phrase in phrases if phrase))


def _intent(data: Any, types: Mapping[str, tuple[Value, ...]]) -> Intent:
    name = _take(data, "name", str, "an intent")
    slots: dict[str, Slot] = {}
    for entry in _take(data, "slots", list, f"intent {name}", []):
        slot = Slot(_take(entry, "name", str, f"a slot of {name}"), _take(entry, "type", str, f"a slot of {name}"))
        if slot.name in slots:
            raise _ShapeError(f"intent {name} has slot {slot.name} twice; give each its own name")
        if slot.type not in types and slot.type not in _HEARD_TYPES:
            cure = "the simulator cannot hear it yet" if slot.type.startswith("AMAZON.") else "add it to `types`"
            raise _ShapeError(f"slot {slot.name} of {name} is of type {slot.type}, which has no values; {cure}")
        slots[slot.name] = slot
    samples = []
    for text in _take(data, "samples", list, f"intent {name}", []):
        if not isinstance(text, str):
            raise _ShapeError(f"intent {name} has a sample that is no text")
        samples.append(_sample(text, name, slots))
    return Intent(name, tuple(slots.values()), tuple(samples))


def _sample(text: str, intent: str, slots: Mapping[str, Slot]) -> Sample:
    items: list[str | Slot] = []
    for place, piece in enumerate(_SLOT_IN_SAMPLE.split(text)):
        if place % 2 == 0:
            items += words_of(piece)
        elif piece in slots:
            items.append(slots[piece])
        else:
            raise _ShapeError(f'sample "{text}" of {intent} uses {{{piece}}}; add that slot to the intent')
    sample = Sample(intent, text, tuple(items))
    if any(slot.type == PHRASE_TYPE for slot in sample.slots):
        # Alexa's build refuses both (MissingCarrierPhraseWithPhraseSlot, InvalidIntentSamplePhraseSlot).
        if len(items) == 1:
            raise _ShapeError(f'sample "{text}" of {intent} is a phrase slot alone; add a carrier phrase')
        if len(sample.slots) > 1:
            raise _ShapeError(f'sample "{text}" of {intent} has a phrase slot beside another slot; Alexa refuses that')
    return sample
