"""What is spoken is easy on the ear: short sentences, short words, for somebody who is tired and in pain.

Measured by Flesch's reading ease: 206.8 less about one point for each word of a sentence and 85 for each syllable of a
word. Plain English has 60 to 70, a good newspaper 50. Syllables are counted where pyphen would hyphenate, which is
close enough for a floor.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Mapping
from typing import Any

import pyphen
import pytest

from skill.content import page

EASY_IN_THE_MIDDLE = 75
HARDEST = 45
LONGEST_SENTENCE_WORDS = 26
NAMES_AND_TITLES = re.compile("source_|article_|what_dmards_are|three_things")
"""Answers that must say a long name: an author, a journal, a medicine, or what the article itself lists."""

_SYLLABLES = pyphen.Pyphen(lang="en_US")


def spoken() -> Iterator[tuple[str, str]]:
    """Every text of the content that is spoken, with the name of its entry."""
    for name in ("answers", "heat_or_cold", "out_of_scope", "red_flags"):
        entries: Mapping[str, Mapping[str, Any]] = page(name)
        for entry, texts in entries.items():
            yield from ((f"{entry}.{part}", texts[part]) for part in ("say", "more") if part in texts)


TEXTS = dict(spoken())


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"[.?!:]+(?:\s|$)", text) if sentence]


def ease(text: str) -> float:
    """Flesch's reading ease: the higher the easier."""
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(len(_SYLLABLES.positions(word)) + 1 for word in words)
    return 206.835 - 1.015 * len(words) / len(sentences(text)) - 84.6 * syllables / len(words)


def test_the_measure_tells_easy_from_hard() -> None:
    hard = "Conservative therapeutic intervention necessitates multidisciplinary rheumatological consideration."
    assert ease("Put the pack on. Rest for a while.") > 90
    assert ease(hard) < 0


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_easy_enough(name: str) -> None:
    if not NAMES_AND_TITLES.match(name):
        assert ease(TEXTS[name]) >= HARDEST


@pytest.mark.parametrize("name", TEXTS)
def test_no_sentence_is_too_long_to_follow(name: str) -> None:
    longest = max(sentences(TEXTS[name]), key=lambda sentence: len(sentence.split()))
    assert len(longest.split()) <= LONGEST_SENTENCE_WORDS, longest


def test_most_of_what_is_said_is_plain_english() -> None:
    assert statistics.median(map(ease, TEXTS.values())) >= EASY_IN_THE_MIDDLE
