"""Timers as Alexa keeps them for one skill and one person: how they are made, change and end.

No network and no clock here: each call is told the time. The rules are those of Amazon's "Timers REST API Reference",
"Understand Alexa Timers" and "Best Practices for Timers". Where these name no error code, a refusal carries a general
one (`BAD_REQUEST`, `NOT_FOUND`), so that nobody comes to lean on a code that Alexa may not send.
"""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar

TimerStatus = Literal["ON", "PAUSED", "OFF"]
Json = dict[str, Any]

LONGEST_TIMER = timedelta(hours=2)
"""Best Practices for Timers."""

LONGEST_LABEL = 256
"""In characters. Timers REST API Reference, `timerLabel`."""

MOST_TIMERS = 25
"""Live timers of one skill and person. Timers REST API Reference, MAX_TIMERS_EXCEEDED."""

LONGEST_RING = timedelta(minutes=60)
"""How long a timer rings when nobody says "Alexa, stop". Understand Alexa Timers."""

# Digits are bounded because no honest duration needs more, and ASCII only because ISO 8601 knows no others.
_ISO_DURATION = re.compile(
    r"P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9})S)?)?"
)
_SECONDS_IN = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
_SKILL_NAME_PLACE = "{continueWithSkillName}"

_Kind = TypeVar("_Kind")


class RefusedError(Exception):
    """A call that Alexa refuses: the HTTP status and the `code` and `message` of the error body."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class TimerPlan:
    """What a skill asked for when it made a timer, checked.

    `texts` are (locale, text) pairs to be spoken at the end; none for NOTIFY_ONLY. `rings` is `playAudible`.
    """

    body: Json
    duration: timedelta
    label: str | None
    texts: tuple[tuple[str, str], ...]
    rings: bool

    def text_for(self, locale: str) -> str | None:
        """What to say to someone who speaks `locale`: the text for it, else the first one."""
        if not self.texts:
            return None
        return dict(reversed(self.texts)).get(locale, self.texts[0][1])


@dataclass(frozen=True)
class Timer:
    """One timer at one moment. `ends_at` is known while it is ON, `remaining` while it is PAUSED."""

    id: str
    plan: TimerPlan
    status: TimerStatus
    created_at: datetime
    updated_at: datetime
    ends_at: datetime | None = None
    remaining: timedelta | None = None

    def left(self, now: datetime) -> timedelta:
        """How much of it is still to run."""
        if self.remaining is not None:
            return self.remaining
        return self.ends_at - now if self.ends_at is not None else timedelta(0)

    def as_response(self) -> Json:
        """As the API shows it (`TimerResponse`): members that don't apply are left out."""
        members = {
            "id": self.id,
            "status": self.status,
            "duration": self.plan.body["duration"],
            "triggerTime": zulu(self.ends_at) if self.status == "ON" and self.ends_at else None,
            "timerLabel": self.plan.label,
            "createdTime": zulu(self.created_at),
            "updatedTime": zulu(self.updated_at),
            "remainingTimeWhenPaused": _iso_duration(self.remaining) if self.remaining is not None else None,
        }
        return {name: value for name, value in members.items() if value is not None}


