"""Spoken numbers and durations: what AMAZON.NUMBER and AMAZON.DURATION make of English words.

Both readers take words (lower case, no punctuation, "twenty-five" as two words) and a place to start, and read the
longest number or duration that begins there. They walk forward once and never guess: "a few minutes" is no duration.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_BELOW_TWENTY = {
    word: value
    for value, words in enumerate(
        (
            *("zero nought naught nil", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen forteen", "fifteen", "sixteen", "seventeen", "eighteen"),
            "nineteen",
        )
    )
    for word in words.split()
}
_TENS = {
    word: 10 * value
    for value, words in enumerate(
        ("twenty", "thirty", "forty fourty", "fifty", "sixty", "seventy", "eighty", "ninety ninty"), 2
    )
    for word in words.split()
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_MINUS = {"minus", "negative"}
_MOST_DIGITS = 30
"""Longer strings of digits are noise; reading them would only cost time."""

_UNIT_WORDS = {
    "Y": "year years yr yrs",
    "MO": "month months",
    "W": "week weeks wk wks",
    "D": "day days",
    "H": "hour hours hr hrs",
    "M": "minute minutes min mins",
    "S": "second seconds sec secs",
}
"""Units from the largest to the smallest. Months are "MO" here, for ISO 8601 writes M for months and for minutes."""

_UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_SHORT_UNITS = {"h": "H", "m": "M", "s": "S"}
"""Understood only after digits, as typed: "15 m"."""

_ORDER = list(_UNIT_WORDS)
_NEXT_SMALLER = {"Y": ("MO", 12), "MO": ("D", 30), "W": ("D", 7), "D": ("H", 24), "H": ("M", 60), "M": ("S", 60)}
"""What a fraction of a unit is told in: half an hour is thirty minutes, half a month fifteen days."""

_FRACTIONS = (
    (("three", "quarters"), Fraction(3, 4)),
    (("three", "quarter"), Fraction(3, 4)),
    (("a", "quarter"), Fraction(1, 4)),
    (("a", "half"), Fraction(1, 2)),
    (("a", "third"), Fraction(1, 3)),
    (("third",), Fraction(1, 3)),
    (("quarter",), Fraction(1, 4)),
    (("half",), Fraction(1, 2)),
)

VOCABULARY = frozenset({*_BELOW_TWENTY, *_TENS, *_SCALES, *_MINUS, *_UNITS, "dozen", "point", "couple", "quarters"}) | {
    word for words, _ in _FRACTIONS for word in words if word != "a"
}
"""Every word that means something here, for those who repair spelling."""

_Read = tuple[Fraction, int]


def read_number(tokens: Sequence[str], start: int) -> tuple[int | float, int] | None:
    """Read the number that begins at `start`: its value and the place after it, or None."""
    read = _signed(tokens, start)
    if read is None:
        return None
    value, after = read
    return (int(value) if value.denominator == 1 else float(value)), after


def read_duration(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read the duration that begins at `start`, as ISO 8601 in the units spoken ("PT90S"), and the place after it.

    Beware, as with Alexa, of "fifteen months": it is P15M, fifteen minutes are PT15M.
    """
    negative = _word(tokens, start) in _MINUS
    place = start + 1 if negative else start
    amounts: dict[str, Fraction] = {}
    last = -1
    while True:
        # "and" joins two parts; it is not the beginning of one.
        begin = place + 1 if amounts and _word(tokens, place) == "and" else place
        part = _part(tokens, begin)
        if part is None or _ORDER.index(part[1]) <= last:
            break
        amount, unit, place = part
        amounts[unit] = amount
        last = _ORDER.index(unit)
    if not amounts:
        return None
    place = _trailing_number(tokens, place, amounts, _ORDER[last])
    iso = _iso(amounts)
    return ("-" + iso if negative else iso), place


def is_unit(word: str) -> bool:
    """Whether `word` names a unit of time: "minutes", "hr"."""
    return word in _UNITS


def _word(tokens: Sequence[str], place: int) -> str:
    return tokens[place] if 0 <= place < len(tokens) else ""


def _signed(tokens: Sequence[str], start: int) -> _Read | None:
    if _word(tokens, start) in _MINUS:
        read = _decimal(tokens, start + 1)
        return read and (-read[0], read[1])
    return _decimal(tokens, start)


def _decimal(tokens: Sequence[str], start: int) -> _Read | None:
    """A whole number, and "point five" after it."""
    read = _whole(tokens, start)
    if read is None or _word(tokens, read[1]) != "point":
        return read
    value, after = read
    decimals = ""
    place = after + 1
    while len(decimals) < _MOST_DIGITS:
        word = _word(tokens, place)
        digit = str(_BELOW_TWENTY[word]) if word in _BELOW_TWENTY else word
        if not (digit.isascii() and digit.isdigit() and len(digit) == 1):
            break
        decimals += digit
        place += 1
    return (value + Fraction(int(decimals), 10 ** len(decimals)), place) if decimals else read


def _whole(tokens: Sequence[str], start: int) -> _Read | None:
    """Digits, or number words up to the millions: each scale once, from the largest down."""
    total = Fraction(0)
    place = start
    seen = False
    ceiling = 1_000_000_000
    while True:
        begin = place + 1 if seen and _word(tokens, place) == "and" else place
        group = _below_thousand(tokens, begin)
        if group is None:
            break
        value, after = group
        scale = _SCALES.get(_word(tokens, after), 1)
        if scale > 1:
            value, after = value * scale, after + 1
        # What follows must be smaller than the last scale: "two thousand ten" is one number, "ten twenty" is two.
        if seen and (value >= ceiling or scale >= ceiling):
            break
        total += value
        place, seen, ceiling = after, True, scale
        if scale == 1:
            break
    return (total, place) if seen else None


