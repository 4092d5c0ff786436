"""Reminders in words: what for, when and how often, and what Alexa says when it is time."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, time

from skill.coaching.reminder import ABOUT, ReminderPlan
from skill.coaching.spoken_time import exact_length, number_words
from skill.content import page, words

MOST_NAMED = 3
"""Reminders that are told by name: no list for the ear is longer."""


def what_of(plan: ReminderPlan) -> str:
    """What a reminder is for, by name; "general" when nobody said."""
    return plan.about if plan.about in ABOUT else "general"


def what_words(plan: ReminderPlan) -> str:
    """What a reminder is for, as it is read back."""
    return words(f"reminders.what.{what_of(plan)}")


def text_of(plan: ReminderPlan) -> str:
    """What Alexa says when it is time."""
    return words(f"reminders.text.{what_of(plan)}")


def about_of_text(text: str) -> str | None:
    """What a reminder with this text is for; None for a text that is none of ours (any more)."""
    return next((about for about, said in page("reminders")["text"].items() if said == text), None)


def clock_words(at: time) -> str:
    """A time of day as a person says it: "seven in the evening", "7:30 in the morning", "noon"."""
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return words("reminders.clock.noon" if at.hour else "reminders.clock.midnight")
    hour = at.hour % 12 or 12
    clock = f"{hour}:{at.minute:02d}" if at.minute else number_words(hour)
    part = "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening" if at.hour < 22 else "night"
    return words(f"reminders.clock.{part}", clock=clock)


def when_words(plan: ReminderPlan, today: date) -> str:
    """When, and how often: "tomorrow at eight in the morning", "every day at seven in the evening", "in two hours"."""
    if plan.delay is not None:
        return words("reminders.when.delay", length=_length(plan.delay))
    if plan.at is None:
        return words("reminders.list.later")
    clock = clock_words(plan.at)
    if not plan.recurrence:
        return words("reminders.when.once", day=_day(plan.day or today, today), clock=clock)
    recurrence = _recurrence(plan)
    if plan.day is None or plan.day <= today:
        return words("reminders.when.again", recurrence=recurrence, clock=clock)
    day = _day(plan.day, today).removeprefix("on ")
    return words("reminders.when.again_from", recurrence=recurrence, clock=clock, day=day)


def list_words(items: Sequence[str]) -> str:
    """How many reminders there are, and the next three of them."""
    if not items:
        return words("reminders.list.none")
    key = {1: "one", 2: "two", 3: "three"}.get(len(items), "many")
    named = dict(zip(("first", "second", "third"), items[:MOST_NAMED], strict=False))
    return words(f"reminders.list.{key}", count=number_words(len(items)), **named)


def _recurrence(plan: ReminderPlan) -> str:
    if plan.recurrence in page("reminders")["recurrence"]:
        return words(f"reminders.recurrence.{plan.recurrence}")
    return words("reminders.recurrence.weekly", weekday=calendar.day_name[plan.days[0]])


def _day(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead in (0, 1):
        return words(f"reminders.day.{'tomorrow' if ahead else 'today'}")
    weekday = calendar.day_name[day.weekday()]
    if 0 < ahead < 7:
        return words("reminders.day.weekday", weekday=weekday)
    return words("reminders.day.date", weekday=weekday, month=calendar.month_name[day.month], number=day.day)


def _length(seconds: int) -> str:
    """ "Two hours", "ninety minutes"."""
    hours, rest = divmod(seconds, 3600)
    if rest or not hours:
        return exact_length(seconds)
    return f"{number_words(hours)} hour" + ("" if hours == 1 else "s")
