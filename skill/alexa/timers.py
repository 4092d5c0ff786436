"""Alexa's Timers API as the skill uses it: announced timers that are made, looked at, paused, resumed and removed.

Every failure comes out as one `TimerTrouble` with a reason, whatever the SDK or the network made of it.
Rules: Timers REST API Reference; "Understand Alexa Timers".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from skill.alexa.service_call import ServiceRefusal, call_service

if TYPE_CHECKING:
    from ask_sdk_model.services.service_client_factory import ServiceClientFactory

TIMERS_SCOPE = "alexa::alerts:timers:skill:readwrite"

Reason = Literal["permission", "unsupported", "too_many", "duplicate", "gone", "offline", "unavailable"]
Result = TypeVar("Result")


class TimerTrouble(Exception):
    """The Timers API did not do what was asked.

    `reason` is one of: permission (ask for it), unsupported (this device or place has no timers), too_many, duplicate
    (a timer with this label is there), gone (no such timer), offline (the device), unavailable (anything else).
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class AlexaTimer:
    """A timer as the API tells of it."""

    id: str
    label: str
    status: str
    """ON, PAUSED or OFF."""
    ends_at: datetime | None
    """When it rings, in UTC; None while it is paused."""
    remaining: str | None = None
    """ISO 8601: what is left while it is paused."""


class Timers:
    """The timers that the skill has set for this listener. Built anew for each turn, from the turn's own token."""

    def __init__(self, services: ServiceClientFactory | None, locale: str) -> None:
        self._services = services
        self._locale = locale

    def create(self, label: str, seconds: int, announcement: str, *, hidden: bool = False) -> AlexaTimer:
        """Set a timer that says `announcement` (plain text) when `seconds` are up, without ringing first.

        Labels must differ from those of the skill's other timers. Works only within a session.
        """
        from ask_sdk_model.services import timer_management as model

        request = model.TimerRequest(
            duration=f"PT{seconds}S",
            timer_label=label,
            creation_behavior=model.CreationBehavior(
                display_experience=model.DisplayExperience(
                    visibility=model.Visibility.HIDDEN if hidden else model.Visibility.VISIBLE
                )
            ),
            triggering_behavior=model.TriggeringBehavior(
                operation=model.AnnounceOperation(
                    text_to_announce=[model.TextToAnnounce(locale=self._locale, text=announcement)]
                ),
                notification_config=model.NotificationConfig(play_audible=False),
            ),
        )
        return self._call(lambda client: _timer(client.create_timer(request)), creating=True)

    def look(self, timer_id: str) -> AlexaTimer:
        """One timer as it is now."""
        return self._call(lambda client: _timer(client.get_timer(timer_id)))

    def all(self) -> list[AlexaTimer]:
        """Every timer that the skill has set for this listener."""
        return self._call(lambda client: [_timer(timer) for timer in client.get_timers().timers or []])

    def pause(self, timer_id: str) -> None:
        """Pause a timer. Works only within a session."""
        self._call(lambda client: client.pause_timer(timer_id))

    def resume(self, timer_id: str) -> None:
        """Resume a paused timer. Works only within a session."""
        self._call(lambda client: client.resume_timer(timer_id))

    def remove(self, timer_id: str) -> None:
        """Remove a timer; that it is gone already counts as done."""
        try:
            self._call(lambda client: client.delete_timer(timer_id))
        except TimerTrouble as trouble:
            if trouble.reason != "gone":
                raise

    def _call(self, do: Callable[[Any], Result], creating: bool = False) -> Result:
        try:
            return call_service(self._services, lambda services: services.get_timer_management_service(), do)
        except ServiceRefusal as refusal:
            raise TimerTrouble(_reason(refusal.status, refusal.code, creating)) from refusal


def _timer(response: Any) -> AlexaTimer:
    if response.id is None:
        raise ValueError("a timer without an id")
    moment = response.trigger_time
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    status = response.status.value if response.status is not None else "ON"
    return AlexaTimer(
        id=str(response.id),
        label=response.timer_label or "",
        status=status,
        ends_at=moment.astimezone(UTC) if moment is not None else None,
        remaining=response.remaining_time_when_paused,
    )


def _reason(status: int | None, code: str | None, creating: bool) -> Reason:
    """What a refusal means. Amazon's samples react to 401 by asking for permission; 403 without a reason of its own and
    404 on creating are reported to be a permission not given, too."""
    if status == 403 and code in ("MAX_TIMERS_EXCEEDED",):
        return "too_many"
    if status == 403 and code is not None and "SUPPORTED" in code:
        return "unsupported"
    if status in (401, 403) or (status == 404 and creating):
        return "permission"
    if status == 404:
        return "gone"
    if status == 400 and creating:
        return "duplicate"
    return "offline" if status == 504 else "unavailable"
