"""The player: what each control does at each kind of place."""

from __future__ import annotations

import pytest

from skill.coaching.stretching import (
    Body,
    Pause,
    Place,
    StretchTurn,
    Wish,
    back,
    easier,
    faster,
    go_on,
    how_many_left,
    hurts,
    more_detail,
    one_side,
    pause,
    pause_seconds,
    repeat,
    resume,
    resume_offer,
    shorter_words,
    skip,
    slower,
    start_over,
    stop,
)
from skill.coaching.stretching.exercises import exercises
from tests.skill.stretching.runs import begun, to_the_end

POSITION = Place("whole", ("warm_up_standing", "hm_a", "hf_b", "pf_a"), number=1)
LEFT = Place(**{**vars(POSITION), "settled": True})
RIGHT = Place(**{**vars(POSITION), "settled": True, "side": 1})
LAST = Place("short", ("hm_a", "pf_a"), number=1, side=1, settled=True, done=(0,))


def text(turn: StretchTurn) -> str:
    return " ".join(part for part in turn.parts if isinstance(part, str))


class TestBeginning:
    """The first turn."""

    def test_tells_the_name_the_time_the_stop_rules_and_the_position_and_holds_nothing(self) -> None:
        turn = begun()
        said = text(turn)
        assert said.startswith("The whole routine, about eight minutes.")
        assert said.index("Stop at once for sharp or sudden pain") < said.index("worktop")
        assert said.endswith("Say ready when you're there.")
        assert "Hold" not in said
        assert turn.details["phase"] == "position"

    def test_the_stop_rules_are_short_for_who_heard_them_lately(self) -> None:
        brief = text(begun(body=Body(replaced_hip="no", heard_stop_rules=True)))
        assert "As always, stop for sharp pain" in brief
        assert len(brief) < len(text(begun()))

    def test_what_is_needed_later_is_said_at_once(self) -> None:
        assert "Have a towel or a belt at hand." in text(begun(Wish(routine="morning_in_bed")))

    def test_a_note_of_the_plan_is_said(self) -> None:
        assert "With a replaced hip" in text(begun(body=Body(replaced_hip="left")))


class TestOneSide:
    """A side with its repetitions is one turn."""

    def test_names_the_side_counts_the_holds_and_says_how_to_go_on(self) -> None:
        said = text(go_on(POSITION))
        assert said.startswith("Left side first.")
        assert said.count("Hold") == said.count("Halfway.") == said.count("Three. Two. One.".split()[0]) == 2
        assert said.endswith("Switch sides. Say ready for the right side.")
        assert text(go_on(LEFT)).startswith("Now the right side.")
        assert text(go_on(LEFT)).endswith("Say ready for the hip flexor stretch.")

    def test_the_last_three_are_a_second_apart(self) -> None:
        parts = go_on(POSITION).parts
        at = next(number for number, part in enumerate(parts) if part == "Three.")
        assert [part for part in parts[at : at + 4] if isinstance(part, str)][:2] == ["Three.", "Two."]
        assert all(0.3 <= part.seconds <= 0.5 for part in parts[at : at + 4] if isinstance(part, Pause))

    def test_tells_the_other_leg_by_its_name(self) -> None:
        hip_flexors = Place("whole", ("hf_b",), settled=True)
        assert "Bend your right knee." in text(repeat(hip_flexors))
        assert "Press your straight left leg" in text(repeat(hip_flexors))

    def test_one_side_alone_doesn_t_switch(self) -> None:
        turn = repeat(Place("whole", ("hm_a", "pf_a"), sides=("right",), settled=True))
        assert text(turn).startswith("Right side.")
        assert "Switch" not in text(turn)

    def test_an_exercise_without_hold_counts_its_repetitions(self) -> None:
        said = text(repeat(Place("one", ("g02",), settled=True)))
        assert "One. Raise the top knee." in said
        assert "Nine. Raise the top knee." in said
        assert "And the last one. Raise the top knee." in said


