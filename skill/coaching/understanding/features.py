"""What a sentence is made of, as numbers: the same for training and for understanding.

Words, neighbours, beginnings and pieces of words are hashed into a fixed number of buckets, so that the trained model
is a table of weights and nothing has to be looked up by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

from skill.coaching.understanding.lexicon import AMOUNT, NUMBER, Mark, marks_of

LONGEST_TEXT = 500
"""Characters that are listened to; nobody says more in one breath, and hostile input stays cheap."""
MOST_WORDS = 60
BUCKETS = 1 << 16

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[0-9]+")
_ALIKE = {
    "ankylosing spondylitis": "as_disease",
    "ankylosing": "as_disease",
    "spondylitis": "as_disease",
    "ank spond": "as_disease",
    "a s": "as_disease",
    "spondy": "as_disease",
    "axial spondyloarthritis": "as_disease",
    "spondyloarthritis": "as_disease",
}
_SHORT_FORMS = {
    "im": "i'm", "ive": "i've", "id": "i'd", "dont": "don't", "cant": "can't", "whats": "what's", "its": "it's",
    "isnt": "isn't", "doesnt": "doesn't", "didnt": "didn't", "wont": "won't", "hes": "he's", "shes": "she's",
}  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a sentence in lower case, at most `MOST_WORDS`; the disease's many names as one word."""
    found = _WORD.findall(text[:LONGEST_TEXT].lower().replace("’", "'").replace("-", " "))[:MOST_WORDS]
    words: list[str] = []
    place = 0
    while place < len(found):
        pair = " ".join(found[place : place + 2])
        if pair in _ALIKE:
            words.append(_ALIKE[pair])
            place += 2
            continue
        word = found[place]
        words.append(_ALIKE.get(word) or _SHORT_FORMS.get(word, word))
        place += 1
    return words


def features_of(words: list[str]) -> set[str]:
    """The features of a sentence, by name."""
    marks = marks_of(words)
    return {*_features(words), *_mark_features(words, marks)}


def _mark_features(words: list[str], marks: list[Mark]) -> Iterator[str]:
    """What a sentence is like when its names are taken for their kind: "start {heat} for {amount}"."""
    plain: list[str] = []
    place = 0
    for mark in marks:
        yield f"m {mark.kind} {_kind_value(mark)}"
        if mark.start < place:
            continue
        plain += words[place : mark.start]
        plain.append("{" + _kind_value(mark) + "}")
        place = mark.end
    plain += words[place:]
    if not marks:
        return
    kinds = sorted({_kind_value(mark) for mark in marks})
    yield "k " + " ".join(kinds)
    previous = "^"
    for word in (*plain, "$"):
        yield f"p {previous} {word}"
        previous = word


def _kind_value(mark: Mark) -> str:
    """How coarse a name is seen: heat and cold apart, a covered place apart from another, an amount as an amount."""
    if mark.kind in (AMOUNT, NUMBER):
        return mark.kind
    if mark.kind == "Area":
        return "here" if mark.value in ("hip", "groin", "pelvis_back") else "elsewhere"
    return mark.value if mark.kind in ("Caution", "Modality", "Length") else mark.kind


def _features(words: list[str]) -> Iterator[str]:
    previous = "^"
    for place, word in enumerate(words):
        yield "w " + word
        yield f"b {previous} {word}"
        if place > 1:
            yield f"s {words[place - 2]} {word}"
        padded = f"<{word}>"
        if len(word) > 3:
            for start in range(len(padded) - 3):
                yield "c " + padded[start : start + 4]
        previous = word
    yield f"b {previous} $"


def bucket_of(feature: str) -> int:
    """Where a feature's weights are."""
    return crc32(feature.encode()) % BUCKETS
