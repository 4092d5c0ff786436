"""Names, slots, types and sizes: what Alexa's build refuses."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from . import alexa_rules as rules
from .written import Found, Written

Language = Mapping[str, Any]


def faults(language: Language, written: Written) -> Found:
    """Every rule about names, slots and types."""
    yield from _invocation_name(language["invocationName"], written)
    level = language["modelConfiguration"]["fallbackIntentSensitivity"]["level"]
    if level not in rules.SENSITIVITIES:
        yield written.key("fallback_sensitivity"), f"{level!r} is no sensitivity; write LOW, MEDIUM or HIGH"
    yield from _intents(language, written)
    yield from _slots(language, written)
    for kind in language["types"]:
        yield from _type(kind, written)


def sizes(model: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """What there is of everything that Alexa limits: (what, how much of it, the most she takes)."""
    language = model["interactionModel"]["languageModel"]
    values = [value["name"] for kind in language["types"] for value in kind["values"]]
    names = [name for value in values for name in (value["value"], *value["synonyms"])]
    samples = [sample for intent in language["intents"] for sample in intent["samples"]]
    return [
        ("intents", len(language["intents"]), rules.MOST_INTENTS),
        ("names in types", len(names), rules.MOST_NAMES),
        ("bytes", len(json.dumps(model, ensure_ascii=False).encode()), rules.MOST_BYTES),
        ("letters in the longest sample", max(map(len, samples), default=0), rules.LONGEST_SAMPLE),
        ("letters in the longest name", max(map(len, names), default=0), rules.LONGEST_NAME),
    ]


def size_faults(model: Mapping[str, Any], written: Written) -> Found:
    """Whether the model as a whole is more than Alexa takes; samples and names that are too long have lines of their
    own."""
    for what, count, most in sizes(model):
        if count > most and not what.startswith("letters"):
            yield written.key("invocation_name"), f"the model has {count} {what}, and Alexa takes {most}; take some out"


def _invocation_name(name: str, written: Written) -> Found:
    place = written.key("invocation_name")
    words = name.split()
    if not rules.SPOKEN.fullmatch(name):
        yield place, f"{name!r} is no invocation name; use small letters and spaces, and spell numbers out"
    if len(words) < 2:
        yield place, "an invocation name needs two words or more; add one"
    for word in words:
        if word in rules.LAUNCH_WORDS | rules.WAKE_WORDS | rules.EMPTY_WORDS:
            yield place, f"{word!r} may not stand in an invocation name; choose another word"
        if len(words) == 2 and word in rules.SMALL_WORDS:
            yield place, f"{word!r} may not stand in an invocation name of two words; choose another word"


def _intents(language: Language, written: Written) -> Found:
    names = [intent["name"] for intent in language["intents"]]
    for name, count in Counter(names).items():
        if count > 1:
            yield written.intent(name), f"{name} is there {count} times; put its samples into one"
    for name in rules.REQUIRED_INTENTS:
        if name not in names:
            yield written.key("intents"), f'{name} is missing and certification wants it; add [intents."{name}"]'
    for intent in language["intents"]:
        name = intent["name"]
        if name.startswith("AMAZON."):
            if name not in rules.BUILT_IN_INTENTS:
                yield written.intent(name), f"Alexa has no {name}; mend the name"
        elif not rules.NAME.fullmatch(name):
            yield written.intent(name), f"{name!r} is no intent name; use letters and underscores only"
        elif not intent["samples"]:
            yield written.intent(name), f"{name} has no samples, so nobody can reach it; write some"


def _slots(language: Language, written: Written) -> Found:
    types = {kind["name"] for kind in language["types"]}
    used_types = set()
    for intent in language["intents"]:
        name, slots = intent["name"], intent.get("slots", ())
        used = {slot for sample in intent["samples"] for slot in rules.SLOT.findall(sample)}
        for slot in slots:
            used_types.add(slot["type"])
            if not rules.NAME.fullmatch(slot["name"]):
                yield written.slots(name), f"{slot['name']!r} is no slot name; use letters and underscores only"
            if slot["type"] not in types | rules.BUILT_IN_TYPES:
                yield (
                    written.slots(name),
                    f"there is no type {slot['type']}; add [types.{slot['type']}] or mend its name",
                )
            if slot["name"] not in used:
                yield written.slots(name), f"no sample of {name} uses {{{slot['name']}}}; use it or take it out"
        for sample in intent["samples"]:
            for unknown in set(rules.SLOT.findall(sample)) - {slot["name"] for slot in slots}:
                place = written.sentence(name, sample)
                yield place, f"{name} has no slot {{{unknown}}}; add it to its slots or mend its name"
    for type_name in sorted(types - used_types):
        yield written.type(type_name), f"no slot has the type {type_name}; use it or take it out"


def _type(kind: Mapping[str, Any], written: Written) -> Found:
    type_name = kind["name"]
    if not rules.NAME.fullmatch(type_name):
        yield written.type(type_name), f"{type_name!r} is no type name; use letters and underscores only"
    if not kind["values"]:
        yield written.type(type_name), f"{type_name} has no values; write some"
    meant: dict[str, str] = {}
    for value in kind["values"]:
        key = value["id"]
        for name in (value["name"]["value"], *value["name"]["synonyms"]):
            place = written.name(type_name, key, name)
            if not rules.SPOKEN.fullmatch(name):
                yield place, f"{name!r} is not what Alexa hears; use small letters, and spell numbers out"
            if len(name) > rules.LONGEST_NAME:
                yield place, f"{name[:30]!r}... is longer than {rules.LONGEST_NAME} letters; shorten it"
            if name in meant:
                where = f"{meant[name]} and {key}" if meant[name] != key else f"{key} twice"
                yield place, f"{name!r} stands in {where}; take one out"
            meant[name] = key