class TestGoingOn:
    """Ready, next, and the end."""

    def test_goes_through_every_side_of_every_exercise_to_the_end(self) -> None:
        *steps, turn = to_the_end(begun())
        held = [step.details for step in steps if step.details["phase"] == "hold"]
        seen = [(details["variant"], details["side"]) for details in held]
        assert seen == [(name, side) for name in ("hm_a", "hf_b", "pf_a") for side in ("left", "right")]
        assert turn.details == {"routine": "whole", "done": 4, "of": 4, "phase": "over"}
        assert turn.offer == "strengthening"
        assert turn.reprompt

    def test_the_last_side_says_so(self) -> None:
        turn = repeat(LAST)
        assert turn.last
        assert not turn.finished
        assert text(turn).endswith("That's all of it. Say ready to finish.")
        assert go_on(LAST).finished

    def test_who_did_less_than_the_routine_is_not_offered_more(self) -> None:
        for body in (Body(replaced_hip="left"), Body(replaced_hip="no", conditions=frozenset({"flare"}))):
            *_, turn = to_the_end(begun(body=body))
            assert turn.offer == turn.reprompt == ""

    def test_steps_are_numbered(self) -> None:
        first = begun()
        *steps, _ = to_the_end(first)
        numbers = [step.details["step"] for step in (first, *steps)]
        assert numbers == list(range(1, first.details["steps"] + 1))

    def test_after_the_end_nothing_more_happens(self) -> None:
        over = go_on(LAST)
        for control in (go_on, skip, repeat, pause, resume, slower, easier, how_many_left, hurts, stop):
            assert control(over.place).finished
            assert control(over.place).place.is_over


class TestSkipAndBack:
    """Moving about."""

    def test_skip_says_which_sides_were_not_done(self) -> None:
        assert "Neither side was done." in text(skip(POSITION))
        assert "The right side wasn't done." in text(skip(LEFT))
        assert "wasn't" not in text(skip(RIGHT))
        assert skip(LEFT).place.exercise.id == "hf_b"
        assert skip(LEFT).place.done == ()

    def test_skipping_the_last_one_is_the_end(self) -> None:
        turn = skip(LAST)
        assert turn.finished
        assert "one of two" in text(turn)

    def test_back_goes_one_step_at_a_time(self) -> None:
        assert back(RIGHT).place == LEFT
        assert back(LEFT).place == POSITION
        assert back(POSITION).place.exercise.id == "warm_up_standing"

    def test_back_at_the_first_step_says_so(self) -> None:
        first = begun().place
        assert text(back(first)).startswith("This is the first step.")
        assert back(first).place == first

    def test_back_from_the_end_is_the_last_exercise(self) -> None:
        assert back(go_on(LAST).place).place.exercise.id == "pf_a"

    def test_start_over_keeps_how_it_is_told(self) -> None:
        turn = start_over(Place(**{**vars(RIGHT), "pace": "slower", "sides": ("right", "left")}))
        assert (turn.place.number, turn.place.pace, turn.place.sides) == (0, "slower", ("right", "left"))


class TestPause:
    """Resting, and coming back."""

    def test_pause_lets_go_and_resume_tells_the_step_again(self) -> None:
        paused = pause(LEFT)
        assert "Let go of the stretch" in text(paused)
        assert "Hold" not in text(paused)
        assert resume(paused.place).place == LEFT
        assert text(resume(paused.place)).startswith("Going on. Left side first.")

    def test_ready_while_paused_goes_on_with_the_same_side(self) -> None:
        assert go_on(pause(LEFT).place).place == LEFT

    def test_coming_back_later_tells_the_position_first_and_then_the_same_side(self) -> None:
        assert resume_offer(RIGHT) == (
            "Last time you stopped at the hamstring stretch, on the right side. "
            "Shall we go on from there? Or say start over."
        )
        turn = resume(RIGHT, later=True)
        assert "Lie on your back" in text(turn)
        assert "sharp" in text(turn)
        assert turn.details["side"] == "right"
        assert go_on(turn.place).place == RIGHT


class TestTelling:
    """Pace and words."""

    def test_slower_and_faster_change_the_time_to_move_and_not_the_hold(self) -> None:
        usual, slow = repeat(LEFT), slower(LEFT)
        fast = repeat(faster(LEFT).place)
        assert pause_seconds(slow.parts) > pause_seconds(usual.parts) > pause_seconds(fast.parts)
        assert text(slow).startswith("Slower from here on.")
        assert slow.details["seconds"] == usual.details["seconds"] == fast.details["seconds"]

    def test_there_is_a_slowest_and_a_fastest(self) -> None:
        assert slower(slower(LEFT).place).place.pace == "slower"
        assert text(slower(slower(LEFT).place)).startswith("This is as slow as I go.")
        assert text(faster(faster(LEFT).place)).startswith("This is as fast as is safe.")

    def test_shorter_words_and_more_detail(self) -> None:
        usual, short, more = repeat(LEFT), repeat(shorter_words(LEFT).place), more_detail(LEFT)
        assert len(text(short)) < len(text(usual)) < len(text(more))
        assert "If your leg tingles" in text(more)

    def test_taking_note_says_how_to_go_on(self) -> None:
        assert text(faster(LEFT)).endswith("Say ready for the right side. Or say repeat.")
        assert text(shorter_words(POSITION)).endswith("Say ready when you're there.")

    def test_how_many_are_left(self) -> None:
        assert text(how_many_left(LEFT)).startswith("Two more exercises after this one. That's about")
        assert text(how_many_left(LAST)).startswith("This is the last exercise.")
        assert how_many_left(LEFT).place == LEFT


