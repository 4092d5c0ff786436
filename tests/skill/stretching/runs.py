"""Wishes, bodies and runs through a routine, for the tests of the stretch coach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from hypothesis import strategies as st

from skill.coaching.stretching import (
    CONDITIONS,
    Body,
    Place,
    StretchPlan,
    StretchTurn,
    Wish,
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
    plan,
    repeat,
    resume,
    shorter_words,
    skip,
    slower,
    start_over,
    stop,
)
from skill.coaching.stretching.exercises import exercises, routines

FINE = Body(replaced_hip="no")
REPLACED = ["left", "right", "both", "yes"]
MUSCLES = ["", "all", "hamstrings", "hip_flexors", "piriformis", "glutes", "quads", "no such muscle"]

Control = Callable[[Place], StretchTurn]
CONTROLS: dict[str, Control] = {
    "go on": go_on,
    "skip": skip,
    "repeat": repeat,
    "back": back,
    "pause": pause,
    "resume": resume,
    "resume later": partial(resume, later=True),
    "slower": slower,
    "faster": faster,
    "shorter words": shorter_words,
    "more detail": more_detail,
    "easier": easier,
    "left only": partial(one_side, side="left"),
    "right only": partial(one_side, side="right"),
    "both sides": partial(one_side, side="both"),
    "how many left": how_many_left,
    "hurts": hurts,
    "stop": stop,
    "start over": start_over,
}
"""Every word that steers, with what the coach does."""

wishes = st.builds(
    Wish,
    muscle=st.sampled_from(MUSCLES),
    position=st.sampled_from(["", "lying", "seated", "standing", "in_bed"]),
    side=st.sampled_from(["", "left", "right", "both"]),
    routine=st.sampled_from(["", "one", *routines()]),
    easy=st.booleans(),
    minutes=st.none() | st.integers(-5, 90),
    exercise=st.sampled_from(["", *exercises()]),
)
bodies = st.builds(
    Body,
    replaced_hip=st.sampled_from(["unknown", "no", *REPLACED]),
    cleared=st.booleans(),
    conditions=st.frozensets(st.sampled_from(sorted(CONDITIONS)), max_size=3),
    heard_stop_rules=st.booleans(),
    short_words=st.booleans(),
)
controls = st.lists(st.sampled_from(sorted(CONTROLS)), max_size=25)


def planned(wish: Wish, body: Body = FINE) -> StretchPlan:
    """The plan for a wish that must have one."""
    made = plan(wish, body)
    assert isinstance(made, StretchPlan)
    return made


def begun(wish: Wish = Wish(), body: Body = FINE) -> StretchTurn:  # noqa: B008  (a frozen value)
    """The first turn of a wish that must have a plan."""
    return begin(planned(wish, body), body)


def turns(first: StretchTurn, names: list[str]) -> Iterator[StretchTurn]:
    """The first turn, and one for each control after it."""
    turn = first
    yield turn
    for name in names:
        turn = CONTROLS[name](turn.place)
        yield turn


def to_the_end(turn: StretchTurn) -> Iterator[StretchTurn]:
    """Every turn that "ready" alone brings after this one, the end included."""
    while not turn.finished:
        turn = go_on(turn.place)
        yield turn
