"""Alexa's cloud on the desk: the services a skill calls while it answers, for one person, over real HTTP.

Timers, the device's time zone and progressive responses are served; voice permission is asked and answered; faults
happen when they are ordered. One server per process listens on the loopback interface; each `AlexaCloud` is told from
the others by its access token, as people are by Alexa. Sources of the rules: Amazon's "Timers REST API Reference" (the
rules themselves are in `timers_world`), "Set Up Voice Permissions for Timers", "Alexa Settings API Reference" and
"Send the User a Progressive Response".
"""

from __future__ import annotations

import json
import re
import secrets
import socketserver
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, get_args
from urllib.parse import unquote
from weakref import WeakValueDictionary

from simulator.clock import Clock
from simulator.timers_world import MOST_TIMERS, Json, RefusedError, TimersWorld

TimersConsent = Literal["granted", "not_asked", "denied", "unsupported"]
"""Whether the skill may use timers. "unsupported" is a device that has none, whatever the person allows."""

RemindersConsent = Literal["granted", "not_asked", "denied"]
Service = Literal["timers", "settings", "directives"]
FaultKind = Literal["status", "slow", "dropped", "empty", "html"]
PermissionAnswer = Literal["yes", "no", "silence"]

TIMERS_SCOPE = "alexa::alerts:timers:skill:readwrite"
REMINDERS_SCOPE = "alexa::alerts:reminders:skill:readwrite"

_LARGEST_BODY = 64 * 1024
_LONGEST_SILENCE_SECONDS = 10.0
_CONTENT_LENGTH = re.compile("[0-9]{1,12}")
_CONSENT_STATUSES: dict[PermissionAnswer, str] = {"yes": "ACCEPTED", "no": "DENIED", "silence": "NOT_ANSWERED"}
_USUAL_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
    504: "DEVICE_OFFLINE",
}


@dataclass(frozen=True)
class Call:
    """One API call that was received. `status` is None when it got no answer at all."""

    method: str
    path: str
    status: int | None


@dataclass(frozen=True)
class _Reply:
    status: int
    body: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True)
class _Silence:
    """No reply: the connection is dropped at once, or held open until the caller gives up."""

    held_open: bool


