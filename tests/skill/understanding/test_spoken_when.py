"""Spoken times and dates come out as Alexa gives them, and nothing that is neither is taken for one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.understanding.alexa_dates import as_alexa_date
from skill.coaching.understanding.spoken_when import VOCABULARY, read_date, read_time

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("seven", "07:00"),
        ("seven pm", "19:00"),
        ("seven p m", "19:00"),
        ("twelve am", "00:00"),
        ("twelve pm", "12:00"),
        ("seven thirty", "07:30"),
        ("seven thirty in the evening", "19:30"),
        ("six oh five am", "06:05"),
        ("half past seven", "07:30"),
        ("quarter to eight at night", "19:45"),
        ("ten to eight", "07:50"),
        ("five past one in the afternoon", "13:05"),
        ("quarter to one pm", "12:45"),
        ("eight o'clock", "08:00"),
        ("19 30", "19:30"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("two at night", "02:00"),
        ("morning", "MO"),
        ("evening", "EV"),
    ],
)
def test_times_as_alexa_gives_them(words: str, value: str) -> None:
    tokens = words.split()
    assert read_time(tokens, 0) == (value, len(tokens))


@pytest.mark.parametrize("words", ["fifteen", "ten minutes", "an hour", "hello", "thirteen pm", ""])
def test_what_is_no_time(words: str) -> None:
    assert read_time(words.split(), 0) is None


def test_that_one_is_no_hour_but_at_one_is() -> None:
    assert read_time("the heat one".split(), 2) is None
    assert read_time("at one".split(), 1) == ("01:00", 2)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("today", "2026-11-23"),
        ("tonight", "2026-11-23TNI"),
        ("this morning", "2026-11-23TMO"),
        ("tomorrow", "2026-11-24"),
        ("tomorrow evening", "2026-11-24TEV"),
        ("the day after tomorrow", "2026-11-25"),
        ("yesterday", "2026-11-22"),
        ("monday", "2026-11-23"),
        ("next sunday", "2026-11-29"),
        ("tuesday morning", "2026-11-24TMO"),
        ("this week", "2026-W48"),
        ("next week", "2026-W49"),
        ("this weekend", "2026-W48-WE"),
        ("next month", "2026-12"),
        ("july", "2027-07"),
        ("december third", "2026-12-03"),
        ("the third of december", "2026-12-03"),
        ("november twenty second", "2027-11-22"),
        ("the twenty ninth of february", "2028-02-29"),
    ],
)
def test_dates_as_alexa_gives_them(words: str, value: str) -> None:
    tokens = words.split()
    read = read_date(tokens, 0)
    assert read is not None
    assert (as_alexa_date(read[0], MONDAY), read[1]) == (value, len(tokens))


@pytest.mark.parametrize("words", ["third", "twenty five", "week", "may", "march", "the", ""])
def test_what_is_no_date(words: str) -> None:
    assert read_date(words.split(), 0) is None


@given(st.text(), st.dates(date(1, 1, 2), date(9990, 1, 1)))
def test_any_other_date_stays_as_it_is(text: str, today: date) -> None:
    if not text.startswith(("--", "+", "-", "W", "M", "T", "F", "S")):
        assert as_alexa_date(text, today) == text


@given(st.lists(st.sampled_from([*sorted(VOCABULARY), "in", "the", "at", "a", "next", "this", "of", "seven", "30"])))
def test_whatever_is_said_is_read_to_a_place_further_on(words: list[str]) -> None:
    for place in range(len(words)):
        for read in (read_time(words, place), read_date(words, place)):
            assert read is None or place < read[1] <= len(words)
        day = read_date(words, place)
        assert day is None or as_alexa_date(day[0], MONDAY)[:4].isdigit()
