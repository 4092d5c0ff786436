"""Intents that are made and not written: one for each entry of the content, and those that catch free text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from skill.coaching.understanding.labels import OUT_OF_SCOPE, intent_of, label

from .paraphrases import content_entries, paraphrases, wider_ways

FREE_TEXT = Path(__file__).parent / "free_text.toml"
MOST_SAMPLES = 60
"""Samples of one entry that go into Alexa's model; all of them train the skill's own understanding."""
MOST_SLOTS = 90
"""Slots of one intent of free text."""
OPENS_AT_LEAST = 4
ENDS_AT_LEAST = 12
"""How many known sentences must begin or end with a word before it is taken as a handle for free text."""

_SLOT = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile("[a-z]+('[a-z]+)?")


def extra_intents(source: Path) -> Iterator[Mapping[str, Any]]:
    """The intents of the content, then those of free text, for the builder."""
    wider = wider_ways()
    taken: dict[str, str] = {}
    for kind, name, entry, path in content_entries():
        # People swear at speakers, and ask them about sex; such lines train our own model but don't go to Amazon.
        lines = [*entry["ask"], *(() if kind == OUT_OF_SCOPE else wider.get(label(kind, name), ()))]
        samples = [line for line in dict.fromkeys(lines) if taken.setdefault(line, name) == name]
        yield {"name": intent_of(kind, name), "samples": samples[:MOST_SAMPLES], "file": path}
    sentences = [paraphrase.text.split() for paraphrase in paraphrases(source)]
    openings = _frequent((words[0] for words in sentences), OPENS_AT_LEAST)
    endings = _frequent((words[-1] for words in sentences), ENDS_AT_LEAST)
    yield from _free_text(openings, endings)


def _free_text(openings: Iterable[str], endings: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Samples of free text: for the words written by hand, and for those that open or end many known sentences."""
    written = tomllib.loads(FREE_TEXT.read_text(encoding="utf-8"))
    questions = dict.fromkeys(written["questions"])
    before = [words for words in dict.fromkeys([*written["before"], *openings]) if words not in questions]
    after = list(dict.fromkeys([*written["after"], *endings]))
    yield _carriers("FreeQuestionIntent", [(f"{words} {{{_slot_words(words)}_phrase}}") for words in questions])
    samples = [f"{words} {{{_slot_words(words)}_phrase}}" for words in before]
    samples += [f"{{phrase_{_slot_words(words)}}} {words}" for words in after]
    for number, letter in enumerate(ascii_uppercase):
        part = samples[number * MOST_SLOTS : (number + 1) * MOST_SLOTS]
        if part:
            yield _carriers(f"FreeWords{letter}Intent", part)


def _carriers(intent: str, samples: list[str]) -> Mapping[str, Any]:
    slots = {slot: "AMAZON.SearchQuery" for sample in samples for slot in _SLOT.findall(sample)}
    return {"name": intent, "slots": slots, "samples": samples, "file": FREE_TEXT}


def _frequent(words: Iterable[str], least: int) -> list[str]:
    counts = Counter(words)
    return sorted(word for word, count in counts.items() if count >= least and _PLAIN.fullmatch(word))


def _slot_words(words: str) -> str:
    return words.replace("'", "").replace(" ", "_")