class TestSides:
    """One side only."""

    def test_the_side_that_is_under_way_goes_on(self) -> None:
        turn = one_side(LEFT, "left")
        assert turn.place.sides == ("left",)
        assert go_on(turn.place).place.exercise.id == "hf_b"

    def test_the_other_side_is_told_from_its_position(self) -> None:
        turn = one_side(LEFT, "right")
        assert (turn.details["side"], turn.details["phase"]) == ("right", "position")
        assert go_on(turn.place).details["side"] == "right"

    def test_a_side_that_was_done_leads_to_the_next_exercise(self) -> None:
        turn = one_side(RIGHT, "left")
        assert turn.place.exercise.id == "hf_b"
        assert turn.place.done == (1,)
        assert "You've done that side of the hamstring stretch." in text(turn)

    def test_both_sides_again(self) -> None:
        turn = one_side(one_side(LEFT, "left").place, "both")
        assert go_on(turn.place).details["side"] == "right"

    def test_only_a_side_is_a_side(self) -> None:
        with pytest.raises(ValueError, match="not a side"):
            one_side(LEFT, "top")


class TestEasierAndPain:
    """A gentler form, and "that hurts"."""

    def test_easier_is_another_form_where_there_is_one(self) -> None:
        turn = easier(Place("one", ("pf_b",), side=1, settled=True))
        assert turn.place.exercises == ("pf_c",)
        assert "low piriformis stretch" in text(turn)
        assert (turn.details["side"], turn.details["phase"]) == ("right", "position")

    def test_else_easier_is_shorter_and_smaller(self) -> None:
        turn = easier(LEFT)
        assert turn.place.easy
        assert turn.details["seconds"] == 10
        assert "Bend the knee more" in text(turn)

    def test_there_is_a_gentlest(self) -> None:
        gentlest = easier(LEFT).place
        assert text(easier(gentlest)).startswith("That's the gentlest I have for this one.")

    def test_hurts_lets_go_and_says_the_stop_rules(self) -> None:
        turn = hurts(LEFT)
        said = text(turn)
        assert said.startswith("Stop there, and let go slowly. Stop at once for sharp or sudden pain")
        assert said.endswith("Say easier, skip, or stop.")
        assert "Hold" not in said
        assert turn.details["phase"] == "hurt"

    @pytest.mark.parametrize("control", [go_on, resume, easier])
    def test_going_on_after_pain_is_gentler(self, control: object) -> None:
        turn = control(hurts(LEFT).place)  # type: ignore[operator]
        assert turn.place.easy

    @pytest.mark.parametrize("control", [go_on, resume, easier, skip])
    def test_what_hurts_at_its_gentlest_is_left_out(self, control: object) -> None:
        turn = control(hurts(easier(LEFT).place).place)  # type: ignore[operator]
        assert turn.place.dropped == (1,)
        assert "We leave the hamstring stretch for today." in text(turn)
        assert back(turn.place).place.exercise.id == "warm_up_standing"
        assert turn.details["of"] == 3

    @pytest.mark.parametrize("control", [repeat, slower, faster, shorter_words, more_detail, pause, how_many_left])
    def test_nothing_else_holds_what_hurt(self, control: object) -> None:
        turn = control(hurts(LEFT).place)  # type: ignore[operator]
        assert turn.details["phase"] == "hurt"
        assert "Hold" not in text(turn)

    def test_when_everything_hurts_it_ends(self) -> None:
        turn = skip(hurts(Place("one", ("hm_a",), settled=True)).place)
        assert turn.finished
        assert "Please ask a physio" in text(turn)
        assert turn.offer == ""
        assert start_over(turn.place).finished


def test_stop_says_what_was_done() -> None:
    turn = stop(Place("short", ("hm_a", "pf_a"), number=1, done=(0,)))
    assert "You've done one of two." in text(turn)
    assert turn.reprompt == ""
    assert not turn.finished


def test_a_stretch_lasts_as_long_as_it_says() -> None:
    """Words and pauses between "Hold" and "One" are the hold, to the second."""
    for exercise in exercises().values():
        if exercise.kind == "stretch":
            turn = repeat(Place("one", (exercise.id,), settled=True))
            assert turn.details["seconds"] == exercise.hold
            assert pause_seconds(turn.parts) >= exercise.hold * exercise.times
