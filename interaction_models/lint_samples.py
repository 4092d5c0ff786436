"""How a sample may be written."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from . import alexa_rules as rules
from .expand import Expander
from .source import Source
from .written import Found, Written

_TOUCHING = re.compile(r"[^ ]\{|\}(?!'s(?: |$)| |$)")
"""A slot without a space around it; "{area}'s" is fine."""


def faults(language: Mapping[str, Any], written: Written) -> Found:
    """Every rule about one sample, or the samples of one intent."""
    for intent in language["intents"]:
        name = intent["name"]
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample, count in Counter(sample.lower() for sample in intent["samples"]).items():
            if count > 1:
                yield written.sentence(name, sample), f"{sample!r} stands twice in {name}; take one out"
        for sample in intent["samples"]:
            for message in (*_letters(sample), *_phrase_slots(sample, types)):
                yield written.sentence(name, sample), f"{sample[:60]!r} {message}"


def useless_lines(source: Source, expander: Expander) -> Found:
    """Lines that say only what other lines of the intent say already."""
    for intent in source.intents:
        said: set[str] = set()
        for template in intent.templates:
            sentences = set(expander.expand(template))
            if sentences <= said:
                yield (
                    template.place,
                    f"{template.text!r} says only what {intent.name} hears already; take it out",
                )
            said |= sentences


def _letters(sample: str) -> list[str]:
    found = []
    words = rules.SLOT.sub("slot", sample)
    if any(letter.isdigit() for letter in words):
        found.append("has digits; spell numbers out")
    elif any(letter.isupper() for letter in words):
        found.append("has capitals; write it small")
    elif not rules.SPOKEN.fullmatch(words):
        found.append("has signs that nobody speaks; use letters, apostrophes, hyphens, and periods in abbreviations")
    if _TOUCHING.search(sample):
        found.append("has a slot that touches a word; put a space between them")
    if len(sample) > rules.LONGEST_SAMPLE:
        found.append(f"is longer than {rules.LONGEST_SAMPLE} letters; shorten it")
    return found


def _phrase_slots(sample: str, types: Mapping[str, str]) -> list[str]:
    slots = rules.SLOT.findall(sample)
    phrases = [slot for slot in slots if types.get(slot) in rules.PHRASE_TYPES]
    if not phrases:
        return []
    found = []
    if not rules.SLOT.sub("", sample).strip():
        found.append(f"is only {{{phrases[0]}}}, which takes any words; add a word or two around it")
    if len(phrases) > 1:
        found.append("has two slots that take any words; leave one")
    elif len(slots) > 1:
        found.append(f"has another slot beside {{{phrases[0]}}}, which takes any words; leave one")
    return found
