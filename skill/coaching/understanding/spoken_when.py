"""Spoken times of day and dates: what AMAZON.TIME and AMAZON.DATE make of English words.

Both readers take words as `spoken` does and read the longest time or date that begins at a place. A time comes out as
Alexa gives it: "19:30", or MO, AF, EV, NI for a part of the day. A date that depends on today comes out as an offset
("+1", "MO", "W+1") for which `as_alexa_date` has the date that Alexa would give.
"""

from __future__ import annotations

from collections.abc import Sequence

from skill.coaching.understanding.alexa_dates import PARTS, WEEKDAY_CODES, WEEKDAYS, in_part
from skill.coaching.understanding.spoken import is_unit, read_number

_MONTHS = (
    "january february march april may june july august september october november december"  # "may" needs a day
).split()
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30}
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_MORNING, _AFTER_NOON = {"am", "a"}, {"pm", "p"}
_QUARTERS = {("half", "past"): 30, ("quarter", "past"): 15, ("quarter", "after"): 15, ("quarter", "to"): -15}
_LEADING = {"", "at", "by", "around", "about", "before", "for", "till", "until"}
_BEFORE = {"to", "till", "of"}
_AFTER = {"past", "after"}

VOCABULARY = frozenset({*PARTS, *_NAMED, *WEEKDAYS, *_MONTHS, *_ORDINALS, "am", "pm", "o'clock", "half", "quarter"}) | {
    *("past", "today", "tonight", "tomorrow", "yesterday", "weekend")
}
"""Every word that means something here, for those who repair spelling."""


