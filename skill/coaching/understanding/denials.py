"""Fears that are plainly denied: "no chest pain today", "i haven't fallen". They must not raise an alarm.

Only a few nouns and verbs can be denied so. "Not breathing" and "can't feel my legs" are alarms because of their no,
and "no pain like this before" is one in spite of it: where it isn't plain, nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence

_NO = frozenset("no without not haven't hasn't didn't don't doesn't isn't never wasn't".split())
_NOTHING = frozenset("nothing nothing's nobody's nope nor".split())
_BETWEEN = frozenset("have had has got any a an been or of it's there's feel".split())
_DENIABLE = frozenset(
    """pain pains fever temperature fall fallen fell slipped tripped swelling swollen redness red injury injured
    bleeding blood burn burnt burned numb numbness hurt broken break broke dizzy dizziness breathless chills""".split()
)
_QUALIFYING = frozenset("chest sudden sharp high my the hip severe big bad real".split())
_IN_SPITE = frozenset("like until till but except only since as".split())
_MOST_BETWEEN = 4


def without_denials(words: Sequence[str]) -> list[str]:
    """The words without what is plainly denied."""
    kept: list[str] = []
    place = 0
    while place < len(words):
        end = _end_of_denial(words, place) if words[place] in _NO else place
        if end == place:
            kept.append(words[place])
            end = place + 1
        place = end
    return kept


def is_denied(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what is named from `start` up to `end` is plainly denied: "he's not burnt", "no rash"."""
    if end < len(words) and words[end] in _IN_SPITE:
        return False
    place = start - 1
    while place >= 0 and start - place <= _MOST_BETWEEN and words[place] in _BETWEEN | _QUALIFYING:
        place -= 1
    return place >= 0 and words[place] in _NO | _NOTHING


def is_said(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether these words stand in the sentence, one after the other, and aren't plainly denied."""
    length = len(phrase)
    return any(
        list(words[start : start + length]) == list(phrase) and not is_denied(words, start, start + length)
        for start in range(len(words) - length + 1)
    )


def _end_of_denial(words: Sequence[str], start: int) -> int:
    """Where the denial that begins at `start` ends; `start` itself when it is none."""
    place = start + 1
    while place < len(words) and place - start <= _MOST_BETWEEN and words[place] in _BETWEEN | _QUALIFYING:
        place += 1
    if place >= len(words) or words[place] not in _DENIABLE:
        return start
    place += 1
    return start if place < len(words) and words[place] in _IN_SPITE else place
