"""Which forms of exercises a body may have: chosen by position, replaced where one is ruled out, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from skill.coaching.stretching.exercises import MUSCLES, REST, STRETCH, WARM_UP, Exercise, exercises, routines
from skill.coaching.stretching.place import ONE
from skill.coaching.stretching.wishes import REPLACED, Body, Wish

REASONS = ("replaced_hip", "late_pregnancy", "flare", "stiff_spine", "unsteady")
"""What a form may be ruled out for, the weightiest first."""
ALL_MUSCLES = ("", "all")
_NEAREST = {"standing": ("standing", "seated", "lying"), "seated": ("seated", "lying", "standing")}
"""Which position comes next where the wished one isn't possible; lying, then seated, where nothing is said."""


def wanted_exercises(wish: Wish, body: Body) -> list[Exercise]:
    """The exercises that a settled wish names, before anybody asks whether they are allowed."""
    known = exercises()
    if wish.routine == ONE:
        if wish.exercise in known:
            return [known[wish.exercise]]
        muscle = MUSCLES[0] if wish.muscle in ALL_MUSCLES else wish.stretched
        forms = [form for form in known.values() if form.muscle == muscle and form.kind == STRETCH and not form.gentle]
        return [min(forms, key=lambda form: _rank(form, wish))]
    by_position = routines()[wish.routine].forms
    positions = sorted(by_position, key=lambda position: position != wish.position)
    rows = {position: [known[name] for name in by_position[position]] for position in positions}
    return rows[min(rows, key=lambda position: _cost(rows[position], position, wish, body))]


def _cost(wanted: Iterable[Exercise], position: str, wish: Wish, body: Body) -> int:
    """How far the body bends a routine's row out of shape, and how far it is from the wish: least is best."""
    cost = 2 if wish.position and position != wish.position else 0
    for exercise in wanted:
        form = allowed_form(exercise, replace(wish, position=position), body)
        if form is None:
            cost += 9
        elif form != exercise and form.kind != WARM_UP:
            cost += 1 if form.position == exercise.position else 2
    return cost


def allowed_form(exercise: Exercise, wish: Wish, body: Body) -> Exercise | None:
    """The exercise if it is allowed, else another one for the same muscle; None when there is none."""
    if is_allowed(exercise, body):
        return exercise
    if exercise.muscle == "glutes":
        return None  # these differ too much for one to stand for another
    kind = STRETCH if exercise.kind == REST else exercise.kind
    others = [
        other
        for other in exercises().values()
        if other.muscle == exercise.muscle and other.kind == kind and is_allowed(other, body)
    ]
    return min(others, key=lambda other: _rank(other, wish), default=None)


def _rank(exercise: Exercise, wish: Wish) -> int:
    order = _NEAREST.get(wish.position, ("lying", "seated", "standing"))
    return order.index(exercise.position) if exercise.position in order else len(order)


def gentlest_form(exercise: Exercise, body: Body) -> Exercise:
    """Its gentler form, where that is in the same position."""
    gentler = exercises().get(exercise.easier)
    same = gentler and gentler.position == exercise.position and is_allowed(gentler, body)
    return gentler if gentler and same else exercise


def is_allowed(exercise: Exercise, body: Body) -> bool:
    """Whether nothing that is known of the body speaks against this form."""
    return not exercise.rules_out & _against(body)


def _against(body: Body) -> frozenset[str]:
    """What speaks against forms of exercises, in the words of `rules_out`. An unknown hip counts as a replaced one."""
    if body.replaced_hip == "no":
        return body.conditions
    hip = {"replaced_cleared"} if body.cleared else {"replaced", "replaced_cleared"}
    return body.conditions | hip


def reason_against(exercise: Exercise, body: Body) -> str:
    """The weightiest reason against this form; "" when it is allowed."""
    against = {"replaced_hip" if name.startswith("replaced") else name for name in exercise.rules_out & _against(body)}
    return next((reason for reason in REASONS if reason in against), "")


def reasons_to_say(wanted: list[Exercise], kept: list[Exercise], wish: Wish, body: Body) -> list[str]:
    """Why the plan differs from the wish, the weightiest first: entries of [notes] in `stretching.toml`."""
    row = routines()[wish.routine].forms.get(wish.position or "lying", ()) if wish.routine in routines() else ()
    found = {reason_against(exercise, body) for exercise in [*wanted, *(exercises()[name] for name in row)]}
    found |= body.conditions & {"flare", "late_pregnancy", "stiff_spine"}
    if body.replaced_hip in REPLACED:
        found -= {"replaced_hip"}
        found.add("replaced_cleared" if body.cleared else "replaced_hip")
    reasons = [reason for reason in (*REASONS, "replaced_cleared") if reason in found]
    if not reasons and wish.position in _NEAREST and any(form.position != wish.position for form in kept):
        reasons = ["no_such_single" if wish.routine == ONE else "no_such_form"]
    return reasons + (["glutes"] if wish.muscle == "glutes" and wish.routine == ONE else [])