class TimersWorld:
    """All timers that one skill has made for one person.

    `limit` is how many may live at once; `skill_name` fills the place for it in the question of a LAUNCH_TASK timer.
    The task itself is not started: only what is said when the timer ends is acted out.
    """

    def __init__(self, *, limit: int = MOST_TIMERS, skill_name: str = "") -> None:
        self._limit = limit
        self._skill_name = skill_name
        self._live: dict[str, Timer] = {}
        self._ringing: list[Timer] = []

    def create(self, body: object, now: datetime) -> Timer:
        """Start a timer as the body of POST /v1/alerts/timers asks for it."""
        plan = read_plan(body)
        if plan.label is not None and any(timer.plan.label == plan.label for timer in self._live.values()):
            raise bad_request(f"timerLabel '{plan.label}' is in use; labels of live timers must be unique")
        if len(self._live) >= self._limit:
            raise RefusedError(403, "MAX_TIMERS_EXCEEDED", f"A skill can have at most {self._limit} timers")
        timer = Timer(str(uuid.uuid4()), plan, "ON", created_at=now, updated_at=now, ends_at=now + plan.duration)
        self._live[timer.id] = timer
        return timer

    def get(self, timer_id: str) -> Timer:
        """The live timer of this id. An ended or deleted one is as unknown as one that never was: 404."""
        timer = self._live.get(timer_id)
        if timer is None:
            raise RefusedError(404, "NOT_FOUND", "There is no timer with this id")
        return timer

    def find(self, label_or_id: str) -> Timer:
        """The live timer that a person means by its label, or a program by its id."""
        by_label = (timer for timer in self._live.values() if timer.plan.label == label_or_id)
        return next(by_label, None) or self.get(label_or_id)

    def live(self, now: datetime) -> list[Timer]:
        """Running and paused timers, the one with the least time left first."""
        return sorted(self._live.values(), key=lambda timer: timer.left(now))

    def pause(self, timer_id: str, now: datetime) -> Timer:
        """Stop the countdown for now."""
        timer = self.get(timer_id)
        if timer.status != "ON":
            raise RefusedError(400, "TIMER_ALREADY_PAUSED", "Only a running timer can be paused")
        return self._change(replace(timer, status="PAUSED", updated_at=now, ends_at=None, remaining=timer.left(now)))

    def resume(self, timer_id: str, now: datetime) -> Timer:
        """Let the countdown go on where it was paused."""
        timer = self.get(timer_id)
        if timer.status != "PAUSED":
            raise RefusedError(400, "TIMER_IS_NOT_PAUSED", "Only a paused timer can be resumed")
        return self._change(replace(timer, status="ON", updated_at=now, ends_at=now + timer.left(now), remaining=None))

    def delete(self, timer_id: str) -> None:
        """Delete one timer."""
        del self._live[self.get(timer_id).id]

    def delete_all(self) -> None:
        """Delete all timers of the skill."""
        self._live.clear()

    def next_due(self) -> datetime | None:
        """When the next running timer ends."""
        return min((timer.ends_at for timer in self._live.values() if timer.ends_at is not None), default=None)

    def end_due(self, now: datetime, locale: str) -> list[str]:
        """Let the timers end whose time has come, earliest first, and return what Alexa says.

        One that makes no sound of its own speaks at once. One that rings holds its text back until the ring is
        stopped; while it rings, Alexa names its label (Understand Alexa Timers).
        """
        said: list[str] = []
        due = [timer for timer in self._live.values() if timer.ends_at is not None and timer.ends_at <= now]
        for timer in sorted(due, key=lambda timer: timer.ends_at or now):
            del self._live[timer.id]
            if timer.plan.rings:
                self._ringing.append(replace(timer, status="OFF"))
                if timer.plan.label is not None:
                    said.append(f"Your {timer.plan.label} timer is done.")
            else:
                said.extend(self._words(timer, locale))
        self._ringing = [timer for timer in self._ringing if timer.left(now) > -LONGEST_RING]
        return said

    def ringing(self) -> list[Timer]:
        """Timers that have ended and ring until they are stopped."""
        return list(self._ringing)

    def stop_ringing(self, locale: str) -> list[str]:
        """End the ringing, as "Alexa, stop" does, and return what was held back until then."""
        said = [words for timer in self._ringing for words in self._words(timer, locale)]
        self._ringing.clear()
        return said

    def as_list(self) -> list[Json]:
        """The live timers as plain JSON, exact to the microsecond, for `restore`."""
        return [
            {
                "id": timer.id,
                "request": timer.plan.body,
                "created_at": timer.created_at.isoformat(),
                "updated_at": timer.updated_at.isoformat(),
                "ends_at": timer.ends_at.isoformat() if timer.ends_at is not None else None,
                "remaining_seconds": timer.remaining.total_seconds() if timer.remaining is not None else None,
            }
            for timer in self._live.values()
        ]

    def restore(self, saved: object) -> None:
        """Take over what `as_list` gave, in place of the timers there are.

        Raises:
            ValueError: when it is something else; then nothing is changed.
        """
        try:
            timers = [_read_saved(each) for each in saved] if isinstance(saved, list) else None
        except (KeyError, TypeError, OverflowError, RefusedError) as error:
            raise ValueError(f"not a saved timer: {error}") from error
        if timers is None:
            raise ValueError("saved timers are a list")
        self._live = {timer.id: timer for timer in timers}
        self._ringing = []

    def _change(self, timer: Timer) -> Timer:
        self._live[timer.id] = timer
        return timer

    def _words(self, timer: Timer, locale: str) -> list[str]:
        text = timer.plan.text_for(locale)
        return [text.replace(_SKILL_NAME_PLACE, f"continue with {self._skill_name}")] if text is not None else []


