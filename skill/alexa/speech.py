"""Plain words to SSML. The one place where speech markup is made, so nothing from outside can add any of its own."""

from __future__ import annotations

import re

LONGEST_SPEECH = 8000
"""Characters of SSML in one outputSpeech ("Best Practices for Text Responses")."""

_SENTENCE_END = re.compile(r"[.!?]\s")


def ssml(text: str) -> str:
    """Plain text as SSML, escaped, cut at a sentence when it would be too long for Alexa."""
    return f"<speak>{_fitting(_speakable(text))}</speak>"


def _speakable(text: str) -> str:
    """The text without what XML can't hold: control characters, lone surrogates and non-characters."""
    if text.isprintable():
        return text
    return "".join(character for character in text if character.isprintable() or character in "\t\n\r ")


def _fitting(text: str) -> str:
    """The text escaped, as much of it as there is room for: whole sentences, if there are any."""
    room = LONGEST_SPEECH - len("<speak></speak>")
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
