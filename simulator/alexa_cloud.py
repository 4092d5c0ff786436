"""Alexa's cloud on the desk: the services a skill calls while it answers, for one person, over real HTTP.

Timers, reminders, the device's time zone and progressive responses are served; voice permission is asked and answered;
faults happen when they are ordered. The calls arrive through `cloud_server`; the rules of timers and reminders are in
`timers_world` and `reminders_world`. Sources of the others: Amazon's "Alexa Settings API Reference" and "Send the User
a Progressive Response".
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import unquote

from simulator import voice_permission
from simulator.alerts_api import parse_body, serve_reminders, serve_timers
from simulator.clock import Clock
from simulator.cloud_server import (
    Answer,
    FaultKind,
    Faults,
    Reply,
    endpoint,
    error_reply,
    one_of,
    register,
)
from simulator.reminders_world import RemindersWorld
from simulator.timers_world import MOST_TIMERS, Json, RefusedError, TimersWorld
from simulator.voice_permission import REMINDERS_SCOPE, TIMERS_SCOPE, PermissionAnswer

TimersConsent = Literal["granted", "not_asked", "denied", "unsupported"]
"""Whether the skill may use timers. "unsupported" is a device that has none, whatever the person allows."""

RemindersConsent = Literal["granted", "not_asked", "denied"]
Service = Literal["timers", "reminders", "settings", "directives"]


@dataclass(frozen=True)
class Call:
    """One API call that was received. `status` is None when it got no answer at all."""

    method: str
    path: str
    status: int | None


class AlexaCloud:
    """The world of one person, seen from the skill through the API and from the simulator through this class.

    The Echo sets `session_open` (timers can be made, paused and resumed in a session only) and hands out `endpoint` and
    `token` in its envelopes. `consent`, `reminders_consent`, `time_zone` and `locale` may be changed at any moment.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        timers: TimersConsent = "not_asked",
        reminders: RemindersConsent = "not_asked",
        time_zone: str = "America/New_York",
        skill_name: str = "Hip Coach",
        locale: str = "en-US",
        timer_limit: int = MOST_TIMERS,
        manifest_scopes: Collection[str] = (TIMERS_SCOPE, REMINDERS_SCOPE),
    ) -> None:
        self.consent: TimersConsent = one_of(TimersConsent, timers)
        self.reminders_consent: RemindersConsent = one_of(RemindersConsent, reminders)
        self.time_zone = time_zone
        self.locale = locale
        self.session_open = False
        self.token = f"access-{secrets.token_hex(16)}"
        self.calls: list[Call] = []
        self.progressive: list[str] = []
        self.on_permission_answer: Callable[[], None] | None = None
        """Called when the person has answered, so that a question that is waiting goes on at once."""
        self._skill_name = skill_name
        self._clock = clock
        self._manifest_scopes = frozenset(manifest_scopes)
        self._timers = TimersWorld(limit=timer_limit, skill_name=skill_name)
        self._reminders = RemindersWorld()
        self._announcements: list[str] = []
        self._heard = 0
        self._faults = Faults(get_args(Service))
        self._permission_answers: deque[PermissionAnswer] = deque()
        # The skill's calls arrive on the server's threads, the person's doings on another.
        self._lock = threading.RLock()
        register(self.token, self)

    @property
    def endpoint(self) -> str:
        """Base address of the API, for `context.System.apiEndpoint`. Asking for it starts the server."""
        return endpoint()

    # What timers do

    @property
    def timers(self) -> list[Json]:
        """The skill's timers as GET /v1/alerts/timers lists them now: least time left first."""
        with self._lock:
            now = self._settle()
            return [timer.as_response() for timer in self._timers.live(now)]

    @property
    def announcements(self) -> list[str]:
        """What timers and reminders have said until now. What fell due at one look comes timers first, each in order.

        Alexa's "From Hip Coach" before a timer's words is left out; a reminder has her "Here's your reminder".
        """
        with self._lock:
            self._settle()
            return list(self._announcements)

    @property
    def ringing(self) -> list[Json]:
        """Timers that have ended and ring until someone says "Alexa, stop", for an hour at most."""
        with self._lock:
            self._settle()
            return [timer.as_response() for timer in self._timers.ringing()]

    def ring_due(self, now: datetime | None = None) -> list[str]:
        """Let happen what is due by `now` (else by the clock). Returns what was said since this was last asked."""
        with self._lock:
            self._settle(now)
            new = self._announcements[self._heard :]
            self._heard = len(self._announcements)
            return new

    def next_due(self) -> datetime | None:
        """When the next timer ends or the next reminder rings; None when there is none."""
        with self._lock:
            self._settle()
            return min(filter(None, (self._timers.next_due(), self._reminders.next_due())), default=None)

    def stop_ringing(self) -> list[str]:
        """What "Alexa, stop" does while a timer rings. Returns what is said now, after anything not heard before."""
        with self._lock:
            self._settle()
            self._announcements.extend(self._timers.stop_ringing(self.locale))
            return self.ring_due()

    def delete_timer_elsewhere(self, label_or_id: str) -> None:
        """What "Alexa, cancel my timer" does; the skill is not told. Raises RefusedError when it is not there."""
        with self._lock:
            self._settle()
            self._timers.delete(self._timers.find(label_or_id).id)

    def pause_timer_elsewhere(self, label_or_id: str) -> None:
        """What "Alexa, pause my timer" does; the skill is not told. Raises RefusedError where the API would refuse."""
        with self._lock:
            now = self._settle()
            self._timers.pause(self._timers.find(label_or_id).id, now)

    def resume_timer_elsewhere(self, label_or_id: str) -> None:
        """What "Alexa, resume my timer" does; the skill is not told. Raises RefusedError where the API would refuse."""
        with self._lock:
            now = self._settle()
            self._timers.resume(self._timers.find(label_or_id).id, now)

    # What reminders do

    @property
    def reminders(self) -> list[Json]:
        """The skill's reminders as GET /v1/alerts/reminders lists them now, in the order they were made."""
        with self._lock:
            self._settle()
            return [reminder.as_alert() for reminder in self._reminders.all()]

    def delete_reminder_elsewhere(self, text_or_id: str) -> None:
        """What "Alexa, cancel my reminder" does; the skill is not told. Raises RefusedError when it is not there."""
        with self._lock:
            self._settle()
            self._reminders.delete(self._reminders.find(text_or_id).id)

    # Permission by voice

    def answer_permission(self, answer: PermissionAnswer) -> None:
        """Queue what the person answers when Alexa next asks for a permission."""
        self._permission_answers.append(one_of(PermissionAnswer, answer))
        if self.on_permission_answer is not None:
            self.on_permission_answer()

    def ask_permission(self, directive: Json) -> Json | None:
        """Ask the person for what a Connections.SendRequest directive named AskFor wants.

        Returns the members of the Connections.Response request that Alexa then sends to the skill, or None as long as
        nobody has answered.
        """
        asked = voice_permission.asked_scopes(directive)
        if not asked or not self._manifest_scopes.issuperset(asked):
            return voice_permission.refusal(directive)
        if not self._permission_answers:
            return None
        answer = self._permission_answers.popleft()
        self._take_consent(asked, answer)
        return voice_permission.response(directive, asked, answer)

    def permission_question(self, directive: Json) -> str:
        """What Alexa asks the person for that directive."""
        return voice_permission.question(directive, self._skill_name)

    def _take_consent(self, scopes: list[str], answer: PermissionAnswer) -> None:
        if answer == "silence":
            return
        consent: RemindersConsent = "granted" if answer == "yes" else "denied"
        if TIMERS_SCOPE in scopes and self.consent != "unsupported":
            self.consent = consent
        if REMINDERS_SCOPE in scopes:
            self.reminders_consent = consent

    # Faults

    def fail(
        self,
        service: Service,
        *,
        status: int = 503,
        times: int = 1,
        code: str | None = None,
        body: str | None = None,
        how: FaultKind = "status",
    ) -> None:
        """Let the next `times` calls to `service` fail, without effect.

        Args:
            service: the one that fails.
            status: HTTP status of the failure.
            times: how many calls fail.
            code: `code` of the JSON error body, else the usual one for `status`.
            body: sent as it is in place of the JSON error body.
            how: "status" answers with an error body, "empty" with no body, "html" with a page as proxies send it;
                "slow" never answers, "dropped" closes the connection.
        """
        with self._lock:
            self._faults.order(service, status=status, times=times, code=code, body=body, how=how)

    # From one run to the next

    def as_dict(self) -> Json:
        """Consent, timers and reminders as plain JSON, for `restore`."""
        with self._lock:
            self._settle()
            return {
                "consent": self.consent,
                "reminders_consent": self.reminders_consent,
                "timers": self._timers.as_list(),
                "reminders": self._reminders.as_list(),
            }

    def restore(self, saved: Json) -> None:
        """Take over what `as_dict` gave. What fell due meanwhile is announced as soon as anyone listens.

        Raises:
            ValueError: when it is something else; then nothing is changed.
        """
        if not isinstance(saved, dict):
            raise ValueError("a saved world is a dict")
        consent = one_of(TimersConsent, saved.get("consent"))
        reminders_consent = one_of(RemindersConsent, saved.get("reminders_consent"))
        with self._lock:
            reminders = RemindersWorld()
            reminders.restore(saved.get("reminders", []))
            self._timers.restore(saved.get("timers"))
            self._reminders = reminders
            self.consent, self.reminders_consent = consent, reminders_consent

    # The API

    def receive(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one call of the skill."""
        segments = [unquote(segment) for segment in path.partition("?")[0].split("/")[1:]]
        with self._lock:
            try:
                answer = self._serve(method, segments, body)
            except RefusedError as refused:
                answer = error_reply(refused.status, refused.code, refused.message)
            self.calls.append(Call(method, path, answer.status if isinstance(answer, Reply) else None))
        return answer

    def _serve(self, method: str, segments: list[str], body: bytes) -> Answer:
        match segments:
            case ["v1", "alerts", "timers", *rest]:
                return self._faults.take("timers") or self._serve_timers(method, rest, body)
            case ["v1", "alerts", "reminders", *rest]:
                return self._faults.take("reminders") or self._serve_reminders(method, rest, body)
            case ["v2", "devices", _, "settings", "System.timeZone"] if method == "GET":
                return self._faults.take("settings") or Reply(200, json.dumps(self.time_zone))
            case ["v1", "directives"] if method == "POST":
                return self._faults.take("directives") or self._serve_directive(body)
        raise RefusedError(404, "NOT_FOUND", "There is no such API")

    def _serve_timers(self, method: str, rest: list[str], body: bytes) -> Reply:
        now = self._settle()
        if self.consent == "unsupported":
            raise RefusedError(403, "DEVICE_NOT_SUPPORTED", "Timers are not supported on this device")
        if self.consent != "granted":
            raise RefusedError(401, "UNAUTHORIZED", "The user has not granted permission for timers")
        if method == "POST" and not self.session_open:
            raise RefusedError(403, "FORBIDDEN", "Timers can be made, paused and resumed in a skill session only")
        return serve_timers(self._timers, method, rest, body, now)

    def _serve_reminders(self, method: str, rest: list[str], body: bytes) -> Reply:
        now = self._settle()
        if self.reminders_consent != "granted":
            raise RefusedError(401, "UNAUTHORIZED", "The user has not granted permission for reminders")
        if method == "POST" and not self.session_open:
            raise RefusedError(403, "FORBIDDEN", "Reminders can be made in a skill session only")
        if self.consent == "unsupported" and method == "POST":
            raise RefusedError(403, "DEVICE_NOT_SUPPORTED", "Alerts are not supported on this device")
        return serve_reminders(self._reminders, method, rest, body, now, self.time_zone)

    def _serve_directive(self, body: bytes) -> Reply:
        match parse_body(body):
            case {
                "header": {"requestId": str()},
                "directive": {"type": "VoicePlayer.Speak", "speech": str(speech)},
            } if speech:
                self.progressive.append(speech)
                return Reply(204)
        raise RefusedError(400, "BAD_REQUEST", "header.requestId and a VoicePlayer.Speak directive are needed")

    def _settle(self, now: datetime | None = None) -> datetime:
        """Let happen what is due: nobody may see a timer that is over, whether or not the clock was watched."""
        now = now if now is not None else self._clock()
        self._announcements.extend(self._timers.end_due(now, self.locale))
        self._announcements.extend(self._reminders.ring_due(now, self.locale))
        return now
