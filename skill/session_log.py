"""The session log: what Hip Coach remembers of a person from one visit to the next, in one DynamoDB table.

An entry (the profile, a heat or cold session, ...) is written whole, with a revision that grows by one at each change
and with a short hash of the request that made it. DynamoDB takes a revision only where it holds none or an older one.
So a request that Alexa sends twice is written once, and of two devices at once neither overwrites what the other wrote.

boto3 is imported at the first use only: many a turn needs no log, and a cold start is short of time.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef, PutTypeDef, TimeToLiveSpecificationTypeDef

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"
Fields: TypeAlias = Mapping[str, JSON]
Reason: TypeAlias = Literal["unreachable", "slow", "throttled", "refused", "missing_table"]
_Result = TypeVar("_Result")

PROFILE: Final = "profile"
"""The sort key of the one entry about the person. It sorts after every other key, which all begin with "log#"."""

KEPT_FOR: Final = timedelta(days=365)
"""How long after its last change an entry is kept."""

SCHEMA: Final = 1
"""The version of the stored shape. Items with a higher one were written by a later Hip Coach and are left alone."""

TABLE_DEFINITION: Final[Mapping[str, Any]] = {
    "AttributeDefinitions": [
        {"AttributeName": "person", "AttributeType": "S"},
        {"AttributeName": "entry", "AttributeType": "S"},
    ],
    "KeySchema": [
        {"AttributeName": "person", "KeyType": "HASH"},
        {"AttributeName": "entry", "KeyType": "RANGE"},
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
"""The table as CreateTable takes it, without its name. The CloudFormation template says the same, word for word."""

TIME_TO_LIVE: Final[TimeToLiveSpecificationTypeDef] = {"AttributeName": "expires_at", "Enabled": True}

_ENTRY_KEY = re.compile(r"profile|log#[!-~]{1,120}")
_NAME = re.compile(r"[!-~]{1,64}")
_WHOLE_NUMBERS: Final = 2**53
_LARGEST: Final = 1e125
_SMALLEST: Final = 1e-129
_DEEPEST: Final = 20
_MOST_CHARACTERS: Final = 20_000
_ROUND_TRIPS_AT_MOST: Final = 2


@dataclass(frozen=True)
class LogEntry:
    """One thing that the log remembers of a person, whole, as it was after its latest change.

    Attributes:
        entry: the sort key: "profile", or "log#" and what sorts by time, such as "log#2026-03-02T09:00:00Z#ab12cd34".
        kind: what the entry is about: "profile", "therapy", ...
        revision: 1 when first written, one more with each change.
        changed_by: a short hash of the id of the request that made this revision.
        fields: what is remembered; plain JSON values. Numbers are held to what JSON and DynamoDB both keep exactly:
            whole numbers up to 2**53, floats from 1e-129 to 1e125. A float without a fraction is read back as an int.

    Raises:
        ValueError: when a part is not of that shape. The text names the part, never its value.
    """

    entry: str
    kind: str
    revision: int
    changed_by: str
    fields: Fields

    def __post_init__(self) -> None:
        if not isinstance(self.entry, str) or not _ENTRY_KEY.fullmatch(self.entry):
            raise ValueError('an entry\'s key must be "profile" or begin with "log#"')
        for name, value in (("kind", self.kind), ("changed_by", self.changed_by)):
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                raise ValueError(f"an entry's {name} must be 1 to 64 plain characters")
        if type(self.revision) is not int or not 1 <= self.revision <= _WHOLE_NUMBERS:
            raise ValueError("an entry's revision must be a whole number from 1 on")
        if not isinstance(self.fields, Mapping):
            raise ValueError("an entry's fields must be a mapping")
        if _characters(dict(self.fields), depth=1) > _MOST_CHARACTERS:
            raise ValueError(f"an entry's fields hold more than {_MOST_CHARACTERS} characters")

    def changed(self, request_id_hash: str, /, **fields: JSON) -> LogEntry:
        """The next revision: the same entry with these fields added or replaced, made by this request."""
        return replace(self, revision=self.revision + 1, changed_by=request_id_hash, fields={**self.fields, **fields})

    def as_dict(self) -> dict[str, JSON]:
        """The entry as plain JSON, to travel in the session attributes until it is saved."""
        return {
            "entry": self.entry,
            "kind": self.kind,
            "revision": self.revision,
            "changed_by": self.changed_by,
            "fields": dict(self.fields),
        }

    @classmethod
    def from_dict(cls, data: object) -> LogEntry:
        """Read what `as_dict` wrote. Session attributes come from outside, so nothing is taken on trust.

        Raises:
            ValueError: for anything that is not an entry. The text never holds a value of `data`.
        """
        if not isinstance(data, Mapping):
            raise ValueError("an entry must be a mapping")
        try:
            parts = {name: data[name] for name in ("entry", "kind", "revision", "changed_by", "fields")}
        except KeyError as error:
            raise ValueError(f"an entry lacks {error}") from None
        return cls(**parts)


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


@dataclass(frozen=True)
class Saved:
    """What became of the entries of one save.

    Attributes:
        written: now in the log.
        repeated: were there already, written by the very same request (Alexa sent it twice).
        stale: not written, for somebody else has written that revision or a newer one.
        held: for each of the stale ones, in their order, what the log holds instead, so that the change can be made
            again on top of it; None where that cannot be read.
    """

    written: tuple[LogEntry, ...] = ()
    repeated: tuple[LogEntry, ...] = ()
    stale: tuple[LogEntry, ...] = ()
    held: tuple[LogEntry | None, ...] = ()


class SessionLog:
    """Reads and writes entries. One object serves many people and turns; the client is made at the first use and kept.

    Args:
        table_name: the DynamoDB table.
        secret: the key with which user ids are hashed. Another secret means other people: nobody is recognised.
        make_client: makes the DynamoDB client; called once.
        now: the time of day, in UTC; entries expire `KEPT_FOR` after it.

    Attributes:
        round_trips: how many requests went to DynamoDB since the caller last set it to 0.
    """

    def __init__(
        self, table_name: str, secret: bytes, make_client: Callable[[], DynamoDBClient], now: Callable[[], datetime]
    ) -> None:
        if not secret:
            raise ValueError(
                "the session log needs a secret: without one, anybody could work out whose entries they are"
            )
        self.round_trips = 0
        self._table_name = table_name
        self._secret = secret
        self._make_client = make_client
        self._now = now
        self._client: DynamoDBClient | None = None

    def person(self, user_id: str) -> str:
        """The partition key for a user: a keyed hash (64 hex digits). The user id itself is never stored."""
        return hmac.new(self._secret, user_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def newest(self, person: str, limit: int = 12) -> list[LogEntry]:
        """The profile, if there is one, then the latest other entries, newest first; `limit` in all, one round trip.

        What has expired, what a later Hip Coach wrote and what is corrupt is left out, within that limit.

        Raises:
            LogUnavailable: when DynamoDB gives no answer.
        """
        answer = self._send(
            lambda client: client.query(
                TableName=self._table_name,
                KeyConditionExpression="#person = :person",
                ExpressionAttributeNames={"#person": "person"},
                ExpressionAttributeValues={":person": {"S": person}},
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit,
            ),
            _Allowance(),
        )
        moment = self._now().timestamp()
        entries = (_entry_of(item, moment) for item in answer["Items"])
        return [entry for entry in entries if entry is not None]

    def save(self, person: str, entries: Sequence[LogEntry]) -> Saved:
        """Write the entries, in one round trip, or two when some turn out to be there already.

        Of several revisions of one entry only the newest is written (and reported).

        Raises:
            LogUnavailable: when DynamoDB does not take them. Then none is written, or, after "slow", perhaps all.
        """
        newest: dict[str, LogEntry] = {}
        for entry in entries:
            if entry.entry not in newest or newest[entry.entry].revision < entry.revision:
                newest[entry.entry] = entry
        waiting = list(newest.values())
        repeated: list[LogEntry] = []
        stale: list[LogEntry] = []
        held: list[LogEntry | None] = []
        allowance = _Allowance()
        while waiting:
            in_the_way = self._write(person, waiting, allowance)
            if in_the_way is None:
                break
            # The transaction was cancelled as a whole: put aside what is there already, and write the rest.
            for entry, item in zip(waiting, in_the_way, strict=True):
                if item is not None and _is_same_change(item, entry):
                    repeated.append(entry)
                elif item is not None:
                    stale.append(entry)
                    held.append(_entry_of(item, self._now().timestamp()))
            waiting = [entry for entry, item in zip(waiting, in_the_way, strict=True) if item is None]
        return Saved(tuple(waiting), tuple(repeated), tuple(stale), tuple(held))

    def _write(
        self, person: str, entries: Sequence[LogEntry], allowance: _Allowance
    ) -> list[Mapping[str, Any] | None] | None:
        """Write all, or none. None when written, else for each entry the item that stands in its way, if one does."""
        from botocore.exceptions import ClientError

        puts = [self._put(person, entry) for entry in entries]
        try:
            if len(puts) == 1:
                self._send(lambda client: client.put_item(**puts[0]), allowance)
            else:
                self._send(
                    lambda client: client.transact_write_items(TransactItems=[{"Put": put} for put in puts]), allowance
                )
        except ClientError as error:
            response = cast("Mapping[str, Any]", error.response)
            if len(puts) == 1:
                return [response.get("Item", {})]
            reasons = response.get("CancellationReasons", [])
            return [reason.get("Item", {}) if _condition_failed(reason) else None for reason in reasons]
        return None

    def _put(self, person: str, entry: LogEntry) -> PutTypeDef:
        """The write of one entry, on the condition that the log holds no such revision yet."""
        now = self._now()
        return {
            "TableName": self._table_name,
            "Item": {
                "person": {"S": person},
                "entry": {"S": entry.entry},
                "kind": {"S": entry.kind},
                "schema": {"N": str(SCHEMA)},
                "revision": {"N": str(entry.revision)},
                "changed_by": {"S": entry.changed_by},
                "expires_at": {"N": str(int((now + KEPT_FOR).timestamp()))},
                "fields": _stored(entry.fields),
            },
            # Names are given by placeholders because DynamoDB reserves hundreds of plain words.
            # What has expired may stand there for days more, unseen, and must not be in the way.
            "ConditionExpression": "attribute_not_exists(#revision) OR #revision < :revision OR #expires_at <= :now",
            "ExpressionAttributeNames": {"#revision": "revision", "#expires_at": "expires_at"},
            "ExpressionAttributeValues": {
                ":revision": {"N": str(entry.revision)},
                ":now": {"N": str(int(now.timestamp()))},
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def _send(self, request: Callable[[DynamoDBClient], _Result], allowance: _Allowance) -> _Result:
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
        while True:
            allowance.take()
            self.round_trips += 1
            try:
                return request(client)
            except ClientError as error:
                if _conditions_only(error):
                    raise
                raise _unavailable(error) from None
            except ConnectionClosedError as error:
                # Lambda freezes between turns, and a kept connection may be dead when it wakes. Then a new one is made.
                if not allowance.left:
                    raise _unavailable(error) from None
            except BotoCoreError as error:
                raise _unavailable(error) from None

    def get_ready(self) -> None:
        """Make the client now rather than at the first use; nothing is sent. One that can't be made is tried again."""
        from botocore.exceptions import BotoCoreError

        with contextlib.suppress(BotoCoreError, ValueError):
            self._connected()

    def _connected(self) -> DynamoDBClient:
        if self._client is None:
            self._client = self._make_client()
        return self._client