def _below_thousand(tokens: Sequence[str], start: int) -> _Read | None:
    word, following = _word(tokens, start), _word(tokens, start + 1)
    if word in {"a", "an"}:
        if following == "dozen":
            return Fraction(12), start + 2
        if following not in _SCALES:
            return None
        hundreds, place = Fraction(1), start + 1
    elif word == "hundred":
        hundreds, place = Fraction(1), start
    else:
        read = _below_hundred(tokens, start)
        if read is None:
            return None
        hundreds, place = read
    if _word(tokens, place) != "hundred":
        return hundreds, place
    hundreds, place = hundreds * 100, place + 1
    begin = place + 1 if _word(tokens, place) == "and" else place
    rest = _below_hundred(tokens, begin)
    if rest is None or rest[0] >= 100 or rest[0].denominator != 1 or tokens[begin].isdigit():
        return hundreds, place
    return hundreds + rest[0], rest[1]


def _below_hundred(tokens: Sequence[str], start: int) -> _Read | None:
    word = _word(tokens, start)
    if word in _BELOW_TWENTY:
        return Fraction(_BELOW_TWENTY[word]), start + 1
    if word in _TENS:
        unit = _BELOW_TWENTY.get(_word(tokens, start + 1), 0)
        if 0 < unit < 10:
            return Fraction(_TENS[word] + unit), start + 2
        return Fraction(_TENS[word]), start + 1
    if word.isascii() and len(word) <= _MOST_DIGITS and word.replace(".", "", 1).isdigit():
        return Fraction(word), start + 1
    return None


def _fraction(tokens: Sequence[str], start: int) -> _Read | None:
    """A part of one: "half", "a quarter", "three quarters"."""
    for words, value in _FRACTIONS:
        if tuple(tokens[start : start + len(words)]) == words:
            return value, start + len(words)
    return None


def _part(tokens: Sequence[str], start: int) -> tuple[Fraction, str, int] | None:
    """One part of a duration ("an hour", "half an hour", "ten and a half minutes"): amount, unit, the place after."""
    portion = _fraction(tokens, start)
    if portion is not None:
        value, place = portion
        if _word(tokens, place) == "of":
            place += 1
        if _word(tokens, place) in {"a", "an", "one"}:
            place += 1
        unit = _UNITS.get(_word(tokens, place))
        if unit is not None:
            return value, unit, place + 1

    article = _word(tokens, start) in {"a", "an"}
    if _word(tokens, start + article) == "couple":
        place = start + article + 1
        place += _word(tokens, place) == "of"
        unit = _UNITS.get(_word(tokens, place))
        return (Fraction(2), unit, place + 1) if unit else None

    number = _decimal(tokens, start)
    if number is not None:
        amount, place = number
        more = _and_fraction(tokens, place)
        if more is not None and _word(tokens, more[1]) in _UNITS:
            amount, place = amount + more[0], more[1]
        elif _word(tokens, place) == "odd":
            place += 1
    elif article:
        amount, place = Fraction(1), start + 1
    elif _word(tokens, start) == "no" and _word(tokens, start + 1).endswith("s"):
        # "for no minutes at all"
        amount, place = Fraction(0), start + 1
    elif _word(tokens, start - 1) == "another" and not _word(tokens, start).endswith("s"):
        # "another minute"
        amount, place = Fraction(1), start
    else:
        return None
    word = _word(tokens, place)
    unit = _UNITS.get(word) or (_SHORT_UNITS.get(word) if _word(tokens, place - 1)[-1:].isdigit() else None)
    if unit is None:
        return None
    place += 1
    more = _and_fraction(tokens, place)
    # "an hour and a half" ends here; "an hour and half a minute" goes on with a part of its own.
    if more is not None and _part(tokens, place + 1) is None:
        amount, place = amount + more[0], more[1]
    return amount, unit, place


def _and_fraction(tokens: Sequence[str], start: int) -> _Read | None:
    return _fraction(tokens, start + 1) if _word(tokens, start) == "and" else None


def _trailing_number(tokens: Sequence[str], place: int, amounts: dict[str, Fraction], unit: str) -> int:
    """Take "thirty" in "one minute thirty" as seconds: only as the last word, where nothing else can be meant."""
    number = _whole(tokens, place)
    if unit not in {"H", "M"} or number is None or number[1] != len(tokens) or not 0 < number[0] < 60:
        return place
    amounts[_NEXT_SMALLER[unit][0]] = number[0]
    return number[1]


def _iso(amounts: dict[str, Fraction]) -> str:
    """ISO 8601 of amounts by unit; a fraction of a unit is told in smaller ones, for Alexa gives whole numbers."""
    smallest = max(amounts, key=_ORDER.index)
    left = dict(amounts)
    date = time = ""
    for unit in _ORDER:
        amount = left.get(unit, Fraction(0))
        whole, rest = divmod(amount, 1)
        if rest and unit in _NEXT_SMALLER:
            smaller, ratio = _NEXT_SMALLER[unit]
            left[smaller] = left.get(smaller, Fraction(0)) + rest * ratio
        elif rest:
            time += f"{float(round(amount, 3)):g}{unit}"
            continue
        if not whole:
            continue
        if unit in {"H", "M", "S"}:
            time += f"{whole}{unit}"
        else:
            date += f"{whole}{unit[0]}"
    if not date and not time:
        return f"PT0{smallest}" if smallest in {"H", "M", "S"} else f"P0{smallest[0]}"
    return f"P{date}" + (f"T{time}" if time else "")
