"""The same muscle in another position, for somebody who would rather sit, stand or lie."""

from __future__ import annotations

from skill.coaching.stretching.exercises import exercises
from skill.coaching.stretching.place import Place, moved
from skill.coaching.stretching.planning import StretchPlan, plan
from skill.coaching.stretching.turns import StretchTurn, told
from skill.coaching.stretching.wishes import Body, Wish


def elsewhere(place: Place, position: str, body: Body) -> StretchTurn | None:
    """This exercise in another position from its first side on; None when there is no allowed form of it there.

    Args:
        place: where we are.
        position: lying, seated, standing or in_bed.
        body: what is known of the person.
    """
    if place.is_over:
        return None
    decision = plan(Wish(muscle=place.exercise.muscle, position=position, easy=place.easy), body)
    if not isinstance(decision, StretchPlan):
        return None
    form = exercises()[decision.exercises[0]]
    if form.position != ("lying" if position == "in_bed" else position) or form.muscle != place.exercise.muscle:
        return None
    forms = (*place.exercises[: place.number], form.id, *place.exercises[place.number + 1 :])
    return told(moved(place, exercises=forms, side=0, settled=False))
