"""What words say of the body in the middle of a stretch, whatever the sentence means otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.stretching import CONDITIONS
from skill.coaching.stretching.heard import (
    asks_for_limits,
    conditions_told,
    names_burning_pain,
    names_pain,
    names_replaced_hip,
    names_sleep,
    names_stop_sign,
    tells_of_own_hip,
)
from skill.content import page


@pytest.mark.parametrize("sign", page("stretching")["heard"]["stop_signs"])
def test_every_stop_sign_is_heard_in_a_sentence_and_not_when_denied(sign: str) -> None:
    assert names_stop_sign(f"oh i think {sign} now")
    assert not names_stop_sign(f"no {sign}")


@pytest.mark.parametrize("text", ["", "ready", "next one please", "my pins are fine", "out of the way"])
def test_what_is_no_stop_sign(text: str) -> None:
    assert not names_stop_sign(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bloody hell that's sore", True),
        ("amma is having pain", True),
        ("no pain next please", False),
        ("it doesn't hurt", False),
        ("why does it hurt", False),
        ("ready", False),
    ],
)
def test_pain_is_told_and_not_asked_about(text: str, said: bool) -> None:
    assert names_pain(text) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [("it's burning", True), ("it burns behind my thigh", True), ("my skin is burning", False), ("a pull", False)],
)
def test_burning_of_a_muscle_is_not_burning_of_the_skin(text: str, said: bool) -> None:
    assert names_burning_pain(text) is said


@pytest.mark.parametrize(
    ("text", "asked"),
    [("should it hurt", True), ("is it normal to be sore", True), ("it hurts", False), ("should i go on", False)],
)
def test_how_much_may_hurt_is_a_question(text: str, asked: bool) -> None:
    assert asks_for_limits(text) is asked


@pytest.mark.parametrize(
    "text",
    [
        "new hip",
        "hip replacement",
        "metal in my hip",
        "had my hip replaced",
        "artificial hip",
        "had both hips done last year",
        "a total hip in march",
        "my hip arthroplasty",
    ],
)
def test_names_of_a_replaced_hip(text: str) -> None:
    assert names_replaced_hip(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a jab in the hip today",
        "had surgery",
        "my knee was replaced",
        "a new towel",
        "my hip has had a total rest",
        "my hip operation is next month",
        "that's done my hip good",
        "that's the left hip done",
        "left hip done next",
    ],
)
def test_no_replaced_hip(text: str) -> None:
    assert not names_replaced_hip(text)


@pytest.mark.parametrize(
    "text",
    [
        "i've a metal hip so what may i stretch",
        "i have a new hip",
        "my left hip was replaced",
        "my husband has had his hip replaced",
        "her hip is metal",
        "he's got an artificial hip",
    ],
)
def test_a_hip_that_is_plainly_somebody_s_own(text: str) -> None:
    assert tells_of_own_hip(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "can i do this with a replaced hip",
        "what if i have a metal hip",
        "tell me if i can stretch when my hip was replaced",
        "people with a metal hip",
        "my friend has a metal hip can she stretch",
        "somebody with a hip replacement",
        "is it all right with an artificial hip",
    ],
)
def test_a_hip_that_is_asked_about_or_somebody_else_s(text: str) -> None:
    assert not tells_of_own_hip(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("i've got osteoporosis", {"osteoporosis"}),
        ("my balance is bad and i'm flaring up", {"unsteady", "flare"}),
        ("i haven't got sciatica", set()),
        ("is this good for sciatica", set()),
        ("what if i have osteoporosis", set()),
    ],
)
def test_conditions_are_told_and_not_asked_about(text: str, told: set[str]) -> None:
    assert conditions_told(text) == told


def test_every_condition_that_is_listened_for_is_one_of_the_coach_s() -> None:
    assert page("stretching")["heard"]["conditions"].keys() <= CONDITIONS


def test_sleep() -> None:
    assert names_sleep("he's fallen asleep")
    assert not names_sleep("he's not asleep")


@given(st.text(max_size=200))
def test_any_text_may_be_asked(text: str) -> None:
    for heard in (names_stop_sign, names_pain, names_burning_pain, names_sleep, asks_for_limits, tells_of_own_hip):
        assert heard(text) in (True, False)
    assert conditions_told(text) <= CONDITIONS
    assert not (names_pain(text) and asks_for_limits(text))
