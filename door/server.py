"""`hip-coach serve`: the application on waitress, on this machine, until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from waitress.server import create_server

from door.application import LARGEST_REQUEST, create_app
from door.certificates import SigningCertificates
from skill.app import create_skill
from skill.session_log import make_client
from skill.settings import Settings
from skill.turn_record import TurnRecord, print_record

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 8
"""Requests that are answered at the same time. Most of a turn is waiting for DynamoDB and for Alexa's timers."""

_IDLE_SECONDS = 30
_LARGEST_HEADERS = 16 * 1024


class ServeError(Exception):
    """It can't be served like that. The text is one line: what is wrong, and what to do about it."""


@dataclass(frozen=True)
class Address:
    """Where to listen."""

    host: str = "127.0.0.1"
    """An IP address of this machine."""
    port: int = 8443
    """0 takes a free one."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can speak to it.

        Raises:
            ServeError: the host is not an IP address.
        """
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            raise ServeError(
                f"--host must be an IP address of this machine such as 127.0.0.1, not {self.host!r}"
            ) from None


def make_server(settings: Settings, address: Address, certificates: SigningCertificates | None) -> Any:
    """A waitress server that listens already, for whoever calls its `run`.

    Args:
        settings: how the skills run; `skill_id` is whose requests are taken.
        address: where to listen.
        certificates: Alexa's certificates; None leaves requests unverified, which only this machine's loopback may.

    Raises:
        ServeError: that would be unsafe, or the address can't be had.
    """
    hosts = None
    is_loopback = address.is_loopback
    if certificates is None:
        if not is_loopback:
            raise ServeError(f"--insecure-loopback checks no signatures: not on {address.host}, only on 127.0.0.1")
        # A name that leads here by a trick of DNS is not taken for this machine.
        hosts = (address.host, "127.0.0.1", "localhost", "[::1]")
    elif not settings.skill_id:
        raise ServeError("whose requests are to be answered? Give --skill-id or set HIP_COACH_SKILL_ID")
    printing = threading.Lock()

    def record(turn: TurnRecord) -> None:
        with printing:
            print_record(turn)

    @cache
    def dynamodb() -> DynamoDBClient:
        return make_client(settings.dynamodb_endpoint, settings.region)

    skills = [create_skill(settings, make_dynamodb=dynamodb, record=record) for _ in range(AT_ONCE)]
    for skill in skills:
        skill.get_ready()
    app = create_app(
        [skill.handle for skill in skills], skill_id=settings.skill_id, certificates=certificates, hosts=hosts
    )
    return create_server(
        app,
        sockets=[_listen(address)],
        threads=AT_ONCE,
        ident=None,
        channel_timeout=_IDLE_SECONDS,
        max_request_header_size=_LARGEST_HEADERS,
        max_request_body_size=LARGEST_REQUEST,
    )


def _listen(address: Address) -> socket.socket:
    """A socket that listens there; waitress's own is left open when it can't."""
    try:
        family = socket.AF_INET6 if ip_address(address.host).version == 6 else socket.AF_INET
        return socket.create_server((address.host, address.port), family=family)
    except OSError as problem:
        # Python adds the address to the system's words.
        reason = os.strerror(problem.errno) if problem.errno else problem
        raise ServeError(f"can't listen on {address.host} port {address.port}: {reason}") from None


def serve(settings: Settings, address: Address, *, insecure: bool = False, notes: TextIO = sys.stderr) -> None:
    """Serve until SIGTERM or Ctrl-C, then let the requests that are being answered finish (five seconds at most).

    Turn records go to stdout, all else to `notes`.

    Raises:
        ServeError: before it listens.
    """
    server = make_server(settings, address, None if insecure else SigningCertificates())
    try:
        with _stopped_by(signal.SIGTERM):
            for line in _greeting(settings, address, server.effective_port, insecure):
                print(line, file=notes, flush=True)
            server.run()
    except (SystemExit, KeyboardInterrupt):
        pass  # Told to stop before it began; once it runs, waitress sees to it.
    finally:
        server.close()
    print("Hip Coach has stopped.", file=notes, flush=True)


def _greeting(settings: Settings, address: Address, port: int, insecure: bool) -> Iterator[str]:
    host = f"[{address.host}]" if ":" in address.host else address.host
    if insecure:
        yield "WARNING: signatures are not checked. Anything on this machine can pass as Alexa. For trying out only."
    else:
        yield "Alexa speaks HTTPS on port 443: put a proxy that does in front, and keep this port to the proxy."
        if not address.is_loopback:
            yield f"WARNING: {address.host} can be reached from other machines, and this port speaks plain HTTP."
    if not settings.log_secret:
        yield "No sessions are logged, for HIP_COACH_LOG_SECRET is not set."
    yield f"Hip Coach is listening on http://{host}:{port}/ (Ctrl-C stops it)."


@contextmanager
def _stopped_by(number: signal.Signals) -> Iterator[None]:
    """Have a signal end waitress's loop as Ctrl-C does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit

    earlier = signal.signal(number, stop)
    try:
        yield
    finally:
        signal.signal(number, earlier)
