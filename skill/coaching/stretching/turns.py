"""What one answer of the coach is, and how it is made of a place: the step, or what to do while paused, hurt, over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.coaching.spoken_time import exact_length, number_words
from skill.coaching.stretching.exercises import STRENGTH, WARM_UP, exercises, routines
from skill.coaching.stretching.pacing import Part
from skill.coaching.stretching.place import ONE, Place, next_place
from skill.coaching.stretching.script import can_ease, hold_seconds, prompt, reprompt, tell, times
from skill.content import words


@dataclass(frozen=True)
class StretchTurn:
    """One answer of the coach."""

    parts: tuple[Part, ...]
    """Words and pauses, in order."""
    place: Place
    """Where we are after it: keep this."""
    reprompt: str
    """Said when the person stays silent; empty when `finished`."""
    details: Mapping[str, Any]
    """For the turn record and a screen: routine, muscle, variant, name, position, side, phase ("position", "hold",
    "warm_up", "paused", "hurt", "over"), step, steps, seconds (of one hold), repetitions, done, of."""
    finished: bool = False
    """The routine is over (not: stopped)."""
    last: bool = False
    """The last side of the last exercise: whoever stays silent after it has done everything."""
    offer: str = ""
    """A routine that the closing words offer ("strengthening"): a yes would start it."""


def told(place: Place, lead: str = "") -> StretchTurn:
    """The turn of a place, as it stands: the step, or what to do while paused, hurt or over."""
    if place.is_over:
        return _ended(place, lead)
    if place.hurt:
        choice = words("stretching.hurt.easier") if can_ease(place) else words("stretching.hurt.leave")
        said = (
            words("stretching.hurt.stop"),
            words("stretching.safety.rules"),
            words("stretching.hurt.doctor"),
            choice,
        )
        return _turn(place, (joined(lead, *said),))
    if place.paused:
        return _turn(place, (joined(lead, words("stretching.controls.paused"), prompt(place)),))
    return _turn(place, tell(place, lead))


def noted(place: Place, said: str) -> StretchTurn:
    """A short turn that only takes note: what was changed, and how to go on."""
    if place.is_over:
        return told(place, said)
    hint = words("stretching.controls.repeat_hint") if place.settled and not place.paused else ""
    return _turn(place, (joined(said, prompt(place), hint),))


def _turn(place: Place, parts: tuple[Part, ...]) -> StretchTurn:
    last = place.settled and not place.paused and next_place(place).is_over
    return StretchTurn(parts, place, reprompt(place), details_of(place), last=last)


def _ended(place: Place, lead: str) -> StretchTurn:
    routine = routines().get(place.routine)
    if len(place.dropped) == len(place.exercises):
        said = words("stretching.hurt.nothing_left")
    elif len(place.done) < count_of(place):
        done = number_words(len(place.done)) if place.done else words("stretching.end.none")
        said = words("stretching.end.some", done=done, of=number_words(count_of(place)))
    else:
        said = words("stretching.end.done")
    # Whoever did less than the routine, for whatever reason, isn't offered more.
    as_planned = routine and place.exercises in routine.forms.values() and not (place.easy or place.dropped)
    offer = routine.next if routine and as_planned else ""
    question = (
        words("stretching.end.offer", name=routines()[offer].name, minutes=exact_length(routines()[offer].minutes * 60))
        if offer
        else ""
    )
    text = joined(lead, said, words("stretching.end.aftercare"), question)
    return StretchTurn((text,), place, question, details_of(place), finished=True, offer=offer)


def opening(place: Place, minutes: int, notes: tuple[str, ...]) -> str:
    """What is said before the first position; the rules come last, so that they are fresh."""
    first = place.exercise
    name = routines()[place.routine].name if place.routine in routines() else first.name
    brief = place.brief_rules
    needed = dict.fromkeys(exercises()[name].equipment for name in place.exercises)
    return joined(
        words("stretching.begin.routine", name=name, minutes=exact_length(minutes * 60)),
        *notes,
        *(words(f"stretching.equipment.{thing}") for thing in needed if thing not in ("", first.equipment)),
        words("stretching.begin.easy") if place.easy and not notes else "",
        "" if brief or place.routine != ONE else words("stretching.safety.physio"),
        "" if brief else words(f"stretching.safety.{'how_strength' if first.kind == STRENGTH else 'how'}"),
        stop_rules(place),
        "" if brief else words("stretching.begin.wake_word"),
        words("stretching.safety.walk_first") if first.kind != WARM_UP and not brief else "",
    )


def stop_rules(place: Place) -> str:
    """The stop rules (S08), short for somebody who heard them lately."""
    return words("stretching.safety.rules_brief") if place.brief_rules else words("stretching.safety.rules")


def count_of(place: Place) -> int:
    """How many exercises there are to do, without those left out."""
    return len(place.exercises) - len(place.dropped)


def joined(*sentences: str) -> str:
    """Sentences with a space between; empty ones left out."""
    return " ".join(filter(None, sentences))


def details_of(place: Place) -> Mapping[str, Any]:
    """What the turn record and a screen show; plain JSON."""
    counts = {"routine": place.routine, "done": len(place.done), "of": count_of(place)}
    if place.is_over:
        return counts | {"phase": "over"}
    exercise = place.exercise
    lengths = [1 + len(place.sides_of(exercises()[name])) for name in place.exercises]
    phase = "hurt" if place.hurt else "paused" if place.paused else "hold" if place.settled else "position"
    return counts | {
        "muscle": exercise.muscle,
        "variant": exercise.id,
        "name": exercise.name,
        "position": exercise.position,
        "side": place.side_name,
        "phase": "warm_up" if phase == "hold" and exercise.kind == WARM_UP else phase,
        "step": sum(lengths[: place.number]) + (1 + place.side if place.settled else 0) + 1,
        "steps": sum(lengths),
        "seconds": hold_seconds(place, exercise),
        "repetitions": times(place, exercise),
    }
