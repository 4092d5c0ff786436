"""The HTTP underneath the SDK's service clients, with what the SDK's own lacks.

That is: time-outs, connection reuse, one careful retry, and a list of the hosts that may see the listener's token.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ask_sdk_model.services.api_client import ApiClient
from ask_sdk_model.services.api_client_response import ApiClientResponse

if TYPE_CHECKING:
    from urllib3 import PoolManager

AMAZON_HOSTS = ("api.amazonalexa.com", "api.eu.amazonalexa.com", "api.fe.amazonalexa.com")
"""Alexa's API hosts: North America, Europe, Far East."""
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")

CONNECT_SECONDS = 0.8
READ_SECONDS = 1.3
TURN_SECONDS = 2.2
"""Seconds that all calls of one turn may take together, so that an answer comes within three."""


class ForbiddenHost(ValueError):
    """The envelope names an API endpoint that is not Amazon's; the listener's token is not sent there."""


class TurnTimeSpent(TimeoutError):
    """The turn's time for calls is used up."""


class AlexaApiClient(ApiClient):  # type: ignore[misc]
    """Sends the SDK's requests over kept connections.

    A GET or DELETE is tried twice when the connection fails; a POST only when no connection could be made, for it may
    have been carried out (a timer set twice is worse than one not set).
    """

    def __init__(self, allow_loopback: bool = False, read_seconds: float = READ_SECONDS) -> None:
        self._allow_loopback = allow_loopback
        self._read_seconds = read_seconds
        self._pool: PoolManager | None = None
        self._turn_ends = 0.0
        self.last_status: int | None = None
        """The HTTP status of the newest answer; None when none came."""

    def begin_turn(self) -> None:
        """Give the calls of a new turn their time."""
        self._turn_ends = time.monotonic() + TURN_SECONDS

    def invoke(self, request: Any) -> ApiClientResponse:
        """Send one request of a service client.

        Raises:
            ForbiddenHost: the endpoint is not Amazon's.
            TurnTimeSpent: earlier calls of this turn took all its time.
            ValueError: the request can't be sent as it is.
            urllib3.exceptions.HTTPError: the service can't be reached or is too slow.
        """
        from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError

        self._check_host(request.url)
        try:
            return self._send(request)
        except (NewConnectionError, ConnectTimeoutError):
            return self._send(request)
        except ProtocolError:
            if request.method not in ("GET", "DELETE"):
                raise
            return self._send(request)

    def _send(self, request: Any) -> ApiClientResponse:
        from urllib3.util import Timeout

        self.last_status = None
        left = self._turn_ends - time.monotonic()
        if left < 0.05:
            raise TurnTimeSpent("the turn's time for calls is spent")
        try:
            response = self._connections().request(
                request.method,
                request.url,
                headers=dict(request.headers or ()),
                body=None if request.body is None else json.dumps(request.body).encode(),
                timeout=Timeout(connect=CONNECT_SECONDS, read=min(self._read_seconds, left), total=left),
                retries=False,
                redirect=False,
            )
        except ValueError:
            # A header with a line break in it, say. Python's own text quotes it, and it may be the token.
            raise ValueError("the request can't be sent as it is") from None
        self.last_status = response.status
        return ApiClientResponse(
            headers=list(response.headers.items()),
            status_code=response.status,
            body=response.data.decode("utf-8", "replace") or None,
        )

    def _connections(self) -> PoolManager:
        if self._pool is None:
            from urllib3 import PoolManager

            self._pool = PoolManager(num_pools=4, maxsize=2)
        return self._pool

    def _check_host(self, url: str) -> None:
        if not url.isprintable() or " " in url:
            # Parsers differ in what they make of white space; a check by one means nothing for the other.
            raise ForbiddenHost("the API endpoint is not a URL")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as problem:
            raise ForbiddenHost("the API endpoint is not a URL") from problem
        host = parts.hostname or ""
        if parts.username or parts.password:
            raise ForbiddenHost("the API endpoint carries a user name")
        if parts.scheme == "https" and host in AMAZON_HOSTS and port in (None, 443):
            return
        if self._allow_loopback and parts.scheme in ("http", "https") and host in LOOPBACK_HOSTS:
            return
        raise ForbiddenHost("the API endpoint is not one of Amazon's")
