"""What may be stretched: a wish and what is known of the body become a plan, or a refusal with its reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from skill.coaching.spoken_time import exact_length
from skill.coaching.stretching.choosing import (
    ALL_MUSCLES,
    REASONS,
    allowed_form,
    gentlest_form,
    is_allowed,
    reason_against,
    reasons_to_say,
    wanted_exercises,
)
from skill.coaching.stretching.exercises import MUSCLES, WARM_UP, Exercise, exercises, routines
from skill.coaching.stretching.place import ONE, SIDES, Place
from skill.coaching.stretching.script import seconds_of
from skill.coaching.stretching.wishes import Body, Wish
from skill.content import page, words


@dataclass(frozen=True)
class StretchPlan:
    """What will be done, all of it allowed."""

    routine: str
    exercises: tuple[str, ...]
    """Entries of `stretches.toml`, in order."""
    sides: tuple[str, ...]
    easy: bool
    minutes: int
    """About how long it takes."""
    reason: str = ""
    """Why it differs from what was wished for: replaced_hip, flare, unsteady, ...; empty when it doesn't."""
    left_out: tuple[str, ...] = ()
    """Muscles that were wished for and are left out."""
    notes: tuple[str, ...] = ()
    """What is said about that, before the first exercise."""


@dataclass(frozen=True)
class Refusal:
    """What won't be done, and why."""

    reason: str
    """replaced_hip_unknown (ask the question first: `say` is it), not_covered, hot_swollen, fever, fall,
    severe_pain, ask_first, just_iced, or why no form of it is safe: one of `REASONS`."""
    muscle: str
    """What was wished for, as in the wish; "" if nothing was named."""
    say: str
    """The reason, kindly."""
    instead: str = ""
    """What is possible instead, as an offer to say yes to; empty when there is nothing."""
    instead_wish: Wish | None = None
    """What a yes would start."""
    settle_first: bool = False
    """Whether nothing at all may be stretched before it is settled (S15, S16)."""


_NEVER = ("hot_swollen", "fever", "fall", "severe_pain")
"""S15: no stretching at all."""
_ASK_FIRST = ("osteoporosis", "hip_fracture", "recent_surgery", "sciatica")
"""S16: only once a surgeon or physio has cleared it."""


def plan(wish: Wish, body: Body) -> StretchPlan | Refusal:
    """Decide on a wish. With `replaced_hip="unknown"` there is no plan yet, but the refusal "replaced_hip_unknown"."""
    return _refused_outright(wish, body) or _planned(_settled(wish, body), body)


def no_longer_allowed(place: Place, body: Body) -> Refusal | None:
    """Why a place kept from earlier may not go on, now that this is known of the body; None when it may."""
    refusal = _refused_outright(Wish(), body)
    if refusal:
        return refusal
    for number, name in enumerate(place.exercises):
        exercise = exercises()[name]
        if number not in place.dropped and not is_allowed(exercise, body):
            return _refusal_of(exercise.muscle, [exercise], body)
    return None


def _refused_outright(wish: Wish, body: Body) -> Refusal | None:
    """What rules out everything, or must be asked before anything."""
    for condition in _NEVER:
        if condition in body.conditions:
            return Refusal(condition, wish.muscle, words(f"stretching.refused.{condition}"), settle_first=True)
    if not body.cleared and body.conditions.intersection(_ASK_FIRST):
        return Refusal("ask_first", wish.muscle, words("stretching.refused.ask_first"), settle_first=True)
    if wish.muscle not in (*ALL_MUSCLES, *MUSCLES, "glutes"):
        names = page("stretching")["muscles"]
        say = words("stretching.refused.not_covered", muscle=names.get(wish.muscle, names["other"]))
        whole = routines()["whole"]
        offer = words("stretching.instead.whole", minutes=exact_length(whole.minutes * 60))
        return Refusal("not_covered", wish.muscle, say, offer, Wish(routine=whole.id))
    if "just_iced" in body.conditions:
        return Refusal(
            "just_iced", wish.muscle, words("stretching.refused.just_iced"), words("stretching.instead.later")
        )
    if body.replaced_hip == "unknown":
        return Refusal("replaced_hip_unknown", wish.muscle, words("stretching.safety.question"))
    return None


