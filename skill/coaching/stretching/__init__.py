"""The stretch coach: what may be stretched, and the turns that lead through it. Pure: values in, values out."""

from __future__ import annotations

from skill.coaching.stretching.forms import elsewhere
from skill.coaching.stretching.pacing import Part, Pause, markup_length, pause_seconds, speech_seconds, turn_seconds
from skill.coaching.stretching.place import Place
from skill.coaching.stretching.planning import Refusal, StretchPlan, no_longer_allowed, plan
from skill.coaching.stretching.player import (
    back,
    begin,
    easier,
    faster,
    go_on,
    how_many_left,
    hurts,
    more_detail,
    one_side,
    pause,
    repeat,
    resume,
    resume_offer,
    shorter_words,
    skip,
    slower,
    start_over,
    stop,
)
from skill.coaching.stretching.turns import StretchTurn
from skill.coaching.stretching.wishes import CONDITIONS, Body, Wish

__all__ = [
    "CONDITIONS",
    "Body",
    "Part",
    "Pause",
    "Place",
    "Refusal",
    "StretchPlan",
    "StretchTurn",
    "Wish",
    "back",
    "begin",
    "easier",
    "elsewhere",
    "faster",
    "go_on",
    "how_many_left",
    "hurts",
    "markup_length",
    "more_detail",
    "no_longer_allowed",
    "one_side",
    "pause",
    "pause_seconds",
    "plan",
    "repeat",
    "resume",
    "resume_offer",
    "shorter_words",
    "skip",
    "slower",
    "speech_seconds",
    "start_over",
    "stop",
    "turn_seconds",
]
