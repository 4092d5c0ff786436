"""The exercises and routines as data: complete, safe, with their evidence, fit for ears."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from skill.coaching.stretching import CONDITIONS
from skill.coaching.stretching.exercises import KINDS, MUSCLES, Exercise, Movement, exercises, routines
from skill.content import page

ALL = list(exercises().values())
STRETCHES = [exercise for exercise in ALL if exercise.kind == "stretch"]
EVIDENCE = re.compile(r"[SGLAC]\d\d|(HF|HM|PF)-[A-E]")


def movements(exercise: Exercise) -> list[Movement]:
    parts = (exercise.get_ready, exercise.stay, exercise.set_up, exercise.again, exercise.ease_off)
    return list(chain(*parts, exercise.release, exercise.turn))


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
class TestEveryExercise:
    """What holds for each of them."""

    def test_is_complete(self, exercise: Exercise) -> None:
        assert exercise.kind in KINDS
        assert exercise.get_ready
        assert exercise.set_up
        assert exercise.release
        assert exercise.name
        assert exercise.more
        assert exercise.ease
        assert exercise.times == 1 or (exercise.again and exercise.ease_off)

    def test_stands_on_evidence(self, exercise: Exercise) -> None:
        assert exercise.evidence
        assert all(EVIDENCE.fullmatch(line) for line in exercise.evidence)

    def test_says_one_short_movement_a_sentence_and_gives_it_time(self, exercise: Exercise) -> None:
        for movement in movements(exercise):
            assert movement.seconds >= 1
            for text in filter(None, (movement.say, movement.brief)):
                assert max(len(sentence.split()) for sentence in re.split(r"[.?!]\s", text)) <= 16
                assert re.fullmatch(r"[A-Za-z{}',. -]+[.]", text)

    def test_names_a_side_only_where_it_has_sides(self, exercise: Exercise) -> None:
        texts = [text for movement in movements(exercise) for text in (movement.say, movement.brief)]
        named = set(re.findall(r"{(\w+)}", " ".join([*texts, exercise.feel, exercise.more, exercise.ease])))
        assert named <= {"side", "other"}
        assert bool(named) == exercise.has_sides

    def test_is_ruled_out_by_what_is_known(self, exercise: Exercise) -> None:
        assert exercise.rules_out <= {*CONDITIONS, "replaced", "replaced_cleared"}
        assert "replaced" in exercise.rules_out or "replaced_cleared" not in exercise.rules_out

    def test_gets_gentler_without_getting_less_safe(self, exercise: Exercise) -> None:
        seen = {exercise.id}
        while exercise.easier:
            gentler = exercises()[exercise.easier]
            assert gentler.id not in seen
            assert gentler.rules_out <= exercise.rules_out
            seen.add(gentler.id)
            exercise = gentler


@pytest.mark.parametrize("exercise", STRETCHES, ids=lambda exercise: exercise.id)
def test_a_stretch_is_held_and_repeated_as_the_evidence_has_it(exercise: Exercise) -> None:
    assert 10 <= exercise.hold <= 30  # S01
    assert 2 <= exercise.times <= 4
    assert exercise.has_sides
    assert exercise.feel
    assert exercise.muscle in MUSCLES


def test_every_muscle_has_a_form_for_each_position_where_that_is_safe() -> None:
    found = {(exercise.muscle, exercise.position) for exercise in STRETCHES}
    wanted = {(muscle, position) for muscle in MUSCLES for position in ("lying", "seated", "standing")}
    assert wanted - found == {("piriformis", "standing")}


def test_every_muscle_has_an_easy_form() -> None:
    assert {exercise.muscle for exercise in STRETCHES if exercise.gentle} == set(MUSCLES)


def test_no_hip_flexor_and_no_piriformis_for_a_replaced_hip_that_is_not_cleared() -> None:
    """S11, S12."""
    allowed = [exercise.id for exercise in ALL if "replaced" not in exercise.rules_out]
    assert allowed == ["warm_up_standing", "warm_up_seated", "hm_b_easy", "g04"]


def test_nobody_with_a_replaced_hip_hugs_a_knee_crosses_over_or_leans() -> None:
    """S11; the forms for which a clearance in general is not enough."""
    never = {exercise.id for exercise in ALL if "replaced_cleared" in exercise.rules_out}
    assert never == {"hf_b", "pf_d", "hm_b", "hm_c", "pf_b"}


def test_who_is_unsteady_doesn_t_stand() -> None:
    """S14."""
    standing = [exercise for exercise in ALL if exercise.position == "standing"]
    assert all("unsteady" in exercise.rules_out for exercise in standing)


def test_nobody_late_in_pregnancy_lies_flat() -> None:
    """S16."""
    lying = [exercise for exercise in ALL if exercise.position != "seated" and exercise.position != "standing"]
    assert [exercise.id for exercise in lying if "late_pregnancy" not in exercise.rules_out] == ["g04"]


@pytest.mark.parametrize("routine", routines().values(), ids=lambda routine: routine.id)
def test_a_routine_names_known_exercises_and_its_evidence(routine: object) -> None:
    name = routine.id  # type: ignore[attr-defined]
    entry = page("routines")[name]
    assert entry["evidence"]
    assert all(EVIDENCE.fullmatch(line) for line in entry["evidence"])
    assert all(fact in ("F23", "F24", "F27", "F28") for fact in entry["facts"])
    assert entry["next"] in ("", *routines())
    for ids in routines()[name].forms.values():
        assert len(set(ids)) == len(ids)
        assert set(ids) <= exercises().keys()


def test_the_stretch_routines_go_from_hamstring_over_hip_flexor_to_piriformis() -> None:
    for name in ("whole", "short"):
        for ids in routines()[name].forms.values():
            assert [exercises()[exercise].muscle for exercise in ids if not exercise.startswith("warm")] == list(
                MUSCLES
            )


def test_the_morning_routine_is_done_lying_down() -> None:
    (ids,) = routines()["morning_in_bed"].forms.values()
    assert {exercises()[name].position for name in ids} == {"lying"}


def test_strengthening_has_all_five_exercises() -> None:
    (ids,) = routines()["strengthening"].forms.values()
    assert sorted(ids) == ["g01", "g02", "g03", "g04", "g05"]