def read_time(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read the time of day that begins at `start`: as Alexa gives it, and the place after it.

    A bare hour is read as it stands ("seven" is 07:00); what is said of the part of the day comes with it.
    """
    word = _word(tokens, start)
    if word in _NAMED:
        return _NAMED[word], start + 1
    if word in PARTS:
        return PARTS[word], start + 1
    clock = _clock(tokens, start)
    if clock is None:
        return None
    hour, minute, place = clock
    following = _word(tokens, place)
    if following in _MORNING | _AFTER_NOON and (len(following) == 2 or _word(tokens, place + 1) == "m"):
        hour = hour % 12 + (12 if following in _AFTER_NOON else 0)
        place += 1 if len(following) == 2 else 2
    else:
        hour, place = _with_part(tokens, hour, place)
        if word == "one" and place == start + 1 and _word(tokens, start - 1) not in _LEADING:
            # "the heat one", "that one": a pronoun far more often than an hour.
            return None
    return f"{hour:02d}:{minute:02d}", place


def read_date(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read the date that begins at `start`: an offset from today, or month and day ("--11-25"), and the place after."""
    read = _offset_date(tokens, start) or _weekday(tokens, start) or _span(tokens, start)
    if read is None:
        return _calendar_day(tokens, start)
    value, place = read
    part = PARTS.get(_word(tokens, place))
    if part and "T" not in value[1:] and not value.startswith(("W+", "W-", "M+", "M-", "WE+")):
        return f"{value}T{part}", place + 1
    return value, place


def _word(tokens: Sequence[str], place: int) -> str:
    return tokens[place] if 0 <= place < len(tokens) else ""


def _clock(tokens: Sequence[str], start: int) -> tuple[int, int, int] | None:
    """Hour, minute and the place after: "seven", "seven thirty", "half past seven", "ten to eight"."""
    quarter = _QUARTERS.get((_word(tokens, start), _word(tokens, start + 1)))
    begin = start + 1 if _word(tokens, start) == "a" and quarter is None else start
    quarter = quarter or _QUARTERS.get((_word(tokens, begin), _word(tokens, begin + 1)))
    if quarter is not None:
        hour = _hour(tokens, begin + 2)
        return (*_shifted(hour[0], quarter), hour[1]) if hour else None
    first = _whole(tokens, start)
    if first is None:
        return None
    number, place = first
    direction = _word(tokens, place)
    if number in (5, 10, 20, 25) and direction in _BEFORE | _AFTER:
        hour = _hour(tokens, place + 1)
        if hour is not None:
            return (*_shifted(hour[0], number if direction in _AFTER else -number), hour[1])
    hour = _hour(tokens, start)
    if hour is None:
        return None
    place = hour[1]
    if _word(tokens, place) == "o'clock":
        return hour[0], 0, place + 1
    minutes = _minutes(tokens, place)
    return (hour[0], minutes[0], minutes[1]) if minutes else (hour[0], 0, place)


def _with_part(tokens: Sequence[str], hour: int, place: int) -> tuple[int, int]:
    """The hour with "in the evening" or "at night" after it."""
    words = tuple(tokens[place : place + 3])
    part = PARTS.get(words[2]) if words[:2] == ("in", "the") and len(words) == 3 else None
    if part:
        return in_part(hour, part), place + 3
    return (in_part(hour, "NI"), place + 2) if words[:2] == ("at", "night") else (hour, place)


def _hour(tokens: Sequence[str], start: int) -> tuple[int, int] | None:
    """An hour of the clock that is no length: "ten" in "ten minutes" is none."""
    read = _whole(tokens, start)
    if read is None or is_unit(_word(tokens, read[1])) or _word(tokens, start) in ("a", "an"):
        return None
    hour, place = read
    typed = _word(tokens, start).isdigit()
    return (hour, place) if 1 <= hour <= 12 or (typed and 0 <= hour <= 23) else None


def _minutes(tokens: Sequence[str], start: int) -> tuple[int, int] | None:
    """Minutes after an hour: "thirty", "oh five"."""
    after_zero = _word(tokens, start) in ("oh", "zero")
    read = _whole(tokens, start + after_zero)
    if read is None or is_unit(_word(tokens, read[1])):
        return None
    least, most = (1, 9) if after_zero else (10, 59)
    padded = _word(tokens, start).isdigit() and len(_word(tokens, start)) == 2
    return read if least <= read[0] <= most or (padded and read[0] < 60) else None


def _whole(tokens: Sequence[str], start: int) -> tuple[int, int] | None:
    read = read_number(tokens, start)
    return (read[0], read[1]) if read and isinstance(read[0], int) and 0 <= read[0] < 100 else None


def _shifted(hour: int, minutes: int) -> tuple[int, int]:
    hours, minute = divmod(hour * 60 + minutes, 60)
    return hours % 24 or (12 if hour <= 12 and hours == 0 else 0), minute


def _offset_date(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    word, following = _word(tokens, start), _word(tokens, start + 1)
    days = {"today": "+0", "tomorrow": "+1", "yesterday": "-1", "tonight": "+0TNI"}
    if word in days:
        return days[word], start + 1
    if word == "this" and following in PARTS:
        return "+0T" + PARTS[following], start + 2
    place = start + (word == "the")
    if tuple(tokens[place : place + 3]) == ("day", "after", "tomorrow"):
        return "+2", place + 3
    return None


def _weekday(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    place = start + (_word(tokens, start) in ("next", "this"))
    word = _word(tokens, place)
    return (WEEKDAY_CODES[WEEKDAYS.index(word)], place + 1) if word in WEEKDAYS else None


def _span(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """A week, a weekend or a month: too wide for a reminder, but said."""
    which = {"this": "+0", "next": "+1", "last": "-1"}.get(_word(tokens, start))
    letter = {"week": "W", "weekend": "WE", "month": "M"}.get(_word(tokens, start + 1))
    return (letter + which, start + 2) if which and letter else None


def _calendar_day(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """A day of the year: "december third", "the third of december"."""
    word = _word(tokens, start)
    if word in _MONTHS:
        place = start + 1 + (_word(tokens, start + 1) == "the")
        day = _day_of_month(tokens, place)
        if day:
            return f"--{_MONTHS.index(word) + 1:02d}-{day[0]:02d}", day[1]
        return (f"--{_MONTHS.index(word) + 1:02d}", start + 1) if word not in ("may", "march") else None
    day = _day_of_month(tokens, start + (word == "the"))
    if day is None:
        return None
    place = day[1] + (_word(tokens, day[1]) == "of")
    month = _word(tokens, place)
    return (f"--{_MONTHS.index(month) + 1:02d}-{day[0]:02d}", place + 1) if month in _MONTHS else None


def _day_of_month(tokens: Sequence[str], start: int) -> tuple[int, int] | None:
    tens = {"twenty": 20, "thirty": 30}.get(_word(tokens, start), 0)
    ordinal = _ORDINALS.get(_word(tokens, start + bool(tens)), 0)
    if ordinal and (not tens or ordinal < 10):
        day, place = tens + ordinal, start + 1 + bool(tens)
    else:
        read = _whole(tokens, start)
        if read is None or is_unit(_word(tokens, read[1])):
            return None
        day, place = read
    return (day, place) if 1 <= day <= 31 else None
