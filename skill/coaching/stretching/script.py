"""What is said at a place: the position, then one side with all its repetitions, with time for every movement."""

from __future__ import annotations

import math
from collections.abc import Iterable

from skill.coaching.spoken_time import capitalised, exact_length, number_words
from skill.coaching.stretching.exercises import (
    REST,
    STRENGTH,
    STRETCH,
    WARM_UP,
    Exercise,
    Movement,
    exercises,
    routines,
)
from skill.coaching.stretching.pacing import LONGEST_PAUSE, Part, Pause, speech_seconds, turn_seconds
from skill.coaching.stretching.place import Place, first_place, next_place
from skill.content import words

PACE_FACTORS = {"faster": 1.0, "usual": 1.1, "slower": 1.8}
"""What the seconds that a movement needs are multiplied by; never below 1."""
EASY_HOLD = 10
"""Seconds: the shortest hold of S01, for a flare (S10) and for "easier"."""
SWITCH_SECONDS = 3
"""What changing sides needs at least; an exercise that needs more has steps for it."""
READY_SECONDS = 3
"""What one "ready" is counted as, in estimates."""


class Script:
    """Collects the parts of a turn: texts are joined, pauses split where they are longer than Alexa allows."""

    def __init__(self, pace: str, filler: str) -> None:
        self._parts: list[Part] = []
        self._factor = PACE_FACTORS[pace]
        self._filler = filler

    def say(self, *texts: str) -> None:
        """Add sentences; empty ones are left out."""
        for text in filter(None, texts):
            if self._parts and isinstance(self._parts[-1], str):
                self._parts[-1] += f" {text}"
            else:
                self._parts.append(text)

    def wait(self, seconds: float, *fillers: str) -> None:
        """Add silence, with fillers in turn where one break is not long enough."""
        pieces = math.ceil(seconds / LONGEST_PAUSE)
        for piece in range(pieces):
            if piece:
                self.say(fillers[(piece - 1) % len(fillers)])
            self._parts.append(Pause(math.ceil(seconds / pieces * 10) / 10))

    def move(self, movements: Iterable[Movement], side: str, *, brief: bool = False) -> None:
        """Add movements, each with the time it needs at this pace."""
        names = side_names(side)
        for movement in movements:
            text = movement.brief if brief and movement.brief else movement.say
            self.say(capitalised(text.format(**names)))
            self.wait(movement.seconds * self._factor, self._filler)

    def parts(self) -> tuple[Part, ...]:
        """What was collected."""
        return tuple(self._parts)


def side_names(side: str) -> dict[str, str]:
    """The placeholders of the exercises for a side; nothing for exercises without sides."""
    if side not in ("left", "right"):
        return {}
    other = "right" if side == "left" else "left"
    return {"side": words(f"stretching.side.{side}"), "other": words(f"stretching.side.{other}")}