def read_plan(body: object) -> TimerPlan:
    """Check the body of POST /v1/alerts/timers. Members that the API doesn't know (`label`, say) are passed over."""
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object")
    label = body.get("timerLabel")
    if label is not None and not (isinstance(label, str) and len(label) <= LONGEST_LABEL):
        raise bad_request(f"timerLabel must be a string of at most {LONGEST_LABEL} characters")
    duration = _read_duration(body)
    display = member(member(body, "creationBehavior", dict), "displayExperience", dict)
    if member(display, "visibility", str) not in ("VISIBLE", "HIDDEN"):
        raise bad_request("visibility must be VISIBLE or HIDDEN")
    triggering = member(body, "triggeringBehavior", dict)
    operation = member(triggering, "operation", dict)
    rings = member(member(triggering, "notificationConfig", dict), "playAudible", bool)
    texts = _read_operation(operation, rings)
    return TimerPlan(body=body, duration=duration, label=label or None, texts=texts, rings=rings)


def _read_operation(operation: Json, rings: bool) -> tuple[tuple[str, str], ...]:
    match member(operation, "type", str):
        case "ANNOUNCE":
            return _read_texts(operation, "textToAnnounce")
        case "NOTIFY_ONLY":
            if not rings:
                raise bad_request("NOTIFY_ONLY needs playAudible true; it would make no sound at all")
            return ()
        case "LAUNCH_TASK":
            task = member(operation, "task", dict)
            member(task, "name", str)
            member(task, "version", str)
            return _read_texts(operation, "textToConfirm")
        case _:
            raise bad_request("operation type must be ANNOUNCE, NOTIFY_ONLY or LAUNCH_TASK")


def _read_texts(operation: Json, name: str) -> tuple[tuple[str, str], ...]:
    entries = member(operation, name, list)
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise bad_request(f"{name} must be a list of texts with their locales")
    texts = tuple((member(entry, "locale", str), member(entry, "text", str)) for entry in entries)
    if not all(text.strip() for _, text in texts):
        raise bad_request(f"{name} must not be empty")
    if any("<" in text for _, text in texts):
        raise bad_request(f"{name} is plain text; markup (SSML) is not allowed in it")
    return texts


def _read_duration(body: Json) -> timedelta:
    text = member(body, "duration", str)
    match = _ISO_DURATION.fullmatch(text)
    # "P", "PT" and "P1DT" fit the pattern but name nothing, or nothing after the T.
    if match is None or text.endswith(("P", "T")):
        raise RefusedError(400, "INVALID_DURATION_FORMAT", "duration must be in ISO 8601 format, such as PT15M")
    seconds = sum(int(amount) * _SECONDS_IN[unit] for unit, amount in match.groupdict(default="0").items())
    if not 0 < seconds <= LONGEST_TIMER.total_seconds():
        raise bad_request("duration must be longer than nothing and at most 2 hours")
    return timedelta(seconds=seconds)


def member(holder: Json, name: str, kind: type[_Kind]) -> _Kind:
    """A member of a JSON object that must be there and of this kind; else a RefusedError with status 400."""
    value = holder.get(name)
    if not isinstance(value, kind):
        raise bad_request(f"{name} is missing, or not what it should be ({kind.__name__})")
    return value


def bad_request(message: str) -> RefusedError:
    """A refusal for a body that is not as it must be."""
    return RefusedError(400, "BAD_REQUEST", message)


def _read_saved(saved: Json) -> Timer:
    ends_at, remaining = saved["ends_at"], saved["remaining_seconds"]
    if (ends_at is None) == (remaining is None):
        raise ValueError("a saved timer either runs or is paused")
    return Timer(
        id=str(saved["id"]),
        plan=read_plan(saved["request"]),
        status="ON" if remaining is None else "PAUSED",
        created_at=read_moment(saved["created_at"]),
        updated_at=read_moment(saved["updated_at"]),
        ends_at=read_moment(ends_at) if ends_at is not None else None,
        remaining=timedelta(seconds=remaining) if remaining is not None else None,
    )


def read_moment(text: str) -> datetime:
    """A moment that was saved. Raises ValueError when it is none, or names no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a saved time must name its zone, unlike {text}")
    return moment


def zulu(moment: datetime) -> str:
    """A moment as Alexa's API writes it: in UTC, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _iso_duration(length: timedelta) -> str:
    """In whole seconds, rounded up: what is left of a paused timer is never nothing."""
    minutes, seconds = divmod(math.ceil(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{amount}{unit}" for amount, unit in parts if amount)
