"""Spoken numbers and durations are read as Alexa gives them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.wording import words_of
from skill.coaching.understanding.spoken import VOCABULARY, is_unit, read_duration, read_number

DURATIONS = {
    "fifteen minutes": "PT15M",
    "fifteen minute": "PT15M",
    "fifteen-minute": "PT15M",
    "15 mins": "PT15M",
    "15mins": "PT15M",
    "15 m": "PT15M",
    "15 minutes.": "PT15M",
    "90 sec": "PT90S",
    "ninety seconds": "PT90S",
    "one second": "PT1S",
    "a minute": "PT1M",
    "one minute": "PT1M",
    "an hour": "PT1H",
    "2 hrs": "PT2H",
    "an hour and a half": "PT1H30M",
    "one and a half hours": "PT1H30M",
    "one hour and a half": "PT1H30M",
    "an hour and a quarter": "PT1H15M",
    "an hour and three quarters": "PT1H45M",
    "a minute and a half": "PT1M30S",
    "half an hour": "PT30M",
    "half hour": "PT30M",
    "a half hour": "PT30M",
    "half a minute": "PT30S",
    "half a second": "PT0.5S",
    "half a day": "PT12H",
    "a quarter of an hour": "PT15M",
    "quarter of an hour": "PT15M",
    "quarter hour": "PT15M",
    "three quarters of an hour": "PT45M",
    "three quarters of a minute": "PT45S",
    "a third of an hour": "PT20M",
    "one minute thirty seconds": "PT1M30S",
    "one minute thirty": "PT1M30S",
    "an hour twenty": "PT1H20M",
    "an hour and half a minute": "PT1H30S",
    "an hour five minutes and two seconds": "PT1H5M2S",
    "ten and a half minutes": "PT10M30S",
    "ten and a quarter minutes": "PT10M15S",
    "ten minutes and thirty seconds": "PT10M30S",
    "ten point five minutes": "PT10M30S",
    "10.5 minutes": "PT10M30S",
    "a couple of minutes": "PT2M",
    "couple of minutes": "PT2M",
    "a couple minutes": "PT2M",
    "a dozen minutes": "PT12M",
    "twenty odd minutes": "PT20M",
    "twenty-five minutes": "PT25M",
    "fourty minutes": "PT40M",
    "a hundred minutes": "PT100M",
    "hundred minutes": "PT100M",
    "one hundred and five minutes": "PT105M",
    "2 hundred seconds": "PT200S",
    "two thousand and ten seconds": "PT2010S",
    "zero minutes": "PT0M",
    "nil minutes": "PT0M",
    "no minutes": "PT0M",
    "zero hours": "PT0H",
    "nought seconds": "PT0S",
    "zero days": "P0D",
    "minus ten minutes": "-PT10M",
    "-10 minutes": "-PT10M",
    "fifteen hours": "PT15H",
    "fifteen days": "P15D",
    "two weeks": "P2W",
    "two and a half weeks": "P2W3DT12H",
    "fifteen months": "P15M",
    "a year and a half": "P1Y6M",
    "a day and two hours": "P1DT2H",
    "99999999999999999999 minutes": "PT99999999999999999999M",
}

NO_DURATIONS = (
    "",
    "fifteen",
    "minutes",
    "a few minutes",
    "a bit",
    "half way",
    "an",
    "minus",
    "hour",
    "15 x",
    "a couple",
)

NUMBERS = {
    "zero": 0,
    "seven": 7,
    "nineteen": 19,
    "forty": 40,
    "twenty five": 25,
    "a hundred": 100,
    "one hundred and five": 105,
    "three hundred thousand five hundred": 300_500,
    "one million two hundred thousand and five": 1_200_005,
    "two thousand ten": 2010,
    "a dozen": 12,
    "minus four": -4,
    "negative three": -3,
    "seven point five": 7.5,
    "15": 15,
    "7.5": 7.5,
}


@pytest.mark.parametrize(("words", "iso"), DURATIONS.items())
def test_a_duration_is_read(words: str, iso: str) -> None:
    read = read_duration(words_of(words), 0)
    assert read == (iso, len(words_of(words)))


@pytest.mark.parametrize("words", NO_DURATIONS)
def test_what_is_no_duration_is_not_guessed(words: str) -> None:
    assert read_duration(words.split(), 0) is None


@pytest.mark.parametrize(("words", "value"), NUMBERS.items())
def test_a_number_is_read(words: str, value: float) -> None:
    read = read_number(words.split(), 0)
    assert read is not None
    assert read[0] == value


@pytest.mark.parametrize("words", ["", "and", "a", "point five", "minus", "ten-ish", "٧", "²", "1.2.3", "9" * 31])
def test_what_is_no_number_is_not_guessed(words: str) -> None:
    assert read_number(words.split(), 0) is None


@pytest.mark.parametrize(
    ("words", "length"),
    [("ten twenty", 1), ("twenty ten", 1), ("one hundred and ice", 2), ("five point break", 1), ("two three", 1)],
)
def test_a_number_ends_where_the_next_thing_begins(words: str, length: int) -> None:
    read = read_number(words.split(), 0)
    assert read is not None
    assert read[1] == length


@pytest.mark.parametrize(
    ("words", "iso", "after"),
    [
        ("ten minutes and ice", "PT10M", 2),
        ("ten minutes twenty minutes", "PT10M", 2),
        ("five minutes an hour", "PT5M", 2),
        ("one minute thirty more", "PT1M", 2),
        ("ten minutes and a half truth", "PT10M30S", 5),
    ],
)
def test_a_duration_ends_where_the_next_thing_begins(words: str, iso: str, after: int) -> None:
    assert read_duration(words.split(), 0) == (iso, after)


def test_reading_starts_where_it_is_told_to() -> None:
    words = words_of("start ice for fifteen minutes please")
    assert read_duration(words, 3) == ("PT15M", 5)
    assert read_duration(words, 4) is None
    assert read_number(words, 3) == (15, 4)
    assert read_number(words, 99) is None


def test_another_minute_is_one_minute() -> None:
    assert read_duration(["another", "minute"], 1) == ("PT1M", 2)
    assert read_duration(["another", "minutes"], 1) is None


def test_the_vocabulary_holds_every_word_that_is_read() -> None:
    spoken = {word for words in [*DURATIONS, *NUMBERS] for word in words_of(words) if word.isalpha()}
    assert spoken - VOCABULARY <= {"a", "an", "no", "of", "and", "odd", "m"}
    assert is_unit("minutes")
    assert not is_unit("moments")


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spell(number: int) -> str:
    """A whole number below a million in words, as people say it."""
    if number < 20:
        return _ONES.split()[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS.split()[tens - 2] + (f" {spell(ones)}" if ones else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    many, rest = divmod(number, size)
    joint = " and " if rest and rest < 100 else " "
    return f"{spell(many)} {name}" + (joint + spell(rest) if rest else "")


@settings(deadline=None)
@given(st.integers(0, 999_999))
def test_any_number_spelled_out_is_read_back(number: int) -> None:
    words = spell(number).split()
    assert read_number(words, 0) == (number, len(words))


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(1, 5000), st.sampled_from(["", "and "]))
def test_any_minutes_and_seconds_spelled_out_are_read_back(minutes: int, seconds: int, joint: str) -> None:
    words = f"{spell(minutes)} minutes {joint}{spell(seconds)} seconds".split()
    expected = (f"PT{minutes}M" if minutes else "PT") + f"{seconds}S"
    assert read_duration(words, 0) == (expected, len(words))


@settings(deadline=None)
@given(st.lists(st.sampled_from([*sorted(VOCABULARY), "and", "a", "an", "of", "15", "2.5"]), max_size=30))
def test_any_run_of_number_words_is_read_forward(words: list[str]) -> None:
    for start in range(len(words)):
        for read in (read_number(words, start), read_duration(words, start)):
            assert read is None or start < read[1] <= len(words)
