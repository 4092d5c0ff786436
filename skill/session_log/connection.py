"""The way to DynamoDB and back: one client, made at the first use, and a count of the round trips."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

from skill.session_log.failures import LogUnavailable, conditions_only, unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROUND_TRIPS_AT_MOST: Final = 2
"""Round trips that one call may make: Alexa waits eight seconds, and people less."""
_Result = TypeVar("_Result")


class Allowance:
    """The round trips that one call may still make."""

    def __init__(self, at_most: int = ROUND_TRIPS_AT_MOST) -> None:
        self._left = min(at_most, ROUND_TRIPS_AT_MOST)

    def take(self) -> None:
        """Use one of them.

        Raises:
            LogUnavailable: when none is left.
        """
        if self._left <= 0:
            raise LogUnavailable("throttled", "Contended")
        self._left -= 1


class Connection:
    """Sends requests to DynamoDB.

    Attributes:
        round_trips: how many requests went there since the caller last set it to 0. One that met a connection which
            had died meanwhile, and was sent again, counts once.
    """

    def __init__(self, make_client: Callable[[], DynamoDBClient]) -> None:
        self.round_trips = 0
        self._make_client = make_client
        self._client: DynamoDBClient | None = None

    def send(self, request: Callable[[DynamoDBClient], _Result], allowance: Allowance | None = None) -> _Result:
        """Send one request.

        Raises:
            ClientError: when DynamoDB refused a write because of its condition; whoever wrote must look at it.
            LogUnavailable: for everything else that goes wrong.
        """
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

        # "from None" everywhere: botocore's texts may quote what was to be written, and would reach the operator's log.
        try:
            client = self._connected()
        except (BotoCoreError, ValueError) as error:
            raise LogUnavailable("refused", type(error).__name__) from None
        if allowance:
            allowance.take()
        self.round_trips += 1
        try:
            try:
                return request(client)
            except ConnectionClosedError:
                # Lambda freezes between turns, and a kept connection may be dead when it wakes. Then a new one is made.
                return request(client)
        except ClientError as error:
            if conditions_only(error):
                raise
            raise unavailable(error) from None
        except BotoCoreError as error:
            raise unavailable(error) from None

    def get_ready(self) -> None:
        """Make the client now rather than at the first use; nothing is sent. One that can't be made is tried again."""
        from botocore.exceptions import BotoCoreError

        with contextlib.suppress(BotoCoreError, ValueError):
            self._connected()

    def _connected(self) -> DynamoDBClient:
        if self._client is None:
            self._client = self._make_client()
        return self._client
