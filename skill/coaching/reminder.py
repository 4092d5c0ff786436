"""A reminder that somebody wishes for: what for, when and how often, and what must still be asked.

Times are those of the clock on the wall. Every reminder is read back and made only on a yes ("you must obtain their
informed consent every time", Alexa Reminders Guidelines), so anything that was guessed is heard before it counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from skill.coaching.amounts import seconds_of_iso
from skill.coaching.understanding.alexa_dates import WEEKDAYS, as_alexa_date, in_part

ABOUT = ("stretch", "heat", "cold", "notes", "general")
"""What a reminder may be for. "notes" is for those who want to be reminded of their pain: none of it is kept here."""
NOT_OURS = "medicine"
"""What Hip Coach leaves to Alexa herself."""
PARTS = {"MO": time(8), "AF": time(15), "EV": time(19), "NI": time(21)}
"""The time that is offered for a part of the day."""
_HOURS = {"MO": range(12), "AF": range(12, 18), "EV": range(17, 24), "NI": (*range(5), *range(18, 24))}
"""The hours that somebody may mean by a part of the day, of a reminder that there is."""
_EVERY_DAY = tuple(range(7))
RECURRENCES: Mapping[str, tuple[int, ...]] = {
    "daily": _EVERY_DAY,
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    **{name: (number,) for number, name in enumerate(WEEKDAYS)},
}
"""How often: the weekdays (0 is Monday) of each."""
_WITH_PART = {"mornings": "MO", "afternoons": "AF", "evenings": "EV", "nights": "NI"}
"""Recurrences that name a part of the day: they are daily."""
UNSUPPORTED = "unsupported"
"""A recurrence that Hip Coach doesn't offer: every hour, twice a day, once a month."""
REASONS = ("vague", "past", "past_day", "not_a_day", "too_far", UNSUPPORTED, "unclear")
"""What was not right about what was said."""
FARTHEST_DAYS = 366
_DAY_SECONDS = 86400

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(MO|AF|EV|NI))?")


@dataclass(frozen=True)
class ReminderPlan:
    """A reminder as far as it is known."""

    about: str | None = None
    """One of `ABOUT`, or `NOT_OURS`; None when nothing was said that is known here."""
    at: time | None = None
    part: str | None = None
    """MO, AF, EV or NI: what was said of the time of day."""
    day: date | None = None
    """The day on which it rings first."""
    recurrence: str | None = None
    """One of `RECURRENCES`; None for once."""
    delay: int | None = None
    """Seconds from now, for "in two hours"."""
    reason: str | None = None
    """What was not right about what was said, one of `REASONS`."""

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays on which it comes again; none for once."""
        return RECURRENCES[self.recurrence] if self.recurrence else ()

    @property
    def says_when(self) -> bool:
        """Whether anything about the time is known."""
        return any(
            value is not None for value in (self.at, self.part, self.day, self.recurrence, self.delay, self.reason)
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, for the session attributes and for the token of a permission question."""
        values = {
            "about": self.about,
            "at": self.at.isoformat("minutes") if self.at else None,
            "part": self.part,
            "day": self.day.isoformat() if self.day else None,
            "recurrence": self.recurrence,
            "delay": self.delay,
            "reason": self.reason,
        }
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ReminderPlan:
        """The plan that `as_json` wrote.

        Raises:
            ValueError: for anything that it can't have written.
        """
        known = {"about": (*ABOUT, NOT_OURS), "part": PARTS, "recurrence": RECURRENCES, "reason": REASONS}
        for name, values in known.items():
            value = data.get(name)
            if value is not None and not (isinstance(value, str) and value in values):
                raise ValueError(f"a reminder's {name} is not known")
        delay, at, day = data.get("delay"), data.get("at"), data.get("day")
        if delay is not None and not (type(delay) is int and 0 < delay < _DAY_SECONDS):
            raise ValueError("a reminder's delay is out of bounds")
        if not all(isinstance(value, str | None) for value in (at, day)):
            raise ValueError("a reminder's time is not a text")
        read = cls(
            at=datetime.fromisoformat(f"2000-01-01T{at}").time() if at is not None else None,
            day=date.fromisoformat(day) if day is not None else None,
            delay=delay,
            **{name: data.get(name) for name in known},
        )
        if read.as_json() != dict(data):
            raise ValueError("not a reminder of ours")
        return read