def _settled(wish: Wish, body: Body) -> Wish:
    """The wish with what it leaves open, and with what the body asks for (S10, S16)."""
    routine = wish.routine if wish.routine in routines() else ONE if wish.routine or wish.exercise else ""
    if routine in ("", "whole", "short"):
        if wish.muscle not in ALL_MUSCLES:
            routine = ONE
        elif wish.minutes is not None:
            routine = ONE if wish.minutes <= 3 else "short" if wish.minutes <= 6 else "whole"
        elif not routine:
            routine = "morning_in_bed" if wish.position == "in_bed" else "whole"
    position = "lying" if wish.position == "in_bed" else wish.position
    if "late_pregnancy" in body.conditions:
        position = position if position == "standing" and "flare" not in body.conditions else "seated"
    elif "flare" in body.conditions:
        position = "lying"
    return replace(wish, routine=routine, position=position, easy=wish.easy or "flare" in body.conditions)


def _planned(wish: Wish, body: Body) -> StretchPlan | Refusal:
    wanted = wanted_exercises(wish, body)
    chosen = [allowed_form(exercise, wish, body) for exercise in wanted]
    kept = [form for form in chosen if form]
    missing = [exercise for exercise, form in zip(wanted, chosen, strict=True) if not form]
    if missing and all(form.kind == WARM_UP for form in kept):
        return _refusal_of(wish.muscle or wanted[-1].muscle, missing, body)
    if wish.easy:
        kept = [gentlest_form(form, body) for form in kept]
    left_out = tuple(dict.fromkeys(exercise.muscle for exercise in missing))
    place = Place(
        routine=wish.routine,
        exercises=tuple(dict.fromkeys(form.id for form in kept)),
        sides=(wish.side,) if wish.side in SIDES else SIDES,
        easy=wish.easy,
    )
    reasons = reasons_to_say(wanted, kept, wish, body)
    as_promised = kept == wanted and not place.easy and len(place.sides) > 1 and wish.routine in routines()
    return StretchPlan(
        routine=place.routine,
        exercises=place.exercises,
        sides=place.sides,
        easy=place.easy,
        minutes=routines()[wish.routine].minutes if as_promised else math.ceil(seconds_of(place) / 60),
        reason=reasons[0] if reasons else "",
        left_out=left_out,
        notes=tuple(_notes(reasons, left_out, body)),
    )


def _notes(reasons: Iterable[str], left_out: tuple[str, ...], body: Body) -> Iterable[str]:
    for reason in reasons:
        yield words(f"stretching.notes.{reason}")
    names = [words(f"stretching.muscles.{muscle}") for muscle in left_out]
    if left_out == ("glutes",):
        yield words("stretching.left_out.glutes")
    elif len(names) == 1:
        yield words("stretching.left_out.one", first=names[0])
    elif names:
        yield words("stretching.left_out.two", first=names[0], second=names[1])


def _refusal_of(muscle: str, missing: Iterable[Exercise], body: Body) -> Refusal:
    """The refusal of forms that are not allowed, with a gentler muscle as an offer where there is one."""
    reasons = {reason_against(exercise, body) for exercise in missing}
    reason = next(name for name in REASONS if name in reasons)
    say = words(f"stretching.refused.{reason}")
    other = plan(Wish(muscle=MUSCLES[0]), body) if muscle != MUSCLES[0] else None
    if isinstance(other, StretchPlan):
        if reason == "replaced_hip":
            return Refusal(reason, muscle, say, words("stretching.instead.hamstrings"), Wish(muscle=MUSCLES[0]))
        offer = words("stretching.instead.gentle", name=exercises()[other.exercises[0]].name)
        return Refusal(reason, muscle, say, offer, Wish(muscle=MUSCLES[0]))
    return Refusal(reason, muscle, say)
