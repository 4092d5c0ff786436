"""`hip-coach timeline`: a stretch routine turn by turn, with its times and what is left to each of Alexa's limits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from skill.coaching.stretching import (
    Body,
    Pause,
    StretchPlan,
    StretchTurn,
    Wish,
    begin,
    faster,
    go_on,
    markup_length,
    pause_seconds,
    plan,
    slower,
    speech_seconds,
)
from skill.coaching.stretching.exercises import exercises, routines
from skill.coaching.stretching.pacing import LONGEST_MARKUP, LONGEST_PAUSE, LONGEST_TURN, WORDS_PER_MINUTE

TOLERANCE = 0.2
"""How far the sum may be from what is promised."""
_PACES = {"usual": None, "slower": slower, "faster": faster}
PACES = tuple(_PACES)
_HEAD = (
    f"{'turn':>4}  {'what':<58}{'speech':>7}{'pauses':>8}{'total':>7}   margin: 240 s, 10 s breaks, 8,000 characters"
)


@dataclass(frozen=True)
class TimedTurn:
    """One turn with its times, in seconds."""

    turn: StretchTurn

    @property
    def speech(self) -> float:
        """Seconds of words, estimated."""
        return speech_seconds(self.turn.parts)

    @property
    def pauses(self) -> float:
        """Seconds of silence."""
        return pause_seconds(self.turn.parts)

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.speech + self.pauses

    @property
    def longest_break(self) -> float:
        """Seconds of its longest silence."""
        return max((part.seconds for part in self.turn.parts if isinstance(part, Pause)), default=0.0)

    @property
    def what(self) -> str:
        """Exercise, side and phase."""
        shown = self.turn.details
        if "variant" not in shown:
            return str(shown["phase"])
        side = f", {shown['side']}" if shown["side"] != "both" else ""
        return f"{shown['name']} ({shown['variant']}){side}: {shown['phase']}"

    @property
    def fits(self) -> bool:
        """Whether it keeps within each limit."""
        return (
            self.seconds <= LONGEST_TURN
            and self.longest_break <= LONGEST_PAUSE
            and markup_length(self.turn.parts) <= LONGEST_MARKUP
        )

    def line(self, number: int) -> str:
        """One line of the timeline."""
        margins = (
            f"{LONGEST_TURN - self.seconds:6.1f} s {LONGEST_PAUSE - self.longest_break:5.1f} s "
            f"{LONGEST_MARKUP - markup_length(self.turn.parts):6} c"
        )
        return (
            f"{number:>4}  {self.what:<58}{self.speech:>6.1f}s{self.pauses:>7.1f}s{self.seconds:>6.1f}s   {margins}"
        ) + ("" if self.fits else "  OVER THE LIMIT")


def timeline(wish: Wish, *, pace: str = "usual", returning: bool = False) -> tuple[StretchPlan, list[TimedTurn]]:
    """Every turn of a routine, gone through with "ready", for somebody whom nothing keeps from it.

    Raises:
        ValueError: when there is no plan for the wish.
    """
    body = Body(replaced_hip="no", heard_stop_rules=returning)
    made = plan(wish, body)
    if not isinstance(made, StretchPlan):
        raise ValueError(made.say)
    return made, [TimedTurn(turn) for turn in _turns(made, body, pace)]


def _turns(made: StretchPlan, body: Body, pace: str) -> Iterator[StretchTurn]:
    turn = begin(made, body)
    yield turn
    change = _PACES[pace]
    if change:
        # The person asks for it at the first step; that turn itself is told as usual.
        turn = change(turn.place)
    while not turn.finished:
        turn = go_on(turn.place)
        yield turn


def wish_for(name: str, position: str = "") -> Wish | None:
    """The wish that a routine's or an exercise's name stands for; None when there is neither."""
    if name in routines():
        return Wish(routine=name, position=position)
    return Wish(exercise=name) if name in exercises() else None


def main(name: str, *, position: str = "", pace: str = "usual", returning: bool = False) -> int:
    """Print the timeline of a routine or an exercise. 0: all within the limits; 1: not; 2: there is no such thing."""
    wish = wish_for(name, position)
    if wish is None:
        known = f"routines: {', '.join(routines())}; exercises: {', '.join(exercises())}"
        print(f"hip-coach: there is no routine {name!r}; {known}", file=sys.stderr)
        return 2
    made, turns = timeline(wish, pace=pace, returning=returning)
    who = "has heard the stop rules lately" if returning else "hears the stop rules for the first time"
    print(f"{name}: {', '.join(made.exercises)}; pace {pace}; the listener {who}")
    print(f'speech is estimated at {WORDS_PER_MINUTE} words a minute; waiting for "ready" is not counted\n')
    print(_HEAD)
    for number, turn in enumerate(turns, 1):
        print(turn.line(number))
    total, promised = sum(turn.seconds for turn in turns), made.minutes * 60
    within = abs(total - promised) <= TOLERANCE * promised or pace != "usual"
    print(f"{'':>4}  {'sum':<58}{_sum('speech', turns):>6.0f}s{_sum('pauses', turns):>7.0f}s{total:>6.0f}s")
    print(
        f"\npromised {promised} s ({made.minutes} min), {total / promised - 1:+.0%}"
        + ("" if within else f": MORE THAN {TOLERANCE:.0%} OFF")
        + ("" if pace == "usual" else "; the promise is for the usual pace")
    )
    return 0 if within and all(turn.fits for turn in turns) else 1


def _sum(what: str, turns: list[TimedTurn]) -> float:
    return sum(float(getattr(turn, what)) for turn in turns)
