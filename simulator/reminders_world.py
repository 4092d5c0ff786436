"""Reminders as Alexa keeps them for one skill and one person: how they are made, ring, come again and end.

No network and no clock here: each call is told the time. The rules are those of Amazon's "Reminders REST API
Reference", "Alexa Reminders Overview" and the shapes of the SDK's models. Where these name no error code, a refusal
carries a general one (`BAD_REQUEST`, `NOT_FOUND`), so that nobody comes to lean on a code that Alexa may not send. The
deprecated `recurrence.freq` and `byDay` are not acted out.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from simulator.timers_world import Json, RefusedError, bad_request, member, read_moment, zulu

MOST_REMINDERS = 250
"""Reminders of one skill and person. Amazon gives this figure for one endpoint (Alexa Smart Properties); that for a
skill is not published."""

KEPT_AFTER_END = timedelta(days=3)
"""How long a reminder that has rung for the last time can still be seen. Alexa Reminders Overview."""

OPENING = "Here's your reminder: "
"""What Alexa says before a reminder's own text; it can't be changed. Alexa Reminders Overview."""

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WALL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_MOST_TEXT = 1000


@dataclass(frozen=True)
class Rule:
    """One recurrence rule: a time of day, on these weekdays (0 is Monday)."""

    at: time
    days: frozenset[int]


@dataclass(frozen=True)
class ReminderPlan:
    """What a skill asked for when it made a reminder, checked."""

    body: Json
    zone: ZoneInfo
    starts_at: datetime
    """When it can ring first, in UTC."""
    rules: tuple[Rule, ...]
    texts: tuple[tuple[str, str], ...]
    """(locale, text) pairs."""

    def text_for(self, locale: str) -> str:
        """What to say to someone who speaks `locale`: the text for it, else the first one."""
        return dict(reversed(self.texts)).get(locale, self.texts[0][1])

    def next_after(self, moment: datetime) -> datetime | None:
        """When it rings next after that moment, in UTC; None when it never will."""
        if not self.rules:
            return self.starts_at if self.starts_at > moment else None
        later = max(moment, self.starts_at - timedelta(microseconds=1))
        first = later.astimezone(self.zone).date()
        return min(ring for rule in self.rules for ring in self._rings(rule, first) if ring > later)

    def _rings(self, rule: Rule, first: date) -> Iterator[datetime]:
        for ahead in range(9):
            day = first + timedelta(days=ahead)
            if day.weekday() in rule.days:
                yield datetime.combine(day, rule.at, self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Reminder:
    """One reminder at one moment."""

    id: str
    plan: ReminderPlan
    created_at: datetime
    updated_at: datetime
    rings_at: datetime | None
    """When it rings next; None when it has rung for the last time."""
    ended_at: datetime | None = None
    version: int = 1

    @property
    def status(self) -> Literal["ON", "COMPLETED"]:
        """ON until it has rung for the last time."""
        return "ON" if self.rings_at is not None else "COMPLETED"

    def as_response(self) -> Json:
        """As POST and PUT answer (`ReminderResponse`): without what the skill sent itself."""
        return {
            "alertToken": self.id,
            "createdTime": zulu(self.created_at),
            "updatedTime": zulu(self.updated_at),
            "status": self.status,
            "version": str(self.version),
            "href": f"/v1/alerts/reminders/{self.id}",
        }

    def as_alert(self) -> Json:
        """As GET shows it (`Reminder`): with trigger, texts and push notification."""
        shown = self.as_response()
        del shown["href"]
        kept = {
            name: self.plan.body[name]
            for name in ("trigger", "alertInfo", "pushNotification")
            if name in self.plan.body
        }
        return shown | kept


class RemindersWorld:
    """All reminders that one skill has made for one person."""

    def __init__(self, *, limit: int = MOST_REMINDERS) -> None:
        self._limit = limit
        self._reminders: dict[str, Reminder] = {}

    def create(self, body: object, now: datetime, zone: str) -> Reminder:
        """Make a reminder as the body of POST /v1/alerts/reminders asks for it; `zone` is the device's own."""
        plan = read_plan(body, now, zone)
        if sum(reminder.status == "ON" for reminder in self._reminders.values()) >= self._limit:
            raise RefusedError(403, "MAX_REMINDERS_EXCEEDED", f"A skill can have at most {self._limit} reminders")
        reminder = Reminder(str(uuid.uuid4()), plan, now, now, plan.next_after(now))
        self._reminders[reminder.id] = reminder
        return reminder

    def update(self, reminder_id: str, body: object, now: datetime, zone: str) -> Reminder:
        """Make another of a reminder, under the same id, as PUT does."""
        before = self.get(reminder_id)
        plan = read_plan(body, now, zone)
        after = Reminder(before.id, plan, before.created_at, now, plan.next_after(now), version=before.version + 1)
        self._reminders[before.id] = after
        return after

    def get(self, reminder_id: str) -> Reminder:
        """The reminder of this id."""
        reminder = self._reminders.get(reminder_id)
        if reminder is None:
            raise RefusedError(404, "NOT_FOUND", "There is no reminder with this id")
        return reminder

    def all(self) -> list[Reminder]:
        """Every reminder that can be seen, in the order they were made; those that have ended, for three days."""
        return list(self._reminders.values())

    def delete(self, reminder_id: str) -> None:
        """Delete one reminder."""
        del self._reminders[self.get(reminder_id).id]

    def find(self, text_or_id: str) -> Reminder:
        """The reminder that a person means by what it says, or a program by its id."""
        by_text = (each for each in self.all() if text_or_id in [text for _, text in each.plan.texts])
        return next(by_text, None) or self.get(text_or_id)

    def next_due(self) -> datetime | None:
        """When the next reminder rings."""
        return min((each.rings_at for each in self.all() if each.rings_at is not None), default=None)

    def ring_due(self, now: datetime, locale: str) -> list[str]:
        """Let ring what is due, and return what Alexa says, earliest first."""
        said: list[tuple[datetime, str]] = []
        for reminder in self.all():
            while reminder.rings_at is not None and reminder.rings_at <= now:
                rung = reminder.rings_at
                said.append((rung, OPENING + reminder.plan.text_for(locale)))
                following = reminder.plan.next_after(rung)
                ended = rung if following is None else None
                reminder = replace(reminder, rings_at=following, ended_at=ended, updated_at=rung)
                self._reminders[reminder.id] = reminder
            if reminder.ended_at is not None and reminder.ended_at + KEPT_AFTER_END <= now:
                del self._reminders[reminder.id]
        return [text for _, text in sorted(said)]

    def as_list(self) -> list[Json]:
        """The reminders as plain JSON, exact to the microsecond, for `restore`."""
        return [
            {
                "id": each.id,
                "request": each.plan.body,
                "zone": each.plan.zone.key,
                "created_at": each.created_at.isoformat(),
                "updated_at": each.updated_at.isoformat(),
                "rings_at": each.rings_at.isoformat() if each.rings_at is not None else None,
                "ended_at": each.ended_at.isoformat() if each.ended_at is not None else None,
                "version": each.version,
            }
            for each in self.all()
        ]

    def restore(self, saved: object) -> None:
        """Take over what `as_list` gave, in place of the reminders there are.

        Raises:
            ValueError: when it is something else; then nothing is changed.
        """
        if not isinstance(saved, list):
            raise ValueError("saved reminders are a list")
        try:
            reminders = [_read_saved(each) for each in saved]
        except (KeyError, TypeError, OverflowError, RefusedError) as error:
            raise ValueError(f"not a saved reminder: {error}") from error
        self._reminders = {reminder.id: reminder for reminder in reminders}


