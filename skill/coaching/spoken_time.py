"""Lengths of time and times of day, worded as a person would say them."""

from __future__ import annotations

from datetime import datetime

from skill.content import words

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = ("", "", "twenty", "thirty", "forty", "fifty")


def number_words(number: int) -> str:
    """A whole number in words up to fifty-nine, in digits beyond."""
    if not 0 <= number < 60:
        return str(number)
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def ordinal_words(number: int) -> str:
    """A place in a row, from 1 on: "third", and "11th" where the words end."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _count(number: int, unit: str) -> str:
    return f"{number_words(number)} {unit}" + ("" if number == 1 else "s")


def exact_length(seconds: int) -> str:
    """A length to the second: "fifteen minutes", "ten minutes and thirty seconds"."""
    minutes, rest = divmod(max(0, seconds), 60)
    if not rest:
        return _count(minutes, "minute")
    if not minutes:
        return _count(rest, "second")
    return f"{_count(minutes, 'minute')} and {_count(rest, 'second')}"


def rough_length(seconds: int) -> str:
    """A length as a person would say it: "about twelve minutes", "less than a minute". Rounded down, never up."""
    minutes, rest = divmod(max(0, seconds), 60)
    if not minutes:
        return words("therapy.time.less_than_a_minute")
    if minutes < 60 and not rest:
        return _count(minutes, "minute")
    return about(seconds)


def about(seconds: int) -> str:
    """A length that is only roughly so, in whole minutes or hours: "about one hour"."""
    minutes = max(1, seconds // 60)
    if minutes == 1:
        return words("therapy.time.about_a_minute")
    amount = _count(minutes, "minute") if minutes < 60 else _count(minutes // 60, "hour")
    return words("therapy.time.about", amount=amount)


def clock_time(moment: datetime) -> str:
    """A time of day: "9:05 AM". `moment` is in the listener's own time zone."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"


def capitalised(text: str) -> str:
    """The text with its first letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