class _Allowance:
    """The round trips that one call may still make: Alexa waits eight seconds, and people less."""

    def __init__(self) -> None:
        self.left = _ROUND_TRIPS_AT_MOST

    def take(self) -> None:
        if not self.left:
            raise LogUnavailable("throttled", "Contended")
        self.left -= 1


def make_client(endpoint_url: str | None, region: str | None) -> DynamoDBClient:
    """A DynamoDB client that answers or fails within two seconds, and never tries again by itself.

    Args:
        endpoint_url: where DynamoDB is; None for AWS, or for what AWS_ENDPOINT_URL_DYNAMODB says.
        region: the AWS region; None for what the environment says.
    """
    from boto3.session import Session
    from botocore.config import Config

    config = Config(
        connect_timeout=0.7,
        read_timeout=1.0,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=4,
        tcp_keepalive=True,
    )
    if endpoint_url is None or urlsplit(endpoint_url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return Session().client("dynamodb", region_name=region, endpoint_url=endpoint_url, config=config)
    # An engine on this machine checks no signature: it works without an AWS account, sees no real key, needs no proxy.
    return Session(aws_access_key_id="local", aws_secret_access_key="local").client(  # noqa: S106
        "dynamodb",
        region_name=region or "us-east-1",
        endpoint_url=endpoint_url,
        config=config.merge(Config(proxies={})),
    )


def create_table(client: DynamoDBClient, table_name: str) -> None:
    """Make the table unless it is there, and wait until it can be used (half a minute at most).

    For engines on the desk and for tests; in AWS the CloudFormation template makes it.

    Raises:
        TimeoutError: when the table is not ready in time.
        botocore.exceptions.ClientError, BotoCoreError: when DynamoDB refuses or cannot be reached.
    """
    try:
        answer = client.create_table(**cast("CreateTableInputTypeDef", {"TableName": table_name, **TABLE_DEFINITION}))
        status = answer["TableDescription"].get("TableStatus")
    except client.exceptions.ResourceInUseException:
        status = None
    give_up_at = time.monotonic() + 30
    while status != "ACTIVE":
        status = client.describe_table(TableName=table_name)["Table"].get("TableStatus")
        if status != "ACTIVE":
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"the table {table_name} is still {status} after half a minute")
            time.sleep(0.1)
    # Asking first, because DynamoDB takes it for an error to switch on what is on.
    present = client.describe_time_to_live(TableName=table_name)["TimeToLiveDescription"].get("TimeToLiveStatus")
    if present not in ("ENABLED", "ENABLING"):
        client.update_time_to_live(TableName=table_name, TimeToLiveSpecification=TIME_TO_LIVE)


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


