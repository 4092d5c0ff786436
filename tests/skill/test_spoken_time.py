"""Lengths and times of day in words: rounded down, never to nothing, one minute and two minutes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.spoken_time import (
    about,
    capitalised,
    clock_time,
    exact_length,
    number_words,
    ordinal_words,
    rough_length,
)

NUMBERS = {number_words(number): number for number in range(60)}


def value(spoken: str) -> tuple[int, str]:
    """The number and the unit in "about twelve minutes"."""
    number, unit = spoken.removeprefix("about ").split()
    return 1 if number == "a" else NUMBERS.get(number) or int(number), unit


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (0, "less than a minute"),
        (1, "less than a minute"),
        (44, "less than a minute"),
        (59, "less than a minute"),
        (60, "one minute"),
        (61, "about a minute"),
        (119, "about a minute"),
        (120, "two minutes"),
        (659, "about ten minutes"),
        (660, "eleven minutes"),
        (1260, "twenty-one minutes"),
        (3599, "about fifty-nine minutes"),
        (3600, "about one hour"),
        (7199, "about one hour"),
        (7200, "about two hours"),
    ],
)
def test_a_length_is_rounded_down(seconds: int, spoken: str) -> None:
    assert rough_length(seconds) == spoken


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (1, "one second"),
        (30, "thirty seconds"),
        (60, "one minute"),
        (61, "one minute and one second"),
        (630, "ten minutes and thirty seconds"),
        (900, "fifteen minutes"),
        (3600, "60 minutes"),
    ],
)
def test_an_exact_length_is_said_to_the_second(seconds: int, spoken: str) -> None:
    assert exact_length(seconds) == spoken


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [(60, "about a minute"), (900, "about fifteen minutes"), (3600, "about one hour"), (0, "about a minute")],
)
def test_what_is_only_roughly_so_is_said_to_be(seconds: int, spoken: str) -> None:
    assert about(seconds) == spoken


@given(st.integers(1, 3599))
def test_time_that_is_left_is_never_said_to_be_none_and_never_to_be_more_than_it_is(seconds: int) -> None:
    spoken = rough_length(seconds)
    assert "zero" not in spoken
    assert "0" not in spoken
    if spoken == "less than a minute":
        assert seconds < 60
    else:
        number, _ = value(spoken)
        assert 0 <= seconds - number * 60 < 60
        # Only a length that is just so may be said without "about".
        assert spoken.startswith("about") == (seconds % 60 != 0)


@given(st.integers(3600, 10**6))
def test_hours_are_rounded_down(seconds: int) -> None:
    number, unit = value(rough_length(seconds))
    assert unit == ("hour" if number == 1 else "hours")
    assert 0 <= seconds - number * 3600 < 3600


@given(st.integers(-(10**6), 10**7))
def test_a_unit_is_singular_for_one_alone(seconds: int) -> None:
    for spoken in (rough_length(seconds), exact_length(seconds)):
        for number, unit in re.findall(r"([a-z0-9-]+) ((?:minute|second|hour)s?)\b", spoken):
            assert unit.endswith("s") == (number not in ("one", "a"))


@given(st.integers(0, 3599))
def test_no_two_exact_lengths_sound_the_same(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    spoken = exact_length(seconds)
    assert (number_words(minutes) in spoken) or not minutes
    assert (number_words(rest) in spoken) or not rest


@pytest.mark.parametrize(
    ("hour", "minute", "spoken"),
    [(0, 0, "12:00 AM"), (9, 5, "9:05 AM"), (12, 0, "12:00 PM"), (13, 59, "1:59 PM"), (23, 59, "11:59 PM")],
)
def test_a_time_of_day_is_said_by_the_twelve_hour_clock(hour: int, minute: int, spoken: str) -> None:
    assert clock_time(datetime(2026, 3, 2, hour, minute, tzinfo=UTC)) == spoken


def test_capitals_are_set_on_the_first_letter_alone() -> None:
    assert capitalised("ten minutes of AS") == "Ten minutes of AS"
    assert capitalised("") == ""


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (1, "first"),
        (2, "second"),
        (10, "tenth"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (22, "22nd"),
        (113, "113th"),
    ],
)
def test_a_place_in_a_row_is_said_as_one(number: int, spoken: str) -> None:
    assert ordinal_words(number) == spoken