def hold_seconds(place: Place, exercise: Exercise) -> int:
    """How long one hold lasts; 0 for what isn't held."""
    if exercise.kind == STRETCH:
        if place.easy:
            return EASY_HOLD
        routine = routines().get(place.routine)
        return min(exercise.hold, routine.hold) if routine and routine.hold else exercise.hold
    return max(exercise.hold // 2, 3) if place.easy and exercise.hold else exercise.hold


def times(place: Place, exercise: Exercise) -> int:
    """How often it is done on a side."""
    routine = routines().get(place.routine)
    return routine.times if routine and routine.times and exercise.kind == STRETCH else exercise.times


def tell(place: Place, lead: str = "") -> tuple[Part, ...]:
    """The words and pauses of a place that isn't over, after a lead-in."""
    moving = place.settled and place.exercise.kind == WARM_UP
    script = Script(place.pace, words(f"stretching.position.{'keep_going' if moving else 'filler'}"))
    script.say(lead)
    if place.settled:
        _tell_side(place, script)
    else:
        _tell_position(place, script)
    script.say(prompt(place))
    return script.parts()


def _tell_position(place: Place, script: Script) -> None:
    exercise = place.exercise
    before = exercises()[place.exercises[place.number - 1]] if place.number else None
    if before and place.number - 1 not in place.done:
        script.say(words("stretching.position.first", name=exercise.name))
    stays = before and before.position == exercise.position and place.number - 1 in place.done and not place.side
    script.move(exercise.stay if stays and exercise.stay else exercise.get_ready, place.side_name)
    if place.detail == "more" and exercise.more:
        script.say(exercise.more.format(**side_names(place.side_name)))


def _tell_side(place: Place, script: Script) -> None:
    exercise, side = place.exercise, place.side_name
    names = side_names(side)
    if names:
        which = "only" if len(place.sides) == 1 else "second" if place.side else "first"
        script.say(capitalised(words(f"stretching.side.{which}", side=names["side"])))
    script.move(exercise.set_up, side, brief=_is_brief(place))
    if place.easy:
        script.say(exercise.ease.format(**names))
    if place.detail == "more" or (place.detail == "usual" and not place.side):
        script.say(exercise.feel.format(**names))
    if place.detail == "more":
        script.say(exercise.more.format(**names))
    _tell_repetitions(place, script)
    script.move(exercise.release, side)
    if not place.is_last_side:
        script.move((Movement(words("stretching.after.switch"), SWITCH_SECONDS), *exercise.turn), side)


def _tell_repetitions(place: Place, script: Script) -> None:
    exercise = place.exercise
    count, seconds = times(place, exercise), hold_seconds(place, exercise)
    for number in range(1, count + 1):
        if exercise.kind == STRENGTH:
            if number == count:
                script.say(words("stretching.hold.last_time"))
            elif not seconds:
                script.say(f"{capitalised(number_words(number))}.")
            script.move(exercise.again, place.side_name)
        elif number > 1:
            script.move(exercise.again, place.side_name)
        _count(script, seconds, _start_of_hold(place, seconds, number))
        if exercise.kind == STRENGTH or number < count:
            script.move(exercise.ease_off, place.side_name)


def _is_brief(place: Place) -> bool:
    """Whether fewer words will do: on the second side, or because the person wants it so."""
    return place.detail == "shorter" or (place.detail == "usual" and place.side > 0)


def _start_of_hold(place: Place, seconds: int, number: int) -> str:
    if number > 1 or seconds < EASY_HOLD or _is_brief(place):
        return words("stretching.hold.again")
    kind = "rest" if place.exercise.kind == REST else "first"
    return words(f"stretching.hold.{kind}", seconds=exact_length(seconds))


def _count(script: Script, seconds: int, start: str) -> None:
    """Count a hold: its start, half-way and the last three. The words in it count, so it lasts as long as it says."""
    if not seconds:
        return
    script.say(start)
    before = float(seconds - 3)
    if seconds >= EASY_HOLD:
        breaths = (words("stretching.hold.breathe_out"), words("stretching.hold.breathe_in"))
        script.wait(seconds / 2, *breaths)
        halfway = words("stretching.hold.halfway")
        script.say(halfway)
        before = seconds / 2 - speech_seconds([halfway]) - 3
        script.wait(before, *breaths)
    elif before:
        script.wait(before)
    for number in ("three", "two", "one"):
        said = words(f"stretching.hold.{number}")
        script.say(said)
        script.wait(1 - speech_seconds([said]))


def prompt(place: Place) -> str:
    """How to go on from a place that isn't over: what "ready" will bring."""
    return _prompt(place, "ready")


def reprompt(place: Place) -> str:
    """The same for somebody who stayed silent, with other ways out."""
    return _prompt(place, "waiting")


def _prompt(place: Place, kind: str) -> str:
    if place.hurt or place.paused or not place.settled:
        return _prompt_waiting(place, kind)
    following = next_place(place)
    if following.is_over:
        return words(f"stretching.after.{kind}_end")
    if following.number == place.number:
        return words(f"stretching.after.{kind}_side", side=words(f"stretching.side.{following.side_name}"))
    return words(f"stretching.after.{kind}_next", name=following.exercise.name)


def _prompt_waiting(place: Place, kind: str) -> str:
    if place.hurt:
        return words("stretching.hurt.waiting") if can_ease(place) else words("stretching.hurt.waiting_leave")
    if place.paused:
        return words(f"stretching.controls.{kind}_paused")
    return words("stretching.position.ready") if kind == "ready" else words("stretching.position.ready_more")


def can_ease(place: Place) -> bool:
    """Whether there is anything gentler than this."""
    return bool(place.exercise.easier) or not place.easy


def seconds_left(place: Place) -> float:
    """About how long the rest takes from this step on, with a few seconds for every "ready"."""
    total = 0.0
    while not place.is_over:
        total += turn_seconds(tell(place)) + READY_SECONDS
        place = next_place(place)
    return total


def seconds_of(place: Place) -> float:
    """About how long the whole routine of a place takes, told as it is now."""
    return seconds_left(first_place(place))
