"""What a command in free words says of a session: what was turned down, corrected or denied on the way is not meant."""

from __future__ import annotations

import pytest

from skill.coaching.understanding.commands import is_plain_wish, spoken_slots
from skill.coaching.understanding.features import words_of


def slots(text: str) -> dict[str, str]:
    return {name: spoken.value for name, spoken in spoken_slots(words_of(text)).items()}


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("the heating pad is broken so cold it is", "cold"),
        ("there's no ice in the house so the hot water bottle then", "heat"),
        ("we're out of peas let's do the wheat bag", "heat"),
        ("i don't want ice i want heat", "heat"),
        ("i can't stand the cold so warm please", "heat"),
        ("heat did nothing for me so ice", "cold"),
        ("instead of ice give me the heat pad", "heat"),
        ("i'm cold so get the heat pad going", "heat"),
        ("my hip is cold so heat", "heat"),
        ("so heat please and no ice", "heat"),
        ("it's heat not ice", "heat"),
        ("heat sorry ice", "cold"),
        ("not the hot one the icy one", "cold"),
    ],
)
def test_what_is_named_only_to_be_turned_down_is_not_wished(text: str, modality: str) -> None:
    named = slots(text)
    assert named["modality"] == modality
    assert named.keys().isdisjoint({"with_modality", "then_modality"})


@pytest.mark.parametrize(
    ("text", "slot"), [("ice and a heat pad", "with_modality"), ("heat for ten minutes then ice", "then_modality")]
)
def test_two_that_are_both_wished_stay_two(text: str, slot: str) -> None:
    assert slots(text)["modality"] != slots(text)[slot]


def test_one_alone_is_taken_even_when_it_was_turned_down() -> None:
    assert slots("i had ice")["modality"] == "cold"


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("the wheat bag's on", "heat"),
        ("a bag of sweetcorn on the hip", "cold"),
        ("a carrier bag of snow", "cold"),
        ("heated seat's on", "heat"),
        ("i'm in the bath", "heat"),
    ],
)
def test_heat_and_cold_are_known_by_odd_names(text: str, modality: str) -> None:
    assert slots(text)["modality"] == modality


@pytest.mark.parametrize(
    "text",
    [
        "he's not burnt so ten minutes of heat",
        "no rash no numbness ten minutes of heat",
        "she isn't diabetic start the heat",
        "nothing's numb so heat for ten minutes",
    ],
)
def test_a_worry_that_is_denied_is_none(text: str) -> None:
    assert "caution" not in slots(text)


@pytest.mark.parametrize(
    ("text", "caution"),
    [
        ("his skin is burnt start the heat", "wound"),
        ("not burnt but there is a rash start the heat", "wound"),
        ("i can't feel my skin start the heat", "numb"),
    ],
)
def test_a_worry_that_is_told_stays(text: str, caution: str) -> None:
    assert spoken_slots(words_of(text))["caution"].ids == (caution,)


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("twenty minutes of heat no make it fifteen", "minutes", "15"),
        ("thirteen not thirty minutes of warmth", "minutes", "13"),
        ("ten or rather fifteen minutes of ice", "duration", "PT15M"),
    ],
)
def test_the_corrected_length_is_meant(text: str, slot: str, value: str) -> None:
    assert slots(text)[slot] == value


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("wheat bag's on so eleven minutes", True),
        ("ten minutes of ice or so", True),
        ("heat on the hip or groin fifteen minutes", True),
        ("tell me when ten minutes of ice are up", True),
        ("ice or heat for ten minutes", False),
        ("when should i do ten minutes of ice", False),
        ("is ten minutes of ice enough", False),
        ("ten minutes please", False),
    ],
)
def test_a_plain_wish_names_both_and_asks_nothing(text: str, plain: bool) -> None:
    assert is_plain_wish(words_of(text)) is plain
