"""What can go wrong with DynamoDB, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

Reason: TypeAlias = Literal["unreachable", "slow", "throttled", "refused", "missing_table"]


class LogUnavailable(Exception):
    """The log cannot be read or written at this moment. Nothing is lost: the entries can be saved again later.

    After "slow" the write may have been done or not; saving the same revision again settles it.

    Attributes:
        reason: "unreachable" (no connection, or DynamoDB itself failed), "slow" (no answer in time), "throttled" (too
            much at once, or somebody wrote at the same moment), "missing_table", or "refused" (anything else that AWS
            or the SDK will not do: no access, no credentials, a malformed request).
        code: the name of the error at AWS or in the SDK, for operators. It holds nothing personal.
    """

    def __init__(self, reason: Reason, code: str) -> None:
        super().__init__(f"the session log is not available: {reason} ({code})")
        self.reason: Reason = reason
        self.code = code


_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "Throttling",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


def unavailable(error: Exception) -> LogUnavailable:
    """The reason in our words for an error of botocore's."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _refusal(error)
    reason: Reason = "refused"
    if isinstance(error, exceptions.ReadTimeoutError):
        reason = "slow"
    elif isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError):
        reason = "unreachable"
    return LogUnavailable(reason, type(error).__name__)


def _refusal(error: ClientError) -> LogUnavailable:
    """The reason in our words for an answer of DynamoDB's that is an error."""
    response = cast("Mapping[str, Any]", error.response)
    codes = [str(response.get("Error", {}).get("Code", "Unknown"))]
    codes += [str(reason.get("Code")) for reason in response.get("CancellationReasons", [])]
    # A cancelled transaction says only in its reasons what was wrong with which write.
    telling = [code for code in codes if code not in ("None", "ConditionalCheckFailed", "TransactionCanceledException")]
    code = telling[0] if telling else codes[0]
    if code == "ResourceNotFoundException":
        return LogUnavailable("missing_table", code)
    if code in _THROTTLED:
        return LogUnavailable("throttled", code)
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return LogUnavailable("unreachable", code)
    return LogUnavailable("refused", code)


def condition_failed(reason: Mapping[str, Any]) -> bool:
    return reason.get("Code") == "ConditionalCheckFailed"


def conditions_only(error: ClientError) -> bool:
    """Was the write refused only because of what stands in the log already, or because somebody writes just now?"""
    response = cast("Mapping[str, Any]", error.response)
    code = response.get("Error", {}).get("Code")
    if code == "ConditionalCheckFailedException":
        return True
    # Writes that only met another's at the same moment can go into the second round trip, so they count as conditions.
    harmless = {"None", "ConditionalCheckFailed", "TransactionConflict"}
    reasons = response.get("CancellationReasons") or [{}]
    return code == "TransactionCanceledException" and all(reason.get("Code") in harmless for reason in reasons)
