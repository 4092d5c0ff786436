"""Times of day and dates in Alexa's own values: parts of the day, weekdays, and dates that depend on today."""

from __future__ import annotations

import re
from datetime import date, timedelta

PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
"""Parts of the day as Alexa names them."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_OFFSET = re.compile(r"(?P<base>[+-]\d{1,4}|W[+-]\d|M[+-]\d|WE[+-]\d|MO|TU|WE|TH|FR|SA|SU)(?P<part>T(?:MO|AF|EV|NI))?")


def in_part(hour: int, part: str) -> int:
    """An hour as it is meant in a part of the day: seven in the evening is 19, two at night stays 2."""
    later = {"AF": range(1, 8), "EV": range(3, 12), "NI": range(6, 12)}.get(part, range(0))
    if part == "NI" and hour == 12:
        return 0
    return hour + 12 if hour in later else hour


def as_alexa_date(value: str, today: date) -> str:
    """What Alexa sends for a date that `read_date` read: "2026-11-25", "2026-W48", "2026-11-24TNI". The date is never
    before today, but for one that is said to be. Anything else stays as it is."""
    if value.startswith("--"):
        return _next_calendar_day(value, today)
    match = _OFFSET.fullmatch(value)
    if match is None:
        return value
    base, part = match["base"], match["part"] or ""
    if base in WEEKDAY_CODES:
        return (today + timedelta(days=(WEEKDAY_CODES.index(base) - today.weekday()) % 7)).isoformat() + part
    if base.startswith("W"):
        year, week, _ = (today + timedelta(weeks=int(base.removeprefix("WE").removeprefix("W")))).isocalendar()
        return f"{year}-W{week:02d}" + ("-WE" if base.startswith("WE") else "")
    if base.startswith("M"):
        months = today.year * 12 + today.month - 1 + int(base[1:])
        return f"{months // 12}-{months % 12 + 1:02d}"
    return (today + timedelta(days=int(base))).isoformat() + part


def _next_calendar_day(value: str, today: date) -> str:
    month, _, day = value[2:].partition("-")
    for year in range(today.year, today.year + 9):
        if not day:
            if year > today.year or int(month) >= today.month:
                return f"{year}-{month}"
            continue
        try:
            found = date(year, int(month), int(day))
        except ValueError:
            continue
        if found >= today:
            return found.isoformat()
    return f"{today.year}-{month}"