def _unavailable(error: Exception) -> LogUnavailable:
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


def _condition_failed(reason: Mapping[str, Any]) -> bool:
    return reason.get("Code") == "ConditionalCheckFailed"


def _conditions_only(error: ClientError) -> bool:
    """Was the write refused only because of what stands in the log already, or because somebody writes just now?"""
    response = cast("Mapping[str, Any]", error.response)
    code = response.get("Error", {}).get("Code")
    if code == "ConditionalCheckFailedException":
        return True
    # Writes that only met another's at the same moment can go into the second round trip, so they count as conditions.
    harmless = {"None", "ConditionalCheckFailed", "TransactionConflict"}
    reasons = response.get("CancellationReasons") or [{}]
    return code == "TransactionCanceledException" and all(reason.get("Code") in harmless for reason in reasons)


def _is_same_change(item: Mapping[str, Any], entry: LogEntry) -> bool:
    """Is what stands in the log this very revision, made by the same request?"""
    return item.get("revision") == {"N": str(entry.revision)} and item.get("changed_by") == {"S": entry.changed_by}


def _entry_of(item: Mapping[str, Any], moment: float) -> LogEntry | None:
    """The entry in a DynamoDB item, or None when it has expired at `moment`, is of a later schema, or is corrupt."""
    try:
        if int(item["schema"]["N"]) > SCHEMA:
            return None
        # DynamoDB deletes up to days after the time; for the person it is gone when it was said to be.
        if int(item["expires_at"]["N"]) <= moment:
            return None
        return LogEntry(
            entry=item["entry"]["S"],
            kind=item["kind"]["S"],
            revision=int(item["revision"]["N"]),
            changed_by=item["changed_by"]["S"],
            fields=cast("dict[str, JSON]", _read({"M": item["fields"]["M"]})),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        return None


def _stored(value: object) -> dict[str, Any]:
    """A JSON value as DynamoDB writes it. boto3's own serializer is of no use here, because it takes no floats."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | float():
            return {"N": repr(value) if value else "0"}
        case Mapping():
            return {"M": {name: _stored(part) for name, part in value.items()}}
        case _:
            return {"L": [_stored(part) for part in cast("Sequence[object]", value)]}


def _read(attribute: Mapping[str, Any]) -> JSON:
    """The JSON value in a DynamoDB attribute.

    Raises:
        ValueError, TypeError, ArithmeticError: for types that JSON has not, and for what is no attribute.
    """
    [(type_name, value)] = attribute.items()
    match type_name:
        case "NULL":
            return None
        case "BOOL" | "S":
            return cast("JSON", value)
        case "N":
            number = Decimal(value)
            whole = abs(number) <= _WHOLE_NUMBERS and number == number.to_integral_value()
            return int(number) if whole else float(number)
        case "M":
            return {name: _read(part) for name, part in value.items()}
        case "L":
            return [_read(part) for part in value]
    raise ValueError("a DynamoDB type that JSON has not")


def _characters(value: object, depth: int) -> int:
    """About how many characters a JSON value has.

    Raises:
        ValueError: for what JSON or DynamoDB cannot hold.
    """
    if depth > _DEEPEST:
        raise ValueError(f"fields must not be nested more than {_DEEPEST} deep")
    match value:
        case None | bool():
            return 5
        case str():
            # Half a character (a lone surrogate) can travel in JSON escapes, but not to DynamoDB.
            return len(value.encode("utf-8"))
        case int():
            if abs(value) > _WHOLE_NUMBERS:
                raise ValueError("whole numbers in fields must be within 2**53")
            return 8
        case float():
            if value and not _SMALLEST <= abs(value) <= _LARGEST:
                raise ValueError("floats in fields must be finite, and neither tiny nor huge")
            return 16
        case dict():
            if not all(isinstance(name, str) and name for name in value):
                raise ValueError("names in fields must be strings, and not empty")
            return 2 + sum(_characters(name, depth) + _characters(part, depth + 1) for name, part in value.items())
        case list():
            return 2 + sum(1 + _characters(part, depth + 1) for part in value)
    raise ValueError("fields must hold plain JSON values only")