@dataclass(frozen=True)
class Decision:
    """What to do with a plan."""

    action: str
    """"ask" (when, or what day) or "confirm" (read it back, and wait for a yes)."""
    plan: ReminderPlan
    reason: str | None = None
    """What is missing or not right: "missing" or one of `REASONS`."""
    rings_at: datetime | None = None
    """When it would ring first, in UTC, if it is to be confirmed."""


def heard(
    today: date,
    about: str | None = None,
    at: str | None = None,
    day: str | None = None,
    recurrence: str | None = None,
    delay: str | None = None,
) -> ReminderPlan:
    """What was said, as Alexa's slots have it.

    Args:
        today: the date where the person is.
        about: an id of the list of things to be reminded of.
        at: AMAZON.TIME: "19:00", or MO, AF, EV, NI.
        day: AMAZON.DATE: "2026-11-24", "2026-11-24TNI", "2026-W48", ...; or an offset as `spoken_when` reads it.
        recurrence: an id of the list of recurrences.
        delay: AMAZON.DURATION: "PT2H".
    """
    plan = ReminderPlan(about=about if about in (*ABOUT, NOT_OURS) else None)
    if at:
        plan = _with_time(plan, at)
    if day:
        plan = _with_day(plan, as_alexa_date(day, today), today)
    if recurrence in _WITH_PART:
        plan = replace(plan, recurrence="daily", part=_WITH_PART[recurrence])
    elif recurrence in RECURRENCES:
        plan = replace(plan, recurrence=recurrence)
    elif recurrence:
        plan = replace(plan, reason=UNSUPPORTED)
    return _with_delay(plan, delay, today) if delay else plan


def filled(new: ReminderPlan, earlier: ReminderPlan) -> ReminderPlan:
    """What was said now, with what was said before it: "in the evening" makes 19:00 of a seven that was heard."""
    if new.delay is not None:
        return replace(new, about=new.about or earlier.about)
    at = new.at or (earlier.at if new.part is None or _fits(earlier.at, new.part) else None)
    return replace(
        new,
        about=new.about or earlier.about,
        at=at,
        part=new.part or (None if new.at else earlier.part),
        day=new.day or earlier.day,
        recurrence=new.recurrence or earlier.recurrence,
        reason=new.reason,
    )


def decide(plan: ReminderPlan, now: datetime, zone: tzinfo) -> Decision:
    """What is still to be asked, or what is to be confirmed; `now` is in UTC."""
    today = now.astimezone(zone).date()
    if plan.delay is not None:
        return Decision("confirm", plan, plan.reason, now + timedelta(seconds=plan.delay))
    if plan.reason in ("past_day", "not_a_day", "too_far", UNSUPPORTED, "unclear"):
        return Decision("ask", replace(plan, reason=None), plan.reason)
    if plan.at is None and plan.part is None:
        return Decision("ask", plan, "missing")
    reason = None if plan.at else "vague"
    at = plan.at or PARTS[plan.part or "MO"]
    if plan.part:
        at = at.replace(hour=in_part(at.hour, plan.part))
    plan = replace(plan, at=at, part=None, reason=None)
    rings_at = first_ring(plan, now, zone)
    if not plan.recurrence:
        rings_on = rings_at.astimezone(zone)
        # Said for today, and gone by: tomorrow, then. That nobody said a day is no reason to wonder at it.
        reason = "past" if plan.day == today != rings_on.date() else reason
        # By what the clock will show then: in spring it skips an hour.
        plan = replace(plan, day=rings_on.date(), at=rings_on.time())
    return Decision("confirm", plan, reason, rings_at)


