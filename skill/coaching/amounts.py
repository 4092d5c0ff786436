"""How long somebody asked for, and whether that may be timed as it stands.

Heat and cold run for ten to twenty minutes, both included (F22). Whatever else is asked is never started as asked:
the nearest safe length is offered, with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

SHORTEST = 10 * 60
"""Seconds: the shortest session (F22)."""
LONGEST = 20 * 60
"""Seconds: the longest session, never exceeded (F22, C02)."""
USUAL = 15 * 60
"""Seconds: what is offered when nobody said how long."""

_NUMBER = r"(-?[0-9]{1,40}(?:[.][0-9]{1,9})?)"
_ISO = re.compile(
    rf"([+-]?)P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,40}(?:[.][0-9]{1,9})?")
_UNIT_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)
_A_YEAR = 366 * 86400


def seconds_of_iso(text: str) -> Fraction | None:
    """Seconds in an ISO 8601 duration as AMAZON.DURATION gives it, or None when it can't be read.

    `P15M` is fifteen months, not minutes; it comes out as long as it is. Digits are ASCII only, letters upper case.
    """
    from fractions import Fraction

    match = _ISO.fullmatch(text)
    if match is None:
        return None
    sign, years, months, weeks, days, time_part, hours, minutes, seconds = match.groups()
    parts = (years, months, weeks, days, hours, minutes, seconds)
    if not any(parts) or time_part == "T":
        return None
    total = sum((Fraction(part) * unit for part, unit in zip(parts, _UNIT_SECONDS, strict=True) if part), Fraction())
    return -total if sign == "-" else total


def seconds_of_minutes(text: str) -> Fraction | None:
    """Seconds in a bare number of minutes as AMAZON.NUMBER gives it ("15"), or None when it can't be read ("?")."""
    from fractions import Fraction

    return Fraction(text) * 60 if _PLAIN_NUMBER.fullmatch(text) else None


@dataclass(frozen=True)
class Amount:
    """How long a session would be, and why that differs from what was asked."""

    seconds: int
    """What may be timed: always from `SHORTEST` to `LONGEST`."""
    asked_seconds: int | None = None
    """What was asked for, where that was a length."""
    reason: str | None = None
    """Why it must be confirmed first (over_limit, under_limit, zero, negative, range, open_ended, vague, missing,
    unclear); None when it may start as asked."""


def judge_amount(
    duration: str | None = None,
    minutes: str | None = None,
    lowest: str | None = None,
    vague: str | None = None,
    usual: int = USUAL,
) -> Amount:
    """Decide what to time for the spoken length.

    Args:
        duration: an ISO 8601 duration.
        minutes: a bare number of minutes.
        lowest: the lower end of a range, in minutes; `duration` or `minutes` is the upper end.
        vague: "open_ended" or "vague" for lengths with no number.
        usual: seconds to offer when no length was given.
    """
    upper = seconds_of_iso(duration) if duration else seconds_of_minutes(minutes) if minutes else None
    lower = seconds_of_minutes(lowest) if lowest else None
    if duration and minutes and upper is not None and lower is None:
        lower = seconds_of_minutes(minutes)
    if upper is not None and lower is not None and lower != upper:
        return _judge_range(min(lower, upper), max(lower, upper))
    asked = upper if upper is not None else lower
    if vague == "open_ended":
        return Amount(usual, None, "open_ended")
    if asked is not None:
        return _judge_length(asked)
    if duration or minutes or lowest:
        return Amount(usual, None, "unclear")
    if vague:
        return Amount(SHORTEST, None, "vague")
    return Amount(usual, None, "missing")


def _judge_length(asked: Fraction) -> Amount:
    seconds = max(-_A_YEAR, min(_A_YEAR, int(asked)))
    if asked < 0:
        return Amount(SHORTEST, seconds, "negative")
    if asked == 0:
        return Amount(SHORTEST, 0, "zero")
    if asked < SHORTEST:
        return Amount(SHORTEST, seconds, "under_limit")
    if asked > LONGEST:
        return Amount(LONGEST, seconds, "over_limit")
    return Amount(seconds, seconds)


def _judge_range(low: Fraction, high: Fraction) -> Amount:
    if low > LONGEST or high < SHORTEST:
        return _judge_length(low if low > LONGEST else high)
    lower_end = _judge_length(low)
    return Amount(lower_end.seconds, lower_end.asked_seconds, "range")
