"""The player: from a place and what the person says to the next turn. Pure; every control works at every place.

Each control gives a whole `StretchTurn`: say its `parts`, keep its `place`, listen with its `reprompt`.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coaching.spoken_time import about, number_words
from skill.coaching.stretching.exercises import exercises
from skill.coaching.stretching.place import (
    DETAILS,
    PACES,
    SIDES,
    Place,
    at_exercise,
    first_place,
    moved,
    next_place,
    place_before,
    without_exercise,
)
from skill.coaching.stretching.planning import StretchPlan
from skill.coaching.stretching.script import can_ease, seconds_left
from skill.coaching.stretching.turns import (
    StretchTurn,
    count_of,
    details_of,
    joined,
    noted,
    opening,
    stop_rules,
    told,
)
from skill.coaching.stretching.wishes import Body
from skill.content import words


def begin(plan: StretchPlan, body: Body) -> StretchTurn:
    """The first turn: what comes and how long it takes, the stop rules (S08), and the first position. Holds nothing."""
    place = Place(
        routine=plan.routine,
        exercises=plan.exercises,
        sides=plan.sides,
        easy=plan.easy,
        detail="shorter" if body.short_words else "usual",
        brief_rules=body.heard_stop_rules,
    )
    return told(place, opening(place, plan.minutes, plan.notes))


def go_on(place: Place) -> StretchTurn:
    """ "Ready" or "next": the next step. While paused it is `resume`; after `hurts`, `easier` or left out."""
    if place.paused:
        return resume(place)
    return told(next_place(place))


def skip(place: Place) -> StretchTurn:
    """Leave the rest of this exercise; says what wasn't done. What hurt stays left out."""
    if place.is_over:
        return told(place)
    if place.hurt:
        return told(without_exercise(place), words("stretching.hurt.left_out", name=place.exercise.name))
    return told(at_exercise(place, place.number + 1), _skipped(place))


def repeat(place: Place) -> StretchTurn:
    """The same step once more; paused or hurt, what to do now once more."""
    return told(place)


def back(place: Place) -> StretchTurn:
    """The step before; at the first one, says so and tells it again."""
    if place.hurt:
        place = _after_hurt(place)
    earlier = place_before(place)
    if earlier is None:
        return told(moved(place), words("stretching.controls.first_step"))
    return told(earlier, words("stretching.controls.back"))


def pause(place: Place) -> StretchTurn:
    """Let go and rest; the place is kept."""
    return told(place if place.is_over else replace(place, paused=True))


def resume(place: Place, *, later: bool = False) -> StretchTurn:
    """Go on with the step that was paused. `later`: another session, so the position is told first."""
    if place.is_over:
        return told(place)
    if place.hurt and not later:
        return easier(place)
    if later:
        place = _after_hurt(place) if place.hurt else place
        if place.is_over:
            return told(place)
        lead = joined(words("stretching.position.again", name=place.exercise.name), stop_rules(place))
        return told(moved(place, settled=False), lead)
    return told(moved(place), words("stretching.controls.resumed"))


def slower(place: Place) -> StretchTurn:
    """More time to move, from this step on, which is told again."""
    at = PACES.index(place.pace)
    if at == 0:
        return told(place, words("stretching.controls.slowest"))
    return told(replace(place, pace=PACES[at - 1]), words("stretching.controls.slower"))


def faster(place: Place) -> StretchTurn:
    """Less time to move (never less than the movement needs; holds stay as they are). Says how to go on."""
    at = PACES.index(place.pace)
    if at + 1 == len(PACES):
        return noted(place, words("stretching.controls.fastest"))
    return noted(replace(place, pace=PACES[at + 1]), words("stretching.controls.faster"))


def shorter_words(place: Place) -> StretchTurn:
    """Fewer words from here on. Says how to go on."""
    return noted(replace(place, detail=DETAILS[0]), words("stretching.controls.shorter"))


def more_detail(place: Place) -> StretchTurn:
    """This step again with where it should be felt and what helps; so from here on."""
    return told(replace(place, detail=DETAILS[-1]), words("stretching.controls.more"))


def easier(place: Place) -> StretchTurn:
    """A gentler form of this exercise; where there is none, shorter holds and a smaller range from here on.

    After `hurts`, an exercise that has nothing gentler is left out.
    """
    if place.is_over:
        return told(place)
    if place.hurt and not can_ease(place):
        return skip(place)
    if not can_ease(place):
        return noted(place, words("stretching.controls.easiest"))
    eased = _eased(place)
    if eased.exercises != place.exercises:
        return told(eased, words("stretching.controls.easier", name=eased.exercise.name))
    return told(eased, words("stretching.controls.eased"))


