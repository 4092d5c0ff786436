"""How long a turn of stretching lasts, and how far it may go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_PAUSE = 10.0
"""Seconds of one break (SSML reference: at most 10 s)."""
LONGEST_TURN = 240.0
"""Seconds of one answer. Amazon states it for audio; a spoken turn is held to it too, so that it may become audio."""
LONGEST_MARKUP = 8000
"""Characters of one answer, markup included ("Best Practices for Text Responses")."""

WORDS_PER_MINUTE = 160
"""An assumption: Amazon gives no figure ("there is no standard speed (words per minute)", Polly guide, "Voice speed").
Reading aloud in English is usually put at 150 to 160; Alexa's voices are no slower."""

_SPEAK = len("<speak></speak>")
_BREAK = len('<break time="10.0s"/>')
_SENTENCE_PAUSE = 0.25
"""Seconds of rest that the voice itself makes after a sentence; part of the same assumption."""


@dataclass(frozen=True)
class Pause:
    """Silence in a turn."""

    seconds: float

    def __post_init__(self) -> None:
        if not 0 < self.seconds <= LONGEST_PAUSE:
            raise ValueError(f"a pause lasts up to {LONGEST_PAUSE} seconds, not {self.seconds}")


Part = str | Pause
"""What a turn is made of: words, and silence between them. Two pauses never stand side by side."""


def speech_seconds(parts: Iterable[Part]) -> float:
    """Seconds that the words last at normal Alexa speed, estimated (see `WORDS_PER_MINUTE`)."""
    texts = [part for part in parts if isinstance(part, str)]
    spoken = sum(len(text.split()) for text in texts) * 60 / WORDS_PER_MINUTE
    return spoken + _SENTENCE_PAUSE * sum(text.count(mark) for text in texts for mark in ".?!:")


def pause_seconds(parts: Iterable[Part]) -> float:
    """Seconds of silence."""
    return sum(part.seconds for part in parts if isinstance(part, Pause))


def turn_seconds(parts: Iterable[Part]) -> float:
    """Seconds of words and silence together."""
    parts = tuple(parts)
    return speech_seconds(parts) + pause_seconds(parts)


def markup_length(parts: Iterable[Part]) -> int:
    """Characters of the finished SSML, a little generously: escapes, breaks and the spaces between."""
    total = _SPEAK
    for part in parts:
        if isinstance(part, Pause):
            total += _BREAK
        else:
            total += len(part) + 1 + 5 * sum(part.count(mark) for mark in "&<>'\"")
    return total