def read_plan(body: object, now: datetime, device_zone: str) -> ReminderPlan:
    """Check the body of a request that makes or changes a reminder."""
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object")
    _wall_time(member(body, "requestTime", str), "requestTime")
    push = body.get("pushNotification")
    if push is not None and member(body, "pushNotification", dict).get("status") not in ("ENABLED", "DISABLED"):
        raise bad_request("pushNotification.status must be ENABLED or DISABLED")
    texts = _read_texts(member(member(body, "alertInfo", dict), "spokenInfo", dict))
    trigger = member(body, "trigger", dict)
    match member(trigger, "type", str):
        case "SCHEDULED_RELATIVE":
            offset = trigger.get("offsetInSeconds")
            if type(offset) is not int or not 0 < offset <= 366 * 86400:
                raise bad_request("offsetInSeconds must be a whole number of seconds, at least one")
            if "recurrence" in trigger:
                raise bad_request("A relative reminder does not come again")
            return ReminderPlan(body, _zone(device_zone), now + timedelta(seconds=offset), (), texts)
        case "SCHEDULED_ABSOLUTE":
            zone = _zone(member(trigger, "timeZoneId", str) if "timeZoneId" in trigger else device_zone)
            return _absolute(body, trigger, zone, now, texts)
        case _:
            raise bad_request("trigger.type must be SCHEDULED_ABSOLUTE or SCHEDULED_RELATIVE")


