"""What holds for any place and any sequence of controls."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.stretching import (
    Body,
    Pause,
    Place,
    StretchPlan,
    StretchTurn,
    Wish,
    begin,
    go_on,
    hurts,
    markup_length,
    no_longer_allowed,
    plan,
    repeat,
    resume_offer,
    turn_seconds,
)
from skill.coaching.stretching.exercises import exercises
from skill.coaching.stretching.place import DETAILS, PACES
from skill.coaching.stretching.script import seconds_left
from tests.skill.stretching.runs import bodies, controls, turns, wishes


def check(turn: StretchTurn, body: Body) -> None:
    """A turn that Alexa takes, at a place that is sound and allowed."""
    assert turn_seconds(turn.parts) <= 240
    assert markup_length(turn.parts) <= 8000
    assert all(isinstance(part, Pause) or part.strip() == part != "" for part in turn.parts)
    assert not any(isinstance(one, Pause) and isinstance(two, Pause) for one, two in pairwise(turn.parts))
    assert all("{" not in part for part in turn.parts if isinstance(part, str))
    assert Place.from_json(json.loads(json.dumps(turn.place.as_json()))) == turn.place
    assert turn.finished == turn.place.is_over
    assert no_longer_allowed(turn.place, body) is None
    assert json.dumps(dict(turn.details))
    assert resume_offer(turn.place).endswith(("?", "."))


def holds(turn: StretchTurn) -> bool:
    """Whether something is held in it."""
    return any("Three." in part or "Lower" in part for part in turn.parts if isinstance(part, str))


def run(wish: Wish, body: Body, names: list[str]) -> list[StretchTurn]:
    """The turns of a wish and of the controls after it; none where there is no plan."""
    made = plan(wish, body)
    return list(turns(begin(made, body), names)) if isinstance(made, StretchPlan) else []


@given(wishes, bodies, controls)
def test_any_sequence_of_controls_keeps_the_place_sound(wish: Wish, body: Body, names: list[str]) -> None:
    for turn in run(wish, body, names):
        check(turn, body)
        if turn.place.hurt or turn.place.paused or not turn.place.settled:
            assert not holds(turn)


@given(wishes, bodies, controls)
def test_going_on_never_passes_a_side_over(wish: Wish, body: Body, names: list[str]) -> None:
    """From wherever the controls led, "ready" alone visits every side that is left, one by one."""
    for turn in run(wish, body, names)[-1:]:
        visits_every_side(go_on(turn.place).place if turn.place.paused else turn.place)


def visits_every_side(place: Place) -> None:
    """ "Ready" alone, from this place on, visits every side that is left, one by one."""
    wanted = []
    for number in range(place.number, len(place.exercises)):
        sides = place.sides_of(exercises()[place.exercises[number]])
        first = (place.side + place.settled) if number == place.number else 0
        wanted += [(number, side) for side in sides[first:] if number not in place.dropped]
    seen = []
    while not place.is_over:
        place = go_on(place).place
        if place.settled:
            seen.append((place.number, place.side_name))
    assert seen == wanted


@given(wishes, bodies, controls)
def test_what_hurt_is_never_held_again_as_it_was(wish: Wish, body: Body, names: list[str]) -> None:
    forbidden: set[tuple[int, str, bool]] = set()
    for turn in run(wish, body, names):
        place = turn.place
        if place.is_over:
            continue
        state = (place.number, place.exercise.id, place.easy)
        if place.hurt:
            forbidden.add(state)
        elif place.settled and not place.paused:
            assert state not in forbidden


@pytest.mark.parametrize("name", exercises())
@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("detail", DETAILS)
def test_every_turn_of_every_exercise_keeps_within_the_limits(name: str, pace: str, detail: str) -> None:
    for easy in (False, True):
        for side in range(2 if exercises()[name].has_sides else 1):
            place = Place("one", (name,), pace=pace, detail=detail, easy=easy, side=side)
            for turn in (repeat(place), go_on(place)):
                check(turn, Body(replaced_hip="no"))


@pytest.mark.parametrize("name", exercises())
@pytest.mark.parametrize("pace", PACES)
def test_the_pauses_last_at_least_as_long_as_the_movements_need(name: str, pace: str) -> None:
    exercise = exercises()[name]
    turn = go_on(Place("one", (name,), pace=pace))
    needed = sum(movement.seconds for movement in (*exercise.set_up, *exercise.release))
    rests = exercise.times - (exercise.kind != "strength")
    needed += rests * sum(movement.seconds for movement in (*exercise.again, *exercise.ease_off))
    silence = sum(part.seconds for part in turn.parts if isinstance(part, Pause))
    assert silence >= needed


@pytest.mark.parametrize("way", [["left only", "back"], ["skip", "back"], ["back"], ["start over"], ["resume later"]])
def test_no_way_round_leads_back_to_what_hurt(way: list[str]) -> None:
    place = Place("whole", ("warm_up_standing", "hm_a", "hf_b"), number=1, side=1, settled=True, done=(0,))
    for turn in [*turns(hurts(place), [*way, *["go on"] * 12])][1:]:
        at = turn.place
        assert at.is_over or not (at.settled and at.exercise.id == "hm_a" and not at.easy)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_what_is_not_a_place_is_an_error(value: object) -> None:
    for fields in (value, {"routine": value, "exercises": ["hm_a"]}, {"routine": "one", "exercises": value}):
        with pytest.raises(ValueError, match="not a place"):
            Place.from_json(fields)


@pytest.mark.parametrize(
    "changed",
    [
        {"exercises": ["no such"]},
        {"exercises": []},
        {"number": 5},
        {"number": -1},
        {"number": True},
        {"number": 1.0},
        {"side": 2},
        {"sides": ["left", "left"]},
        {"sides": ["both"]},
        {"pace": "hurried"},
        {"detail": "none"},
        {"easy": 1},
        {"hurt": True},
        {"done": [3]},
        {"done": [1, 0]},
        {"done": [True]},
        {"dropped": [0]},
        {"dropped": "0"},
        {"number": 2, "paused": True},
        {"unheard_of": 1},
        {"exercises": [["hm_a"]]},
        {"routine": ["whole"]},
        {"pace": ["usual"]},
    ],
)
def test_a_place_that_is_odd_in_any_way_is_an_error(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a place"):
        Place.from_json({"routine": "whole", "exercises": ["hm_a", "pf_a"]} | changed)


def test_the_time_that_is_left_never_grows_on_the_way() -> None:
    place = Place("whole", ("warm_up_standing", "hm_a", "hf_b", "pf_a"))
    left = []
    while not place.is_over:
        left.append(seconds_left(place))
        place = go_on(place).place
    assert left == sorted(left, reverse=True)
