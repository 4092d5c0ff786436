"""The ways in which DynamoDB fails while a conversation is held."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from simulator.echo import TABLE
from simulator.table_faults import Fault, TableFaults
from skill.session_log import PROFILE, LogEntry
from skill.session_log.stored_values import item_of

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_dynamodb import DynamoDBClient

Strike = Literal[
    "unreachable", "throttled", "slow", "refused", "missing_table", "silent", "answer_lost", "other_device", "bad_item"
]
STRIKES: Final[tuple[Strike, ...]] = get_args(Strike)
_WRITES: Final = ("PutItem", "TransactWriteItems", "BatchWriteItem")


class Struck(TableFaults):
    """The simulator's faults for as long as a turn lasts, and some that it doesn't have.

    They are: "silent", where the engine really says nothing until the client's patience is over; "answer_lost", where
    what was asked for is done, but nobody hears of it; "other_device", which writes just before we do.
    """

    def __init__(self, engine: DynamoDBClient, person: str) -> None:
        super().__init__()
        self.strike: Strike | None = None
        self._engine = engine
        self._person = person
        self._nobody: socket.socket | None = None

    @contextmanager
    def during(self, strike: Strike) -> Iterator[None]:
        """Have this fault strike all requests meanwhile; "bad_item" is there before them, and goes with the rest."""
        self.strike = strike
        self.met = 0
        with closing(socket.create_server(("127.0.0.1", 0))) as self._nobody:
            yield
        self.strike = None

    def _before_send(self, request: AWSPreparedRequest, **others: object) -> AWSResponse | None:
        strike = self.strike
        if strike in get_args(Fault):
            self.fail(cast("Fault", strike))
            return super()._before_send(request, **others)
        if strike == "silent" and self._nobody:
            self.met += 1
            request.url = f"http://127.0.0.1:{self._nobody.getsockname()[1]}/"
        if strike == "answer_lost":
            self.met += 1
            URLLib3Session().send(request)
            raise ReadTimeoutError(endpoint_url=request.url)
        if strike == "other_device" and _operation(request) in _WRITES:
            self.strike = None
            self.met += 1
            self._write_as_other_device()
        return None

    def _write_as_other_device(self) -> None:
        """Each entry gets a revision more, and the profile, if there was none, its first."""
        held = self._engine.query(
            TableName=TABLE,
            KeyConditionExpression="person = :person",
            ExpressionAttributeValues={":person": {"S": self._person}},
        )["Items"]
        for item in held:
            revision = {"N": str(int(item["revision"]["N"]) + 1)}
            self._engine.put_item(TableName=TABLE, Item={**item, "revision": revision, "changed_by": {"S": "other"}})
        if not any(item["entry"] == {"S": PROFILE} for item in held):
            self._put(LogEntry(PROFILE, "profile", 1, "other", {}))

    def spoil(self) -> None:
        """Put entries there that nobody can read, newer than all others."""
        for number, fields in enumerate(
            ({"M": {"picture": {"B": b"?"}}}, {"S": "{}"}, {"M": {"modality": {"S": "tea"}}})
        ):
            self._put(LogEntry(f"log#2026-12-31T00:00:0{number}.000Z#bad", "therapy", 1, "bad", {}), fields=fields)

    def _put(self, entry: LogEntry, **changes: Any) -> None:
        self._engine.put_item(TableName=TABLE, Item={**item_of(self._person, entry, 4_000_000_000), **changes})


def _operation(request: AWSPreparedRequest) -> str:
    """What is asked of DynamoDB, such as "PutItem"."""
    target = request.headers["X-Amz-Target"]
    return (target.decode() if isinstance(target, bytes) else str(target)).rpartition(".")[2]
