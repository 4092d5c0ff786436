"""What may be stretched: every rule of safety, with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given

from skill.coaching.stretching import (
    Body,
    Place,
    Refusal,
    StretchPlan,
    Wish,
    begin,
    no_longer_allowed,
    plan,
)
from skill.coaching.stretching.exercises import exercises
from tests.skill.stretching.runs import FINE, REPLACED, bodies, planned, wishes


def refused(wish: Wish, body: Body = FINE) -> Refusal:
    made = plan(wish, body)
    assert isinstance(made, Refusal)
    return made


def having(*conditions: str, **more: object) -> Body:
    return Body(**({"replaced_hip": "no", "conditions": frozenset(conditions)} | more))  # type: ignore[arg-type]


class TestAnyWish:
    """Whatever is wished for, and whatever is known."""

    @given(wishes, bodies)
    def test_a_plan_holds_nothing_that_is_ruled_out(self, wish: Wish, body: Body) -> None:
        made = plan(wish, body)
        if isinstance(made, Refusal):
            assert made.say
            assert made.reason
            return
        assert body.replaced_hip != "unknown"
        forms = [exercises()[name] for name in made.exercises]
        assert not any(form.rules_out & body.conditions for form in forms)
        if body.replaced_hip != "no":
            assert not any("replaced_cleared" in form.rules_out for form in forms)
            assert body.cleared or not any("replaced" in form.rules_out for form in forms)
        assert made.minutes >= 1
        assert (made.reason == "") == (made.notes == ())

    @given(wishes, bodies)
    def test_what_is_offered_instead_is_possible(self, wish: Wish, body: Body) -> None:
        made = plan(wish, body)
        if isinstance(made, Refusal) and made.instead_wish and body.replaced_hip != "unknown":
            assert made.instead.endswith("?")
            offered = plan(made.instead_wish, body)
            assert isinstance(offered, StretchPlan) or offered.reason == "just_iced"

    @given(wishes, bodies)
    def test_a_plan_is_allowed_to_go_on_until_something_new_is_known(self, wish: Wish, body: Body) -> None:
        made = plan(wish, body)
        if isinstance(made, StretchPlan):
            assert no_longer_allowed(begin(made, body).place, body) is None


def test_nobody_is_guided_before_the_question_about_the_hip() -> None:
    refusal = refused(Wish(), Body())
    assert refusal.reason == "replaced_hip_unknown"
    assert "hip replaced" in refusal.say


@pytest.mark.parametrize("hip", REPLACED)
@pytest.mark.parametrize("muscle", ["hip_flexors", "piriformis"])
@pytest.mark.parametrize("side", ["", "left", "right"])
def test_no_hip_flexor_and_no_piriformis_with_a_replaced_hip(hip: str, muscle: str, side: str) -> None:
    refusal = refused(Wish(muscle=muscle, side=side), Body(replaced_hip=hip))
    assert (refusal.reason, refusal.muscle) == ("replaced_hip", muscle)
    assert refusal.instead_wish == Wish(muscle="hamstrings")


@pytest.mark.parametrize("position", ["", "lying", "seated", "standing"])
def test_hamstrings_with_a_replaced_hip_are_seated_without_leaning(position: str) -> None:
    made = planned(Wish(muscle="hamstrings", position=position), Body(replaced_hip="left"))
    assert made.exercises == ("hm_b_easy",)
    assert made.reason == "replaced_hip"
    assert made.notes


def test_the_whole_routine_with_a_replaced_hip_is_what_is_left_of_it() -> None:
    made = planned(Wish(), Body(replaced_hip="right"))
    assert made.exercises == ("warm_up_seated", "hm_b_easy")
    assert made.left_out == ("hip_flexors", "piriformis")
    assert "hip flexor and piriformis" in made.notes[-1]


def test_a_cleared_hip_gets_every_muscle_but_hugs_nothing() -> None:
    made = planned(Wish(), Body(replaced_hip="both", cleared=True))
    assert made.exercises == ("warm_up_standing", "hm_a", "hf_b_easy", "pf_a")
    assert made.reason == "replaced_cleared"


@pytest.mark.parametrize("condition", ["hot_swollen", "fever", "fall", "severe_pain"])
def test_no_stretching_at_all(condition: str) -> None:
    refusal = refused(Wish(), having(condition, cleared=True))
    assert refusal.reason == condition
    assert refusal.instead_wish is None


@pytest.mark.parametrize("condition", ["osteoporosis", "hip_fracture", "recent_surgery", "sciatica"])
def test_ask_first(condition: str) -> None:
    assert refused(Wish(), having(condition)).reason == "ask_first"
    assert planned(Wish(), having(condition, cleared=True))


def test_not_straight_after_cold() -> None:
    refusal = refused(Wish(), having("just_iced"))
    assert refusal.reason == "just_iced"
    assert "warm and normal" in refusal.say


def test_a_flare_is_small_short_and_lying() -> None:
    made = planned(Wish(position="standing"), having("flare"))
    assert {exercises()[name].position for name in made.exercises} == {"lying"}
    assert made.easy
    assert made.reason == "flare"


def test_who_is_unsteady_lies_or_sits() -> None:
    made = planned(Wish(position="standing"), having("unsteady"))
    assert "standing" not in {exercises()[name].position for name in made.exercises}
    assert made.reason == "unsteady"


def test_a_stiff_spine_is_neither_arched_nor_twisted() -> None:
    assert planned(Wish(exercise="hf_e"), having("stiff_spine")).exercises == ("hf_b",)
    assert planned(Wish(exercise="pf_d"), having("stiff_spine")).exercises == ("pf_a",)
    assert planned(Wish(), having("stiff_spine")).reason == "stiff_spine"


def test_late_in_pregnancy_all_is_seated() -> None:
    made = planned(Wish(), having("late_pregnancy"))
    assert {exercises()[name].position for name in made.exercises} == {"seated"}
    assert "midwife" in made.notes[0]


def test_a_muscle_that_is_not_covered_is_named_with_what_there_is() -> None:
    refusal = refused(Wish(muscle="calves"), Body())
    assert (refusal.reason, refusal.muscle) == ("not_covered", "calves")
    assert "calves" in refusal.say
    assert refusal.instead_wish == Wish(routine="whole")


@pytest.mark.parametrize(
    ("wish", "routine"),
    [
        (Wish(), "whole"),
        (Wish(muscle="all"), "whole"),
        (Wish(minutes=5), "short"),
        (Wish(routine="whole", minutes=5), "short"),
        (Wish(minutes=3), "one"),
        (Wish(minutes=20), "whole"),
        (Wish(position="in_bed"), "morning_in_bed"),
        (Wish(muscle="hamstrings", position="in_bed"), "one"),
        (Wish(routine="strengthening"), "strengthening"),
        (Wish(routine="one"), "one"),
    ],
)
def test_which_routine_a_wish_means(wish: Wish, routine: str) -> None:
    assert planned(wish).routine == routine


@pytest.mark.parametrize(
    ("wish", "exercise"),
    [
        (Wish(muscle="hamstrings", position="lying"), "hm_a"),
        (Wish(muscle="hamstrings", position="seated"), "hm_b"),
        (Wish(muscle="hamstrings", position="standing"), "hm_c"),
        (Wish(muscle="hip_flexors", position="lying"), "hf_b"),
        (Wish(muscle="hip_flexors", position="seated"), "hf_d"),
        (Wish(muscle="hip_flexors", position="standing"), "hf_c"),
        (Wish(muscle="piriformis", position="lying"), "pf_a"),
        (Wish(muscle="piriformis", position="seated"), "pf_b"),
        (Wish(muscle="piriformis", position="standing"), "pf_b"),
        (Wish(muscle="piriformis", position="seated", easy=True), "pf_c"),
        (Wish(muscle="hip_flexors", easy=True), "hf_b_easy"),
        (Wish(muscle="glutes"), "pf_a"),
        (Wish(exercise="hf_e"), "hf_e"),
    ],
)
def test_which_form_a_wish_means(wish: Wish, exercise: str) -> None:
    assert planned(wish).exercises == (exercise,)


def test_there_is_no_standing_piriformis_stretch_and_that_is_said() -> None:
    assert planned(Wish(muscle="piriformis", position="standing")).reason == "no_such_single"
    assert planned(Wish(position="standing")).reason == "no_such_form"


def test_one_side_alone() -> None:
    assert planned(Wish(side="left")).sides == ("left",)
    assert planned(Wish(side="both")).sides == ("left", "right")


def test_a_place_from_earlier_is_not_gone_on_with_once_the_hip_was_replaced() -> None:
    place = Place("whole", ("hm_a", "pf_a"), number=1)
    refusal = no_longer_allowed(place, Body(replaced_hip="left"))
    assert refusal
    assert refusal.reason == "replaced_hip"
    assert no_longer_allowed(place, FINE) is None


@pytest.mark.parametrize("unknown", [{"replaced_hip": "maybe"}, {"conditions": frozenset({"flair"})}])
def test_a_caution_is_never_lost_to_a_typing_error(unknown: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not"):
        Body(**unknown)  # type: ignore[arg-type]
