"""How long somebody asked for: the table of odd lengths, and what holds for any text at all."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.amounts import (
    LONGEST,
    SHORTEST,
    USUAL,
    Amount,
    judge_amount,
    seconds_of_iso,
    seconds_of_minutes,
)

REASONS = {"over_limit", "under_limit", "zero", "negative", "range", "open_ended", "vague", "missing", "unclear"}

ten_to_twenty = st.integers(SHORTEST, LONGEST)
numbers = st.one_of(
    st.integers(-100, 100).map(str), st.integers(0, 10**30).map(str), st.decimals(-90, 90, places=3).map(str)
)
units = st.sampled_from("YMWDHS")
iso_like = st.lists(st.tuples(numbers, units), max_size=4).map(
    lambda parts: "PT" + "".join(number + unit for number, unit in parts)
)
texts = st.one_of(st.none(), st.text(max_size=30), numbers, iso_like, st.sampled_from(["", "?", "PT15M", "P15M", "15"]))


# ---- A length of time, as Alexa sends it


@pytest.mark.parametrize("duration", ["PT0S", "PT0M", "P0D"])
def test_no_time_at_all_is_never_started(duration: str) -> None:
    assert judge_amount(duration) == Amount(SHORTEST, 0, "zero")


@pytest.mark.parametrize("duration", ["-PT15M", "PT-15M"])
def test_less_than_nothing_is_never_started(duration: str) -> None:
    assert judge_amount(duration) == Amount(SHORTEST, -900, "negative")


@pytest.mark.parametrize(("duration", "asked"), [("PT1S", 1), ("PT5M", 300), ("PT9M59S", 599)])
def test_too_short_is_answered_with_an_offer_of_ten_minutes(duration: str, asked: int) -> None:
    assert judge_amount(duration) == Amount(SHORTEST, asked, "under_limit")


@pytest.mark.parametrize(("duration", "seconds"), [("PT10M", 600), ("PT20M", 1200), ("PT600S", 600), ("PT1200S", 1200)])
def test_both_ends_of_ten_to_twenty_minutes_are_fine(duration: str, seconds: int) -> None:
    assert judge_amount(duration) == Amount(seconds, seconds)


@pytest.mark.parametrize("duration", ["PT15M", "PT900S", "PT0.25H", "PT0H15M", "P0DT15M", "PT15M0S", "PT14M60S"])
def test_every_spelling_of_fifteen_minutes_is_fifteen_minutes(duration: str) -> None:
    assert judge_amount(duration) == Amount(900, 900)


@pytest.mark.parametrize(
    ("duration", "asked"), [("PT20M1S", 1201), ("PT1201S", 1201), ("PT21M", 1260), ("PT30M", 1800), ("PT1H", 3600)]
)
def test_too_long_is_answered_with_an_offer_of_twenty_minutes(duration: str, asked: int) -> None:
    assert judge_amount(duration) == Amount(LONGEST, asked, "over_limit")


@pytest.mark.parametrize("duration", ["PT50M", "PT30M", "PT13M", "PT15M"])
def test_a_length_that_sounds_like_another_is_taken_as_it_was_heard(duration: str) -> None:
    # "Fifteen" and "fifty" sound alike: what was heard decides, and the number is read back before anything starts.
    heard = judge_amount(duration)
    assert heard.asked_seconds == int(duration[2:-1]) * 60


@pytest.mark.parametrize("duration", ["P1D", "P1W", "P1M", "P1Y", "PT99999999999999999999M", "P9999999999Y"])
def test_absurd_lengths_neither_start_nor_overflow(duration: str) -> None:
    heard = judge_amount(duration)
    assert (heard.seconds, heard.reason) == (LONGEST, "over_limit")
    assert heard.asked_seconds is not None
    assert LONGEST < heard.asked_seconds <= 366 * 86400


@pytest.mark.parametrize(
    "duration",
    [
        "15",
        "15M",
        "PT",
        "P",
        "PTM",
        "pt15m",
        "PT15",
        "PT1.5.2M",
        "PT15M PT20M",
        "PT15M;DROP TABLE",
        "PT１５M",
        "PT١٥M",
        "P15",
        "PT15M\n",
        "P1DT",
        "?",
        "PT1e3S",
    ],
)
def test_what_is_no_length_is_asked_about(duration: str) -> None:
    assert seconds_of_iso(duration) is None
    assert judge_amount(duration) == Amount(USUAL, None, "unclear")


@pytest.mark.parametrize("duration", ["P15M", "P2YT3H10M"])
def test_months_and_years_are_not_minutes(duration: str) -> None:
    heard = judge_amount(duration)
    assert heard.reason == "over_limit"
    assert heard.asked_seconds is not None
    assert heard.asked_seconds > 86400


# ---- Minutes, ranges, and no number


@pytest.mark.parametrize(
    ("minutes", "amount"),
    [
        ("15", Amount(900, 900)),
        ("10", Amount(600, 600)),
        ("20", Amount(1200, 1200)),
        ("12.5", Amount(750, 750)),
        ("9", Amount(600, 540, "under_limit")),
        ("21", Amount(1200, 1260, "over_limit")),
        ("0", Amount(600, 0, "zero")),
        ("-15", Amount(600, -900, "negative")),
        ("?", Amount(USUAL, None, "unclear")),
        ("fifteen", Amount(USUAL, None, "unclear")),
        ("１５", Amount(USUAL, None, "unclear")),
    ],
)
def test_a_bare_number_is_minutes(minutes: str, amount: Amount) -> None:
    assert judge_amount(minutes=minutes) == amount


@pytest.mark.parametrize(
    ("lowest", "upper", "seconds", "reason"),
    [
        ("10", "PT15M", 600, "range"),
        ("15", "PT20M", 900, "range"),
        ("20", "PT10M", 600, "range"),
        ("5", "PT15M", 600, "range"),
        ("15", "PT45M", 900, "range"),
        ("30", "PT45M", 1200, "over_limit"),
        ("2", "PT5M", 600, "under_limit"),
        ("15", "PT15M", 900, None),
    ],
)
def test_of_a_range_the_lower_end_is_offered(lowest: str, upper: str, seconds: int, reason: str | None) -> None:
    heard = judge_amount(upper, lowest=lowest)
    assert (heard.seconds, heard.reason) == (seconds, reason)
    assert judge_amount(minutes=str(int(upper[2:-1])), lowest=lowest) == heard


def test_two_lengths_at_once_are_a_range() -> None:
    assert judge_amount("PT20M", minutes="10") == Amount(600, 600, "range")


@pytest.mark.parametrize(
    ("heard", "amount"),
    [
        ({}, Amount(USUAL, None, "missing")),
        ({"usual": 720}, Amount(720, None, "missing")),
        ({"vague": "vague"}, Amount(SHORTEST, None, "vague")),
        ({"vague": "open_ended"}, Amount(USUAL, None, "open_ended")),
        ({"vague": "open_ended", "duration": "PT15M"}, Amount(USUAL, None, "open_ended")),
        ({"vague": "vague", "minutes": "15"}, Amount(900, 900)),
    ],
)
def test_no_number_is_an_offer_and_no_end_is_never_agreed_to(heard: dict[str, str], amount: Amount) -> None:
    assert judge_amount(**heard) == amount  # type: ignore[arg-type]


# ---- For any text


@given(duration=texts, minutes=texts, lowest=texts, vague=st.one_of(st.none(), st.text(max_size=12)))
def test_whatever_comes_in_what_is_offered_is_ten_to_twenty_minutes(
    duration: str | None, minutes: str | None, lowest: str | None, vague: str | None
) -> None:
    heard = judge_amount(duration, minutes, lowest, vague)
    assert SHORTEST <= heard.seconds <= LONGEST
    assert heard.reason is None or heard.reason in REASONS


@given(duration=texts, minutes=texts, lowest=texts)
def test_only_what_was_asked_for_in_so_many_words_may_start_at_once(
    duration: str | None, minutes: str | None, lowest: str | None
) -> None:
    heard = judge_amount(duration, minutes, lowest)
    if heard.reason is None:
        assert heard.asked_seconds == heard.seconds


@given(ten_to_twenty)
def test_every_length_within_bounds_may_start(seconds: int) -> None:
    assert judge_amount(f"PT{seconds}S") == Amount(seconds, seconds)


@given(st.one_of(st.integers(-(10**9), SHORTEST - 1), st.integers(LONGEST + 1, 10**9)))
def test_no_length_out_of_bounds_may_start(seconds: int) -> None:
    assert judge_amount(f"PT{seconds}S").reason in ("over_limit", "under_limit", "zero", "negative")


@given(st.integers(1, 10**6))
def test_a_number_of_months_is_never_that_number_of_minutes(number: int) -> None:
    assert seconds_of_iso(f"P{number}M") != seconds_of_iso(f"PT{number}M")


@given(st.integers(0, 10**6))
def test_equal_lengths_are_equal_however_they_are_spelled(seconds: int) -> None:
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    spellings = [f"PT{seconds}S", f"PT{minutes}M{rest}S", f"PT{hours}H{left}M{rest}S", f"P0DT{minutes}M{rest}S"]
    assert {seconds_of_iso(spelling) for spelling in spellings} == {Fraction(seconds)}
    assert seconds_of_minutes(str(minutes)) == minutes * 60