def one_side(place: Place, side: str) -> StretchTurn:
    """Only the "left" or "right" side from here on; "both" takes that back.

    Raises:
        ValueError: for any other side.
    """
    if side not in (*SIDES, "both"):
        raise ValueError(f"not a side: {side}")
    if side == "both":
        return _both_sides(place)
    lead = words("stretching.controls.only_side", side=words(f"stretching.side.{side}"))
    if place.is_over or not place.exercise.has_sides or place.side_name == side:
        at = place.side if not place.is_over and not place.exercise.has_sides else 0
        return noted(replace(place, sides=(side,), side=at), lead)
    if side in place.sides[: place.side]:
        lead = joined(lead, words("stretching.controls.side_was_done", name=place.exercise.name))
        if place.hurt:
            return told(without_exercise(replace(place, sides=(side,))), lead)
        done = tuple(sorted({*place.done, place.number}))
        return told(at_exercise(replace(place, sides=(side,), done=done), place.number + 1), lead)
    # The person is in place for the other side: the position is told anew.
    return told(replace(place, sides=(side,), side=0, settled=False), lead)


def _both_sides(place: Place) -> StretchTurn:
    lead = words("stretching.controls.both_sides")
    if len(place.sides) > 1 or place.is_over:
        return noted(replace(place, sides=place.sides if len(place.sides) > 1 else SIDES), lead)
    only = place.sides[0]
    return noted(replace(place, sides=(only, SIDES[1 - SIDES.index(only)])), lead)


def how_many_left(place: Place) -> StretchTurn:
    """How many exercises are left and about how long; says how to go on."""
    if place.is_over:
        return told(place)
    count = sum(number not in place.dropped for number in range(place.number + 1, len(place.exercises)))
    which = ("last", "one", "some")[min(count, 2)]
    said = words(f"stretching.left.{which}", **({"count": number_words(count).capitalize()} if count > 1 else {}))
    return noted(place, joined(said, words("stretching.left.time", time=about(round(seconds_left(place))))))


def hurts(place: Place) -> StretchTurn:
    """ "That hurts": let go, the stop rules (S08), then easier, skip or stop. Nothing is held as it was."""
    return told(place if place.is_over else replace(place, paused=True, hurt=True))


def stop(place: Place) -> StretchTurn:
    """The end for now: what was done, and that the place is kept. Not `finished`, no reprompt."""
    if place.is_over:
        return told(place)
    done = (
        words("stretching.controls.done_some", done=number_words(len(place.done)), of=number_words(count_of(place)))
        if place.done
        else words("stretching.controls.done_none")
    )
    return StretchTurn((words("stretching.controls.stopped", done=done),), place, "", details_of(place))


def start_over(place: Place) -> StretchTurn:
    """The routine from its first exercise, told as before; what hurt stays left out or gentler."""
    if place.hurt:
        place = _after_hurt(place)
    place = first_place(place)
    return told(place, joined(words("stretching.controls.started_over"), stop_rules(place)))


def resume_offer(place: Place) -> str:
    """The question to ask somebody who comes back later: go on from there, or start over?"""
    if place.is_over:
        return words("stretching.later.over")
    if place.exercise.has_sides:
        side = words(f"stretching.side.{place.side_name}")
        return words("stretching.later.side", name=place.exercise.name, side=side)
    return words("stretching.later.plain", name=place.exercise.name)


def _skipped(place: Place) -> str:
    exercise = place.exercise
    if not exercise.has_sides or (place.settled and place.is_last_side):
        return words("stretching.controls.skipped", name=exercise.name)
    undone = place.sides[place.side + place.settled :]
    if len(undone) == 1:
        side = words(f"stretching.side.{undone[0]}")
        return words("stretching.controls.skipped_side", name=exercise.name, side=side)
    return words("stretching.controls.skipped_both", name=exercise.name)


def _eased(place: Place) -> Place:
    """The place with something gentler, and going on. A gentler form has a position of its own, which is told first."""
    gentler = place.exercise.easier
    if not gentler:
        return moved(place, easy=True)
    number = place.number
    forms = (*place.exercises[:number], gentler, *place.exercises[number + 1 :])
    same_sides = exercises()[gentler].has_sides == place.exercise.has_sides
    return moved(place, exercises=forms, side=place.side if same_sides else 0, settled=False)


def _after_hurt(place: Place) -> Place:
    """Where we are when somebody moves on without a word to what hurt: it is gentler from now on, or left out."""
    return _eased(place) if can_ease(place) else without_exercise(place)