_Answer = _Reply | _Silence


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
        time_zone: str = "America/New_York",
        skill_name: str = "Hip Coach",
        locale: str = "en-US",
        timer_limit: int = MOST_TIMERS,
        manifest_scopes: Collection[str] = (TIMERS_SCOPE, REMINDERS_SCOPE),
    ) -> None:
        self.consent: TimersConsent = _one_of(TimersConsent, timers)
        self.reminders_consent: RemindersConsent = "not_asked"
        self.time_zone = time_zone
        self.locale = locale
        self.session_open = False
        self.token = f"access-{secrets.token_hex(16)}"
        self.calls: list[Call] = []
        self.progressive: list[str] = []
        self.on_permission_answer: Callable[[], None] | None = None
        """Called when the person has answered, so that a question that is waiting goes on at once."""
        self.PERMISSION_QUESTION = (
            f"Do you give {skill_name} permission to update your timers? You can say I approve or no."
        )
        self._clock = clock
        self._manifest_scopes = frozenset(manifest_scopes)
        self._timers = TimersWorld(limit=timer_limit, skill_name=skill_name)
        self._announcements: list[str] = []
        self._heard = 0
        self._faults: dict[str, deque[_Answer]] = {service: deque() for service in get_args(Service)}
        self._permission_answers: deque[PermissionAnswer] = deque()
        # The skill's calls arrive on the server's threads, the person's doings on another.
        self._lock = threading.RLock()
        _worlds[self.token] = self

    @property
    def endpoint(self) -> str:
        """Base address of the API, for `context.System.apiEndpoint`. Asking for it starts the server."""
        with _starting:
            return _start_server()

    # What timers do

    @property
    def timers(self) -> list[Json]:
        """The skill's timers as GET /v1/alerts/timers lists them now: least time left first."""
        with self._lock:
            now = self._settle()
            return [timer.as_response() for timer in self._timers.live(now)]

    @property
    def announcements(self) -> list[str]:
        """What timers have said until now, in the order they fell due. Alexa's own "From Hip Coach" is left out."""
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
        """When the next timer ends; None when none runs."""
        with self._lock:
            self._settle()
            return self._timers.next_due()

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

    # Permission by voice

    def answer_permission(self, answer: PermissionAnswer) -> None:
        """Queue what the person answers when Alexa next asks for a permission."""
        self._permission_answers.append(_one_of(PermissionAnswer, answer))
        if self.on_permission_answer is not None:
            self.on_permission_answer()

    def ask_permission(self, directive: Json) -> Json | None:
        """Ask the person for what a Connections.SendRequest directive named AskFor wants.

        Returns the members of the Connections.Response request that Alexa then sends to the skill, or None as long as
        nobody has answered. The shape of the answer to version "2" is not published: it has both the place where
        production skills find the status and the list that the request suggests.
        """
        if directive.get("type") != "Connections.SendRequest" or directive.get("name") != "AskFor":
            raise ValueError("not a Connections.SendRequest directive named AskFor")
        asked = _asked_scopes(directive.get("payload"))
        if not asked or not self._manifest_scopes.issuperset(asked):
            return _permission_response(directive, "400", "A permission is malformed or not in the manifest", None)
        if not self._permission_answers:
            return None
        answer = self._permission_answers.popleft()
        self._take_consent(asked, answer)
        status = _CONSENT_STATUSES[answer]
        payload: Json = {"status": status, "isCardThrown": answer == "silence"}
        if directive["payload"]["@version"] == "1":
            payload["permissionScope"] = asked[0]
        else:
            payload["permissionScopes"] = [
                {**entry, "status": status} for entry in directive["payload"]["permissionScopes"]
            ]
        return _permission_response(directive, "200", "OK", payload)

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
        _one_of(Service, service)
        if times < 1 or not 200 <= status <= 599:
            raise ValueError(f"cannot fail {times} times with status {status}")
        match _one_of(FaultKind, how):
            case "status":
                fault: _Answer = _error(status, code or _USUAL_CODES.get(status, "ERROR"), "Failed as ordered")
                fault = fault if body is None else _Reply(status, body)
            case "empty":
                fault = _Reply(status)
            case "html":
                page = body or f"<html><body><h1>{status}</h1></body></html>"
                fault = _Reply(status, page, content_type="text/html")
            case "slow" | "dropped":
                fault = _Silence(held_open=how == "slow")
        with self._lock:
            self._faults[service].extend([fault] * times)

    # From one run to the next

    def as_dict(self) -> Json:
        """Consent and timers as plain JSON, for `restore`."""
        with self._lock:
            self._settle()
            return {
                "consent": self.consent,
                "reminders_consent": self.reminders_consent,
                "timers": self._timers.as_list(),
            }

    def restore(self, saved: Json) -> None:
        """Take over what `as_dict` gave. Timers that ended meanwhile are announced as soon as anyone listens.

        Raises:
            ValueError: when it is something else; then nothing is changed.
        """
        if not isinstance(saved, dict):
            raise ValueError("a saved world is a dict")
        consent = _one_of(TimersConsent, saved.get("consent"))
        reminders_consent = _one_of(RemindersConsent, saved.get("reminders_consent"))
        with self._lock:
            self._timers.restore(saved.get("timers"))
            self.consent, self.reminders_consent = consent, reminders_consent

    # The API

    def _receive(self, method: str, path: str, body: bytes) -> _Answer:
        """Answer one call of the skill."""
        segments = [unquote(segment) for segment in path.partition("?")[0].split("/")[1:]]
        with self._lock:
            try:
                answer = self._serve(method, segments, body)
            except RefusedError as refused:
                answer = _error(refused.status, refused.code, refused.message)
            self.calls.append(Call(method, path, answer.status if isinstance(answer, _Reply) else None))
        return answer

    def _serve(self, method: str, segments: list[str], body: bytes) -> _Answer:
        match segments:
            case ["v1", "alerts", "timers", *rest]:
                return self._fault("timers") or self._serve_timers(method, rest, body)
            case ["v2", "devices", _, "settings", "System.timeZone"] if method == "GET":
                return self._fault("settings") or _Reply(200, json.dumps(self.time_zone))
            case ["v1", "directives"] if method == "POST":
                return self._fault("directives") or self._serve_directive(body)
        raise RefusedError(404, "NOT_FOUND", "There is no such API")

    def _fault(self, service: Service) -> _Answer | None:
        return self._faults[service].popleft() if self._faults[service] else None

    def _serve_timers(self, method: str, rest: list[str], body: bytes) -> _Reply:
        now = self._settle()
        if self.consent == "unsupported":
            raise RefusedError(403, "DEVICE_NOT_SUPPORTED", "Timers are not supported on this device")
        if self.consent != "granted":
            raise RefusedError(401, "UNAUTHORIZED", "The user has not granted permission for timers")
        if method == "POST" and not self.session_open:
            raise RefusedError(403, "FORBIDDEN", "Timers can be made, paused and resumed in a skill session only")
        match method, rest:
            case "GET", []:
                timers = [timer.as_response() for timer in self._timers.live(now)]
                return _Reply(200, json.dumps({"totalCount": len(timers), "timers": timers}))
            case "POST", []:
                return _Reply(200, json.dumps(self._timers.create(_parse(body), now).as_response()))
            case "DELETE", []:
                self._timers.delete_all()
            case "GET", [timer_id]:
                return _Reply(200, json.dumps(self._timers.get(timer_id).as_response()))
            case "DELETE", [timer_id]:
                self._timers.delete(timer_id)
            case "POST", [timer_id, "pause"]:
                self._timers.pause(timer_id, now)
            case "POST", [timer_id, "resume"]:
                self._timers.resume(timer_id, now)
            case _:
                raise RefusedError(404, "NOT_FOUND", "There is no such API")
        return _Reply(200)

    def _serve_directive(self, body: bytes) -> _Reply:
        match _parse(body):
            case {
                "header": {"requestId": str()},
                "directive": {"type": "VoicePlayer.Speak", "speech": str(speech)},
            } if speech:
                self.progressive.append(speech)
                return _Reply(204)
        raise RefusedError(400, "BAD_REQUEST", "header.requestId and a VoicePlayer.Speak directive are needed")

    def _settle(self, now: datetime | None = None) -> datetime:
        """Let the timers end that are due: nobody may see one that is over, whether or not the clock was watched."""
        now = now if now is not None else self._clock()
        self._announcements.extend(self._timers.end_due(now, self.locale))
        return now


