"""Intents that are made and not written: one for each entry of the content, and those that catch free text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from skill.coaching.understanding.labels import OUT_OF_SCOPE, RED_FLAG, intent_of, label, split_label
from skill.coaching.understanding.lexicon import phrases
from skill.coaching.understanding.spoken import VOCABULARY

from .paraphrases import Paraphrase, content_entries, paraphrases, wider_ways

FREE_TEXT = Path(__file__).parent / "free_text.toml"
MOST_SAMPLES = 60
"""Samples of one entry that go into Alexa's model; all of them train the skill's own understanding."""
MOST_SLOTS = 100
"""Slots of one intent of free text."""
MOST_HANDLES = 10 * MOST_SLOTS - 1
"""Handles for free text with a slot of their own, questions apart: every hundred costs an intent, and Alexa takes 250.
One slot is left for the openings that share it."""
SHARED_FROM = 3
"""How many known sentences must begin with a word before it may share a slot. The skill never sees such a word."""
RED_FLAGS_COUNT = 3
"""As how many other sentences a red flag counts when handles are chosen."""

_SLOT = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile("[a-z]+('[a-z]+)?")
_DENYING = frozenset("no nope nah nahi none neither never not nothing without".split())


def extra_intents(source: Path) -> Iterator[Mapping[str, Any]]:
    """The intents of the content, then those of free text, for the builder."""
    wider = wider_ways()
    taken: dict[str, str] = {}
    for kind, name, entry, path in content_entries():
        if entry.get("free_text_only"):
            continue
        # People swear at speakers, and ask them about sex; such lines train our own model but don't go to Amazon.
        lines = [*entry["ask"], *(() if kind == OUT_OF_SCOPE else wider.get(label(kind, name), ()))]
        samples = [line for line in dict.fromkeys(lines) if taken.setdefault(line, name) == name]
        yield {"name": intent_of(kind, name), "samples": samples[:MOST_SAMPLES], "file": path}
    # One sentence of each line, for what a template stands for is heard without this.
    yield from _free_text(list({paraphrase.line: paraphrase for paraphrase in paraphrases(source)}.values()))


def _free_text(known: Sequence[Paraphrase]) -> Iterator[Mapping[str, Any]]:
    """Samples of free text: for the words written by hand, and for those by which most other sentences are caught."""
    written = tomllib.loads(FREE_TEXT.read_text(encoding="utf-8"))
    questions, before, after = (dict.fromkeys(written[key]) for key in ("questions", "before", "after"))
    red_flags, others = _by_urgency(known)
    missed = [
        words
        for words in [*others, *red_flags * RED_FLAGS_COUNT]
        if words[0] not in questions and words[0] not in before and (len(words) < 2 or words[-1] not in after)
    ]
    openings, endings = handles(missed, MOST_HANDLES - len(before) - len(after))
    before.update(dict.fromkeys(openings))
    after.update(dict.fromkeys(endings))
    # A red flag may hang on its first word, and any sentence on a number, a no or a name: none of those may get lost.
    named = {word.removesuffix(ending) for word in phrases() for ending in ("", "s")}  # "pads" and "pad"
    kept = {*questions, *before, *(words[0] for words in red_flags), *VOCABULARY, *_DENYING}
    frequent = Counter(words[0] for words in others if len(words) > 1 and _PLAIN.fullmatch(words[0]))
    shared = sorted(
        word
        for word, count in frequent.items()
        if count >= SHARED_FROM
        and word not in kept
        and not word.endswith("n't")
        and word.removesuffix("'s").removesuffix("s") not in named
    )
    yield _carriers("FreeQuestionIntent", [(f"{words} {{{_slot_words(words)}_phrase}}") for words in questions])
    samples = [f"{words} {{{_slot_words(words)}_phrase}}" for words in before]
    samples += [f"{{phrase_{_slot_words(words)}}} {words}" for words in after]
    parts = [samples[start : start + MOST_SLOTS] for start in range(0, len(samples), MOST_SLOTS)]
    for letter, part in zip(ascii_uppercase, parts, strict=False):
        together = [f"{word} {{phrase}}" for word in shared] if part is parts[-1] else []
        yield _carriers(f"FreeWords{letter}Intent", [*part, *together])


def _by_urgency(known: Sequence[Paraphrase]) -> tuple[list[list[str]], list[list[str]]]:
    """The words of the red flags, and of all else."""
    red_flags: list[list[str]] = []
    others: list[list[str]] = []
    for paraphrase in known:
        urgent = split_label(paraphrase.label)[0] == RED_FLAG
        (red_flags if urgent else others).append(paraphrase.text.split())
    return red_flags, others


def _carriers(intent: str, samples: list[str]) -> Mapping[str, Any]:
    slots = {slot: "AMAZON.SearchQuery" for sample in samples for slot in _SLOT.findall(sample)}
    return {"name": intent, "slots": slots, "samples": samples, "file": FREE_TEXT}


def handles(sentences: Sequence[Sequence[str]], most: int) -> tuple[list[str], list[str]]:
    """First words and last words, `most` together, by which as many sentences as possible are caught.

    One word after the other is chosen, always that which catches most of the sentences that none has caught yet.
    """
    caught: dict[tuple[str, bool], set[int]] = defaultdict(set)
    for number, words in enumerate(sentences):
        for word, is_first in ((words[0], True), (words[-1], False)):
            if len(words) > 1 and _PLAIN.fullmatch(word):
                caught[word, is_first].add(number)
    left = set(range(len(sentences)))
    waiting = [(-len(numbers), word, is_first) for (word, is_first), numbers in caught.items()]
    heapify(waiting)
    chosen: list[tuple[str, bool]] = []
    while waiting and len(chosen) < most:
        estimate, word, is_first = heappop(waiting)
        gain = len(caught[word, is_first] & left)
        if -gain > estimate:
            # Others have caught some of these by now: back into the queue, at the place it has today.
            heappush(waiting, (-gain, word, is_first))
            continue
        chosen.append((word, is_first))
        left -= caught[word, is_first]
    return (
        sorted(word for word, is_first in chosen if is_first),
        sorted(word for word, is_first in chosen if not is_first),
    )


def _slot_words(words: str) -> str:
    return words.replace("'", "").replace(" ", "_")
