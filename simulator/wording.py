"""How an utterance becomes words, and which words say little or belong to Alexa herself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

_LONGEST = 500
"""Characters that are listened to. Nobody says more in one breath, and hostile input must stay cheap."""

_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*")
_MINUS_SIGN = re.compile(r"(?<!\w)-(?=\d)")


def _listed(text: str, separator: str | None = None) -> list[str]:
    """Lists of words are read best as running text."""
    return text.split(separator)


POLITE = tuple(
    tuple(phrase.split())
    for phrase in _listed(
        "would you mind,do me a favour and,i would like you to,i'd like you to,i want you to,i need you to,"
        "i would like to,i'd like to,i want to,i wanna,can you,could you,would you,will you,for me,if you can,"
        "thank you,please,alexa,hey,now,just,love,dear,darling,yaar,mate,thanks,kindly,um,uh,er,erm,hmm,well,so,"
        "ok,okay,oh,then",
        ",",
    )
)
"""What people wrap a request in. Longest first where one begins another. No "can i": that makes a question of it."""

_POLITE_BY_FIRST = {first: [p for p in POLITE if p[0] == first] for first in {p[0] for p in POLITE}}

_ONLY_AT_THE_ENDS = frozenset({"then", "well", "so", "love", "ok", "okay", "oh"})
"""Fillers that can be a word of the request inside a sentence."""

POLITE_WORDS = frozenset(
    _listed(
        "please alexa now just kindly um uh er erm hmm yaar dear darling love mate thanks hey ok okay oh well so "
        "wanna can could would will you"
    )
)
"""Words that count next to nothing when an utterance is compared with a sample."""

FUNCTION_WORDS = frozenset(
    _listed(
        "a an the my me i i'd i'm to of on in at by it it's its is for with some this that there and do let let's "
        "us we be am are want like need your get got have has using use"
    )
)
"""Words that carry a sentence but say little of what it is about."""

TURNING_WORDS = frozenset(_listed("not don't didn't doesn't isn't never without haven't hasn't won't can't shouldn't"))
"""Words that turn a sentence round: "don't start" is not "start". No "no", with which people correct themselves."""

BUILT_IN_PHRASES = {
    "AMAZON.StopIntent": "stop,off,shut up,stop it,quit,exit",
    "AMAZON.CancelIntent": "cancel,never mind,nevermind,forget it",
    "AMAZON.HelpIntent": "help,help me,what can you do,i need help",
    "AMAZON.YesIntent": "yes,yeah,yes please,sure,ok,okay,yep,yup,of course,please do,go ahead,that's right,correct",
    "AMAZON.NoIntent": "no,nope,no thanks,no thank you,nah,not really",
    "AMAZON.RepeatIntent": "repeat,repeat that,say that again",
    "AMAZON.PauseIntent": "pause,pause that,pause it",
    "AMAZON.ResumeIntent": "resume,continue,keep going",
    "AMAZON.NavigateHomeIntent": "go home",
    "AMAZON.NextIntent": "next,skip,skip forward",
    "AMAZON.PreviousIntent": "previous,go back,skip back",
    "AMAZON.StartOverIntent": "start over,start again,restart",
}
"""What Alexa hears as her own intents without being told, when the model lists them."""


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case: letters with inner apostrophes, or digits with a decimal point.

    Everything else only separates. Text beyond 500 characters is not listened to.
    """
    text = text[:_LONGEST]
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)[:_LONGEST].replace("’", "'").replace("ʼ", "'")
        # Invisible characters (controls, joiners, lone surrogates) would split words or sneak into slot values.
        text = "".join(c if c.isspace() else "" if unicodedata.category(c)[0] == "C" else c for c in text)
    return _WORD.findall(_MINUS_SIGN.sub("minus ", text).lower())


def without_courtesy(items: Sequence[str]) -> tuple[str, ...]:
    """`items` without polite wrappers and fillers, wherever they stand."""
    if _POLITE_BY_FIRST.keys().isdisjoint(items):
        return tuple(items)
    kept: list[str] = []
    place = 0
    while place < len(items):
        phrases = _POLITE_BY_FIRST.get(items[place], ())
        phrase = next((p for p in phrases if tuple(items[place : place + len(p)]) == p), None)
        if phrase is None or (phrase[0] in _ONLY_AT_THE_ENDS and kept and place + 1 < len(items)):
            kept.append(items[place])
            place += 1
        else:
            place += len(phrase)
    return tuple(kept)


def bigrams(items: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs of neighbours in `items`."""
    return set(pairwise(items))
