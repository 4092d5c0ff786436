"""What a person hears of SSML: the words, the silences between them, and how long it all takes."""

from __future__ import annotations

import html
import re

WORDS_A_SECOND = 2.5
"""How fast Alexa speaks, roughly: 150 words in a minute."""

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r'<break time="(?P<length>\d+(?:\.\d+)?)(?P<unit>ms|s)"/>')
_BREAKS = re.compile(rf"(?:{_BREAK.pattern.replace('?P<length>', '?:').replace('?P<unit>', '?:')}\s*)+")
_WORTH_A_NOTE = 3.0
"""Seconds of silence from which on it is shown; shorter ones are only the breath between two sentences."""


def plain_words(ssml: str) -> str:
    """What is heard of SSML: its words."""
    return " ".join(html.unescape(_TAG.sub(" ", ssml)).split())


def words_with_pauses(ssml: str) -> str:
    """The words, and where nothing is said for a while, for how long: "Hold it there. (10 seconds) Halfway." """
    return plain_words(_BREAKS.sub(_shown, ssml))


def speaking_seconds(ssml: str) -> float:
    """How long Alexa speaks, silences included, roughly."""
    return silent_seconds(ssml) + len(plain_words(ssml).split()) / WORDS_A_SECOND


def silent_seconds(ssml: str) -> float:
    """How long nothing is said within the speech."""
    return sum(float(each["length"]) / (1000 if each["unit"] == "ms" else 1) for each in _BREAK.finditer(ssml))


def _shown(breaks: re.Match[str]) -> str:
    seconds = silent_seconds(breaks[0])
    return f" ({seconds:g} seconds) " if seconds >= _WORTH_A_NOTE else " "
