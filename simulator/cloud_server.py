"""The HTTP server under Alexa's cloud on the desk: one for a process, on the loopback interface.

It knows nothing of timers or reminders. A call is handed to the world that its access token belongs to, and what that
answers goes back over the wire: a reply, or the silence of a service that fails.
"""

from __future__ import annotations

import json
import re
import socketserver
import sys
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol, get_args
from weakref import WeakValueDictionary

FaultKind = Literal["status", "slow", "dropped", "empty", "html"]

LARGEST_BODY = 64 * 1024
_LONGEST_SILENCE_SECONDS = 10.0
_CONTENT_LENGTH = re.compile("[0-9]{1,12}")
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
class Reply:
    """What is sent back."""

    status: int
    body: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True)
class Silence:
    """No reply: the connection is dropped at once, or held open until the caller gives up."""

    held_open: bool


Answer = Reply | Silence


class World(Protocol):
    """What answers the calls of one access token."""

    def receive(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one call."""
        ...


class Faults:
    """The failures that were ordered, in their order, for each service by name."""

    def __init__(self, services: Iterable[str]) -> None:
        self._waiting: dict[str, deque[Answer]] = {service: deque() for service in services}

    def order(
        self, service: str, *, status: int, times: int, code: str | None, body: str | None, how: FaultKind
    ) -> None:
        """Let the next `times` calls to `service` fail; `AlexaCloud.fail` says how."""
        if service not in self._waiting:
            raise ValueError(f"{service!r} is none of {', '.join(self._waiting)}")
        if times < 1 or not 200 <= status <= 599:
            raise ValueError(f"cannot fail {times} times with status {status}")
        match one_of(FaultKind, how):
            case "status":
                fault: Answer = error_reply(status, code or _USUAL_CODES.get(status, "ERROR"), "Failed as ordered")
                fault = fault if body is None else Reply(status, body)
            case "empty":
                fault = Reply(status)
            case "html":
                page = body or f"<html><body><h1>{status}</h1></body></html>"
                fault = Reply(status, page, content_type="text/html")
            case "slow" | "dropped":
                fault = Silence(held_open=how == "slow")
        self._waiting[service].extend([fault] * times)

    def take(self, service: str) -> Answer | None:
        """The failure that is due now, or None."""
        return self._waiting[service].popleft() if self._waiting[service] else None


def error_reply(status: int, code: str, message: str) -> Reply:
    """A refusal with the error body that Amazon's services send."""
    return Reply(status, json.dumps({"code": code, "message": message}))


def one_of(choices: Any, value: Any) -> Any:
    """The value, if it is one of a Literal's; a ValueError that lists them, if not."""
    if value not in get_args(choices):
        raise ValueError(f"{value!r} is none of {', '.join(get_args(choices))}")
    return value


def register(token: str, world: World) -> None:
    """Let calls with this access token reach `world`. It is held weakly: one that nobody uses needs no farewell."""
    _worlds[token] = world


def endpoint() -> str:
    """The server's base address. Asking for it starts the server."""
    with _starting:
        return _start_server()


_worlds: WeakValueDictionary[str, World] = WeakValueDictionary()
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
            world.receive(self.command, self.path, body)
            if world is not None
            else error_reply(401, "UNAUTHORIZED", "The access token is missing or not valid")
        )
        if isinstance(answer, Silence):
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
        while left > 0 and (part := self.rfile.read(min(left, LARGEST_BODY + 1))):
            left -= len(part)
            kept = kept or part
        return kept

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode() if reply.status != 204 else b""
        self.send_response(reply.status)
        if reply.status != 204:  # No Content has neither a body nor its length.
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _stay_silent(self, silence: Silence) -> None:
        self.close_connection = True
        if silence.held_open:
            self.connection.settimeout(_LONGEST_SILENCE_SECONDS)
            # Returns as soon as the caller hangs up.
            with suppress(OSError):
                self.connection.recv(1)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged; `AlexaCloud.calls` tells what came in."""