def _absolute(
    body: Json, trigger: Json, zone: ZoneInfo, now: datetime, texts: tuple[tuple[str, str], ...]
) -> ReminderPlan:
    scheduled = _wall_time(member(trigger, "scheduledTime", str), "scheduledTime").replace(tzinfo=zone).astimezone(UTC)
    if "recurrence" not in trigger:
        if scheduled <= now:
            raise bad_request("scheduledTime is in the past")
        return ReminderPlan(body, zone, scheduled, (), texts)
    recurrence = member(trigger, "recurrence", dict)
    rules = member(recurrence, "recurrenceRules", list)
    if not rules:
        raise bad_request("recurrenceRules must not be empty")
    start = scheduled
    if "startDateTime" in recurrence:
        start = (
            _wall_time(member(recurrence, "startDateTime", str), "startDateTime").replace(tzinfo=zone).astimezone(UTC)
        )
    return ReminderPlan(body, zone, start, tuple(_read_rule(rule) for rule in rules), texts)


def _read_rule(text: object) -> Rule:
    parts = dict(part.partition("=")[::2] for part in text.split(";") if part) if isinstance(text, str) else {}
    days = parts.get("BYDAY", ",".join(_WEEKDAYS) if parts.get("FREQ") == "DAILY" else "").split(",")
    try:
        at = time(int(parts["BYHOUR"]), int(parts["BYMINUTE"]), int(parts.get("BYSECOND", "0")))
        numbers = frozenset(_WEEKDAYS.index(day) for day in days)
    except (KeyError, ValueError):
        raise bad_request("recurrenceRules: FREQ with BYHOUR and BYMINUTE, and BYDAY for a weekly one") from None
    if parts.get("FREQ") not in ("DAILY", "WEEKLY") or parts.get("INTERVAL", "1") != "1":
        raise bad_request("recurrenceRules: FREQ must be DAILY or WEEKLY, INTERVAL 1")
    return Rule(at, numbers)


def _read_texts(spoken: Json) -> tuple[tuple[str, str], ...]:
    entries = member(spoken, "content", list)
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise bad_request("spokenInfo.content must be a list of texts with their locales")
    texts = tuple((member(entry, "locale", str), member(entry, "text", str)) for entry in entries)
    if not all(text.strip() and len(text) <= _MOST_TEXT for _, text in texts):
        raise bad_request("spokenInfo.content.text must not be empty")
    return texts


def _wall_time(text: str, name: str) -> datetime:
    """A time without a zone: Alexa takes no other."""
    try:
        if not _WALL_TIME.fullmatch(text):
            raise ValueError(text)
        return datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"{name} must be an ISO 8601 time without a zone") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise bad_request("timeZoneId is not a time zone") from None


def _read_saved(saved: Json) -> Reminder:
    created_at = read_moment(saved["created_at"])
    rings_at, ended_at = saved["rings_at"], saved["ended_at"]
    return Reminder(
        id=str(saved["id"]),
        plan=read_plan(saved["request"], created_at, str(saved["zone"])),
        created_at=created_at,
        updated_at=read_moment(saved["updated_at"]),
        rings_at=read_moment(rings_at) if rings_at is not None else None,
        ended_at=read_moment(ended_at) if ended_at is not None else None,
        version=int(saved["version"]),
    )
