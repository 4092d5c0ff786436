"""Alexa's Reminders API as the skill uses it: reminders that are made, listed and removed.

Every failure comes out as one `ReminderTrouble` with a reason, whatever the SDK or the network made of it.
Rules: Reminders REST API Reference; "Alexa Reminders Overview".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from skill.alexa.service_call import ServiceRefusal, call_service

if TYPE_CHECKING:
    from ask_sdk_model.services.service_client_factory import ServiceClientFactory

REMINDERS_SCOPE = "alexa::alerts:reminders:skill:readwrite"

Reason = Literal["permission", "unsupported", "too_many", "invalid", "gone", "offline", "unavailable"]
Result = TypeVar("Result")

_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE_PART = re.compile(r"([A-Z]+)=([^;]*)")


class ReminderTrouble(Exception):
    """The Reminders API did not do what was asked.

    `reason` is one of: permission (ask for it), unsupported (this device keeps none), too_many, invalid (a time that
    Alexa doesn't take, such as one that has passed meanwhile), gone (no such reminder), offline (the device),
    unavailable (anything else).
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class AlexaReminder:
    """A reminder that is still to ring, as the API tells of it."""

    id: str
    text: str
    at: time | None
    """The time of day, on the clock on the wall; None where it can't be read."""
    starts_at: datetime | None
    """Its (first) time, without a zone; None where it can't be read."""
    days: tuple[int, ...] = ()
    """The weekdays (0 is Monday) on which it comes again; none for once."""
    rings_at: datetime | None = None
    """When it rings, in UTC, for one that was made for so many seconds later."""


class Reminders:
    """The reminders that the skill has made for this listener. Built anew for each turn, from the turn's own token."""

    def __init__(self, services: ServiceClientFactory | None, locale: str) -> None:
        self._services = services
        self._locale = locale

    def create(self, text: str, now: datetime, starts_at: datetime, zone: str | None, days: Sequence[int] = ()) -> str:
        """Make a reminder, and return its id. Works only within a session, and only after a yes to these very words.

        Args:
            text: what Alexa says, in plain words.
            now: the present moment.
            starts_at: its (first) time on the clock on the wall, without a zone.
            zone: the name of the time zone; the device's own when left out.
            days: the weekdays (0 is Monday) on which it comes again; none for once.
        """
        from ask_sdk_model.services import reminder_management as model

        rules = _rules(starts_at.time(), days)
        trigger = model.Trigger(
            object_type=model.TriggerType.SCHEDULED_ABSOLUTE,
            scheduled_time=starts_at,
            time_zone_id=zone,
            recurrence=model.Recurrence(start_date_time=starts_at, recurrence_rules=rules) if rules else None,
        )
        return self._create(text, now, trigger)

    def create_in(self, text: str, now: datetime, seconds: int) -> str:
        """Make a reminder that rings once, so many seconds from now, and return its id; for the rest see `create`."""
        from ask_sdk_model.services import reminder_management as model

        trigger = model.Trigger(object_type=model.TriggerType.SCHEDULED_RELATIVE, offset_in_seconds=seconds)
        return self._create(text, now, trigger)

    def all(self) -> list[AlexaReminder]:
        """Every reminder that the skill has made for this listener and that is still to ring."""

        def read(client: Any) -> list[AlexaReminder]:
            _mend_sdk()
            alerts = client.get_reminders().alerts or []
            return [_reminder(alert) for alert in alerts if alert.status is None or alert.status.value == "ON"]

        return self._call(read)

    def remove(self, reminder_id: str) -> None:
        """Remove a reminder; that it is gone already counts as done."""
        try:
            self._call(lambda client: client.delete_reminder(reminder_id))
        except ReminderTrouble as trouble:
            if trouble.reason != "gone":
                raise

    def _create(self, text: str, now: datetime, trigger: Any) -> str:
        from ask_sdk_model.services import reminder_management as model

        request = model.ReminderRequest(
            request_time=now.astimezone(UTC).replace(microsecond=0, tzinfo=None),
            trigger=trigger,
            alert_info=model.AlertInfo(
                spoken_info=model.SpokenInfo(content=[model.SpokenText(locale=self._locale, text=text)])
            ),
            # A phone shows it to whoever is near, and nobody has been asked about that.
            push_notification=model.PushNotification(status=model.PushNotificationStatus.DISABLED),
        )
        return self._call(lambda client: str(client.create_reminder(request).alert_token))

    def _call(self, do: Callable[[Any], Result]) -> Result:
        try:
            return call_service(self._services, lambda services: services.get_reminder_management_service(), do)
        except ServiceRefusal as refusal:
            raise ReminderTrouble(_reason(refusal.status, refusal.code)) from refusal


def _mend_sdk() -> None:
    """Put right where the SDK (1.82) looks for a class of its own: it names a module that it doesn't have, and can read
    no reminder therefore."""
    from ask_sdk_model.services.reminder_management import AlertInfo, SpokenInfo

    AlertInfo.deserialized_types["spoken_info"] = f"{SpokenInfo.__module__}.{SpokenInfo.__qualname__}"


def _rules(at: time, days: Sequence[int]) -> list[str]:
    """The recurrence rules for these weekdays: one for every day, or one for each day."""
    clock = f"BYHOUR={at.hour};BYMINUTE={at.minute};BYSECOND=0;INTERVAL=1;"
    if len(set(days)) == len(_DAY_CODES):
        return [f"FREQ=DAILY;{clock}"]
    return [f"FREQ=WEEKLY;BYDAY={_DAY_CODES[day]};{clock}" for day in sorted(set(days))]


def _reminder(alert: Any) -> AlexaReminder:
    if alert.alert_token is None:
        raise ValueError("a reminder without an id")
    content = alert.alert_info.spoken_info.content if alert.alert_info and alert.alert_info.spoken_info else None
    trigger = alert.trigger
    starts_at = trigger.scheduled_time if trigger else None
    starts_at = starts_at.replace(tzinfo=None) if isinstance(starts_at, datetime) else None
    rings_at = None
    if trigger and trigger.offset_in_seconds is not None and isinstance(alert.created_time, datetime):
        rings_at = alert.created_time.astimezone(UTC) + timedelta(seconds=trigger.offset_in_seconds)
    recurrence = trigger.recurrence if trigger else None
    at, days = _read_rules(recurrence.recurrence_rules or [] if recurrence else [])
    return AlexaReminder(
        id=str(alert.alert_token),
        text=(content[0].text or "") if content else "",
        at=at or (starts_at.time() if starts_at else None),
        starts_at=starts_at,
        days=days,
        rings_at=rings_at,
    )


def _read_rules(rules: Sequence[str]) -> tuple[time | None, tuple[int, ...]]:
    """The time and the weekdays of recurrence rules that `_rules` wrote."""
    at: time | None = None
    days: set[int] = set()
    for rule in rules:
        parts = dict(_RULE_PART.findall(rule))
        at = time(int(parts.get("BYHOUR", "0")), int(parts.get("BYMINUTE", "0")))
        daily = parts.get("FREQ") == "DAILY" and "BYDAY" not in parts
        codes = _DAY_CODES if daily else parts.get("BYDAY", "").split(",")
        days.update(_DAY_CODES.index(code) for code in codes)
    return at, tuple(sorted(days))


def _reason(status: int | None, code: str | None) -> Reason:
    """What a refusal means. Amazon's samples take 401 for a permission not given and 403 for a device that keeps no
    reminders; a code, where there is one, tells more."""
    known: dict[int, Reason] = {400: "invalid", 401: "permission", 404: "gone", 504: "offline"}
    if status == 403:
        return "too_many" if code is not None and code.startswith("MAX_") else "unsupported"
    return known.get(status or 0, "unavailable")
