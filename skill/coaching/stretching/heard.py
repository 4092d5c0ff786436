"""What a sentence in free words says of the body, whatever else it means: a reason to let go, pain, a replaced hip."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from skill.content import page

_OWNERS = frozenset(
    """i we he she husband wife partner mum mom mother dad father amma appa papa grandad grandma granny grandfather
    grandmother patient client resident""".split()
)
_HAVING = frozenset("have has had got having".split())
_HAVE_AT_ONCE = frozenset("i've he's she's we've".split())
_OF_SOMEBODY = frozenset(
    "my his her both husband's wife's partner's mum's mom's mother's dad's father's amma's".split()
)
_HIPS = frozenset("hip hips".split())
_REPLACED = frozenset(
    """metal titanium ceramic artificial false replaced replacement replacements resurfaced resurfacing
    arthroplasty""".split()
)
_DONE = frozenset("done redone".split())
_HAD = frozenset("had got having".split())
_SUPPOSING = frozenset("if whether unless until till when suppose supposing imagine say wonder".split())
_ANYBODY = frozenset(
    "people person somebody someone anybody anyone everybody everyone others friend friends they".split()
)
_NEAR = 3


def names_stop_sign(text: str) -> bool:
    """Whether a sentence names a reason to let go of a stretch at once (S08), and doesn't deny it."""
    return _names(_words_of(text), "stop_signs")


def names_pain(text: str) -> bool:
    """Whether a sentence that isn't a question names pain, and doesn't deny it."""
    words = _words_of(text)
    return not _asks(words) and _names(words, "pain")


def names_sleep(text: str) -> bool:
    """Whether a sentence says that somebody is asleep."""
    return _names(_words_of(text), "asleep")


def names_burning_pain(text: str) -> bool:
    """Whether "burning" is said of a muscle, and not of the skin or of anything hot."""
    words = _words_of(text)
    return _names(words, "burning_pain") and not _names(words, "on_the_skin")


def asks_for_limits(text: str) -> bool:
    """Whether a question is how much may hurt: "should it hurt?" """
    words = _words_of(text)
    return _asks(words) and _names(words, "pain") and _names(words, "limits")


def conditions_told(text: str) -> frozenset[str]:
    """The conditions (S10, S13, S14, S16) that a sentence tells of, and doesn't ask about, suppose or deny."""
    words = _words_of(text)
    if _asks(words) or {*words} & (_SUPPOSING | _ANYBODY):
        return frozenset()
    return frozenset(name for name, signs in page("stretching")["heard"]["conditions"].items() if _any(words, signs))


def names_replaced_hip(text: str) -> bool:
    """Whether words about an operation name a replaced hip (S11, S12), and not an injection or another joint."""
    words = _words_of(text)
    new = any(word in ("new", "total") and after in _HIPS for word, after in pairwise(words))
    # "I had both hips done"; but "that's the left hip done" is a stretch.
    done = any(word in _HIPS and after in _DONE for word, after in pairwise(words)) and not _HAD.isdisjoint(words)
    return new or done or not (_HIPS.isdisjoint(words) or _REPLACED.isdisjoint(words))


def tells_of_own_hip(text: str) -> bool:
    """Whether a sentence about a replaced hip plainly says it of the listener or of the one they care for.

    "I've a metal hip", "my husband had his hip replaced"; not what is asked, supposed, or said of people in general.
    """
    words = _words_of(text)
    if _asks(words):
        return False
    hip = next((place for place, word in enumerate(words) if word in _HIPS), len(words))
    if {*words[:hip]} & (_SUPPOSING | _ANYBODY):
        return False
    return any(_owns(words, place) for place in range(len(words)))


def _owns(words: Sequence[str], place: int) -> bool:
    """Whether "I have", "her hip" or the like begins at this word."""
    word, following = words[place], {*words[place + 1 : place + 1 + _NEAR]}
    if word in _HAVE_AT_ONCE:
        return True
    return (word in _OWNERS and bool(following & _HAVING)) or (word in _OF_SOMEBODY and bool(following & _HIPS))


def _asks(words: Sequence[str]) -> bool:
    from skill.coaching.understanding.lexicon import ASKING_FIRST, QUESTION_WORDS

    return bool(words) and words[0] in QUESTION_WORDS | ASKING_FIRST | {"shall"}


def _names(words: Sequence[str], group: str) -> bool:
    return _any(words, page("stretching")["heard"][group])


def _any(words: Sequence[str], signs: Sequence[str]) -> bool:
    from skill.coaching.understanding.denials import is_said

    return any(is_said(words, sign.split()) for sign in signs)


def _words_of(text: str) -> list[str]:
    # Imported here because most starts are not for free text, and a cold start is short of time.
    from skill.coaching.understanding.features import words_of

    return words_of(text)
