"""Faults of DynamoDB on order, as the real boto3 code meets them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_dynamodb import DynamoDBClient

Fault: TypeAlias = Literal["unreachable", "throttled", "slow", "refused", "missing_table"]

_ERRORS: Final[dict[Fault, tuple[str, str]]] = {
    "throttled": (
        "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded.",
    ),
    "refused": (
        "com.amazon.coral.service#AccessDeniedException",
        "User is not authorized to perform this action on this resource.",
    ),
    "missing_table": (
        "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        "Requested resource not found",
    ),
}


class TableFaults:
    """Makes DynamoDB fail as boto3 sees it, without waiting. What botocore and our code do then is real.

    Attributes:
        met: how many faults the attached clients have met so far.
    """

    def __init__(self) -> None:
        self.met = 0
        self._coming: deque[Fault] = deque()

    def fail(self, how: Fault, times: int = 1) -> None:
        """Let the next requests fail: `times` of them, after those that were asked for before."""
        if how not in ("unreachable", "slow", *_ERRORS):
            raise ValueError(f"no such fault: {how}")
        self._coming.extend([how] * times)

    def clear(self) -> None:
        """Forget the faults that are still to come."""
        self._coming.clear()

    def attach(self, client: DynamoDBClient) -> None:
        """Let this client meet the faults."""
        # The stubs know only handlers that return nothing; of this event botocore takes the answer.
        handler: Callable[..., Any] = self._before_send
        client.meta.events.register("before-send.dynamodb.*", handler, unique_id=f"table-faults-{id(self)}")

    def detach(self, client: DynamoDBClient) -> None:
        """Let this client meet no more faults."""
        client.meta.events.unregister("before-send.dynamodb.*", unique_id=f"table-faults-{id(self)}")

    def _before_send(self, request: AWSPreparedRequest, **_others: object) -> AWSResponse | None:
        """Called by botocore before each request. None lets it go out; a response is taken instead of an answer."""
        from botocore import exceptions

        try:
            how = self._coming.popleft()
        except IndexError:
            return None
        self.met += 1
        if how == "unreachable":
            raise exceptions.EndpointConnectionError(endpoint_url=request.url)
        if how == "slow":
            raise exceptions.ReadTimeoutError(endpoint_url=request.url)
        return _error_response(str(request.url), *_ERRORS[how])


def _error_response(url: str, error_type: str, message: str) -> AWSResponse:
    """An error as DynamoDB sends it: status 400 and a JSON body that names the type."""
    import io
    import json

    from botocore.awsrequest import AWSResponse, HeadersDict

    class Body(io.BytesIO):
        def stream(self, **_how: object) -> list[bytes]:
            return [self.read()]

    body = json.dumps({"__type": error_type, "message": message}).encode()
    headers: Any = HeadersDict({"Content-Type": "application/x-amz-json-1.0", "Content-Length": str(len(body))})
    return AWSResponse(url, 400, headers, Body(body))
