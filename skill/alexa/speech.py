"""Plain words to SSML. The one place where speech markup is made, so nothing from outside can add any of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeAlias

LONGEST_SPEECH = 8000
"""Characters of SSML in one outputSpeech ("Best Practices for Text Responses")."""

LONGEST_BREAK = 10.0
"""Seconds of silence that one break may last (SSML reference)."""


class Silence(Protocol):
    """A part of speech in which nothing is said."""

    @property
    def seconds(self) -> float:
        """How long, in seconds."""
        ...


Part: TypeAlias = "str | Silence"
"""What speech is made of: plain words, and silences between them."""

_SENTENCE_END = re.compile(r"[.!?]\s")
_ROOM = LONGEST_SPEECH - len("<speak></speak>")


def ssml(text: str) -> str:
    """Plain text as SSML, escaped, cut at a sentence when it would be too long for Alexa."""
    return f"<speak>{_fitting(_speakable(text), _ROOM)}</speak>"


def timed_ssml(parts: Sequence[Part]) -> str:
    """Words and silences, in their order, as SSML. What there is no room for is left out from the end on."""
    room = _ROOM
    made: list[str] = []
    for part in parts:
        piece = _fitting(_speakable(part), room) if isinstance(part, str) else _break(part.seconds)
        room -= len(piece) + 1
        if room < 0:
            # Cut within its words, or a silence too many: what comes after it is left out too.
            made += [piece] if isinstance(part, str) else []
            break
        made.append(piece)
    return f"<speak>{' '.join(made)}</speak>"


def _break(seconds: float) -> str:
    return f'<break time="{round(min(max(seconds, 0.0), LONGEST_BREAK), 1):g}s"/>'


def _speakable(text: str) -> str:
    """The text without what XML can't hold: control characters, lone surrogates and non-characters."""
    if text.isprintable():
        return text
    return "".join(character for character in text if character.isprintable() or character in "\t\n\r ")


def _fitting(text: str, room: int) -> str:
    """The text escaped, as much of it as there is room for: whole sentences, if there are any."""
    escaped = _escaped(text)
    if len(escaped) <= room:
        return escaped
    length = end = 0
    while length + len(_escaped(text[end])) <= room:
        length += len(_escaped(text[end]))
        end += 1
    ends = [match.end() for match in _SENTENCE_END.finditer(text[:end])]
    return _escaped(text[: ends[-1]].rstrip() if ends else text[:end])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