def first_ring(plan: ReminderPlan, now: datetime, zone: tzinfo) -> datetime:
    """When a plan with a time rings first, in UTC: always after `now`.

    A time that the clocks skip in spring counts as an hour later; one that they show twice in autumn, as the first.
    """
    at = plan.at or time(8)
    start = max(plan.day or date.min, now.astimezone(zone).date())
    for ahead in range(15):
        day = start + timedelta(days=ahead)
        ring = datetime.combine(day, at, zone).astimezone(UTC)
        if ring > now and (not plan.days or day.weekday() in plan.days):
            return ring
    raise ValueError("every weekday comes within a week")


def meant(plans: Sequence[ReminderPlan], wanted: ReminderPlan) -> Sequence[ReminderPlan]:
    """The reminders that somebody speaks of. On a day that is named, one for that day alone comes before the daily."""
    found = [plan for plan in plans if _is_meant(plan, wanted)]
    for_that_day = [plan for plan in found if wanted.day and plan.day == wanted.day and not plan.recurrence]
    return for_that_day or found


def _is_meant(plan: ReminderPlan, wanted: ReminderPlan) -> bool:
    """Whether what was said fits: "the seven o'clock one" may be in the evening."""
    if wanted.at and (plan.at is None or (plan.at.hour - wanted.at.hour) % 12 or plan.at.minute != wanted.at.minute):
        return False
    if wanted.part and (plan.at is None or plan.at.hour not in _HOURS[wanted.part]):
        return False
    same_day = wanted.day is None or plan.day == wanted.day or bool(plan.recurrence)
    return same_day and all(getattr(wanted, name) in (None, getattr(plan, name)) for name in ("about", "recurrence"))


def recurrence_of(days: Sequence[int]) -> str | None:
    """The recurrence that these weekdays are; None for one that has no name here."""
    wanted = tuple(sorted(set(days)))
    return next((name for name, numbers in RECURRENCES.items() if numbers == wanted), None)


def _with_time(plan: ReminderPlan, at: str) -> ReminderPlan:
    if at in PARTS:
        return replace(plan, part=at)
    match = _TIME.fullmatch(at)
    if match is None:
        return replace(plan, reason="unclear")
    return replace(plan, at=time(int(match[1]) % 24, int(match[2])))


def _with_day(plan: ReminderPlan, day: str, today: date) -> ReminderPlan:
    """The plan on that day. A week, a month or a year is no day: "2026-W48", "2026-11", "2026-W48-WE"."""
    match = _DATE.fullmatch(day)
    try:
        found = date.fromisoformat(match[1]) if match else None
    except ValueError:
        found = None
    if match is None or found is None:
        return replace(plan, reason="not_a_day")
    if found < today:
        return replace(plan, reason="past_day")
    if found > today + timedelta(days=FARTHEST_DAYS):
        return replace(plan, reason="too_far")
    return replace(plan, day=found, part=plan.part or match[2])


def _with_delay(plan: ReminderPlan, delay: str, today: date) -> ReminderPlan:
    """The plan so much later. Whole days are a day, and its time is asked for."""
    length = seconds_of_iso(delay)
    if length is None or not 60 <= length <= FARTHEST_DAYS * _DAY_SECONDS:
        return replace(plan, reason="unclear")
    seconds = int(length)
    if seconds < _DAY_SECONDS:
        return replace(plan, delay=seconds)
    return replace(plan, day=today + timedelta(days=seconds // _DAY_SECONDS))


def _fits(at: time | None, part: str) -> bool:
    """Whether an hour that was said can be meant in that part of the day."""
    if at is None:
        return False
    if part == "MO":
        return at.hour < 12
    return at.hour >= 12 or in_part(at.hour, part) != at.hour