def _parse(body: bytes) -> Any:
    if len(body) > _LARGEST_BODY:
        raise RefusedError(400, "BAD_REQUEST", "The body is too large")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "BAD_REQUEST", "The body must be JSON") from None


def _asked_scopes(payload: Any) -> list[str]:
    """The scopes in the payload of an AskFor directive of either version; none when it is malformed."""
    match payload:
        case {"@type": "AskForPermissionsConsentRequest", "@version": "1", "permissionScope": str(scope)}:
            return [scope]
        case {"@type": "AskForPermissionsConsentRequest", "@version": "2", "permissionScopes": list(entries)}:
            scopes = [entry.get("permissionScope") if isinstance(entry, dict) else None for entry in entries]
            return [str(scope) for scope in scopes]
    return []


def _permission_response(directive: Json, code: str, message: str, payload: Json | None) -> Json:
    return {
        "type": "Connections.Response",
        "name": "AskFor",
        "status": {"code": code, "message": message},
        "token": directive.get("token"),
        "payload": payload,
    }


def _error(status: int, code: str, message: str) -> _Reply:
    return _Reply(status, json.dumps({"code": code, "message": message}))


def _one_of(choices: Any, value: Any) -> Any:
    if value not in get_args(choices):
        raise ValueError(f"{value!r} is none of {', '.join(get_args(choices))}")
    return value


# The server. Worlds are held weakly: one that nobody uses any more needs no farewell.
_worlds: WeakValueDictionary[str, AlexaCloud] = WeakValueDictionary()
_starting = threading.Lock()


@cache
def _start_server() -> str:
    server = _Server(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, name="alexa-cloud", daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self) -> None:
        # HTTPServer would look up its own name, which can take seconds on a machine without a network.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A caller that gave up in the middle is everyday; anything else is a fault of this module and is shown.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # Buffered until the reply is complete: headers and body leave in one write.

    def _answer(self) -> None:
        body = self._read_body()
        world = _worlds.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        answer = (
            world._receive(self.command, self.path, body)
            if world is not None
            else _error(401, "UNAUTHORIZED", "The access token is missing or not valid")
        )
        if isinstance(answer, _Silence):
            self._stay_silent(answer)
        else:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (names that http.server looks for)

    def _read_body(self) -> bytes:
        """The body, or as much of it as shows that it is too large. All is read, so that the connection can go on."""
        length = self.headers.get("Content-Length", "0")
        if not _CONTENT_LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # Nobody knows where the next request starts.
            return b""
        left, kept = int(length), b""
        while left > 0 and (part := self.rfile.read(min(left, _LARGEST_BODY + 1))):
            left -= len(part)
            kept = kept or part
        return kept

    def _send(self, reply: _Reply) -> None:
        body = reply.body.encode() if reply.status != 204 else b""
        self.send_response(reply.status)
        if reply.status != 204:  # No Content has neither a body nor its length.
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _stay_silent(self, silence: _Silence) -> None:
        self.close_connection = True
        if silence.held_open:
            self.connection.settimeout(_LONGEST_SILENCE_SECONDS)
            # Returns as soon as the caller hangs up.
            with suppress(OSError):
                self.connection.recv(1)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged; `AlexaCloud.calls` tells what came in."""
